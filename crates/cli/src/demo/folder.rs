//! The directory of the demo's database: a temporary one, or one that the person wants to keep.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// A directory, removed with all that is in it when it was temporary.
pub(crate) struct Folder {
    path: PathBuf,
    is_temporary: bool,
}

impl Folder {
    /// `wanted`, which must be empty or missing; or else a new temporary directory.
    pub(crate) fn new(wanted: Option<&Path>, now_us: i64) -> Outcome<Folder> {
        let Some(path) = wanted else {
            let name = format!("spatio-demo-{}-{now_us}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).map_err(|error| Failure::file(&path, &error))?;
            return Ok(Folder { path, is_temporary: true });
        };
        if path.exists() {
            let mut entries = fs::read_dir(path).map_err(|error| Failure::file(path, &error))?;
            if entries.next().is_some() {
                let message = format!("{} is not empty; the demo wants a new one", path.display());
                return Err(Failure::usage(message));
            }
        }
        Ok(Folder { path: path.to_path_buf(), is_temporary: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn is_temporary(&self) -> bool {
        self.is_temporary
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_temporary {
            // What cannot be removed is left to the system, which empties this place itself.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
