//! The files of the operating system.
//!
//! Owns every call to `std::fs` of the engine. Does not own formats, retries or names. Invariants:
//! reads and writes are positional, so handles share no cursor; an interrupted call is repeated
//! here and never reaches a caller; a lock file is never removed, because a removed lock file can
//! be locked by two.

use super::{Mapping, OpenMode, Vfs, VfsFile, VfsLock, mmap, path};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealVfs;

impl Vfs for RealVfs {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        for dir in path::ancestors(dir) {
            if dir.as_os_str().is_empty() || dir.is_dir() {
                continue;
            }
            match fs::create_dir(&dir) {
                // Somebody else made it meanwhile, and may not have synced it yet.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => {}
                other => other?,
            }
            sync_parent(&dir)?;
        }
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(or_here(dir))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let mut options = OpenOptions::new();
        options.read(true);
        match mode {
            OpenMode::Read => {}
            OpenMode::ReadWrite => {
                options.write(true);
            }
            OpenMode::CreateNew => {
                options.write(true).create_new(true);
            }
        }
        Ok(Arc::new(RealFile(options.open(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        path::same_directory(from, to)?;
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        sync_dir(dir)
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn VfsLock>> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = "the lock is held by another handle or process";
                return Err(io::Error::new(io::ErrorKind::WouldBlock, message));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        sign(&file);
        Ok(Box::new(RealLock(file)))
    }
}

/// An empty path means the current directory, as it does for the parent of a bare name.
fn or_here(dir: &Path) -> &Path {
    if dir.as_os_str().is_empty() { Path::new(".") } else { dir }
}

/// Makes the name of a new directory durable.
fn sync_parent(dir: &Path) -> io::Result<()> {
    sync_dir(dir.parent().unwrap_or(Path::new("")))
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    match File::open(or_here(dir))?.sync_all() {
        // Some network and user-space file systems know no sync of a directory. Their names are as
        // durable as they will ever be, so refusing to work would help nobody.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Windows offers no sync of a directory: NTFS journals names by itself, in order, and a name can
/// be lost with the last moments before a power cut. `docs/DURABILITY.md` says so.
#[cfg(not(unix))]
fn sync_dir(dir: &Path) -> io::Result<()> {
    fs::metadata(or_here(dir)).map(|_| ())
}

/// An open file of the operating system.
#[derive(Debug)]
struct RealFile(File);

impl VfsFile for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buffer, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    buffer = &mut buffer[count..];
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    #[cfg(unix)]
    fn write_all_at(&self, data: &[u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.0, data, offset)
    }

    #[cfg(windows)]
    fn write_all_at(&self, mut data: &[u8], mut offset: u64) -> io::Result<()> {
        while !data.is_empty() {
            match std::os::windows::fs::FileExt::seek_write(&self.0, data, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    data = &data[count..];
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    // On macOS the standard library asks for F_FULLFSYNC here, which reaches the medium.
    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn map(&self) -> io::Result<Mapping> {
        mmap::map(&self.0)
    }
}

/// A held lock file. Closing it releases the lock, and so does the death of the process. A child
/// made by `fork` shares the lock, so a database must not be used on both sides of a fork.
#[derive(Debug)]
struct RealLock(#[expect(dead_code, reason = "held for its lock, which its drop releases")] File);

impl VfsLock for RealLock {}

/// Writes who holds the lock into the file, for a human who looks. The lock itself is the
/// kernel's, so a failure here (a full disk) changes nothing and is not reported.
fn sign(file: &File) {
    let line = format!("pid {} host {}\n", std::process::id(), host());
    let _ = file.set_len(0);
    let _ = (&mut &*file).write_all(line.as_bytes());
}

/// The name of this machine, as far as it can be learned without a system call of its own.
fn host() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .find_map(|path| fs::read_to_string(path).ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}
