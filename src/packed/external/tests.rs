//! Built with little memory against built in memory: the same bytes.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::{ExternalOptions, ExternalPayloads, FileSink, Progress, Stage, write_index_external};
use crate::error::{Error, ErrorKind, Result};
use crate::packed::{
    BoxN, Form, Index, Items, Metadata, Payloads, Precision, Trees, WriteOptions, write_index,
};
use crate::prng::Prng;
use crate::vfs::{Fault, FaultVfs, MemoryVfs, Vfs};

/// Boxes of which some are far out, some lie together and some on each other.
fn boxes<const D: usize>(count: usize, sort: u8, seed: u64) -> Vec<BoxN<D>> {
    let mut random = Prng::new(seed);
    (0..count)
        .map(|n| {
            let near = random.between(0.0, 1.0);
            let min: [f64; D] = std::array::from_fn(|axis| match sort {
                // All over the place.
                0 => random.between(-180.0, 180.0),
                // One far out makes one cell of all the others.
                1 if n == count / 2 => 1e12,
                1 => random.between(0.0, 1.0),
                // A few places, and one of them again and again.
                2 => (random.below(3) as f64 * 7.0).max(if axis == 0 { 7.0 } else { 0.0 }),
                // A line.
                3 => {
                    if axis == 0 {
                        near
                    } else {
                        5.0
                    }
                }
                _ => f64::NEG_INFINITY,
            });
            let size = if sort == 0 { random.between(0.0, 1.0) } else { 0.0 };
            BoxN::new(min, min.map(|x| x + size))
        })
        .collect()
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Writes both ways.
fn compare<const D: usize>(
    boxes: &[BoxN<D>],
    write: WriteOptions,
    payloads: ExternalPayloads,
    (prefix_bytes, memory_bytes): (Option<u32>, usize),
    (has_scalars, has_masks): (bool, bool),
) {
    let length = |n: usize| match payloads {
        ExternalPayloads::None => 0,
        ExternalPayloads::Blobs => n % 40,
        ExternalPayloads::Records(stride) => stride as usize,
    };
    let blobs: Vec<Vec<u8>> = (0..boxes.len()).map(|n| vec![n as u8; length(n)]).collect();
    let slices: Vec<&[u8]> = blobs.iter().map(Vec::as_slice).collect();
    let (flat, metadata) = (blobs.concat(), Metadata { crs: Some("x"), ..Metadata::default() });
    let given = match payloads {
        ExternalPayloads::None => None,
        ExternalPayloads::Blobs => Some(Payloads::Blobs(&slices)),
        ExternalPayloads::Records(stride) => Some(Payloads::Records { stride, bytes: &flat }),
    };
    // Fractions, so that another order of adding would show.
    let scalars: Vec<f64> = (0..boxes.len()).map(|n| 0.1 * (n % 97) as f64 - 3.0).collect();
    let masks: Vec<u64> = (0..boxes.len()).map(|n| 1 << (n % 64)).collect();
    let items = Items {
        payloads: given,
        prefix_bytes,
        metadata,
        scalars: has_scalars.then_some(&scalars),
        masks: has_masks.then_some(&masks),
        ..Items::new(boxes)
    };
    let mut expected = Vec::new();
    write_index(&items, write, &mut expected).expect("sound");

    let vfs = MemoryVfs::new();
    let options = ExternalOptions::new(Arc::new(vfs.clone()), Path::new("/"));
    let options = ExternalOptions {
        write,
        memory_bytes,
        payloads,
        prefix_bytes,
        metadata,
        scalars: has_scalars,
        masks: has_masks,
        ..options
    };
    let mut found = Vec::new();
    let rows = boxes.iter().zip(&blobs);
    let bytes = if has_scalars || has_masks {
        let values = scalars.iter().zip(&masks);
        let rows = rows.zip(values).map(|((b, blob), (s, m))| Ok((*b, blob, *s, *m)));
        write_index_external(rows, &options, &mut go, &mut found).expect("sound")
    } else {
        let rows = rows.map(|(bounds, blob)| Ok((*bounds, blob)));
        write_index_external(rows, &options, &mut go, &mut found).expect("sound")
    };
    assert_eq!(bytes, found.len() as u64);
    assert!(found == expected, "{} boxes, {write:?}, {payloads:?}", boxes.len());
    assert!(vfs.files().is_empty(), "temporary files are gone");
}

fn write_options() -> impl Strategy<Value = WriteOptions> {
    let trees = prop::sample::select(vec![Trees::Origin, Trees::Fast, Trees::Both]);
    let precision = prop::sample::select(vec![Precision::Double, Precision::Single]);
    (trees, prop::sample::select(vec![2, 16, 300]), precision, any::<bool>()).prop_map(
        |(trees, node_size, precision, interleaved)| {
            let form = Form { node_size, precision, interleaved };
            WriteOptions { trees, form, threads: 1 }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn little_memory_gives_the_same_bytes(
        count in prop_oneof![0usize..40, 250usize..260, 380usize..390, 510usize..520, 1usize..9000],
        sort in 0u8..5, seed in any::<u64>(), write in write_options(),
        payloads in prop::sample::select(vec![
            ExternalPayloads::None, ExternalPayloads::Blobs, ExternalPayloads::Records(5),
        ]),
        prefix in any::<bool>(), columns in any::<(bool, bool)>(),
    ) {
        let prefix = (prefix && payloads != ExternalPayloads::None).then_some(3);
        let is_possible = write.trees == Trees::Fast || write.form.precision == Precision::Double;
        let columns = if is_possible { columns } else { (false, false) };
        compare(&boxes::<2>(count, sort, seed), write, payloads, (prefix, 1), columns);
        compare(&boxes::<3>(count, sort, seed), write, payloads, (prefix, 1), columns);
    }
}

#[test]
fn many_runs_and_deep_groups_give_the_same_bytes() {
    // With 64 KiB a run holds some 900 boxes, and 8 runs are merged at once.
    for (trees, sort) in [(Trees::Fast, 1), (Trees::Fast, 0), (Trees::Both, 3), (Trees::Origin, 2)]
    {
        let write = WriteOptions { trees, ..WriteOptions::default() };
        let columns = (sort > 0, trees == Trees::Both);
        compare(&boxes::<2>(40_000, sort, 9), write, ExternalPayloads::None, (None, 1), columns);
    }
    let (write, none) = (WriteOptions::default(), (false, false));
    compare(&boxes::<4>(5000, 0, 9), write, ExternalPayloads::Blobs, (None, 1), none);
    compare(&boxes::<2>(5000, 0, 9), write, ExternalPayloads::Blobs, (None, 64 << 20), none);
}

fn some(count: usize) -> impl Iterator<Item = Result<(BoxN<2>, [u8; 0])>> {
    (0..count).map(|n| Ok((BoxN::point([n as f64, (n * 7919 % 1009) as f64]), [])))
}

#[test]
fn progress_is_told_and_a_build_can_be_stopped_in_every_stage() {
    let vfs = MemoryVfs::new();
    let options = ExternalOptions::new(Arc::new(vfs.clone()), Path::new("/"));
    let options = ExternalOptions { memory_bytes: 0, ..options };
    let mut told = Vec::new();
    let mut note = |progress: Progress| {
        told.push(progress);
        ControlFlow::Continue(())
    };
    write_index_external(some(70_000), &options, &mut note, &mut Vec::new()).expect("sound");
    for stage in [Stage::Take, Stage::Sort, Stage::Merge, Stage::Pages, Stage::Write] {
        let of_stage: Vec<_> = told.iter().filter(|p| p.stage == stage).collect();
        assert_eq!(of_stage.first().map(|p| p.done), Some(0), "{stage:?}");
        assert!(of_stage.iter().all(|p| p.total.is_none_or(|total| p.done <= total)));
        if stage == Stage::Sort {
            assert_eq!(of_stage.iter().map(|p| p.done).collect::<Vec<_>>(), [0, 65_536, 70_000]);
        }
        let mut stop = |progress: Progress| match progress.stage == stage {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let stopped = write_index_external(some(3000), &options, &mut stop, &mut Vec::new());
        assert_eq!(stopped.unwrap_err().kind(), ErrorKind::Cancelled, "{stage:?}");
        assert!(vfs.files().is_empty(), "temporary files are gone");
    }
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let vfs = MemoryVfs::new();
    let new = || ExternalOptions::new(Arc::new(vfs.clone()), Path::new("/"));
    let build = |options: &ExternalOptions<'_>, items: Vec<Result<(BoxN<2>, Vec<u8>)>>| {
        let built = write_index_external(items, options, &mut go, &mut Vec::new()).unwrap_err();
        assert!(vfs.files().is_empty(), "temporary files are gone");
        built
    };
    let sound = || Ok((BoxN::point([0.0, 0.0]), vec![1, 2]));
    let inverted = Ok((BoxN::new([1.0, 0.0], [0.0, 0.0]), vec![]));
    let error = build(&new(), vec![sound(), inverted]);
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidArgument, Some(1)));
    let failed = Err(Error::new(ErrorKind::NotFound, "parse", "no such column"));
    assert_eq!(build(&new(), vec![sound(), failed]).kind(), ErrorKind::NotFound);
    let records = ExternalOptions { payloads: ExternalPayloads::Records(3), ..new() };
    let error = build(&records, vec![sound()]);
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidArgument, Some(0)));
    let prefix = ExternalOptions { prefix_bytes: Some(3), ..new() };
    assert_eq!(build(&prefix, vec![sound()]).kind(), ErrorKind::InvalidArgument);
    let with_tree = WriteOptions { trees: Trees::Origin, ..WriteOptions::default() };
    let values = ExternalOptions { scalars: true, write: with_tree, ..new() };
    let error = build(&values, vec![sound()]);
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidArgument, Some(0)), "no values");
    let single = Form { precision: Precision::Single, ..Form::default() };
    let write = WriteOptions { form: single, ..with_tree };
    // Refused before an item is taken.
    let values = ExternalOptions { masks: true, write, ..new() };
    let error = build(&values, vec![sound()]);
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidArgument, None), "{error}");
    let missing = ExternalOptions { folder: Path::new("/nowhere"), ..new() };
    assert_eq!(build(&missing, vec![sound()]).kind(), ErrorKind::Io);
}

