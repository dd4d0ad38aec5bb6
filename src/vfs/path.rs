//! How the trees that are not on disk read a path.
//!
//! Owns the normal form of a path and its split into directory and name. Does not touch a disk.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The path without `.`, `..` and a trailing slash, so that equal places have equal keys.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The directory and the name that `path` stands for.
pub(super) fn split(path: &Path) -> io::Result<(PathBuf, String)> {
    let path = normal(path);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| invalid("a path must end in a name of valid UTF-8"))?;
    let dir = path.parent().unwrap_or(Path::new("")).to_path_buf();
    Ok((dir, name.to_owned()))
}

/// Refuses a rename between directories, which no single `sync_dir` could make durable.
pub(super) fn same_directory(from: &Path, to: &Path) -> io::Result<()> {
    if from.parent() == to.parent() {
        return Ok(());
    }
    Err(invalid("a file is renamed within its directory only"))
}

/// An argument that no disk would take.
pub(super) fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Every directory from the root to `dir`, the root first.
pub(super) fn ancestors(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = dir.ancestors().map(Path::to_path_buf).collect();
    all.reverse();
    all
}

/// A file length or offset as an index into bytes in memory.
pub(super) fn index(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| invalid("an offset beyond the address space"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_places_have_equal_keys() {
        for same in ["a/b", "a/b/", "./a/b", "a/./b", "a/c/../b"] {
            assert_eq!(normal(Path::new(same)).to_str(), Some("a/b"), "{same}");
        }
        assert_eq!(normal(Path::new("/x")).to_str(), Some("/x"));
    }

    #[test]
    fn a_bare_name_is_in_the_root() {
        let (dir, name) = split(Path::new("db")).unwrap();
        assert_eq!((dir.to_str(), name.as_str()), (Some(""), "db"));
        assert!(split(Path::new("/")).is_err());
    }
}
