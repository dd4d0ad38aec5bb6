//! What was done to a file or a directory since its last sync, and what of it a crash can leave.
//!
//! Owns the list of unsynced changes and the ways in which a part of it survives. Invariants: a
//! change that was synced survives every crash; names change atomically, and a change of a name
//! survives only if the earlier unsynced changes of the same names do, so a file whose name was
//! durable is never lost by a rename.

use super::super::memory::overwrite;
use crate::prng::Prng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The unit in which disks write.
const SECTOR: usize = 512;

/// A change of a file's contents.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Write { offset: usize, data: Vec<u8> },
    SetLen(usize),
}

impl Change {
    pub(super) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Write { offset, data } => overwrite(bytes, data, *offset),
            Change::SetLen(len) => bytes.resize(*len, 0),
        }
    }
}

/// A change and the number of the operation that made it.
#[derive(Clone, Debug)]
pub(super) struct Pending<C> {
    pub(super) number: u64,
    pub(super) change: C,
}

/// Which unsynced changes of one file survive.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    /// None of them.
    None,
    /// All of them.
    All,
    /// Those made before this operation.
    Before(u64),
    /// A random number of them in order, and a part of the next write, cut at a byte.
    Cut,
    /// Each sector of each write by itself; each change of length by itself.
    Sectors,
    /// As `Sectors`, and a sector may be new up to a byte and old after it.
    TornSectors,
    /// As `Sectors`, and what was allocated but not written holds bytes of another file.
    Stale,
}

impl Manner {
    /// Any of the manners that need no operation number.
    pub(super) fn any(prng: &mut Prng) -> Manner {
        const ALL: [Manner; 6] = [
            Manner::None,
            Manner::All,
            Manner::Cut,
            Manner::Sectors,
            Manner::TornSectors,
            Manner::Stale,
        ];
        ALL[prng.index(ALL.len())]
    }
}

/// The bytes that the disk holds after a crash that `manner` decides.
pub(super) fn survivors(
    durable: &Arc<Vec<u8>>,
    pending: &[Pending<Change>],
    manner: Manner,
    prng: &mut Prng,
    stale: &[u8],
) -> Arc<Vec<u8>> {
    if pending.is_empty() || matches!(manner, Manner::None) {
        return durable.clone();
    }
    let mut bytes = durable.as_ref().clone();
    match manner {
        Manner::None => {}
        Manner::All => pending.iter().for_each(|item| item.change.apply(&mut bytes)),
        Manner::Before(number) => pending
            .iter()
            .filter(|item| item.number < number)
            .for_each(|item| item.change.apply(&mut bytes)),
        Manner::Cut => cut(&mut bytes, pending, prng),
        Manner::Sectors => sectors(&mut bytes, pending, prng, false, &[]),
        Manner::TornSectors => sectors(&mut bytes, pending, prng, true, &[]),
        Manner::Stale => sectors(&mut bytes, pending, prng, false, stale),
    }
    Arc::new(bytes)
}

fn cut(bytes: &mut Vec<u8>, pending: &[Pending<Change>], prng: &mut Prng) {
    let whole = prng.index(pending.len() + 1);
    pending[..whole].iter().for_each(|item| item.change.apply(bytes));
    if let Some(Pending { change: Change::Write { offset, data }, .. }) = pending.get(whole) {
        overwrite(bytes, &data[..prng.index(data.len() + 1)], *offset);
    }
}

fn sectors(
    bytes: &mut Vec<u8>,
    pending: &[Pending<Change>],
    prng: &mut Prng,
    torn: bool,
    stale: &[u8],
) {
    // A third of the images lose nearly everything and a third nearly nothing: the rare single
    // lost sector in the middle is what recovery finds hardest.
    let kept = [8, 32, 56][prng.index(3)];
    let mut length = bytes.len();
    for Pending { change, .. } in pending {
        match change {
            Change::SetLen(len) => {
                length = *len;
                if prng.chance(kept, 64) {
                    grow(bytes, *len, stale);
                    bytes.truncate(*len);
                }
            }
            Change::Write { offset, data } => {
                length = length.max(offset + data.len());
                for (start, part) in by_sector(*offset, data) {
                    if !prng.chance(kept, 64) {
                        continue;
                    }
                    let survived = if torn && prng.chance(1, 4) {
                        &part[..prng.index(part.len() + 1)]
                    } else {
                        part
                    };
                    grow(bytes, start, stale);
                    overwrite(bytes, survived, start);
                }
            }
        }
    }
    // The length is kept apart from the bytes: it may survive them.
    if prng.chance(1, 2) {
        grow(bytes, length, stale);
    }
}

/// Extends the file to `len` with what the blocks held before, or zeros where that is not known.
fn grow(bytes: &mut Vec<u8>, len: usize, stale: &[u8]) {
    while bytes.len() < len {
        bytes.push(stale.get(bytes.len()).copied().unwrap_or(0));
    }
}

/// The parts of a write that fall into different sectors, each with its offset.
fn by_sector(offset: usize, data: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut position = offset;
    let end = offset + data.len();
    std::iter::from_fn(move || {
        if position >= end {
            return None;
        }
        let start = position;
        position = end.min((start / SECTOR + 1) * SECTOR);
        Some((start, &data[start - offset..position - offset]))
    })
}

