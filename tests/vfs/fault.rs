//! Guards the disk that fails on purpose: what a power cut leaves, what a fault leaves behind.
//! The simulations of `crates/sim` are worth as much as this model is right.

use spatio::vfs::{Fault, FaultVfs, MemoryVfs, OpenMode, OperationKind, Survivors, Vfs, VfsFile};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex};

fn create(vfs: &FaultVfs, path: &str) -> Arc<dyn VfsFile> {
    vfs.open(Path::new(path), OpenMode::CreateNew).unwrap()
}

fn bytes(image: &MemoryVfs, path: &str) -> Option<Vec<u8>> {
    image.read(Path::new(path)).ok()
}

fn visible(vfs: &FaultVfs, path: &str) -> Vec<u8> {
    let file = vfs.open(Path::new(path), OpenMode::Read).unwrap();
    file.map().unwrap().to_vec()
}

/// A file whose name and contents are durable.
fn durable(vfs: &FaultVfs, path: &str, contents: &[u8]) -> Arc<dyn VfsFile> {
    let file = create(vfs, path);
    file.write_all_at(contents, 0).unwrap();
    file.sync_data().unwrap();
    vfs.sync_dir(Path::new("")).unwrap();
    file
}

#[test]
fn only_what_was_synced_is_sure() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"old");
    file.write_all_at(b"NEW!", 2).unwrap();
    assert_eq!(visible(&vfs, "file"), b"olNEW!");
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"old");
    assert_eq!(bytes(&vfs.crash_image(Survivors::All), "file").unwrap(), b"olNEW!");
    file.sync_data().unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"olNEW!");
}

#[test]
fn a_name_needs_a_sync_of_its_directory() {
    let vfs = FaultVfs::new(1);
    let file = create(&vfs, "file");
    file.write_all_at(b"synced", 0).unwrap();
    file.sync_data().unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file"), None, "the name is lost");
    vfs.sync_dir(Path::new("")).unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"synced");
    vfs.remove(Path::new("file")).unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"synced");
    assert_eq!(bytes(&vfs.crash_image(Survivors::All), "file"), None);
    vfs.sync_dir(Path::new("")).unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file"), None);
}

#[test]
fn a_synced_name_does_not_make_contents_durable() {
    let vfs = FaultVfs::new(1);
    create(&vfs, "file").write_all_at(b"text", 0).unwrap();
    vfs.sync_dir(Path::new("")).unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"");
}

#[test]
fn a_rename_is_old_or_new_in_every_image() {
    let vfs = FaultVfs::new(1);
    durable(&vfs, "name", b"old");
    let file = create(&vfs, "name.tmp");
    file.write_all_at(b"new", 0).unwrap();
    file.sync_data().unwrap();
    vfs.rename(Path::new("name.tmp"), Path::new("name")).unwrap();
    let mut seen = BTreeSet::new();
    for seed in 0..400 {
        let image = vfs.crash_image(Survivors::from_seed(seed));
        seen.insert(bytes(&image, "name").expect("one of the two is there"));
    }
    assert_eq!(seen, BTreeSet::from([b"old".to_vec(), b"new".to_vec()]));
}

#[test]
fn a_cut_may_or_may_not_survive() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"0123456789");
    file.set_len(4).unwrap();
    let mut seen = BTreeSet::new();
    for seed in 0..100 {
        seen.insert(bytes(&vfs.crash_image(Survivors::Sectors(seed)), "file").unwrap().len());
    }
    assert_eq!(seen, BTreeSet::from([4, 10]));
}

#[test]
fn a_prefix_cuts_all_files_at_one_moment() {
    let vfs = FaultVfs::new(1);
    let (a, b) = (durable(&vfs, "a", b""), durable(&vfs, "b", b""));
    for step in 0..20_u8 {
        let file = if step % 2 == 0 { &a } else { &b };
        file.write_all_at(&[step], u64::from(step / 2)).unwrap();
    }
    let mut lengths = BTreeSet::new();
    for seed in 0..400 {
        let image = vfs.crash_image(Survivors::Prefix(seed));
        let (a, b) = (bytes(&image, "a").unwrap().len(), bytes(&image, "b").unwrap().len());
        assert!(a == b || a == b + 1, "{a} and {b} are no moment of the run");
        lengths.insert(a + b);
    }
    assert_eq!(lengths.len(), 21, "every moment is met: {lengths:?}");
}

#[test]
fn sectors_survive_out_of_order() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"");
    file.write_all_at(&[1; 512], 0).unwrap();
    file.write_all_at(&[2; 512], 512).unwrap();
    let mut later_without_earlier = 0;
    for seed in 0..200 {
        let contents = bytes(&vfs.crash_image(Survivors::Sectors(seed)), "file").unwrap();
        if contents.len() == 1_024 && contents[0] == 0 && contents[512] == 2 {
            later_without_earlier += 1;
        }
    }
    assert!(later_without_earlier > 10, "{later_without_earlier}");
}

