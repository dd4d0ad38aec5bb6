//! Files of other versions: a newer major version is refused and its files stay as they are, a
//! newer minor one is read, unknown optional frames are skipped and survive a rotation, unknown
//! required ones refuse the file.

use crate::support::{Rule, bytes, dir, go, handle, open, options, segment, small_segment};
use spatio::log::{LogOptions, RecoveryMode, check};
use spatio::vfs::MemoryVfs;
use spatio::{ErrorKind, Interval, Order};

/// Writes the checksum of a header anew.
fn restamp(header: &mut [u8], len: usize) {
    let crc = crc32fast::hash(&header[..len - 4]);
    header[len - 4..len].copy_from_slice(&crc.to_le_bytes());
}

fn refused_untouched(vfs: &MemoryVfs, mode: RecoveryMode, read_only: bool) {
    let before = vfs.files();
    let options = LogOptions { recovery: mode, read_only, ..options() };
    let error = open(vfs, options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FormatVersion, "{error}");
    assert_eq!(vfs.files(), before, "nothing was changed");
    assert_eq!(check(vfs, &dir()).unwrap_err().kind(), ErrorKind::FormatVersion);
}

#[test]
fn a_newer_major_version_is_refused_untouched() {
    for mode in [RecoveryMode::Strict, RecoveryMode::Salvage] {
        for stamped in [true, false] {
            let (vfs, _) = small_segment(1);
            let mut newer = bytes(&vfs, &segment(1));
            newer[8] = 2;
            if stamped {
                restamp(&mut newer, 64);
            }
            // A torn tail, which an older reader would be tempted to cut off.
            newer.extend_from_slice(&[0; 9]);
            vfs.replace(&segment(1), newer);
            vfs.replace(&dir().join("00000002.log.tmp"), b"half".to_vec());
            refused_untouched(&vfs, mode, false);
            refused_untouched(&vfs, mode, true);
        }
    }
}

#[test]
fn a_checkpoint_of_a_newer_major_version_is_refused_untouched() {
    let (vfs, _) = small_segment(1);
    let (log, ..) = open(&vfs, options()).unwrap();
    log.checkpoint(&mut |_| Ok(())).unwrap();
    log.close().unwrap();
    let mut paths = vfs.files().into_iter().map(|(path, _)| path);
    let path = paths.rfind(|path| path.extension().is_some_and(|end| end == "ckpt"));
    let path = path.unwrap();
    let mut newer = bytes(&vfs, &path);
    newer[8] = 3;
    vfs.replace(&path, newer);
    refused_untouched(&vfs, RecoveryMode::Strict, false);
    refused_untouched(&vfs, RecoveryMode::Salvage, false);
}

#[test]
fn a_newer_minor_version_is_read() {
    let (vfs, all) = small_segment(1);
    let mut newer = bytes(&vfs, &segment(1));
    newer[10] = 7;
    restamp(&mut newer, 64);
    vfs.replace(&segment(1), newer);
    let (_, _, told) = open(&vfs, options()).unwrap();
    assert_eq!(told, all);
}

/// A segment with a sound frame of `kind` at its end, as `docs/FORMAT.md` says to make one.
fn with_frame(kind: u8) -> (MemoryVfs, usize, u64) {
    let (vfs, all) = small_segment(1);
    let mut file = bytes(&vfs, &segment(1));
    let salt = crc32fast::hash(&file[24..32]);
    let seq = all.len() as u32 + 1;
    let mut frame = vec![4, kind, 1, 2, 3];
    let mut crc = crc32fast::Hasher::new_with_initial(salt ^ seq.wrapping_mul(0x9e37_79b1));
    crc.update(&frame);
    frame.extend_from_slice(&crc.finalize().to_le_bytes());
    let at = file.len() as u64;
    file.extend_from_slice(&frame);
    vfs.replace(&segment(1), file);
    (vfs, all.len(), at)
}

#[test]
fn an_unknown_required_kind_refuses_the_file() {
    for mode in [RecoveryMode::Strict, RecoveryMode::Salvage] {
        let (vfs, _, at) = with_frame(0x42);
        let before = vfs.files();
        let error = open(&vfs, LogOptions { recovery: mode, ..options() }).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::FormatVersion, Some(at)));
        assert!(error.message().contains("0x42"), "{error}");
        assert_eq!(vfs.files(), before);
    }
}

#[test]
fn an_unknown_optional_kind_is_skipped_and_counted() {
    let (vfs, all, _) = with_frame(0xc2);
    let options = LogOptions { segment_bytes: 1024, ..options() };
    let (log, report, told) = open(&vfs, options).unwrap();
    assert_eq!((told.len(), report.records_kept), (all, all as u64 + 1));
    assert_eq!(log.stats().last_seq, all as u64 + 1);
    for step in 0..40 {
        log.append(&Rule::new(4), &go(handle(1, 0), step, 1.0, 1.0)).unwrap();
    }
    log.close().unwrap();
    assert!(log.stats().segments > 1);
    let (log, ..) = open(&vfs, options).unwrap();
    let mut found = Vec::new();
    log.trajectory(handle(1, 0), Interval::new(0, 39), Order::OldestFirst, 99, &mut found).unwrap();
    assert_eq!(found.len(), 40);
    assert!(check(&vfs, &dir()).unwrap().sound);
}
