//! A tree of files in memory, deterministic and never full.
//!
//! Owns files, directories and locks that live as long as some clone does. Does not model
//! durability: every write is there at once, and a sync only checks that its target exists.
//! Invariants: a directory must be created before a file in it; clones share one tree; a file that
//! was removed stays readable through handles that are open.

use super::path::{self, normal, split};
use super::{Mapping, OpenMode, Vfs, VfsFile, VfsLock};
use crate::sync::Mutex;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files in memory. Clones share the same tree.
#[derive(Clone, Debug)]
pub struct MemoryVfs(Arc<Mutex<Tree>>);

#[derive(Debug)]
struct Tree {
    directories: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, Arc<Contents>>,
    locked: BTreeSet<PathBuf>,
}

/// The bytes of one file, shared by its name and its handles.
#[derive(Debug)]
struct Contents(Mutex<Arc<Vec<u8>>>);

impl MemoryVfs {
    /// An empty tree that has a root and nothing in it.
    pub fn new() -> Self {
        let directories = BTreeSet::from([PathBuf::new(), PathBuf::from("/")]);
        MemoryVfs(Arc::new(Mutex::new(Tree {
            directories,
            files: BTreeMap::new(),
            locked: BTreeSet::new(),
        })))
    }

    /// A second tree with the same files and no locks; the two share nothing that changes.
    #[must_use]
    pub fn duplicate(&self) -> MemoryVfs {
        let copy = MemoryVfs::new();
        for dir in self.directories() {
            copy.insert_directory(&dir);
        }
        for (path, bytes) in self.files() {
            copy.insert(&path, bytes);
        }
        copy
    }

    /// The bytes of the file `path`.
    ///
    /// # Errors
    /// `NotFound` if there is no such file.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = self.0.lock().file(&normal(path))?;
        let bytes = file.0.lock();
        Ok(bytes.as_ref().clone())
    }

    /// Puts `bytes` in place of the file `path`, made with its directories if missing: a test
    /// damages a file, or lays one out, with it.
    pub fn replace(&self, path: &Path, bytes: Vec<u8>) {
        let path = normal(path);
        if let Some(dir) = path.parent() {
            self.insert_directory(dir);
        }
        self.insert(&path, Arc::new(bytes));
    }

    /// Every file and its bytes, in order of the paths.
    pub fn files(&self) -> Vec<(PathBuf, Arc<Vec<u8>>)> {
        let tree = self.0.lock();
        tree.files.iter().map(|(path, file)| (path.clone(), file.0.lock().clone())).collect()
    }

    /// Every directory, the root included, in order.
    pub fn directories(&self) -> Vec<PathBuf> {
        self.0.lock().directories.iter().cloned().collect()
    }

    /// Adds a directory and its parents; `dir` is in normal form.
    pub(super) fn insert_directory(&self, dir: &Path) {
        self.0.lock().directories.extend(path::ancestors(dir));
    }

    /// Adds a file, or gives it other bytes; `path` is in normal form and its directory is there.
    pub(super) fn insert(&self, path: &Path, bytes: Arc<Vec<u8>>) {
        let mut tree = self.0.lock();
        match tree.files.entry(path.to_path_buf()) {
            Entry::Occupied(entry) => *entry.get().0.lock() = bytes,
            Entry::Vacant(entry) => {
                entry.insert(Arc::new(Contents(Mutex::new(bytes))));
            }
        }
    }
}

impl Default for MemoryVfs {
    fn default() -> Self {
        MemoryVfs::new()
    }
}

