//! Guards that the three file systems (the real one, the one in memory, the one that fails) behave
//! alike when nothing fails: the same suite runs against each.

use crate::tempdir::TempDir;
use spatio::vfs::{FaultVfs, MemoryVfs, OpenMode, RealVfs, Vfs};
use std::io::ErrorKind;
use std::path::Path;

/// Runs `check` on every file system, in an empty directory.
fn on_each(check: fn(&dyn Vfs, &Path)) {
    let temporary = TempDir::new("vfs");
    check(&RealVfs, temporary.path());
    for (vfs, name) in
        [(&MemoryVfs::new() as &dyn Vfs, "memory"), (&FaultVfs::new(1) as &dyn Vfs, "fault")]
    {
        let dir = Path::new("root").join(name);
        vfs.create_dir_all(&dir).unwrap();
        check(vfs, &dir);
    }
}

fn put(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) {
    vfs.open(path, OpenMode::CreateNew).unwrap().write_all_at(bytes, 0).unwrap();
}

fn get(vfs: &dyn Vfs, path: &Path) -> Vec<u8> {
    let file = vfs.open(path, OpenMode::Read).unwrap();
    let mut bytes = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
    file.read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

fn kind<T: std::fmt::Debug>(result: std::io::Result<T>) -> ErrorKind {
    result.expect_err("it was to fail").kind()
}

#[test]
fn directories_are_made_with_their_parents_and_listed_in_order() {
    on_each(|vfs, dir| {
        let deep = dir.join("a/b/c");
        vfs.create_dir_all(&deep).unwrap();
        vfs.create_dir_all(&deep).unwrap();
        assert_eq!(vfs.list(&deep).unwrap(), Vec::<String>::new());
        for name in ["z", "m", "10", "9"] {
            put(vfs, &deep.join(name), b"x");
        }
        vfs.create_dir_all(&deep.join("n")).unwrap();
        assert_eq!(vfs.list(&deep).unwrap(), ["10", "9", "m", "n", "z"]);
        assert_eq!(vfs.list(dir).unwrap(), ["a"]);
        assert_eq!(kind(vfs.list(&dir.join("nowhere"))), ErrorKind::NotFound);
        put(vfs, &dir.join("file"), b"");
        assert!(vfs.create_dir_all(&dir.join("file")).is_err());
        assert!(vfs.create_dir_all(&dir.join("file/below")).is_err());
        assert!(vfs.remove(&deep).is_err(), "a directory is not removed as a file");
    });
}

#[test]
fn opening_says_what_is_missing_and_what_is_there() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        assert_eq!(kind(vfs.open(&path, OpenMode::Read)), ErrorKind::NotFound);
        assert_eq!(kind(vfs.open(&path, OpenMode::ReadWrite)), ErrorKind::NotFound);
        assert_eq!(kind(vfs.open(&dir.join("no/file"), OpenMode::CreateNew)), ErrorKind::NotFound);
        put(vfs, &path, b"old");
        assert_eq!(kind(vfs.open(&path, OpenMode::CreateNew)), ErrorKind::AlreadyExists);
        assert_eq!(get(vfs, &path), b"old", "a refused creation leaves the file as it is");
        vfs.open(&path, OpenMode::ReadWrite).unwrap().write_all_at(b"N", 0).unwrap();
        assert_eq!(get(vfs, &path), b"Nld");
        let reader = vfs.open(&path, OpenMode::Read).unwrap();
        assert!(reader.write_all_at(b"X", 0).is_err());
        assert!(reader.set_len(0).is_err());
        assert_eq!(get(vfs, &path), b"Nld");
    });
}

#[test]
fn writes_land_where_they_say_and_gaps_are_zero() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        let file = vfs.open(&path, OpenMode::CreateNew).unwrap();
        assert_eq!(file.len().unwrap(), 0);
        file.write_all_at(b"tail", 6).unwrap();
        file.write_all_at(b"head", 0).unwrap();
        assert_eq!(get(vfs, &path), b"head\0\0tail");
        file.write_all_at(b"", 100).unwrap();
        assert_eq!(file.len().unwrap(), 10, "writing nothing grows nothing");
        file.write_all_at(b"LONGER TAIL", 8).unwrap();
        assert_eq!(get(vfs, &path), b"head\0\0taLONGER TAIL");
        file.sync_data().unwrap();
        vfs.sync_dir(dir).unwrap();
    });
}

#[test]
fn reads_are_whole_or_an_end_of_file() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        put(vfs, &path, b"0123456789");
        let file = vfs.open(&path, OpenMode::Read).unwrap();
        let mut four = [0; 4];
        file.read_exact_at(&mut four, 6).unwrap();
        assert_eq!(&four, b"6789");
        assert_eq!(kind(file.read_exact_at(&mut four, 7)), ErrorKind::UnexpectedEof);
        assert_eq!(kind(file.read_exact_at(&mut four, 1_000)), ErrorKind::UnexpectedEof);
        file.read_exact_at(&mut [], 1_000).unwrap();
    });
}

