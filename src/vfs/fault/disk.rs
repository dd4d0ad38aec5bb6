//! The disk behind a [`FaultVfs`](super::FaultVfs): what the process sees, and what is durable.
//!
//! Owns inodes, directories, locks and the room left. Invariants: the visible bytes are what a
//! running process reads; the durable bytes change by a sync only; directories themselves are
//! durable when made, as `Vfs::create_dir_all` promises.

use super::pending::{Change, NameChange, Pending};
use crate::vfs::memory::MemoryVfs;
use crate::vfs::path;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file without its name.
#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) visible: Vec<u8>,
    pub(super) durable: Arc<Vec<u8>>,
    pub(super) pending: Vec<Pending<Change>>,
}

impl Inode {
    /// Does `change` to what the process sees, and remembers that it is not durable.
    pub(super) fn change(&mut self, number: u64, change: Change) {
        change.apply(&mut self.visible);
        self.pending.push(Pending { number, change });
    }

    /// Makes durable what was not lost by an earlier failure.
    pub(super) fn sync(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let durable = Arc::make_mut(&mut self.durable);
        for item in self.pending.drain(..) {
            item.change.apply(durable);
        }
    }

    /// What a failed sync does on Linux: the dirty pages are called clean, so they stay readable
    /// and never reach the disk.
    pub(super) fn lose(&mut self) {
        self.pending.clear();
    }
}

/// The names in one directory.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) visible: BTreeMap<String, u64>,
    pub(super) durable: BTreeMap<String, u64>,
    pub(super) pending: Vec<Pending<NameChange>>,
}

impl Directory {
    pub(super) fn change(&mut self, number: u64, change: NameChange) {
        change.apply(&mut self.visible);
        self.pending.push(Pending { number, change });
    }

    pub(super) fn sync(&mut self) {
        for item in self.pending.drain(..) {
            item.change.apply(&mut self.durable);
        }
    }
}

/// All files, directories and locks.
#[derive(Debug)]
pub(super) struct Disk {
    inodes: Vec<Inode>,
    pub(super) directories: BTreeMap<PathBuf, Directory>,
    locks: BTreeMap<PathBuf, u64>,
    tokens: u64,
    pub(super) capacity: Option<u64>,
}

impl Disk {
    /// A disk with the files of `image` on it, all durable.
    pub(super) fn from_image(image: &MemoryVfs) -> Self {
        let mut disk = Disk {
            inodes: Vec::new(),
            directories: BTreeMap::new(),
            locks: BTreeMap::new(),
            tokens: 0,
            capacity: None,
        };
        for dir in image.directories() {
            disk.directories.insert(dir, Directory::default());
        }
        for (path, durable) in image.files() {
            let inode = disk.inodes.len() as u64;
            disk.inodes.push(Inode { visible: durable.to_vec(), durable, pending: Vec::new() });
            if let Ok((dir, name)) = path::split(&path) {
                let dir = disk.directories.entry(dir).or_default();
                dir.visible.insert(name.clone(), inode);
                dir.durable.insert(name, inode);
            }
        }
        disk
    }

    pub(super) fn inode(&mut self, inode: u64) -> &mut Inode {
        &mut self.inodes[inode as usize]
    }

    pub(super) fn inodes(&self) -> &[Inode] {
        &self.inodes
    }

    pub(super) fn directory(&mut self, dir: &Path) -> io::Result<&mut Directory> {
        self.directories.get_mut(dir).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn create_dir_all(&mut self, dir: &Path) -> io::Result<()> {
        let all = path::ancestors(dir);
        if all.iter().any(|dir| self.find(dir).is_ok()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        for dir in all {
            self.directories.entry(dir).or_default();
        }
        Ok(())
    }

    /// The names in `dir`, files and directories, sorted.
    pub(super) fn list(&mut self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = self.directory(dir)?.visible.keys().cloned().collect();
        let inside = self.directories.keys().filter_map(|path| path::split(path).ok());
        names.extend(inside.filter(|(parent, _)| parent == dir).map(|(_, name)| name));
        names.sort_unstable();
        Ok(names)
    }

    /// The inode that `path` names now.
    pub(super) fn find(&self, path: &Path) -> io::Result<u64> {
        if self.directories.contains_key(path) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let (dir, name) = path::split(path)?;
        let inode = self.directories.get(&dir).and_then(|dir| dir.visible.get(&name));
        inode.copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn create(&mut self, number: u64, path: &Path) -> io::Result<u64> {
        let (dir, name) = path::split(path)?;
        let exists = self.directories.contains_key(path);
        let full = self.room() == 0;
        let inode = self.inodes.len() as u64;
        let directory = self.directory(&dir)?;
        if exists || directory.visible.contains_key(&name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        directory.change(number, NameChange::Create { name, inode });
        self.inodes.push(Inode::default());
        Ok(inode)
    }

    pub(super) fn rename(&mut self, number: u64, from: &Path, to: &Path) -> io::Result<()> {
        path::same_directory(from, to)?;
        let inode = self.find(from)?;
        if self.directories.contains_key(to) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let ((dir, from), (_, to)) = (path::split(from)?, path::split(to)?);
        if from != to {
            self.directory(&dir)?.change(number, NameChange::Rename { from, to, inode });
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, number: u64, path: &Path) -> io::Result<()> {
        let inode = self.find(path)?;
        let (dir, name) = path::split(path)?;
        self.directory(&dir)?.change(number, NameChange::Remove { name, inode });
        Ok(())
    }

    /// Writes what there is room for; the error says that it was not all.
    pub(super) fn write(
        &mut self,
        number: u64,
        inode: u64,
        offset: u64,
        data: &[u8],
    ) -> io::Result<()> {
        let offset = path::index(offset)?;
        let old = self.inode(inode).visible.len();
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        let fits = old.saturating_add(room).saturating_sub(offset).min(data.len());
        if fits > 0 {
            let data = data[..fits].to_vec();
            self.inode(inode).change(number, Change::Write { offset, data });
        }
        if fits < data.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    pub(super) fn set_len(&mut self, number: u64, inode: u64, len: u64) -> io::Result<()> {
        let len = path::index(len)?;
        let old = self.inode(inode).visible.len();
        if (len.saturating_sub(old) as u64) > self.room() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.inode(inode).change(number, Change::SetLen(len));
        Ok(())
    }

    /// How many bytes may still be added; a file without a name takes no room.
    fn room(&self) -> u64 {
        self.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(self.used()))
    }

    /// The bytes of all files that have a name.
    pub(super) fn used(&self) -> u64 {
        let named: BTreeSet<u64> =
            self.directories.values().flat_map(|dir| dir.visible.values().copied()).collect();
        named.iter().map(|inode| self.inodes[*inode as usize].visible.len() as u64).sum()
    }

    /// Takes the lock `path`, whose file is made if it is missing, and gives its token.
    pub(super) fn lock(&mut self, number: u64, path: &Path) -> io::Result<u64> {
        match self.find(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.create(number, path)?,
            other => other?,
        };
        if self.locks.contains_key(path) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.tokens += 1;
        self.locks.insert(path.to_path_buf(), self.tokens);
        Ok(self.tokens)
    }

    /// Gives the lock back, unless it passed to somebody else meanwhile.
    pub(super) fn unlock(&mut self, path: &Path, token: u64) {
        if self.locks.get(path) == Some(&token) {
            self.locks.remove(path);
        }
    }

    pub(super) fn unlock_all(&mut self) {
        self.locks.clear();
    }
}
