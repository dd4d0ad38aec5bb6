//! Streamed answers against those in memory, and what they cost.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::{
    AnyStreamIndex, FileRanges, Found, Limits, MemoryRanges, Nearby, RangeReader, Remote,
    StreamIndex, StreamOptions,
};
use crate::error::{ErrorKind, Result};
use crate::packed::index::Bytes;
use crate::packed::query::{GreatCircle, Measure};
use crate::packed::{
    Ball, BoxN, Form, Index, Items, Metadata, Payloads, Precision, Ray, Trees, WriteOptions,
    describe, describe_streamed, write_index,
};
use crate::prng::Prng;
use crate::vfs::{MemoryVfs, OpenMode, Vfs};

/// Counts what is asked of it, and holds that what is asked is as the trait promises.
#[derive(Debug)]
struct Counting {
    inner: MemoryRanges,
    calls: AtomicU64,
}

impl RangeReader for Counting {
    fn total_bytes(&self) -> Result<u64> {
        self.inner.total_bytes()
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        assert!(ranges.iter().all(|range| range.start < range.end));
        assert!(ranges.windows(2).all(|pair| pair[0].start < pair[1].start));
        self.inner.read_ranges(ranges)
    }
}

/// Boxes in clusters, many of them points, some of them the same.
fn boxes<const D: usize>(count: usize, seed: u64) -> Vec<BoxN<D>> {
    let mut random = Prng::new(seed);
    let mut unit = move || (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let mut center = [0.0; D];
    (0..count)
        .map(|n| {
            if n % 100 == 0 {
                center = std::array::from_fn(|_| unit() * 360.0 - 180.0);
            }
            let min: [f64; D] = center.map(|c| c + unit() * 2.0);
            let size = if unit() < 0.7 { 0.0 } else { unit() };
            BoxN::new(min, min.map(|x| x + size))
        })
        .collect()
}

fn write<const D: usize>(boxes: &[BoxN<D>], trees: Trees, form: Form) -> Bytes {
    let blobs: Vec<Vec<u8>> = (0..boxes.len()).map(|n| vec![n as u8; n % 7]).collect();
    let blobs: Vec<&[u8]> = blobs.iter().map(Vec::as_slice).collect();
    let metadata = Metadata { crs: Some("here"), content_type: None, attribution: Some("us") };
    // Whole numbers, whose sums are exact in any order.
    let scalars: Vec<f64> = (0..boxes.len()).map(|n| (n * 7919 % 1009) as f64 - 400.0).collect();
    let masks: Vec<u64> = (0..boxes.len()).map(|n| 1 << (n * 7919 % 64)).collect();
    let has_values = trees == Trees::Fast || form.precision == Precision::Double;
    let items = Items {
        payloads: Some(Payloads::Blobs(&blobs)),
        prefix_bytes: Some(3),
        metadata,
        scalars: has_values.then_some(&scalars),
        masks: has_values.then_some(&masks),
        ..Items::new(boxes)
    };
    let mut file = Vec::new();
    write_index(&items, WriteOptions { trees, form, threads: 1 }, &mut file).expect("sound");
    Arc::new(file)
}

fn counting(bytes: &Bytes) -> Counting {
    Counting { inner: MemoryRanges::new(Arc::clone(bytes)), calls: AtomicU64::new(0) }
}

fn ids(found: &[Found]) -> Vec<u32> {
    let mut ids: Vec<u32> = found.iter().map(|found| found.id).collect();
    ids.sort_unstable();
    ids
}

/// Describes a file both ways, and compares.
fn described<const D: usize>(bytes: &Bytes, index: &Index<D>) {
    let reader = counting(bytes);
    let told = describe_streamed(&reader).expect("sound");
    assert_eq!(reader.calls.load(Ordering::Relaxed), 2);
    let expected = describe((**bytes).as_ref(), index.len()).expect("sound");
    assert_eq!(format!("{:?}", told.file), format!("{expected:?}"));
    assert_eq!(told.items, index.len() as u64);
    let metadata = index.metadata().expect("sound");
    let told = [told.crs, told.content_type, told.attribution];
    let expected = [metadata.crs, metadata.content_type, metadata.attribution];
    assert_eq!(told, expected.map(|text| text.map(str::to_owned)));
}

/// Opens it by what it says of its axes, in as many rounds.
fn opened_without_axes<const D: usize>(
    bytes: &Bytes,
    known: &StreamIndex<D>,
    rounds: u64,
    options: StreamOptions,
) {
    let reader = counting(bytes);
    let total = reader.total_bytes().expect("in memory");
    let (any, spent) = AnyStreamIndex::opening(total, options)
        .and_then(|opening| opening.run_counted(&reader))
        .expect("sound");
    assert_eq!(spent.rounds, rounds);
    let found = match any {
        AnyStreamIndex::Two(index) => (2, index.len(), index.prefix_bytes()),
        AnyStreamIndex::Three(index) => (3, index.len(), index.prefix_bytes()),
        AnyStreamIndex::Four(index) => (4, index.len(), index.prefix_bytes()),
    };
    assert_eq!(found, (D, known.len(), Some(3)));
}

/// Asks both, and compares.
fn compare<const D: usize>(boxes: &[BoxN<D>], trees: Trees, form: Form, options: StreamOptions) {
    let bytes = write(boxes, trees, form);
    let mut index = Index::<D>::open(Arc::clone(&bytes)).expect("sound");
    if options.without_fast {
        index = index.without_fast();
    }
    let remote = Remote::<_, D>::open(counting(&bytes), options).expect("sound");
    let opening = remote.reader().calls.load(Ordering::Relaxed);
    assert!(opening <= 3, "{opening} rounds to open");
    let streamed = remote.index();
    opened_without_axes(&bytes, streamed, opening, options);
    assert_eq!((streamed.len(), streamed.extent()), (index.len(), index.extent()));
    assert_eq!(streamed.has_fast(), index.has_fast());
    described(&bytes, &index);
    let some = boxes.iter().step_by(boxes.len() / 6 + 1);
    let mut windows: Vec<BoxN<D>> = some
        .flat_map(|b| [*b, BoxN::new(b.min.map(|x| x - 1.0), b.max.map(|x| x + 3.0))])
        .collect();
    windows.extend([BoxN::EVERYWHERE, BoxN::point([500.0; D])]);
    for window in &windows {
        let found = remote.search(window).expect("sound");
        let mut expected = index.search(window).expect("sound");
        expected.sort_unstable();
        assert_eq!(ids(&found), expected);
        assert_eq!(remote.count(window).expect("sound"), expected.len());
        match index.aggregate(window).expect("sound") {
            Some(expected) => assert_eq!(remote.aggregate(window).expect("sound"), expected),
            None => {
                let refused = remote.aggregate(window).unwrap_err();
                assert_eq!(refused.kind(), ErrorKind::NotFound);
            }
        }
        let some = &found[..found.len().min(300)];
        let ranks: Vec<u32> = some.iter().map(|found| found.rank).collect();
        let payloads = remote.payloads(&ranks).expect("sound");
        for (found, payload) in some.iter().zip(payloads) {
            assert_eq!(Some(&payload[..]), index.payload(found.id).expect("sound"));
        }
        let prefixes = remote.prefixes(&ranks).expect("sound");
        for (rank, prefix) in ranks.iter().zip(prefixes) {
            assert_eq!(Some(&prefix[..]), index.prefix_at(*rank as usize));
        }
        let from = window.min.map(|x| x.clamp(-200.0, 200.0));
        for (k, most) in [(1, f64::INFINITY), (10, f64::INFINITY), (50, 1.5), (usize::MAX, 2.0)] {
            let found = remote.neighbors(from, k, most).expect("sound");
            let k = k.min(boxes.len());
            let expected = index.neighbors_within(from, k, most).expect("sound");
            let found_as: Vec<_> = found.iter().map(|f| (f.id, f.distance)).collect();
            assert_eq!(found_as, expected.iter().map(|f| (f.id, f.distance)).collect::<Vec<_>>());
            for found in found {
                assert_eq!(index.rank(found.id).expect("sound"), Some(found.rank as usize));
            }
        }
        shapes(&index, &remote, window, from);
        globe(&index, &remote, from);
        let direction = std::array::from_fn(|k| if k == 0 { 1.0 } else { 0.1 });
        for most in [f64::INFINITY, 3.0] {
            let ray = Ray::new(from.map(|x| x - 2.0), direction, most).expect("finite");
            let hit =
                remote.raycast_closest(&ray).expect("sound").map(|hit| (hit.id, hit.distance));
            let expected = index.raycast_closest(&ray).expect("sound").map(|hit| (hit.id, hit.t));
            assert_eq!(hit, expected);
        }
    }
}

/// Asks both for regions and radii, and compares.
fn shapes<const D: usize>(
    index: &Index<D>,
    remote: &Remote<Counting, D>,
    window: &BoxN<D>,
    from: [f64; D],
) {
    let sorted = |mut ids: Vec<u32>| {
        ids.sort_unstable();
        ids
    };
    let ball = Ball::new(from, 2.5).expect("finite");
    let expected = sorted(index.search_region(&ball).expect("sound"));
    assert_eq!(remote.count_region(ball).expect("sound"), expected.len());
    assert_eq!(ids(&remote.search_region(ball).expect("sound")), expected);
    for reach in [0.0, 0.7, 4.0] {
        let expected = sorted(index.search_within(window, reach).expect("sound"));
        assert_eq!(remote.count_within(window, reach).expect("sound"), expected.len());
        assert_eq!(ids(&remote.search_within(window, reach).expect("sound")), expected);
    }
    let found = remote.neighbors_of_box(window, 12, 5.0).expect("sound");
    let expected = index.neighbors_of_box(window, 12, 5.0).expect("sound");
    let of = |found: &[Nearby]| found.iter().map(|f| (f.id, f.distance)).collect::<Vec<_>>();
    assert_eq!(of(&found), expected.iter().map(|f| (f.id, f.distance)).collect::<Vec<_>>());
}

/// Asks both what is near a place on the globe, and compares with all items, one by one. Most of
/// them lie beyond the poles or 180 degrees, where the answer must not depend on the tree either.
fn globe<const D: usize>(index: &Index<D>, remote: &Remote<Counting, D>, from: [f64; D]) {
    let (lon, lat) = (from[0].clamp(-180.0, 180.0), from[1].clamp(-90.0, 90.0));
    let measure = GreatCircle::new(lon, lat);
    // As they are stored, which is a little larger with 32 bits.
    let stored = index.items().expect("sound");
    let mut all: Vec<_> = stored.iter().map(|(id, b)| (measure.key(*id, b), *id)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let distance = |key: f64| Measure::<D>::distance(&measure, key);
    let expected: Vec<_> = all.iter().take(9).map(|&(key, id)| (id, distance(key))).collect();
    let known = index.neighbors_great_circle(lon, lat, 9, f64::INFINITY).expect("a place");
    assert_eq!(known.iter().map(|f| (f.id, f.distance)).collect::<Vec<_>>(), expected);
    let found = remote.neighbors_great_circle(lon, lat, 9, f64::INFINITY).expect("a place");
    assert_eq!(found.iter().map(|f| (f.id, f.distance)).collect::<Vec<_>>(), expected);
    for reach in [200_000.0, 1.2e7] {
        let near = all.iter().filter(|(key, _)| distance(*key) <= reach);
        let mut expected: Vec<u32> = near.map(|(_, id)| *id).collect();
        expected.sort_unstable();
        let mut known = index.search_great_circle(lon, lat, reach).expect("a place");
        known.sort_unstable();
        assert_eq!(known, expected);
        let found = remote.search_great_circle(lon, lat, reach).expect("a place");
        assert_eq!(ids(&found), expected);
    }
}

fn form() -> impl Strategy<Value = Form> {
    let precision = prop::sample::select(vec![Precision::Double, Precision::Single]);
    (prop::sample::select(vec![2, 5, 16, 40]), precision, any::<bool>())
        .prop_map(|(node_size, precision, interleaved)| Form { node_size, precision, interleaved })
}

fn options() -> impl Strategy<Value = StreamOptions> {
    let kept = prop::sample::select(vec![0, 500, 20_000, 1 << 20]);
    let round = prop::sample::select(vec![1, 5000, 64 << 20]);
    let gap = prop::sample::select(vec![0, 100, 16 << 10]);
    (kept, round, gap, any::<bool>()).prop_map(|(kept_bytes, round_bytes, gap_bytes, without)| {
        let read_bytes = if without { 3000 } else { 4 << 20 };
        let base = StreamOptions::default();
        StreamOptions {
            gap_bytes,
            read_bytes,
            round_bytes,
            kept_bytes,
            without_fast: without,
            ..base
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn streamed_answers_are_those_in_memory(
        count in prop::sample::select(vec![0, 1, 16, 17, 256, 257, 700, 4097]),
        trees in prop::sample::select(vec![Trees::Origin, Trees::Fast, Trees::Both]),
        form in form(), options in options(), seed in any::<u64>(),
    ) {
        compare(&boxes::<2>(count, seed), trees, form, options);
        compare(&boxes::<3>(count, seed), trees, form, options);
    }

    #[test]
    fn any_bytes_are_answered_or_refused(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), 40u8..60], 0..600),
    ) {
        super::check_streamed(&bytes);
    }
}

#[test]
fn large_trees_answer_as_in_memory() {
    for (trees, kept_bytes) in [(Trees::Fast, 0), (Trees::Fast, 6000), (Trees::Origin, 1 << 14)] {
        let options = StreamOptions { kept_bytes, ..StreamOptions::default() };
        compare(&boxes::<2>(70_000, 1), trees, Form::default(), options);
        compare(&boxes::<3>(70_000, 2), trees, Form::default(), options);
    }
}

#[test]
fn few_rounds_are_enough() {
    let boxes = boxes::<2>(200_000, 7);
    for (trees, levels) in [(Trees::Fast, 1), (Trees::Origin, 2)] {
        let bytes = write(&boxes, trees, Form::default());
        let options = StreamOptions::default();
        let reader = counting(&bytes);
        let index = StreamIndex::<2>::opening(bytes.as_ref().as_ref().len() as u64, options);
        let index = index.expect("sound").run(&reader).expect("sound");
        for n in 0..200 {
            let at = boxes[n * 997].min;
            // One ten-thousandth of the world.
            let window = BoxN::new(at, [at[0] + 3.6, at[1] + 3.6]);
            let search = index.search(&window).expect("sound");
            let (found, spent) = search.run_counted(&reader).expect("sound");
            assert!(!found.is_empty());
            assert!(spent.rounds <= levels, "{spent:?} for {} items", found.len());
            let nearest = index.neighbors(at, 10, f64::INFINITY).expect("sound");
            let (_, spent) = nearest.run_counted(&reader).expect("sound");
            assert!(spent.rounds <= 2 * levels, "{spent:?} for the nearest");
        }
        let everything = index.count(&BoxN::EVERYWHERE).expect("sound");
        assert!(everything.wanted().is_empty(), "the number of all items needs no read");
    }
}

/// A file with fractions to add up, whose sums depend on the order in which they are added.
fn write_fractions(boxes: &[BoxN<2>]) -> (Bytes, Vec<f64>) {
    let mut random = Prng::new(11);
    let scalars: Vec<f64> = boxes.iter().map(|_| random.between(-1e9, 1e9)).collect();
    let items = Items { scalars: Some(&scalars), ..Items::new(boxes) };
    let options = WriteOptions { trees: Trees::Both, ..WriteOptions::default() };
    let mut file = Vec::new();
    write_index(&items, options, &mut file).expect("sound");
    (Arc::new(file), scalars)
}

#[test]
fn a_sum_does_not_depend_on_how_it_is_streamed() {
    let boxes = boxes::<2>(20_000, 12);
    let (bytes, scalars) = write_fractions(&boxes);
    let base = StreamOptions::default();
    let ways = [
        base,
        StreamOptions { without_fast: true, ..base },
        StreamOptions { kept_bytes: 0, round_bytes: 1, gap_bytes: 0, ..base },
        StreamOptions { kept_bytes: 9000, round_bytes: 700, without_fast: true, ..base },
    ];
    let remotes = ways.map(|way| Remote::<_, 2>::open(counting(&bytes), way).expect("sound"));
    for corner in [-170.0, -60.0, 0.0, 20.0] {
        let window = BoxN::new([corner, -100.0], [corner + 120.0, 70.0]);
        let expected: Vec<f64> = boxes
            .iter()
            .zip(&scalars)
            .filter_map(|(bounds, value)| bounds.intersects(&window).then_some(*value))
            .collect();
        let found = remotes.each_ref().map(|remote| remote.aggregate(&window).expect("sound"));
        assert!(found.iter().all(|one| one == &found[0]), "{found:?}");
        assert!(expected.len() > 100);
        assert_eq!(found[0].count, expected.len() as u64);
        assert_eq!(found[0].min, expected.iter().copied().reduce(f64::min));
        assert_eq!(found[0].max, expected.iter().copied().reduce(f64::max));
        let sum: f64 = expected.iter().sum();
        assert!((found[0].sum.expect("some") - sum).abs() < 1.0, "{found:?}, {sum}");
    }
}

#[test]
fn what_all_items_come_to_is_one_record_and_limits_are_kept() {
    let boxes = boxes::<2>(20_000, 13);
    let (bytes, _) = write_fractions(&boxes);
    let remote = |limits: Limits| {
        let options = StreamOptions { limits, gap_bytes: 0, ..StreamOptions::default() };
        Remote::<_, 2>::open(counting(&bytes), options).expect("within the limits")
    };
    // The limit of items is not for what is added up, as it is not for what is counted.
    let free = remote(Limits { items: 3, ..Limits::NONE });
    assert!(free.index().has_aggregates());
    let all = free.index().aggregate(&BoxN::EVERYWHERE).expect("asked");
    let (all, spent) = all.run_counted(free.reader()).expect("sound");
    assert_eq!((all.count, spent.reads, spent.bytes), (20_000, 1, 24));
    let window = BoxN::new([-100.0; 2], [100.0; 2]);
    let asked = free.index().aggregate(&window).expect("asked");
    let (_, spent) = asked.run_counted(free.reader()).expect("sound");
    let whole: u64 = 8 * 20_000;
    assert!(spent.bytes < whole, "{spent:?} is less than all values");
    let limits = [
        (Limits { reads: spent.reads - 1, ..Limits::NONE }, "reads"),
        (Limits { bytes: spent.bytes - 1, ..Limits::NONE }, "bytes"),
    ];
    for (limits, name) in limits {
        let index = free.index().clone();
        let index =
            index.with_options(StreamOptions { limits, gap_bytes: 0, ..StreamOptions::default() });
        let error = index.aggregate(&window).expect("asked").run(free.reader()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        assert!(error.message().contains(name), "{error}");
    }
}

#[test]
fn a_clone_of_what_was_learned_serves_another_reader() {
    let bytes = write(&boxes::<2>(5000, 3), Trees::Fast, Form::default());
    let first = Remote::<_, 2>::open(counting(&bytes), StreamOptions::default()).expect("sound");
    let second = Remote::with_index(counting(&bytes), first.index().clone());
    let window = BoxN::new([-90.0; 2], [90.0; 2]);
    assert_eq!(second.search(&window).expect("sound"), first.search(&window).expect("sound"));
    assert_eq!(second.reader().calls.load(Ordering::Relaxed), 1, "it was not opened again");
}

#[test]
fn a_file_is_read_where_it_stands() {
    let bytes = write(&boxes::<2>(5000, 4), Trees::Both, Form::default());
    let (vfs, path) = (MemoryVfs::new(), Path::new("index"));
    let file = vfs.open(path, OpenMode::CreateNew).expect("a new file");
    file.write_all_at((*bytes).as_ref(), 0).expect("room");
    let reader = FileRanges::open(&vfs, path).expect("it exists");
    let remote = Remote::<_, 2>::open(reader, StreamOptions::default()).expect("sound");
    assert_eq!(remote.search(&BoxN::EVERYWHERE).expect("sound").len(), 5000);
    // Cut short behind our back: what is asked for beyond its end is an error that names the file.
    file.set_len(3000).expect("a file");
    let error = remote.search(&BoxN::EVERYWHERE).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Io, Some(path)));
    let gone = FileRanges::open(&vfs, Path::new("nothing")).unwrap_err();
    assert_eq!(gone.path(), Some(Path::new("nothing")));
}

#[test]
fn limits_say_which_was_exceeded() {
    let bytes = write(&boxes::<2>(5000, 5), Trees::Fast, Form::default());
    let reader = counting(&bytes);
    let open = |limits: Limits| {
        let options = StreamOptions { limits, gap_bytes: 0, ..StreamOptions::default() };
        let total = reader.total_bytes().expect("in memory");
        let index = StreamIndex::<2>::opening(total, options)?.run(&reader)?;
        index.search(&BoxN::EVERYWHERE)?.run(&reader).map(|found| found.len())
    };
    assert_eq!(open(Limits::NONE).expect("no limit"), 5000);
    for (limits, name) in [
        (Limits { reads: 1, ..Limits::NONE }, "reads"),
        (Limits { bytes: 30_000, ..Limits::NONE }, "bytes"),
        (Limits { items: 4999, ..Limits::NONE }, "items"),
    ] {
        let error = open(limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        assert!(error.message().contains(name), "{error}");
    }
}

#[test]
fn what_a_reader_gives_is_held_against_what_was_asked() {
    let bytes = write(&boxes::<2>(5000, 6), Trees::Fast, Form::default());
    let remote = Remote::<_, 2>::open(counting(&bytes), StreamOptions::default()).expect("sound");
    let search = || remote.index().search(&BoxN::EVERYWHERE).expect("a window");
    for wrong in [vec![], vec![vec![0; 3]]] {
        let mut query = search();
        assert_eq!(query.feed(wrong).unwrap_err().kind(), ErrorKind::Io);
        assert!(query.wanted().is_empty());
        assert_eq!(query.finish().unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
    let mut query = search();
    let zeros = query.wanted().iter().map(|range| vec![0; (range.end - range.start) as usize]);
    let error = query.feed(zeros.collect()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "no page is all zeros");
    assert_eq!(search().finish().unwrap_err().kind(), ErrorKind::InvalidArgument, "not fed");
}

#[test]
fn what_cannot_be_asked_is_refused_before_a_read() {
    let flat = boxes::<2>(40, 8);
    let mut file = Vec::new();
    write_index(&Items::new(&flat), WriteOptions::default(), &mut file).expect("sound");
    let bytes: Bytes = Arc::new(file);
    let wrong = Remote::<_, 3>::open(counting(&bytes), StreamOptions::default()).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::InvalidArgument, "it has two axes");
    let remote = Remote::<_, 2>::open(counting(&bytes), StreamOptions::default()).expect("sound");
    let opened = remote.reader().calls.load(Ordering::Relaxed);
    let nan = BoxN::point([f64::NAN, 0.0]);
    assert_eq!(remote.search(&nan).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert!(remote.neighbors([0.0, 0.0], 3, -1.0).is_err());
    assert_eq!(remote.payloads(&[0]).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(remote.aggregate(&flat[0]).unwrap_err().kind(), ErrorKind::NotFound);
    let with = write(&flat, Trees::Fast, Form::default());
    let with = Remote::<_, 2>::open(counting(&with), StreamOptions::default()).expect("sound");
    assert_eq!(with.payloads(&[40]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(with.payloads(&[]).expect("nothing"), Vec::<Vec<u8>>::new());
    assert_eq!(remote.prefixes(&[0]).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(with.prefixes(&[40]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let one = with.index().prefixes(&[7, 3, 7]).expect("known");
    assert_eq!(one.run_counted(with.reader()).expect("sound").1.rounds, 1, "they need no offsets");
    assert_eq!(remote.reader().calls.load(Ordering::Relaxed), opened);
}
