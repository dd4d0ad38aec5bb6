//! What a power cut leaves of a disk.
//!
//! Owns the choices of survivors and the making of an image. Does not change the disk.

use super::disk::{Directory, Disk};
use super::pending::{Manner, surviving_names, survivors};
use crate::prng::Prng;
use crate::vfs::memory::MemoryVfs;
use std::collections::BTreeSet;

/// Which of the changes that were not synced survive a power cut. What was synced survives in
/// every choice. Equal disks, choices and seeds give equal images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Survivors {
    /// Nothing that was not synced.
    None,
    /// Everything, as when the process alone dies.
    All,
    /// Everything before a moment that the seed picks, over all files and directories.
    Prefix(u64),
    /// Each 512-byte sector of each write by itself, so that later writes survive earlier ones;
    /// each change of length by itself; a length may survive its bytes, which are zeros then.
    Sectors(u64),
    /// As `Prefix` or `Sectors` file by file, and the last surviving write or any sector may be cut
    /// at a byte.
    Torn(u64),
    /// All contents, but new, renamed and removed names only in part.
    LostEntries(u64),
    /// As `Sectors`, and space that was allocated but not written holds the old bytes of another
    /// file, as recycled blocks do.
    Stale(u64),
    /// Any of these for each file and each directory by itself.
    Mixed(u64),
}

impl Survivors {
    /// A choice made from a number, so that a loop over numbers meets every kind.
    pub fn from_seed(seed: u64) -> Survivors {
        match seed % 8 {
            0 => Survivors::None,
            1 => Survivors::All,
            2 => Survivors::Prefix(seed),
            3 => Survivors::Sectors(seed),
            4 => Survivors::Torn(seed),
            5 => Survivors::LostEntries(seed),
            6 => Survivors::Stale(seed),
            _ => Survivors::Mixed(seed),
        }
    }

    fn prng(self) -> Prng {
        match self {
            Survivors::None | Survivors::All => Prng::new(0),
            Survivors::Prefix(seed) => Prng::for_part(seed, 1),
            Survivors::Sectors(seed) => Prng::for_part(seed, 2),
            Survivors::Torn(seed) => Prng::for_part(seed, 3),
            Survivors::LostEntries(seed) => Prng::for_part(seed, 4),
            Survivors::Stale(seed) => Prng::for_part(seed, 5),
            Survivors::Mixed(seed) => Prng::for_part(seed, 6),
        }
    }
}

/// Which changes of names survive in one directory.
#[derive(Clone, Copy)]
enum Names {
    None,
    All,
    Before(u64),
    Some,
}

/// The disk as a power cut would leave it.
pub(super) fn image(disk: &Disk, choice: Survivors) -> MemoryVfs {
    let mut prng = choice.prng();
    let moment = match choice {
        Survivors::Prefix(_) => pick_moment(disk, &mut prng),
        _ => 0,
    };
    let image = MemoryVfs::new();
    // The length of the list of inodes is fixed here, so an inode's index seeds its own numbers:
    // what survives of one file does not depend on how many names survive.
    let part_seed = prng.next_u64();
    for (path, directory) in &disk.directories {
        image.insert_directory(path);
        let rule = names_rule(choice, moment, &mut prng);
        for (name, inode) in names(directory, rule, &mut prng) {
            let mut part = Prng::for_part(part_seed, inode);
            let manner = manner(choice, moment, &mut part);
            let file = &disk.inodes()[inode as usize];
            let stale = match manner {
                Manner::Stale => stale_bytes(disk, inode, &mut part),
                _ => &[],
            };
            let bytes = survivors(&file.durable, &file.pending, manner, &mut part, stale);
            image.insert(&path.join(name), bytes);
        }
    }
    image
}

/// The number of an operation whose change is not durable yet, or one past the last.
fn pick_moment(disk: &Disk, prng: &mut Prng) -> u64 {
    let mut moments = BTreeSet::from([u64::MAX]);
    for inode in disk.inodes() {
        moments.extend(inode.pending.iter().map(|item| item.number));
    }
    for directory in disk.directories.values() {
        moments.extend(directory.pending.iter().map(|item| item.number));
    }
    moments.iter().copied().nth(prng.index(moments.len())).unwrap_or(u64::MAX)
}

fn names(directory: &Directory, rule: Names, prng: &mut Prng) -> Vec<(String, u64)> {
    let keeps = |number| match rule {
        Names::None => false,
        Names::All => true,
        Names::Before(moment) => number < moment,
        Names::Some => prng.chance(1, 2),
    };
    surviving_names(&directory.durable, &directory.pending, keeps).into_iter().collect()
}

fn names_rule(choice: Survivors, moment: u64, prng: &mut Prng) -> Names {
    match choice {
        Survivors::None => Names::None,
        Survivors::All => Names::All,
        Survivors::Prefix(_) => Names::Before(moment),
        Survivors::LostEntries(_) => Names::Some,
        _ => [Names::None, Names::All, Names::All, Names::Some][prng.index(4)],
    }
}

fn manner(choice: Survivors, moment: u64, prng: &mut Prng) -> Manner {
    match choice {
        Survivors::None => Manner::None,
        Survivors::All | Survivors::LostEntries(_) => Manner::All,
        Survivors::Prefix(_) => Manner::Before(moment),
        Survivors::Sectors(_) => Manner::Sectors,
        Survivors::Torn(_) => [Manner::Cut, Manner::TornSectors][prng.index(2)],
        Survivors::Stale(_) => Manner::Stale,
        Survivors::Mixed(_) => Manner::any(prng),
    }
}

/// The durable bytes of some other file: what recycled blocks would hold.
fn stale_bytes<'a>(disk: &'a Disk, inode: u64, prng: &mut Prng) -> &'a [u8] {
    let inodes = disk.inodes();
    let other = prng.index(inodes.len());
    if other as u64 == inode { &[] } else { &inodes[other].durable }
}