#[test]
fn a_length_is_cut_and_extended_with_zeros() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        put(vfs, &path, b"0123456789");
        let file = vfs.open(&path, OpenMode::ReadWrite).unwrap();
        file.set_len(4).unwrap();
        assert_eq!(get(vfs, &path), b"0123");
        file.set_len(6).unwrap();
        assert_eq!(get(vfs, &path), b"0123\0\0", "cut bytes do not come back");
        file.set_len(0).unwrap();
        assert_eq!(get(vfs, &path), b"");
    });
}

#[test]
fn a_rename_replaces_and_stays_in_its_directory() {
    on_each(|vfs, dir| {
        let (a, b) = (dir.join("a"), dir.join("b"));
        put(vfs, &a, b"new");
        put(vfs, &b, b"old");
        vfs.rename(&a, &b).unwrap();
        assert_eq!(vfs.list(dir).unwrap(), ["b"]);
        assert_eq!(get(vfs, &b), b"new");
        vfs.rename(&b, &b).unwrap();
        assert_eq!(get(vfs, &b), b"new");
        assert_eq!(kind(vfs.rename(&a, &b)), ErrorKind::NotFound);
        vfs.create_dir_all(&dir.join("sub")).unwrap();
        assert_eq!(kind(vfs.rename(&b, &dir.join("sub/b"))), ErrorKind::InvalidInput);
        assert_eq!(vfs.list(dir).unwrap(), ["b", "sub"]);
    });
}

#[test]
fn an_open_file_follows_its_rename() {
    on_each(|vfs, dir| {
        let file = vfs.open(&dir.join("a"), OpenMode::CreateNew).unwrap();
        vfs.rename(&dir.join("a"), &dir.join("b")).unwrap();
        file.write_all_at(b"after", 0).unwrap();
        assert_eq!(get(vfs, &dir.join("b")), b"after");
    });
}

#[test]
fn a_removed_name_is_free_again() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        put(vfs, &path, b"first");
        vfs.remove(&path).unwrap();
        assert_eq!(kind(vfs.open(&path, OpenMode::Read)), ErrorKind::NotFound);
        assert_eq!(kind(vfs.remove(&path)), ErrorKind::NotFound);
        put(vfs, &path, b"second");
        assert_eq!(get(vfs, &path), b"second");
    });
}

#[cfg(unix)]
#[test]
fn a_removed_file_lives_on_in_its_handles() {
    on_each(|vfs, dir| {
        let path = dir.join("file");
        put(vfs, &path, b"still here");
        let file = vfs.open(&path, OpenMode::Read).unwrap();
        let mapping = file.map().unwrap();
        vfs.remove(&path).unwrap();
        let mut bytes = [0; 10];
        file.read_exact_at(&mut bytes, 0).unwrap();
        assert_eq!(&bytes, b"still here");
        assert_eq!(&mapping[..], b"still here");
    });
}

#[test]
fn a_mapping_is_the_whole_file_and_an_empty_file_maps_to_nothing() {
    on_each(|vfs, dir| {
        put(vfs, &dir.join("empty"), b"");
        let empty = vfs.open(&dir.join("empty"), OpenMode::Read).unwrap().map().unwrap();
        assert!(empty.is_empty());
        let bytes: Vec<u8> = (0..20_000_u32).map(|i| (i % 251) as u8).collect();
        put(vfs, &dir.join("sealed"), &bytes);
        let mapping = vfs.open(&dir.join("sealed"), OpenMode::Read).unwrap().map().unwrap();
        assert_eq!(&mapping[..], &bytes[..]);
        assert_eq!(format!("{mapping:?}"), "Mapping(20000 bytes)");
    });
}

#[test]
fn a_directory_that_is_missing_cannot_be_synced() {
    on_each(|vfs, dir| {
        vfs.sync_dir(dir).unwrap();
        assert_eq!(kind(vfs.sync_dir(&dir.join("nowhere"))), ErrorKind::NotFound);
    });
}

#[test]
fn handles_are_used_from_many_threads() {
    on_each(|vfs, dir| {
        let file = vfs.open(&dir.join("file"), OpenMode::CreateNew).unwrap();
        file.set_len(4_000).unwrap();
        std::thread::scope(|scope| {
            for part in 0..4_u8 {
                let file = file.clone();
                scope.spawn(move || {
                    for step in 0..100_u64 {
                        let offset = u64::from(part) * 1_000 + step * 10;
                        file.write_all_at(&[part + 1; 10], offset).unwrap();
                        let mut back = [0; 10];
                        file.read_exact_at(&mut back, offset).unwrap();
                        assert_eq!(back, [part + 1; 10]);
                    }
                });
            }
        });
        let bytes = get(vfs, &dir.join("file"));
        for (part, chunk) in bytes.chunks(1_000).enumerate() {
            assert!(chunk.iter().all(|byte| usize::from(*byte) == part + 1));
        }
    });
}
