//! Go as every command here runs it: the one that is new enough, and the library that it finds.

use std::env;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::read;
use crate::setup;
use crate::shell::{Workspace, output_of};

/// The oldest version that `bindings/go/go.mod` takes, and the first with `runtime.AddCleanup`.
const OLDEST: u32 = 24;

/// Where Go is; the second is where its own installer puts it.
const PLACES: [&str; 2] = ["go", "/usr/local/go/bin/go"];

/// A Go that is new enough, with what cgo needs beside it; or why there is none.
pub(crate) fn find(workspace: &Workspace) -> Result<PathBuf, String> {
    let missing = setup::install(workspace, &["go"]) > 0;
    let fits = |place: &&str| {
        // What is not there prints nothing.
        let said = output_of(workspace.command(place).args(["env", "GOVERSION"]));
        said.and_then(|said| minor(&said)).is_some_and(|minor| minor >= OLDEST)
    };
    let place = PLACES.iter().find(|place| fits(place)).filter(|_| !missing);
    place.map(PathBuf::from).ok_or_else(|| {
        format!("it needs Go 1.{OLDEST} or newer, pkg-config, and what else setup names above")
    })
}

/// The 26 of `go1.26.8`.
fn minor(version: &str) -> Option<u32> {
    version.trim().strip_prefix("go1.")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What every command is run with.
pub(crate) struct Tools<'a> {
    pub(super) workspace: &'a Workspace,
    go: PathBuf,
    prefix: PathBuf,
    flags: String,
}

impl<'a> Tools<'a> {
    /// Go, with the library in a prefix that has `lib`, `include` and `lib/pkgconfig`.
    pub(crate) fn new(
        workspace: &'a Workspace,
        go: PathBuf,
        prefix: PathBuf,
    ) -> Result<Self, String> {
        let flags = flags(&read(&prefix.join("include/spatio.h"))?);
        Ok(Tools { workspace, go, prefix, flags })
    }

    /// Go in a folder, which finds the library.
    pub(crate) fn go(&self, folder: &Path, arguments: &[&str]) -> Command {
        let lib = self.prefix.join("lib");
        let mut command = self.workspace.command(&self.go);
        command.current_dir(folder).args(arguments);
        command.env("PATH", path_with(&self.go)).env("CGO_ENABLED", "1");
        command.env("CGO_CFLAGS", &self.flags).env("PKG_CONFIG_PATH", lib.join("pkgconfig"));
        command.env("LD_LIBRARY_PATH", lib);
        command
    }
}

/// The flags for C: those that are Go's default, and the sum of the header. What Go compiled lies
/// in its own cache, which knows nothing of a header outside of the module: another sum is another
/// compilation.
fn flags(header: &str) -> String {
    let mut sum = DefaultHasher::new();
    sum.write(header.as_bytes());
    format!("-g -O2 -DSPATIO_HEADER_SUM={}", sum.finish())
}

/// The search path with the folder of Go first, for the tests that run Go themselves.
fn path_with(go: &Path) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folder = go.parent().filter(|folder| folder.is_absolute()).map(Path::to_path_buf);
    let all = folder.into_iter().chain(env::split_paths(&old));
    env::join_paths(all).unwrap_or(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read() {
        assert_eq!(minor("go1.26.8\n"), Some(26));
        assert_eq!(minor("go1.24rc1"), Some(24));
        assert_eq!(minor("devel"), None);
    }
}