#[test]
fn equal_seeds_give_equal_images_and_an_image_changes_nothing() {
    let run = || {
        let vfs = FaultVfs::new(5);
        let file = durable(&vfs, "file", &[7; 3_000]);
        file.write_all_at(&[8; 3_000], 1_500).unwrap();
        create(&vfs, "other").write_all_at(&[9; 900], 0).unwrap();
        vfs
    };
    let (one, two) = (run(), run());
    for seed in 0..100 {
        let choice = Survivors::from_seed(seed);
        let first = one.crash_image(choice).files();
        assert_eq!(first, two.crash_image(choice).files(), "{choice:?}");
        assert_eq!(first, one.crash_image(choice).files(), "{choice:?}");
    }
}

#[test]
fn a_failed_sync_loses_the_data_for_good() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"durable");
    file.write_all_at(b" and lost", 7).unwrap();
    vfs.fail_next(OperationKind::SyncData, 1, Fault::Eio);
    assert!(file.sync_data().is_err());
    assert_eq!(visible(&vfs, "file"), b"durable and lost", "it stays in the page cache");
    file.sync_data().expect("the kernel calls the pages clean");
    file.write_all_at(b"!", 16).unwrap();
    file.sync_data().unwrap();
    for seed in 0..16 {
        let image = vfs.crash_image(Survivors::from_seed(seed));
        assert_eq!(bytes(&image, "file").unwrap(), b"durable\0\0\0\0\0\0\0\0\0!");
    }
}

#[test]
fn a_failed_sync_of_a_directory_can_be_made_good() {
    let vfs = FaultVfs::new(1);
    create(&vfs, "file").sync_data().unwrap();
    vfs.fail_next(OperationKind::SyncDir, 1, Fault::NoSpace);
    assert_eq!(vfs.sync_dir(Path::new("")).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file"), None);
    vfs.sync_dir(Path::new("")).unwrap();
    assert_eq!(bytes(&vfs.crash_image(Survivors::None), "file").unwrap(), b"");
}

type Attempt = fn(&FaultVfs, &dyn VfsFile) -> std::io::Result<()>;

#[test]
fn every_kind_of_operation_can_fail_and_then_has_no_effect() {
    let attempts: [(OperationKind, Attempt); 14] = [
        (OperationKind::CreateDir, |vfs, _| vfs.create_dir_all(Path::new("dir"))),
        (OperationKind::List, |vfs, _| vfs.list(Path::new("")).map(drop)),
        (OperationKind::Open, |vfs, _| vfs.open(Path::new("file"), OpenMode::Read).map(drop)),
        (OperationKind::Create, |vfs, _| vfs.open(Path::new("n"), OpenMode::CreateNew).map(drop)),
        (OperationKind::Rename, |vfs, _| vfs.rename(Path::new("file"), Path::new("other"))),
        (OperationKind::Remove, |vfs, _| vfs.remove(Path::new("file"))),
        (OperationKind::SyncDir, |vfs, _| vfs.sync_dir(Path::new(""))),
        (OperationKind::Lock, |vfs, _| vfs.lock(Path::new("LOCK")).map(drop)),
        (OperationKind::Len, |_, file| file.len().map(drop)),
        (OperationKind::Read, |_, file| file.read_exact_at(&mut [0; 2], 0)),
        (OperationKind::Write, |_, file| file.write_all_at(b"XX", 0)),
        (OperationKind::SetLen, |_, file| file.set_len(1)),
        (OperationKind::SyncData, |_, file| file.sync_data()),
        (OperationKind::Map, |_, file| file.map().map(drop)),
    ];
    assert_eq!(attempts.map(|(kind, _)| kind), OperationKind::ALL);
    for (kind, attempt) in attempts {
        for fault in [Fault::Eio, Fault::NoSpace, Fault::Quota, Fault::Denied] {
            let vfs = FaultVfs::new(1);
            let file = durable(&vfs, "file", b"text");
            let before = vfs.crash_image(Survivors::All).files();
            vfs.fail_at(vfs.operations() + 1, fault);
            let error = attempt(&vfs, file.as_ref()).expect_err("it was to fail");
            let expected = match fault {
                Fault::NoSpace => ErrorKind::StorageFull,
                Fault::Quota => ErrorKind::QuotaExceeded,
                Fault::Denied => ErrorKind::PermissionDenied,
                _ => ErrorKind::Other,
            };
            assert_eq!(error.kind(), expected);
            assert!(error.to_string().contains(&format!("{kind:?}")), "{error}");
            assert_eq!(vfs.crash_image(Survivors::All).files(), before, "{kind:?}");
            attempt(&vfs, file.as_ref()).expect("the fault was for one operation");
        }
    }
}

#[test]
fn a_short_write_leaves_a_part_and_reports_the_rest() {
    let mut parts = BTreeSet::new();
    for seed in 0..64 {
        let vfs = FaultVfs::new(seed);
        let file = durable(&vfs, "file", b"");
        let fault = if seed % 2 == 0 { Fault::ShortWrite } else { Fault::ShortEio };
        vfs.fail_next(OperationKind::Write, 1, fault);
        let kind = file.write_all_at(b"0123456789", 0).unwrap_err().kind();
        let expected = if seed % 2 == 0 { ErrorKind::StorageFull } else { ErrorKind::Other };
        assert_eq!(kind, expected);
        let left = visible(&vfs, "file");
        assert_eq!(left, b"0123456789"[..left.len()]);
        parts.insert(left.len());
    }
    assert_eq!(parts, (0..10).collect());
}

#[test]
fn faults_last_until_healed() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"text");
    vfs.fail_changes_from(vfs.operations() + 2, Fault::Denied);
    file.write_all_at(b"a", 0).expect("the rule begins with the next operation");
    for _ in 0..5 {
        assert!(file.write_all_at(b"b", 0).is_err());
        assert!(vfs.remove(Path::new("file")).is_err());
        assert_eq!(visible(&vfs, "file"), b"aext", "reads go on");
    }
    vfs.heal();
    file.write_all_at(b"c", 0).unwrap();
    vfs.fail_from(vfs.operations() + 1, Fault::Eio);
    assert!(file.len().is_err());
    assert!(vfs.list(Path::new("")).is_err());
    vfs.heal();
    assert_eq!(visible(&vfs, "file"), b"cext");
    vfs.fail_next_from(vfs.operations() + 2, OperationKind::Len, 2, Fault::Eio);
    let met: Vec<bool> = (0..4).map(|_| file.len().is_err()).collect();
    assert_eq!(met, [false, true, true, false]);
}

