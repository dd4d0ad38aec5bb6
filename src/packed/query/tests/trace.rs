//! What a watched query tells, against what its answer must have taken.

use std::sync::Arc;

use super::{in_all_dimensions, items, sorted, window};
use crate::packed::boxes::BoxN;
use crate::packed::query::trace::{Fate, Visited};
use crate::packed::{Form, Index, Items, Precision, Trees, WriteOptions, describe, write_index};
use crate::prng::Prng;

/// The index of our own layout, and those of the format's tree in both precisions.
fn indexes<const D: usize>(items: &[BoxN<D>]) -> Vec<Index<D>> {
    let mut all = vec![Index::build(items).unwrap()];
    for precision in [Precision::Double, Precision::Single] {
        if matches!(D, 2 | 3) {
            let form = Form { node_size: 20, precision, interleaved: false };
            let options = WriteOptions { trees: Trees::Origin, form, threads: 1 };
            let mut file = Vec::new();
            write_index(&Items::new(items), options, &mut file).unwrap();
            all.push(Index::open(Arc::new(file)).unwrap());
        }
    }
    all
}

fn count<const D: usize>(seen: &[Visited<D>], fate: Fate) -> usize {
    seen.iter().filter(|visited| visited.fate == fate).count()
}

fn a_trace_explains_the_answer<const D: usize>(seed: u64, count_of_items: usize) {
    let items = items::<D>(seed, count_of_items);
    let prng = &mut Prng::for_part(seed, 9);
    for index in indexes(&items) {
        let stored: Vec<_> = (0..items.len() as u32).map(|id| index.item(id).unwrap()).collect();
        let mut all = index.items().unwrap();
        all.sort_unstable_by_key(|(id, _)| *id);
        assert_eq!(all.into_iter().map(|(_, b)| Some(b)).collect::<Vec<_>>(), stored);
        assert_eq!(index.item(items.len() as u32).unwrap(), None);
        let bounds = window(&items, prng);
        let seen = index.trace_search(&bounds).unwrap();
        explains(&index, &seen, &bounds);
        let point = bounds.min.map(|x| x.clamp(-1e6, 1e6));
        for k in [1, 10] {
            let seen = index.trace_neighbors(point, k, f64::INFINITY).unwrap();
            let nearest = index.neighbors(point, k).unwrap();
            assert_eq!(count(&seen, Fate::Found), nearest.len());
            assert_eq!(count(&seen, Fate::Whole), 0);
            let furthest = nearest.last().map_or(0.0, |found| found.distance);
            let point = BoxN::point(point);
            for visited in seen.iter().filter(|visited| visited.fate == Fate::Passed) {
                // What was passed over is as far as the furthest, but for rounding.
                let distance = visited.bounds.distance_to_box(&point);
                assert!(distance >= furthest * (1.0 - 1e-9), "{visited:?} {furthest}");
            }
        }
    }
}

fn explains<const D: usize>(index: &Index<D>, seen: &[Visited<D>], window: &BoxN<D>) {
    let answer = sorted(index.search(window).unwrap());
    let by = |fate: Fate| seen.iter().filter(move |visited| visited.fate == fate);
    for id in &answer {
        let item = index.item(*id).unwrap().unwrap();
        let told = by(Fate::Found).any(|visited| visited.bounds == item)
            || by(Fate::Whole).any(|visited| visited.bounds.contains(&item));
        assert!(told, "nothing tells of {item:?}");
    }
    assert!(by(Fate::Found).count() <= answer.len());
    assert!(by(Fate::Found).all(|v| v.level == 0 && v.bounds.intersects(window)));
    assert!(by(Fate::Passed).all(|v| v.level > 0 || !v.bounds.intersects(window)));
    assert!(by(Fate::Whole).all(|v| v.level > 0));
    // What is opened stands below what was opened, but for the topmost node.
    let opened: Vec<_> = by(Fate::Opened).collect();
    assert!(seen.len() <= 20 * opened.len() + 1);
    assert_eq!(opened.is_empty(), index.is_empty());
}

in_all_dimensions! {
    a_trace_tells_what_the_answer_took => a_trace_explains_the_answer;
}

#[test]
fn a_description_says_what_was_written() {
    let boxes = [BoxN::point([1.0, 2.0]), BoxN::point([3.0, 4.0])];
    let form = Form { node_size: 8, precision: Precision::Single, interleaved: true };
    let options = WriteOptions { trees: Trees::Both, form, threads: 1 };
    let payloads: [&[u8]; 2] = [b"a", b"bc"];
    let payloads = Some(crate::packed::Payloads::Blobs(&payloads));
    let mut file = Vec::new();
    write_index(&Items { payloads, ..Items::new(&boxes) }, options, &mut file).unwrap();
    let told = describe(&file, 2).unwrap();
    assert_eq!((told.axes, told.form), (2, Some(form)));
    assert_eq!(told.payloads, crate::packed::PayloadKind::Blobs);
    let names: Vec<&str> = told.chunks.iter().map(|chunk| chunk.name.as_str()).collect();
    assert_eq!(names, ["TREE", "PYLD", "fast"]);
    assert!(told.chunks.iter().all(|chunk| chunk.offset + chunk.bytes <= file.len() as u64));
    assert!(describe(&file[..40], 2).is_err());
}
