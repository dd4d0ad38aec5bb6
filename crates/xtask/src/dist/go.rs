//! The package for Go: what a module proxy serves, in its own layout, so that `GOPROXY=file://...`
//! installs it. Owns: which files are in the module, as `golang.org/x/mod/zip` has it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::go::MODULE;
use crate::package::{Scratch, make_folder, read, write};
use crate::shell::{Workspace, quietly};

/// Writes an archive of files named in its arguments, all of the same age, so that the same files
/// give the same archive.
const ZIP: &str = "\
import pathlib, sys, zipfile
archive, folder, prefix, *names = sys.argv[1:]
with zipfile.ZipFile(archive, 'x') as zip:
    for name in names:
        entry = zipfile.ZipInfo(prefix + name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        zip.writestr(entry, pathlib.Path(folder, name).read_bytes())
";

/// Writes the archive, the module file, what is told of the version, and the list of versions.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    _: &Scratch,
) -> Result<Vec<PathBuf>, String> {
    let module = workspace.root.join(MODULE);
    let manifest = read(&module.join("go.mod"))?;
    let path = module_path(&manifest).ok_or("go.mod does not name the module")?;
    let version = format!("v{}", env!("CARGO_PKG_VERSION"));
    let served = folder.join(escaped(path)).join("@v");
    make_folder(&served)?;
    let archive = served.join(format!("{version}.zip"));
    let mut zip = workspace.command("python3");
    zip.args(["-c", ZIP]).arg(&archive).arg(&module).arg(format!("{path}@{version}/"));
    quietly(zip.args(files(&module)?))?;
    let mut written = vec![archive];
    for (name, text) in [
        (format!("{version}.mod"), manifest.clone()),
        (format!("{version}.info"), format!("{{\"Version\":\"{version}\"}}\n")),
        ("list".to_owned(), format!("{version}\n")),
    ] {
        write(&served.join(&name), &text)?;
        written.push(served.join(name));
    }
    Ok(written)
}

/// The path that a `go.mod` begins with.
fn module_path(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("module ")).map(str::trim)
}

/// A module path as the proxy has it in its own paths: a capital is `!` and the small letter.
fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for letter in path.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}

/// The files of a module from its folder on, sorted: all but other modules, what was vendored, and
/// what git keeps.
fn files(module: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        let told = |error| format!("cannot list {}: {error}", module.join(&inside).display());
        for entry in fs::read_dir(module.join(&inside)).map_err(told)? {
            let entry = entry.map_err(told)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(told)?;
            if kind.is_file() {
                found.push(format!("{inside}{name}"));
            } else if kind.is_dir()
                && !matches!(name.as_str(), "vendor" | ".git")
                && !entry.path().join("go.mod").is_file()
            {
                folders.push(format!("{inside}{name}/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_module_is_read() {
        let manifest = "// Words.\nmodule example.org/a\n\ngo 1.24.0\n";
        assert_eq!(module_path(manifest), Some("example.org/a"));
        assert_eq!(module_path("go 1.24.0\n"), None);
    }

    #[test]
    fn capitals_are_escaped() {
        assert_eq!(escaped("example.org/Ab/cD"), "example.org/!ab/c!d");
    }

    #[test]
    fn another_module_and_what_was_vendored_stay_out() {
        let scratch = Scratch::new("module").expect("there is a temporary folder");
        for name in ["go.mod", "a/b.go", "a/go.mod", "c/d.go", "vendor/e.go", ".git/f"] {
            let path = scratch.join(name);
            make_folder(path.parent().expect("it is in a folder")).expect("a folder");
            write(&path, "").expect("a file");
        }
        assert_eq!(files(&scratch.join("")), Ok(vec!["c/d.go".to_owned(), "go.mod".to_owned()]));
    }
}
