//! The house inspector: the rules of style and structure that no compiler checks, as tests.
//!
//! Guards: the direction of imports, the islands of `unsafe`, sizes, banned words and calls, files
//! that nobody compiles, links that lead nowhere. Each rule is a function of text, and is itself
//! tested on planted violations in `tests/tidy/planted.rs`.

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/layout.rs"]
mod layout;
#[path = "tidy/planted.rs"]
mod planted;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/unsafety.rs"]
mod unsafety;
#[path = "tidy/words.rs"]
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use source::{Finding, Source};

/// Folders of Rust sources that the rules hold for.
const SOURCES: [&str; 4] = ["src", "crates", "tests", "fuzz"];

/// What is text, and may therefore hold a path or a link.
const TEXT: [&str; 15] = [
    "rs", "md", "toml", "json", "sh", "h", "c", "run", "allow", "cpp", "cmake", "in", "txt", "abi",
    "py",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` that git would keep, as paths from the root, sorted.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("the clone can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                let is_product = name.starts_with("target") || name == "artifacts";
                if !is_product && name != ".git" {
                    folders.push(path);
                }
            } else {
                let inside = path.strip_prefix(root()).expect("it was found below the root");
                found.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Runs one rule over every Rust source file.
fn inspect(rule: impl Fn(&Source<'_>) -> Vec<Finding>) {
    let mut findings = Vec::new();
    for path in SOURCES.iter().flat_map(|folder| files(folder)).filter(|p| p.ends_with(".rs")) {
        findings.extend(rule(&Source::new(&path, &read(&path))));
    }
    report(findings);
}

/// Fails with all findings, one a line, in the form that editors can follow.
fn report(findings: Vec<Finding>) {
    let lines: Vec<String> =
        findings.iter().map(|f| format!("{}:{}: {}", f.path, f.line, f.message)).collect();
    assert!(lines.is_empty(), "the house is not tidy:\n{}", lines.join("\n"));
}

#[test]
fn imports_point_down() {
    inspect(imports::check);
}

#[test]
fn unsafe_stays_on_its_islands() {
    inspect(|source| unsafety::check(source, &unsafety::PINNED));
    for (path, _) in unsafety::PINNED {
        assert!(root().join(path).is_file(), "{path} is pinned but does not exist");
    }
}

#[test]
fn files_functions_and_lines_are_short() {
    inspect(sizes::check);
}

#[test]
fn no_banned_word_or_call() {
    inspect(words::check);
}

#[test]
fn no_path_of_one_machine() {
    let is_text = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        TEXT.contains(&name.rsplit('.').next().unwrap_or(name))
    };
    let mut findings = Vec::new();
    for path in files("").into_iter().filter(is_text) {
        findings.extend(words::check_places(&path, &read(&path)));
    }
    report(findings);
}

#[test]
fn every_file_is_compiled() {
    let texts: Vec<(String, String)> =
        files("src").into_iter().map(|path| (path.clone(), read(&path))).collect();
    let sources: Vec<Source<'_>> = texts.iter().map(|(p, text)| Source::new(p, text)).collect();
    report(layout::orphans(&sources));
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let manifests = files("crates").into_iter().filter(|path| path.ends_with("/Cargo.toml"));
    let mut findings = layout::lints("Cargo.toml", &read("Cargo.toml"));
    for path in manifests {
        findings.extend(layout::lints(&path, &read(&path)));
    }
    report(findings);
}

#[test]
fn every_link_leads_somewhere() {
    let mut findings = Vec::new();
    for path in files("").into_iter().filter(|path| path.ends_with(".md")) {
        let exists = |target: &str| root().join(target).exists();
        findings.extend(layout::links(&path, &read(&path), exists));
    }
    report(findings);
}

#[test]
fn every_source_that_a_document_names_exists() {
    let sources: Vec<(String, String)> = SOURCES
        .iter()
        .flat_map(|folder| files(folder))
        .filter(|path| path.ends_with(".rs"))
        .map(|path| (path.clone(), read(&path)))
        .collect();
    let mut findings = Vec::new();
    for path in files("").into_iter().filter(|path| path.ends_with(".md")) {
        findings.extend(layout::mentions(&path, &read(&path), &sources));
    }
    report(findings);
}
