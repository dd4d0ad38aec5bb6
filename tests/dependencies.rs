//! What the library pulls in is a decision, not an accident.
//!
//! Guards: the tree of normal dependencies equals `.ci/deps.allow`, so that a crate more or less
//! shows in a diff; and every direct dependency has its reason in `docs/DEPENDENCIES.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The platforms that the library is meant for; each may bring crates of its own.
const PLATFORMS: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-linux-android",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names that `cargo tree` prints, without versions.
fn tree(more: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["tree", "--locked", "-p", "libspatio"]);
    cargo.args(["-e", "normal", "--prefix", "none"]).args(more);
    for platform in PLATFORMS {
        cargo.args(["--target", platform]);
    }
    let output = cargo.output().expect("cargo runs, it is running this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn the_tree_is_what_was_allowed() {
    let text = fs::read_to_string(root().join(".ci/deps.allow")).expect("the list is committed");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.is_sorted(), ".ci/deps.allow is sorted, one name a line");
    let allowed: BTreeSet<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let found = tree(&[]);
    let new: Vec<_> = found.difference(&allowed).collect();
    let gone: Vec<_> = allowed.difference(&found).collect();
    assert!(new.is_empty(), "not in .ci/deps.allow: {new:?}; is each worth its weight?");
    assert!(gone.is_empty(), "in .ci/deps.allow but not in the tree: {gone:?}");
}

#[test]
fn every_direct_dependency_has_a_reason() {
    let text = fs::read_to_string(root().join("docs/DEPENDENCIES.md")).expect("it is committed");
    for name in tree(&["--depth", "1"]).iter().filter(|name| *name != "libspatio") {
        let row = format!("| `{name}` |");
        assert!(text.contains(&row), "docs/DEPENDENCIES.md has no row for {name}");
    }
}