#[test]
fn a_disk_that_fails_is_an_error_and_never_a_wrong_index() {
    let mut expected = Vec::new();
    let memory = Arc::new(MemoryVfs::new());
    let folder = Path::new("/");
    let options = ExternalOptions { memory_bytes: 0, ..ExternalOptions::new(memory, folder) };
    write_index_external(some(3000), &options, &mut go, &mut expected).expect("sound");
    let mut failed = 0;
    for number in 1..400 {
        let vfs = FaultVfs::new(1);
        vfs.fail_at(number, Fault::NoSpace);
        let options = ExternalOptions { vfs: Arc::new(vfs.clone()), ..options.clone() };
        let mut file = Vec::new();
        match write_index_external(some(3000), &options, &mut go, &mut file) {
            Ok(_) => assert!(file == expected),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::NoSpace | ErrorKind::Io), "{error}");
                failed += 1;
            }
        }
    }
    assert!(failed > 50, "{failed}");
}

#[test]
fn a_file_can_be_the_target_and_is_opened_again() {
    let (vfs, path) = (MemoryVfs::new(), Path::new("/index"));
    let options = ExternalOptions::new(Arc::new(vfs.clone()), Path::new("/"));
    // What a crash left behind is nobody's business.
    vfs.replace(Path::new("/spatio-build-0.tmp"), vec![1]);
    let mut sink = FileSink::create(&vfs, path).expect("a new file");
    write_index_external(some(5000), &options, &mut go, &mut sink).expect("sound");
    sink.finish().expect("synced");
    let bytes = vfs.read(path).expect("it was written");
    let index = Index::<2>::open(Arc::new(bytes)).expect("sound");
    index.verify().expect("sound");
    assert_eq!(index.len(), 5000);
    assert_eq!(vfs.list(Path::new("/")).expect("a folder"), ["index", "spatio-build-0.tmp"]);
}
