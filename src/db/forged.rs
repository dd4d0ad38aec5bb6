//! Files that are sound in every checksum and were written by nobody: refused, never believed.
//! Each test is an input that the fuzz target `open` found.

use std::path::Path;
use std::sync::Arc;

use crate::db::{Database, Options};
use crate::error::{Error, ErrorKind};
use crate::format::forge::Forge;
use crate::log::SyncPolicy;
use crate::vfs::{MemoryVfs, OpenMode, Vfs};

/// Opens a directory of these files; the error that it must give.
fn refused(files: &[(&str, Vec<u8>)]) -> Error {
    let vfs = MemoryVfs::new();
    vfs.create_dir_all(Path::new("/db")).unwrap();
    for (name, bytes) in files {
        let file = vfs.open(&Path::new("/db").join(name), OpenMode::CreateNew).unwrap();
        file.write_all_at(bytes, 0).unwrap();
    }
    let options = Options::new().sync(SyncPolicy::Never).background(false).vfs(Arc::new(vfs));
    let error = options.open("/db").map(|_: Database| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    error
}

/// Namespace 1, geographic, called "n", and object 0 of it, called "a".
fn introduce(forge: &mut Forge) {
    forge.frame(&[0x02, 1, 2, b'n']);
    forge.frame(&[0x03, 1, b'a']);
}

#[test]
fn a_position_that_no_upsert_takes_is_refused() {
    for x in [f64::NAN, f64::INFINITY, 181.0] {
        let mut segment = Forge::segment(1, 0, 1, 0);
        introduce(&mut segment);
        let mut body = vec![0x10, 1, 0];
        body.extend_from_slice(&x.to_le_bytes());
        body.extend_from_slice(&0f64.to_le_bytes());
        segment.frame(&body);
        let error = refused(&[("00000001.log", segment.active())]);
        assert!(error.message().contains("lon"), "{error}");
    }
}

#[test]
fn a_segment_that_begins_where_no_log_does_is_refused() {
    for first_seq in [0, u64::MAX] {
        let mut segment = Forge::segment(1, 0, first_seq, 0);
        introduce(&mut segment);
        refused(&[("00000001.log", segment.active())]);
    }
}

#[test]
fn a_checkpoint_that_reaches_beyond_the_log_is_refused() {
    let mut segment = Forge::segment(1, 0, 1, 0);
    introduce(&mut segment);
    let mut checkpoint = Forge::checkpoint(1, 15, 64, 0);
    introduce(&mut checkpoint);
    let name = "checkpoint-000000000000000f.ckpt";
    let error = refused(&[("00000001.log", segment.active()), (name, checkpoint.end())]);
    assert!(error.message().contains("15"), "{error}");
}
