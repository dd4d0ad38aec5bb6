//! Whole files with either tree or both: written, opened, asked, damaged.

use std::sync::Arc;

use proptest::prelude::*;

use super::psindex::{Parts, write};
use super::{BoxN, Form, Index, Isa, Items, Metadata, Payloads, Trees, WriteOptions, write_index};
use crate::error::ErrorKind;

fn bounds<const D: usize>() -> impl Strategy<Value = BoxN<D>> {
    let axis = (prop_oneof![-180.0..180.0, (-3i32..3).prop_map(f64::from)], 0.0..2.0);
    prop::collection::vec(axis, D).prop_map(|axes| BoxN {
        min: std::array::from_fn(|k| axes[k].0),
        max: std::array::from_fn(|k| axes[k].0 + if axes[k].1 < 1.0 { 0.0 } else { axes[k].1 }),
    })
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

/// Writes a file, opens it, and holds it against what went in.
fn check<const D: usize>(boxes: &[BoxN<D>], windows: &[BoxN<D>], (trees, node_size): (Trees, u16)) {
    let blobs: Vec<Vec<u8>> = (0..boxes.len()).map(|id| vec![id as u8; id % 5]).collect();
    let blobs: Vec<&[u8]> = blobs.iter().map(Vec::as_slice).collect();
    let metadata = Metadata { crs: Some("EPSG:4326"), ..Metadata::default() };
    let payloads = Some(Payloads::Blobs(&blobs));
    let scalars: Vec<f64> = (0..boxes.len()).map(|id| (id * 7 % 11) as f64 - 2.0).collect();
    let masks: Vec<u64> = (0..boxes.len()).map(|id| 1 << (id % 64)).collect();
    let (sums, bits) = (Some(&scalars[..]), Some(&masks[..]));
    let items = Items { payloads, prefix_bytes: Some(2), metadata, ..Items::new(boxes) };
    let items = Items { scalars: sums, masks: bits, ..items };
    let mut bytes = Vec::new();
    let form = Form { node_size, ..Form::default() };
    let options = WriteOptions { trees, form, ..WriteOptions::default() };
    let length = write_index(&items, options, &mut bytes).expect("it can be written");
    assert_eq!(length, bytes.len() as u64);
    assert_eq!(usize::from(super::axes(&bytes).expect("it has a tree")), D);
    let bytes: super::Bytes = Arc::new(bytes);
    let ours = Index::<D>::open(Arc::clone(&bytes)).expect("it was just written");
    let theirs = Index::<D>::open(bytes).expect("it was just written").without_fast();
    assert_eq!((ours.has_fast(), ours.trees()), (trees != Trees::Origin, trees));
    assert!(ours.has_payloads() && ours.has_scalars());
    assert_eq!(ours.item(boxes.len() as u32).expect("sound"), None);
    for index in [ours, theirs] {
        index.verify().expect("nobody changed it");
        assert_eq!((index.len(), index.metadata().expect("sound")), (boxes.len(), metadata));
        for (rank, (id, bounds)) in index.items().expect("sound").into_iter().enumerate() {
            let at = id as usize;
            assert_eq!(bounds, boxes[at]);
            assert_eq!(index.item(id).expect("sound"), Some(boxes[at]));
            assert_eq!(index.payload(id).expect("sound"), Some(blobs[at]));
            assert_eq!(index.payload_at(rank).expect("sound"), Some(blobs[at]));
            let prefix = index.prefix_at(rank).expect("asked for");
            assert!(prefix.starts_with(&blobs[at][..blobs[at].len().min(2)]));
        }
        for window in windows {
            let brute = (0..boxes.len() as u32).filter(|&id| boxes[id as usize].intersects(window));
            let brute: Vec<u32> = brute.collect();
            assert_eq!(sorted(index.search(window).expect("sound")), brute);
            let one_by_one = index.search_iter(window).expect("sound");
            let one_by_one: Vec<u32> = one_by_one.map(|id| id.expect("sound")).collect();
            assert_eq!(sorted(one_by_one), brute);
            assert_eq!(index.count(window).expect("sound"), brute.len());
            let sums = index.aggregate(window).expect("sound").expect("it has numbers");
            let values = || brute.iter().map(|id| scalars[*id as usize]);
            assert_eq!(sums.count, brute.len() as u64);
            assert_eq!(sums.sum, (!brute.is_empty()).then(|| values().sum()), "exact: whole");
            assert_eq!(sums.min, values().reduce(f64::min));
            assert_eq!(sums.max, values().reduce(f64::max));
            assert_eq!(sums.mask, brute.iter().map(|id| masks[*id as usize]).reduce(|a, b| a | b));
        }
    }
}

/// Some small windows, and some that hold many of the boxes.
fn windows<const D: usize>(boxes: &[BoxN<D>]) -> Vec<BoxN<D>> {
    let large = boxes.chunks(2).map(|pair| pair[0].union(&pair[pair.len() - 1]));
    boxes.iter().take(5).copied().chain(large.take(5)).chain([BoxN::EVERYWHERE]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn files_answer_as_brute_force(
        plane in prop::collection::vec(bounds::<2>(), 0..700),
        space in prop::collection::vec(bounds::<3>(), 0..300),
        more in prop::collection::vec(bounds::<4>(), 0..300),
        trees in prop::sample::select(vec![Trees::Origin, Trees::Fast, Trees::Both]),
        node_size in prop::sample::select(vec![16, 16, 5, 100]),
    ) {
        check(&plane, &windows(&plane), (trees, node_size));
        check(&space, &windows(&space), (trees, node_size));
        check(&more, &windows(&more), (Trees::Fast, node_size));
    }

    #[test]
    fn a_file_that_was_changed_is_refused_or_says_so(
        boxes in prop::collection::vec(bounds::<2>(), 1..400), place in any::<usize>(),
    ) {
        let mut bytes = Vec::new();
        write_index(&Items::new(&boxes), WriteOptions::default(), &mut bytes).expect("sound");
        let chunk = 56; // Behind the superblock and the directory of one chunk.
        let bit = chunk * 8 + place % ((bytes.len() - chunk) * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let length = bytes.len();
        let Ok(index) = Index::<2>::open(Arc::new(bytes)) else { return Ok(()) };
        match (index.verify(), index.search(&BoxN::EVERYWHERE)) {
            // What fills up to a line, before the pages and behind all, means nothing.
            (Ok(()), Ok(ids)) => {
                let is_padding = (chunk + 128..192).contains(&(bit / 8)) || bit / 8 + 8 > length;
                prop_assert!(is_padding, "bit {bit} of {length} bytes");
                prop_assert_eq!(ids.len(), boxes.len());
            }
            (Err(error), _) => prop_assert_eq!(error.kind(), ErrorKind::Corrupt),
            (Ok(()), Err(error)) => panic!("verified, and then {error}"),
        }
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let boxes = [BoxN::point([1.0, 2.0, 3.0])];
    let mut bytes = Vec::new();
    write_index(&Items::new(&boxes), WriteOptions::default(), &mut bytes).expect("sound");
    let kind = |bytes: &[u8]| Index::<2>::open(Arc::new(bytes.to_vec())).map(drop).unwrap_err();
    assert_eq!(kind(&bytes).kind(), ErrorKind::InvalidArgument, "it has three axes");
    assert_eq!(kind(b"hello").kind(), ErrorKind::Corrupt);
    assert!(super::axes(b"hello").is_err());
    let mut none = Vec::new();
    let parts = Parts { without_tree: true, ..Parts::default() };
    write(&Items::new(&boxes), Form::default(), parts, &mut none).expect("an empty container");
    assert_eq!(kind(&none).kind(), ErrorKind::Corrupt, "it has no tree");
    let four = [BoxN::point([1.0; 4])];
    let both = WriteOptions { trees: Trees::Both, ..WriteOptions::default() };
    let refused = write_index(&Items::new(&four), both, &mut Vec::new()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidArgument, "the format has no such tree");
}

#[test]
fn every_set_of_instructions_answers_alike() {
    let boxes: Vec<BoxN<2>> = (0..5000)
        .map(|n| {
            let min = [f64::from(n * 7919 % 5003), f64::from(n * 104_729 % 4999)];
            BoxN::new(min, min.map(|x| x + f64::from(n % 40)))
        })
        .collect();
    let window = BoxN::new([1000.0, 1000.0], [2500.0, 1800.0]);
    let ask = |isa| {
        let index = Index::build(&boxes).expect("sound").with_isa(isa);
        let nearest = index.neighbors([2000.0, 2000.0], 50).expect("sound");
        let nearest: Vec<_> = nearest.iter().map(|n| (n.id, n.distance.to_bits())).collect();
        let within = index.search_within(&BoxN::point([10.0, 10.0]), 300.0).expect("sound");
        (sorted(index.search(&window).expect("sound")), nearest, sorted(within))
    };
    let portable = ask(Isa::Portable);
    for isa in Isa::all() {
        assert_eq!(ask(isa), portable, "{isa:?}");
    }
}
