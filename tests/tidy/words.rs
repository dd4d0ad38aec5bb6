//! Words and calls that must not stand in the sources, each with what to do instead.
//!
//! The words are put together by `concat!`, so that this file does not hold them itself.

use crate::source::{Finding, Source};

/// Marks of unfinished work, in code or comment.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Code that must not stay, and why.
const CODE: [(&str, &str); 6] = [
    (concat!("todo", "!"), "finish it"),
    (concat!("unimplemented", "!"), "finish it, or return ErrorKind::Unsupported"),
    (concat!("dbg", "!"), "take it out"),
    (concat!("#[", "ignore"), "run the test at a smaller size, or take it out"),
    (concat!("allow(", "dead_code"), "take the dead code out"),
    (concat!("allow(", "unused"), "take out what is unused"),
];

/// Calls that only some files may make: the end of the path, who may, and what to use instead.
struct Door {
    path: &'static str,
    open_to: &'static [&'static str],
    /// Whether it is kept in `crates/` and `tests/` too, or in the library alone.
    everywhere: bool,
    instead: &'static str,
}

const OUTSIDERS: [&str; 4] = ["crates/bench/", "crates/cli/", "crates/sim/", "crates/xtask/"];

const DOORS: [Door; 7] = [
    Door {
        path: "std::fs",
        open_to: &["src/vfs/real.rs", "src/vfs/real/", "src/vfs/mmap.rs"],
        everywhere: false,
        instead: "go through vfs",
    },
    Door {
        path: "SystemTime::now",
        open_to: &["src/clock.rs"],
        everywhere: true,
        instead: "ask the Clock",
    },
    Door {
        path: "Instant::now",
        open_to: &["src/clock.rs"],
        everywhere: true,
        instead: "ask the Clock; no test asserts a time",
    },
    lock("std::sync::Mutex"),
    lock("std::sync::RwLock"),
    lock("std::sync::Condvar"),
    lock("parking_lot"),
];

const fn lock(path: &'static str) -> Door {
    let instead = "use crate::sync, which loom can take the place of";
    Door { path, open_to: &["src/sync.rs"], everywhere: false, instead }
}

/// Checks one source file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, (code, comment)) in source.code.lines().zip(source.comments.lines()).enumerate() {
        for word in UNFINISHED {
            if has_word(code, word) || has_word(comment, word) {
                findings.push(source.finding(at + 1, format!("{word}: finish it, or say why")));
            }
        }
        for (text, instead) in CODE {
            if code.contains(text) {
                findings.push(source.finding(at + 1, format!("{text}: {instead}")));
            }
        }
    }
    for (line, path) in source.paths() {
        for door in DOORS.iter().filter(|door| is_closed(door, source.path)) {
            if goes_through(&path, door.path) {
                findings.push(source.finding(line, format!("{path}: {}", door.instead)));
            }
        }
    }
    findings
}

/// Checks any text file for paths of one machine.
pub fn check_places(path: &str, text: &str) -> Vec<Finding> {
    let folders = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for folder in folders.iter().filter(|folder| line.contains(**folder)) {
            let message = format!("{folder} is a path of one machine");
            findings.push(Finding { path: path.to_owned(), line: at + 1, message });
        }
    }
    findings
}

fn is_closed(door: &Door, path: &str) -> bool {
    let reaches = if door.everywhere {
        !OUTSIDERS.iter().any(|folder| path.starts_with(folder))
    } else {
        path.starts_with("src/")
    };
    reaches && !door.open_to.iter().any(|file| path.starts_with(file))
}

/// Whether `path` names the door or something behind it; `std::time::Instant::now` and
/// `Instant::now` both go through `Instant::now`.
fn goes_through(path: &str, door: &str) -> bool {
    let (path, door) = (format!("::{path}::"), format!("::{door}::"));
    if door.starts_with("::std::") || !door.trim_matches(':').contains("::") {
        path.starts_with(&door)
    } else {
        path.contains(&door)
    }
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word)
}
