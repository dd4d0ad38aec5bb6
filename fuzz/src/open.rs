//! Property: a directory of forged files, sound in every checksum and wild in everything else, is
//! refused or opens; and what opened answers, takes a write, and looks the same when it is opened
//! again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use spatio::clock::ManualClock;
use spatio::format::forge::Forge;
use spatio::vfs::{MemoryVfs, OpenMode, Vfs};
use spatio::{Database, Interval, Options, Order, Point, Query, RecoveryMode, Result, SyncPolicy};

use crate::input::Input;

/// The tracks and payloads that a picture takes in; enough to reach every path.
const TRACK_LIMIT: usize = 20;

/// Makes files out of the bytes and opens them in each way there is.
pub fn check(bytes: &[u8]) {
    let mut input = Input(bytes);
    let files = forge(&mut input);
    let _ = open(&directory(&files), |options| options.read_only(true));
    let _ = open(&directory(&files), |options| options.recovery(RecoveryMode::Salvage));
    let vfs = directory(&files);
    let Ok(db) = open(&vfs, |options| options) else { return };
    picture(&db);
    for name in db.namespaces() {
        let _ = db.upsert(&name, "one more", Point::new(1.0, 2.0), Some(b"payload"));
    }
    let before = picture(&db);
    db.close().expect("a disk in memory does not fail");
    drop(db);
    let again = open(&vfs, |options| options).expect("what was open once opens again");
    assert_eq!(before, picture(&again));
}

/// One to three segments, and sometimes a checkpoint.
fn forge(input: &mut Input<'_>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let count = 1 + u32::from(input.number(3));
    let mut seq = if input.number(8) == 1 { u64::from_le_bytes(input.bytes()) } else { 1 };
    let checkpoint = input.number(3) == 0;
    for number in 1..=count {
        let base_us = if input.number(4) == 0 { i64::from_le_bytes(input.bytes()) } else { 0 };
        let mut segment = Forge::segment(number, u32::from(input.number(16) == 0), seq, base_us);
        frames(input, &mut segment);
        seq = segment.next_seq();
        let is_sealed = number < count || input.number(4) == 0;
        let bytes = match is_sealed {
            true => {
                let directory: Vec<u8> = (0..input.number(60)).map(|_| input.number(255)).collect();
                // An inverted span would say that no history is in it, and it would be let go.
                let (one, other) = (input.whole(), input.whole());
                segment.seal(&directory, (one.min(other), one.max(other)))
            }
            false => segment.active(),
        };
        files.push((format!("{number:08}.log"), bytes));
    }
    if checkpoint {
        let number = 1 + u32::from(input.number(4));
        let next_seq = u64::from(input.number(40));
        let offset = 64 + u64::from(input.number(100));
        let mut checkpoint = Forge::checkpoint(number, next_seq, offset, 0);
        frames(input, &mut checkpoint);
        files.push((format!("checkpoint-{next_seq:016x}.ckpt"), checkpoint.end()));
    }
    files
}

/// Frames of whatever kind and body, most of them after sound introductions.
fn frames(input: &mut Input<'_>, forge: &mut Forge) {
    if input.number(4) != 0 {
        // Namespace 1, with history, called "n"; object 0 of it, called "a".
        forge.frame(&[0x02, 1, 2, b'n']);
        forge.frame(&[0x03, 1, b'a']);
    }
    for _ in 0..input.number(20) {
        match input.number(4) {
            0 => forge.mark(u32::from(input.number(200))),
            1 => {
                // A move of object 0, at any place.
                let mut body = vec![0x10, 1, input.number(128)];
                body.extend_from_slice(&input.bytes::<16>());
                forge.frame(&body);
            }
            _ => {
                let body: Vec<u8> = (0..input.number(32)).map(|_| input.bytes::<1>()[0]).collect();
                forge.frame(&body);
            }
        }
    }
}

fn directory(files: &[(String, Vec<u8>)]) -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let dir = Path::new("/db");
    vfs.create_dir_all(dir).expect("a disk in memory does not fail");
    for (name, bytes) in files {
        let file = vfs.open(&dir.join(name), OpenMode::CreateNew).expect("the name is new");
        file.write_all_at(bytes, 0).expect("a disk in memory does not fail");
    }
    vfs
}

fn open(vfs: &MemoryVfs, set: impl Fn(Options) -> Options) -> Result<Database> {
    let options = Options::new().sync(SyncPolicy::Never).background(false).seed(7);
    let clock = Arc::new(ManualClock::new(50));
    set(options).clock(clock).vfs(Arc::new(vfs.clone())).open("/db")
}

type Picture = BTreeMap<(String, String), String>;

/// Everything that can be seen, in words.
fn picture(db: &Database) -> Picture {
    let mut seen = Picture::new();
    for name in db.namespaces() {
        let rows = db.query(&name, &Query::everywhere()).expect("it is there");
        for row in rows.iter() {
            let track =
                db.trajectory(&name, row.id, Interval::ALL, Order::NewestFirst, TRACK_LIMIT);
            let track = track.map_err(|error| error.kind());
            let words = format!("{:?} {} {:?} {track:?}", row.position, row.time_us, row.payload);
            seen.insert((name.clone(), row.id.to_owned()), words);
        }
        let _ = db.knn(&name, Point::new(0.0, 0.0), 3).expect("it is there");
    }
    seen
}
