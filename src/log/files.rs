//! The names of the files in a database directory.
//!
//! Owns which name means what. Does not own contents. What has another name is foreign: left
//! alone, and named in reports.

/// The file that stands for the right to write.
pub(super) const LOCK_NAME: &str = "LOCK";
/// What a damaged file's name ends with after salvage put a clean one in its place.
pub(super) const DAMAGED_SUFFIX: &str = ".damaged";
/// What a file's name ends with until it is complete.
pub(super) const TEMPORARY_SUFFIX: &str = ".tmp";

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Lock,
    /// The segment of this number.
    Segment(u32),
    /// The checkpoint that reaches to before this sequence number.
    Checkpoint(u64),
    /// Left by a crash in the middle of making a segment or a checkpoint.
    Temporary,
    /// Set aside by salvage.
    Damaged,
    Foreign,
}

/// `00000001.log`.
pub(super) fn segment_name(number: u32) -> String {
    format!("{number:08}.log")
}

/// `checkpoint-00000000000003e8.ckpt`.
pub(super) fn checkpoint_name(next_seq: u64) -> String {
    format!("checkpoint-{next_seq:016x}.ckpt")
}

/// What the file called `name` is.
pub(super) fn classify(name: &str) -> FileKind {
    let ours = |name: &str| segment_number(name).is_some() || checkpoint_seq(name).is_some();
    if name == LOCK_NAME {
        FileKind::Lock
    } else if let Some(number) = segment_number(name) {
        FileKind::Segment(number)
    } else if let Some(seq) = checkpoint_seq(name) {
        FileKind::Checkpoint(seq)
    } else if name.strip_suffix(TEMPORARY_SUFFIX).is_some_and(ours) {
        FileKind::Temporary
    } else if name.contains(DAMAGED_SUFFIX) && name.split(DAMAGED_SUFFIX).next().is_some_and(ours) {
        FileKind::Damaged
    } else {
        FileKind::Foreign
    }
}

fn segment_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".log")?.parse().ok()?;
    ((1..u32::MAX).contains(&number) && segment_name(number) == name).then_some(number)
}

fn checkpoint_seq(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("checkpoint-")?.strip_suffix(".ckpt")?;
    let seq = u64::from_str_radix(digits, 16).ok()?;
    (checkpoint_name(seq) == name).then_some(seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for (name, kind) in [
            ("LOCK", FileKind::Lock),
            ("00000001.log", FileKind::Segment(1)),
            ("123456789.log", FileKind::Segment(123_456_789)),
            ("checkpoint-00000000000003e8.ckpt", FileKind::Checkpoint(1000)),
            ("00000002.log.tmp", FileKind::Temporary),
            ("checkpoint-00000000000003e8.ckpt.tmp", FileKind::Temporary),
            ("00000002.log.damaged", FileKind::Damaged),
            ("00000002.log.damaged.2", FileKind::Damaged),
        ] {
            assert_eq!(classify(name), kind, "{name}");
        }
        for name in [
            "1.log",
            "00000000.log",
            "0000000a.log",
            "+0000001.log",
            "app.log",
            ".DS_Store",
            "checkpoint-3e8.ckpt",
            "checkpoint-00000000000003E8.ckpt",
            "notes.tmp",
            "x.damaged",
        ] {
            assert_eq!(classify(name), FileKind::Foreign, "{name}");
        }
    }
}
