//! Rules about files as a set: no orphan modules, one set of lints, no dead links.

use std::collections::BTreeSet;

use crate::source::{Finding, Source};

/// Files of `src` that no `mod` line names; the compiler never sees them and never says so.
pub fn orphans(sources: &[Source<'_>]) -> Vec<Finding> {
    let mut declared = BTreeSet::new();
    for source in sources.iter().filter(|source| source.path.starts_with("src/")) {
        let folder = folder_of_children(source.path);
        for name in declarations(&source.code) {
            declared.insert(format!("{folder}/{name}.rs"));
            declared.insert(format!("{folder}/{name}/mod.rs"));
        }
    }
    let inside = sources.iter().filter(|s| s.path.starts_with("src/") && s.path != "src/lib.rs");
    let lost = inside.filter(|source| !declared.contains(source.path));
    lost.map(|source| source.finding(0, "no `mod` line names this file")).collect()
}

fn folder_of_children(path: &str) -> String {
    let stem = path.trim_end_matches(".rs");
    let folder = stem.strip_suffix("/mod").or_else(|| stem.strip_suffix("/lib"));
    folder.unwrap_or(stem).to_owned()
}

/// The names in `mod name;` lines.
fn declarations(code: &str) -> Vec<&str> {
    let lines = code.lines().filter_map(|line| line.trim().strip_suffix(';'));
    lines.filter_map(|line| line.rsplit_once("mod ").map(|(_, name)| name.trim())).collect()
}

/// Manifests of the workspace that do not take its lints.
pub fn lints(path: &str, manifest: &str) -> Vec<Finding> {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]");
    if lines.nth(1) == Some("workspace = true") {
        return Vec::new();
    }
    let message = "has no `[lints]` with `workspace = true`".to_owned();
    vec![Finding { path: path.to_owned(), line: 0, message }]
}

/// Links of a Markdown file, outside of its programs, to files that do not exist. `exists` is asked
/// about paths from the root of the clone.
pub fn links(path: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut is_program = false;
    for (at, line) in text.lines().enumerate() {
        is_program ^= line.trim_start().starts_with("```");
        if is_program {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap_or("");
            if target.is_empty() || target.contains("://") {
                continue;
            }
            if !exists(&join(folder, target)) {
                let message = format!("the link to {target} leads nowhere");
                findings.push(Finding { path: path.to_owned(), line: at + 1, message });
            }
        }
    }
    findings
}

/// Sources that a Markdown file names in backquotes and that do not exist: `wal.rs`, or
/// `wal.rs: a_test`, which must be a function in a file of that name. `sources` are paths from the
/// root of the clone with their texts.
pub fn mentions(path: &str, text: &str, sources: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        // The odd parts stand between backquotes.
        for span in line.split('`').skip(1).step_by(2) {
            let (file, function) = span.split_once(": ").unwrap_or((span, ""));
            if !file.ends_with(".rs") || file.contains(' ') {
                continue;
            }
            let inner = format!("/{file}");
            let mut named = sources.iter().filter(|(at, _)| at == file || at.ends_with(&inner));
            let declared = format!("fn {function}(");
            if !named.any(|(_, source)| function.is_empty() || source.contains(&declared)) {
                let message = format!("there is no {span}");
                findings.push(Finding { path: path.to_owned(), line: at + 1, message });
            }
        }
    }
    findings
}

/// Joins a relative link to the folder of the file that it stands in.
fn join(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