#[test]
fn a_disk_fills_and_has_room_again() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"12345678");
    vfs.set_capacity(Some(10));
    assert_eq!(file.write_all_at(b"abcd", 8).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(visible(&vfs, "file"), b"12345678ab", "what fits is written");
    assert_eq!(vfs.used(), 10);
    file.write_all_at(b"XY", 8).expect("overwriting needs no room");
    let new = vfs.open(Path::new("new"), OpenMode::CreateNew);
    assert_eq!(new.unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(file.set_len(11).unwrap_err().kind(), ErrorKind::StorageFull);
    file.set_len(8).unwrap();
    create(&vfs, "new").write_all_at(b"ab", 0).unwrap();
    assert_eq!(file.write_all_at(b"c", 8).unwrap_err().kind(), ErrorKind::StorageFull);
    vfs.remove(Path::new("new")).unwrap();
    file.write_all_at(b"c", 8).expect("removing a file makes room");
    vfs.set_capacity(None);
    file.write_all_at(&[0; 100], 0).unwrap();
}

#[test]
fn a_killed_process_loses_its_handles_and_locks_but_not_its_writes() {
    let vfs = FaultVfs::new(1);
    let file = durable(&vfs, "file", b"");
    let lock = vfs.lock(Path::new("LOCK")).unwrap();
    file.write_all_at(b"written", 0).unwrap();
    let next = vfs.kill();
    assert!(file.write_all_at(b"late", 0).is_err());
    assert!(file.sync_data().is_err());
    assert!(vfs.list(Path::new("")).is_err());
    assert_eq!(visible(&next, "file"), b"written");
    assert_eq!(bytes(&next.crash_image(Survivors::None), "file").unwrap(), b"");
    let _held = next.lock(Path::new("LOCK")).unwrap();
    drop(lock);
    assert!(next.lock(Path::new("LOCK")).is_err(), "a dead lock does not free the new one");
    next.open(Path::new("file"), OpenMode::Read).unwrap().sync_data().unwrap();
    let image = next.crash_image(Survivors::None);
    assert_eq!(bytes(&image, "file").unwrap(), b"written", "the next process can sync it");
}

#[test]
fn operations_are_counted_named_and_observed() {
    let vfs = FaultVfs::new(1);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    vfs.set_trace(true);
    vfs.set_observer(Some(Arc::new(move |vfs, operation| {
        let files = vfs.crash_image(Survivors::All).files().len();
        sink.lock().unwrap().push((operation.number, files));
    })));
    create(&vfs, "file").write_all_at(b"12", 3).unwrap();
    assert_eq!(vfs.operations(), 2);
    assert_eq!(*seen.lock().unwrap(), [(1, 1), (2, 1)]);
    let trace: Vec<String> = vfs.trace().iter().map(ToString::to_string).collect();
    assert_eq!(trace, ["1 (Create file)", "2 (Write file, 2 bytes at 3)"]);
    vfs.set_trace(false);
    assert!(vfs.trace().is_empty());
    assert_eq!(format!("{vfs:?}"), "FaultVfs(after 2 operations)");
}

#[test]
fn an_image_is_a_disk_to_go_on_with() {
    let vfs = FaultVfs::new(1);
    durable(&vfs, "file", b"kept").write_all_at(b"lost", 0).unwrap();
    let next = FaultVfs::from_image(&vfs.crash_image(Survivors::None), 2);
    assert_eq!(visible(&next, "file"), b"kept");
    assert_eq!(bytes(&next.crash_image(Survivors::None), "file").unwrap(), b"kept");
    assert_eq!(next.operations(), 2);
}
