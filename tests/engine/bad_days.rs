//! Guards what opening does on a bad day: a directory that is a file, that may not be written,
//! that somebody else has open, that holds a newer version, foreign files, a torn tail, a flipped
//! bit or a gap. Each gives the error or the report that names the file, and leaves the bytes
//! alone; opening for reading only changes nothing and sees everything.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::tempdir::TempDir;
use spatio::vfs::{Fault, FaultVfs, MemoryVfs, Vfs};
use spatio::{
    Database, Error, ErrorKind, Interval, Moves, NamespaceOptions, Options, Order, Point, Query,
    RecoveryMode, Result, SyncPolicy, Upsert,
};

const HELPER: &str = "SPATIO_TEST_HOLD";
const OBJECTS: i64 = 5;
const MOVES: i64 = 300;

fn dir() -> &'static Path {
    Path::new("/db")
}

fn options(vfs: &(impl Vfs + Clone + 'static)) -> Options {
    let never = Options::new().sync(SyncPolicy::Never).seed(3);
    never.vfs(Arc::new(vfs.clone())).segment_bytes(1 << 10).buffer_size(8)
}

fn open(vfs: &(impl Vfs + Clone + 'static)) -> Result<Database> {
    options(vfs).open(dir())
}

fn refusal(vfs: &(impl Vfs + Clone + 'static)) -> Error {
    open(vfs).map(drop).expect_err("this directory must not open")
}

fn position(step: i64) -> Point {
    Point::new(step as f64 * 0.1, 10.0)
}

/// Moves a few objects round after round; the time of a move says where it went.
fn fill(db: &Database, from: i64) {
    for step in from..from + MOVES {
        let (id, with) = (format!("id {}", step % OBJECTS), Upsert::new().time_us(step));
        db.upsert_with("n", &id, position(step), &with).unwrap();
    }
}

/// A directory whose log has several sealed segments and no checkpoint, as a power cut leaves it.
fn crashed() -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let db = open(&vfs).unwrap();
    fill(&db, 0);
    db.sync().unwrap();
    let image = vfs.duplicate();
    assert!(segments(&image).len() > 4);
    image
}

fn segments(vfs: &MemoryVfs) -> Vec<PathBuf> {
    let files = vfs.files().into_iter().map(|(path, _)| path);
    files.filter(|path| path.extension().is_some_and(|end| end == "log")).collect()
}

/// The present of every object and the length of every track; all of it was written by `fill`.
fn look(db: &Database) -> Result<(BTreeMap<String, i64>, usize)> {
    let namespace = db.namespace("n")?;
    let rows = namespace.query(&Query::everywhere())?;
    let mut present = BTreeMap::new();
    let mut steps = 0;
    for row in rows.iter() {
        assert_eq!(row.position, position(row.time_us), "a record was altered");
        present.insert(row.id.to_owned(), row.time_us);
        let track = namespace.trajectory(row.id, Interval::ALL, Order::OldestFirst, usize::MAX)?;
        for (time_us, at) in track.iter() {
            assert_eq!(
                (at, format!("id {}", time_us % OBJECTS)),
                (position(time_us), row.id.into())
            );
        }
        steps += track.len();
    }
    Ok((present, steps))
}

/// What `look` sees after `steps` moves.
fn after(steps: i64) -> (BTreeMap<String, i64>, usize) {
    let present = (steps - OBJECTS..steps).map(|step| (format!("id {}", step % OBJECTS), step));
    (present.collect(), steps as usize)
}

fn flipped(vfs: &MemoryVfs, path: &Path, byte: usize, bit: u32) -> MemoryVfs {
    let copy = vfs.duplicate();
    let mut bytes = copy.read(path).unwrap();
    bytes[byte] ^= 1 << bit;
    copy.replace(path, bytes);
    copy
}

fn without(vfs: &MemoryVfs, path: &Path) -> MemoryVfs {
    let copy = MemoryVfs::new();
    for (other, bytes) in vfs.files().into_iter().filter(|(other, _)| other != path) {
        copy.replace(&other, bytes.as_ref().clone());
    }
    copy
}

#[test]
fn a_directory_that_is_a_file_is_refused_by_name() {
    let vfs = MemoryVfs::new();
    vfs.replace(dir(), b"a letter".to_vec());
    for path in ["/db", "/db/inner"] {
        let error = options(&vfs).open(path).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Io, Some(Path::new(path))), "{error}");
        let error = options(&vfs).read_only(true).open(path).unwrap_err();
        assert!(error.to_string().contains(path), "{error}");
    }
    assert_eq!(vfs.read(dir()).unwrap(), b"a letter");

    let temporary = TempDir::new("is-a-file");
    let path = temporary.path().join("letter");
    std::fs::write(&path, "a letter").unwrap();
    let error = Database::open(&path).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Io, Some(&*path)), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"a letter");
}