/// A change of the names in a directory.
#[derive(Clone, Debug)]
pub(super) enum NameChange {
    Create { name: String, inode: u64 },
    Rename { from: String, to: String, inode: u64 },
    Remove { name: String, inode: u64 },
}

impl NameChange {
    pub(super) fn apply(&self, names: &mut BTreeMap<String, u64>) {
        match self {
            NameChange::Create { name, inode } => {
                names.insert(name.clone(), *inode);
            }
            NameChange::Rename { from, to, inode } => {
                if names.get(from) == Some(inode) {
                    names.remove(from);
                }
                names.insert(to.clone(), *inode);
            }
            NameChange::Remove { name, inode } => {
                if names.get(name) == Some(inode) {
                    names.remove(name);
                }
            }
        }
    }

    fn names(&self) -> [&str; 2] {
        match self {
            NameChange::Create { name, .. } | NameChange::Remove { name, .. } => [name, name],
            NameChange::Rename { from, to, .. } => [from, to],
        }
    }
}

/// The names that a directory holds after a crash in which the changes that `keeps` accepts
/// survive, as far as the order of changes to one name allows.
pub(super) fn surviving_names(
    durable: &BTreeMap<String, u64>,
    pending: &[Pending<NameChange>],
    mut keeps: impl FnMut(u64) -> bool,
) -> BTreeMap<String, u64> {
    let mut names = durable.clone();
    let mut lost: BTreeSet<&str> = BTreeSet::new();
    for Pending { number, change } in pending {
        let touched = change.names();
        let kept = keeps(*number);
        if kept && touched.iter().all(|name| !lost.contains(name)) {
            change.apply(&mut names);
        } else {
            lost.extend(touched);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(number: u64, offset: usize, data: &[u8]) -> Pending<Change> {
        Pending { number, change: Change::Write { offset, data: data.to_vec() } }
    }

    #[test]
    fn a_write_is_split_where_sectors_end() {
        let data = vec![1; 1_300];
        let parts: Vec<(usize, usize)> =
            by_sector(500, &data).map(|(start, part)| (start, part.len())).collect();
        assert_eq!(parts, [(500, 12), (512, 512), (1_024, 512), (1_536, 264)]);
        assert_eq!(by_sector(512, &data[..512]).count(), 1);
        assert_eq!(by_sector(7, &[]).count(), 0);
    }

    #[test]
    fn sectors_are_old_or_new_and_nothing_else() {
        let durable = Arc::new(vec![1; 1_500]);
        let pending = [write(1, 300, &[2; 2_000]), write(2, 2_300, &[3; 700])];
        let mut lengths = BTreeSet::new();
        for seed in 0..200 {
            let mut prng = Prng::new(seed);
            let bytes = survivors(&durable, &pending, Manner::Sectors, &mut prng, &[]);
            lengths.insert(bytes.len());
            for (index, byte) in bytes.iter().enumerate() {
                let old = if index < 1_500 { 1 } else { 0 };
                let new = if index < 300 {
                    1
                } else if index < 2_300 {
                    2
                } else {
                    3
                };
                assert!(*byte == old || *byte == new, "byte {index} is {byte}");
            }
            let sector = &bytes[512..1_024];
            assert!(sector.iter().all(|byte| *byte == sector[0]), "a sector is never torn here");
        }
        assert!(lengths.len() > 3, "the length varies: {lengths:?}");
    }

    #[test]
    fn stale_bytes_show_where_nothing_was_written() {
        let pending = [write(1, 0, &[2; 4_096])];
        let stale = [9; 4_096];
        let mut seen = BTreeSet::new();
        for seed in 0..50 {
            let mut prng = Prng::new(seed);
            let bytes = survivors(&Arc::default(), &pending, Manner::Stale, &mut prng, &stale);
            seen.extend(bytes.iter().copied());
        }
        assert_eq!(seen, BTreeSet::from([2, 9]));
    }

    #[test]
    fn a_cut_keeps_order_to_the_byte() {
        let pending = [write(1, 0, &[1; 10]), write(2, 10, &[2; 10])];
        for seed in 0..100 {
            let mut prng = Prng::new(seed);
            let bytes = survivors(&Arc::default(), &pending, Manner::Cut, &mut prng, &[]);
            let whole: Vec<u8> = [[1; 10], [2; 10]].concat();
            assert_eq!(bytes[..], whole[..bytes.len()]);
        }
    }

    #[test]
    fn a_rename_leaves_the_old_name_or_the_new_one() {
        let durable = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        let step = |number, change| Pending { number, change };
        let pending = [
            step(1, NameChange::Rename { from: "a".into(), to: "b".into(), inode: 1 }),
            step(2, NameChange::Create { name: "a".into(), inode: 3 }),
            step(3, NameChange::Remove { name: "a".into(), inode: 3 }),
        ];
        for kept in 0..8_u64 {
            let names = surviving_names(&durable, &pending, |number| kept >> (number - 1) & 1 == 1);
            assert!(names.values().any(|inode| *inode == 1), "{kept}: {names:?}");
            assert_eq!(names.get("b"), Some(if kept & 1 == 1 { &1 } else { &2 }));
        }
    }
}