impl Tree {
    fn directory(&self, dir: &Path) -> io::Result<()> {
        if self.directories.contains(dir) {
            return Ok(());
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn file(&self, path: &Path) -> io::Result<Arc<Contents>> {
        if self.directories.contains(path) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&mut self, path: &Path) -> io::Result<Arc<Contents>> {
        let (dir, _) = split(path)?;
        self.directory(&dir)?;
        if self.files.contains_key(path) || self.directories.contains(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = Arc::new(Contents(Mutex::new(Arc::default())));
        self.files.insert(path.to_path_buf(), file.clone());
        Ok(file)
    }
}

impl Vfs for MemoryVfs {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        let dir = normal(dir);
        let all = path::ancestors(&dir);
        let mut tree = self.0.lock();
        if all.iter().any(|dir| tree.files.contains_key(dir)) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        tree.directories.extend(all);
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let dir = normal(dir);
        let tree = self.0.lock();
        tree.directory(&dir)?;
        let inside = tree.files.keys().chain(&tree.directories);
        let mut names: Vec<String> = inside
            .filter_map(|path| split(path).ok())
            .filter(|(parent, _)| *parent == dir)
            .map(|(_, name)| name)
            .collect();
        names.sort_unstable();
        Ok(names)
    }

    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let path = normal(path);
        let mut tree = self.0.lock();
        let contents = match mode {
            OpenMode::Read | OpenMode::ReadWrite => tree.file(&path)?,
            OpenMode::CreateNew => tree.create(&path)?,
        };
        Ok(Arc::new(MemoryFile { contents, writable: mode != OpenMode::Read }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (normal(from), normal(to));
        path::same_directory(&from, &to)?;
        let mut tree = self.0.lock();
        let file = tree.file(&from)?;
        if tree.directories.contains(&to) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        tree.files.remove(&from);
        tree.files.insert(to, file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let path = normal(path);
        let mut tree = self.0.lock();
        tree.file(&path)?;
        tree.files.remove(&path);
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.0.lock().directory(&normal(dir))
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn VfsLock>> {
        let path = normal(path);
        let mut tree = self.0.lock();
        match tree.file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tree.create(&path)?;
            }
            other => {
                other?;
            }
        }
        if !tree.locked.insert(path.clone()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(MemoryLock { vfs: self.clone(), path }))
    }
}

/// A handle on a file in memory.
#[derive(Debug)]
struct MemoryFile {
    contents: Arc<Contents>,
    writable: bool,
}

impl MemoryFile {
    fn check_writable(&self) -> io::Result<()> {
        if self.writable { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

impl VfsFile for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.contents.0.lock().len() as u64)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact(&self.contents.0.lock(), buffer, offset)
    }

    fn write_all_at(&self, data: &[u8], offset: u64) -> io::Result<()> {
        self.check_writable()?;
        overwrite(Arc::make_mut(&mut self.contents.0.lock()), data, path::index(offset)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.check_writable()?;
        Arc::make_mut(&mut self.contents.0.lock()).resize(path::index(len)?, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn map(&self) -> io::Result<Mapping> {
        Ok(Mapping::new(Snapshot(self.contents.0.lock().clone())))
    }
}

/// Fills `buffer` from `offset` of `bytes`; past the end is an error and leaves it untouched.
pub(super) fn read_exact(bytes: &[u8], buffer: &mut [u8], offset: u64) -> io::Result<()> {
    let start = path::index(offset)?;
    let source = start.checked_add(buffer.len()).and_then(|end| bytes.get(start..end));
    // Reading nothing past the end is no error on a real file either.
    match source {
        Some(source) => buffer.copy_from_slice(source),
        None if buffer.is_empty() => {}
        None => return Err(io::ErrorKind::UnexpectedEof.into()),
    }
    Ok(())
}

/// Puts `data` at `start` of `bytes`, with zeros in any gap; writing nothing grows nothing.
pub(super) fn overwrite(bytes: &mut Vec<u8>, data: &[u8], start: usize) {
    if data.is_empty() {
        return;
    }
    let end = start + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(data);
}

/// The bytes of a file as they were when it was mapped.
pub(super) struct Snapshot(pub(super) Arc<Vec<u8>>);

impl Deref for Snapshot {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// A lock on a path of a tree in memory.
#[derive(Debug)]
struct MemoryLock {
    vfs: MemoryVfs,
    path: PathBuf,
}

impl VfsLock for MemoryLock {}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.vfs.0.lock().locked.remove(&self.path);
    }
}