#[test]
fn a_directory_that_may_not_be_written_is_refused_by_name() {
    let vfs = FaultVfs::new(1);
    vfs.fail_changes_from(1, Fault::Denied);
    let error = refusal(&vfs);
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(error.to_string().contains("/db"), "{error}");
    vfs.heal();
    // Of a database that is there, what may not be written may still be read.
    fill(&open(&vfs).unwrap(), 0);
    vfs.fail_changes_from(1, Fault::Denied);
    assert_eq!(refusal(&vfs).kind(), ErrorKind::Io);
    let reader = options(&vfs).read_only(true).open(dir()).unwrap();
    assert_eq!(look(&reader).unwrap(), after(MOVES));
}

#[test]
fn a_database_that_is_open_is_locked_for_others() {
    let vfs = MemoryVfs::new();
    let db = open(&vfs).unwrap();
    fill(&db, 0);
    db.flush().unwrap();
    let error = refusal(&vfs);
    assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
    assert!(error.to_string().contains("LOCK"), "{error}");
    let reader = options(&vfs).read_only(true).open(dir()).unwrap();
    assert_eq!(look(&reader).unwrap(), after(MOVES), "who only reads needs no lock");
    fill(&db, MOVES);
    assert_eq!(look(&reader).unwrap().0, after(MOVES).0, "and sees what was there on opening");
    drop(db);
    drop(open(&vfs).unwrap());
    let again = open(&vfs).unwrap();
    again.close().unwrap();
    assert!(open(&vfs).is_ok(), "closing unlocks, even while a handle is left");
}

/// Not a test of its own: the other process of the test below.
#[test]
fn helper_that_holds_a_database() {
    let Some(path) = std::env::var_os(HELPER) else { return };
    let _db = Options::new().sync(SyncPolicy::Never).open(Path::new(&path)).unwrap();
    writeln!(std::io::stdout(), "open").unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[test]
fn a_database_that_another_process_has_open_is_locked_until_that_ends() {
    let temporary = TempDir::new("held");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "bad_days::helper_that_holds_a_database", "--nocapture"])
        .env(HELPER, temporary.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with("open")), "the helper has opened it");
    let error = Database::open(temporary.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
    assert!(Options::new().read_only(true).open(temporary.path()).is_ok());
    child.kill().unwrap();
    child.wait().unwrap();
    let db = Database::open(temporary.path()).unwrap();
    db.upsert("n", "a", Point::new(1.0, 2.0), None).unwrap();
    db.close().unwrap();
}

#[test]
fn a_newer_version_is_refused_and_not_touched() {
    let image = crashed();
    let closed = image.duplicate();
    open(&closed).unwrap().close().unwrap();
    for file in segments(&image).into_iter().chain(closed.files().into_iter().map(|(path, _)| path))
    {
        let newer = closed.duplicate();
        let Ok(mut bytes) = newer.read(&file) else { continue };
        if bytes.len() < 64 {
            continue;
        }
        bytes[8] = 9;
        newer.replace(&file, bytes);
        let before = newer.files();
        for mode in [RecoveryMode::Strict, RecoveryMode::Salvage] {
            for read_only in [false, true] {
                let options = options(&newer).recovery(mode).read_only(read_only);
                let error = options.open(dir()).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::FormatVersion, "{error}");
                assert_eq!(error.path(), Some(&*file));
                assert!(error.to_string().contains("9.0"), "{error}");
            }
        }
        assert!(newer.files() == before, "{} was changed", file.display());
    }
}

#[test]
fn foreign_files_are_left_alone_and_named() {
    let image = crashed();
    let foreign = ["notes.txt", "1.log", "00000001.log.bak", "checkpoint-1.ckpt"];
    for name in foreign {
        image.replace(&dir().join(name), b"mine".to_vec());
    }
    let db = open(&image).unwrap();
    for name in foreign {
        let told = db.recovery().notes.iter().any(|note| note.contains(name));
        assert!(told, "{name}: {}", db.recovery());
    }
    fill(&db, MOVES);
    db.close().unwrap();
    for name in foreign {
        assert_eq!(image.read(&dir().join(name)).unwrap(), b"mine");
    }
    assert_eq!(look(&open(&image).unwrap()).unwrap(), after(2 * MOVES));
}

#[test]
fn a_torn_tail_is_dropped_and_told() {
    // A database that was killed before its last moves were synced.
    let vfs = MemoryVfs::new();
    let db = open(&vfs).unwrap();
    fill(&db, 0);
    db.flush().unwrap();
    let image = vfs.duplicate();
    let last = segments(&image).pop().unwrap();
    let bytes = image.read(&last).unwrap();
    let mut kept_before = 0;
    for length in 64..bytes.len() {
        let torn = image.duplicate();
        torn.replace(&last, bytes[..length].to_vec());
        let db = open(&torn).unwrap_or_else(|error| panic!("cut at {length}: {error}"));
        let (present, steps) = look(&db).unwrap();
        assert_eq!((present, steps), after(steps as i64), "cut at {length}");
        assert!(steps >= kept_before, "cut at {length}");
        kept_before = steps;
        let report = db.recovery();
        assert_eq!(report.bytes_dropped > 0, report.first_bad.is_some(), "{report}");
        if let Some((path, offset, _)) = &report.first_bad {
            assert_eq!(path, &last);
            assert_eq!(offset + report.bytes_dropped, length as u64, "{report}");
        }
        // What comes after the cut follows on what is left of it.
        let (id, with) = ("id 0", Upsert::new().time_us(MOVES + 100));
        db.upsert_with("n", id, position(MOVES + 100), &with).unwrap();
        drop(db);
        let steps_again = look(&open(&torn).unwrap()).unwrap().1;
        assert_eq!(steps_again, steps + 1, "cut at {length}");
    }
    assert!(kept_before as i64 > MOVES - 9, "only the last group can be torn");
}

#[test]
fn a_flipped_bit_in_a_sealed_segment_is_told_by_file_and_byte() {
    let image = crashed();
    let sealed = segments(&image)[1].clone();
    let length = image.read(&sealed).unwrap().len();
    for byte in 0..length {
        let bad = flipped(&image, &sealed, byte, (byte % 8) as u32);
        let before = bad.files();
        let error = refusal(&bad);
        // A flipped bit in the version can make it newer.
        let kinds = [ErrorKind::Corrupt, ErrorKind::FormatVersion];
        assert!(kinds.contains(&error.kind()), "byte {byte}: {error}");
        assert_eq!(error.path(), Some(&*sealed), "byte {byte}");
        assert!(error.offset().is_some(), "byte {byte}: {error}");
        assert!(bad.files() == before, "byte {byte}: a refused directory is left alone");
    }
    let bad = flipped(&image, &sealed, length / 3, 0);
    let db = options(&bad).recovery(RecoveryMode::Salvage).open(dir()).unwrap();
    let (present, steps) = look(&db).unwrap();
    assert_eq!(present, after(MOVES).0, "the newest states stand in later segments");
    assert!((MOVES as usize - 40..MOVES as usize).contains(&steps), "{steps}");
    let (path, ..) = db.recovery().first_bad.clone().unwrap();
    assert_eq!(path, sealed);
    drop(db);
    assert_eq!(look(&open(&bad).unwrap()).unwrap().1, steps, "after that it opens as usual");
}

#[test]
fn damage_in_the_past_that_opening_does_not_read_is_told_when_it_is_read() {
    let image = crashed();
    open(&image).unwrap().close().unwrap();
    let sealed = segments(&image)[1].clone();
    let length = image.read(&sealed).unwrap().len();
    let (mut refused, mut told) = (0, 0);
    for byte in (64..length).step_by(7) {
        let bad = flipped(&image, &sealed, byte, 5);
        match open(&bad) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Corrupt, "byte {byte}: {error}");
                refused += 1;
            }
            // The checkpoint knows the present; the past is asked of the damaged file.
            Ok(db) => match look(&db) {
                Ok(seen) => assert_eq!(seen, after(MOVES), "byte {byte}"),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "byte {byte}: {error}");
                    assert_eq!(error.path(), Some(&*sealed));
                    told += 1;
                }
            },
        }
    }
    assert!(told > 20, "{told} told, {refused} refused");
}

#[test]
fn a_segment_that_is_missing_in_the_middle_is_named() {
    let image = crashed();
    let all = segments(&image);
    for missing in &all[1..all.len() - 1] {
        let bad = without(&image, missing);
        let before = bad.files();
        let error = refusal(&bad);
        assert_eq!((error.kind(), error.path()), (ErrorKind::Corrupt, Some(&**missing)), "{error}");
        assert!(bad.files() == before, "a refused directory is left alone");
        let db = options(&bad).recovery(RecoveryMode::Salvage).open(dir()).unwrap();
        let (present, steps) = look(&db).unwrap();
        assert_eq!(present, after(MOVES).0);
        assert!(steps < MOVES as usize && !db.recovery().notes.is_empty(), "{}", db.recovery());
    }
    let error = refusal(&without(&image, &all[0]));
    assert_eq!((error.kind(), error.path()), (ErrorKind::Corrupt, Some(&*all[0])), "{error}");
}

#[test]
fn opening_for_reading_only_sees_everything_and_changes_nothing() {
    let image = crashed();
    let last = segments(&image).pop().unwrap();
    let mut torn = image.read(&last).unwrap();
    torn.extend_from_slice(&[7; 11]);
    image.replace(&last, torn);
    let before = image.files();
    let db = options(&image).read_only(true).open(dir()).unwrap();
    let namespace = db.namespace("n").unwrap();
    assert_eq!(db.recovery().bytes_dropped, 11);
    assert_eq!(look(&db).unwrap(), after(MOVES));
    let here = position(1);
    let handle = namespace.handle("id 0").unwrap().unwrap();
    let moves = Moves { handles: &[handle], x: &[1.0], y: &[1.0], z: None, time_us: None };
    let refused: Vec<(&str, Result<()>)> = vec![
        ("upsert", namespace.upsert("id 0", here, None).map(drop)),
        ("upsert", db.upsert("n", "new", here, None).map(drop)),
        ("upsert", db.upsert("new", "new", here, None).map(drop)),
        ("upsert_columns", namespace.upsert_columns(&moves).map(drop)),
        ("upsert_batch", namespace.upsert_batch(&[("a", here, Upsert::new())]).map(drop)),
        ("insert_trajectory", namespace.insert_trajectory("id 0", &[(1, here)]).map(drop)),
        ("delete", namespace.delete("id 0").map(drop)),
        ("delete", namespace.delete_handle(handle).map(drop)),
        ("intern", namespace.intern("new").map(drop)),
        ("create_namespace", db.create_namespace("m", &NamespaceOptions::cartesian()).map(drop)),
        ("checkpoint", db.checkpoint()),
        ("sweep", db.sweep().map(drop)),
    ];
    for (method, result) in refused {
        let error = result.expect_err(method);
        assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, method), "{error}");
    }
    assert_eq!(look(&db).unwrap(), after(MOVES));
    assert_eq!(db.namespaces(), ["n"]);
    db.flush().and_then(|()| db.sync()).and_then(|()| db.close()).unwrap();
    assert!(image.files() == before, "not even a lock's file was made");
}

#[test]
fn opening_for_reading_only_makes_no_database() {
    let vfs = MemoryVfs::new();
    let error = options(&vfs).read_only(true).open(dir()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.to_string().contains("/db"), "{error}");
    assert_eq!((vfs.files().len(), vfs.directories().len()), (0, 2));
}
