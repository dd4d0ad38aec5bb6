//! Where `unsafe` may stand, that each use says why it is sound, and how many there are.

use crate::source::{Finding, Source};

/// The only places of the library that may hold `unsafe`.
const ISLANDS: [&str; 3] = ["src/capi/", "src/vfs/mmap.rs", "src/packed/simd/"];

/// How often the word stands in each file, so that a new use is a decision that shows in a diff
/// of this table. `docs/SAFETY.md` argues for each.
pub const PINNED: [(&str, usize); 58] = [
    ("crates/bench/src/alloc.rs", 9),
    ("crates/bench/src/c/library.rs", 3),
    ("crates/bench/src/c/ours.rs", 19),
    ("crates/bench/src/c/upstream.rs", 10),
    ("crates/bench/src/workload/ffi.rs", 14),
    ("fuzz/src/abi/call.rs", 3),
    ("fuzz/src/abi/indexes.rs", 1),
    ("fuzz/src/abi/lent.rs", 2),
    ("fuzz/src/abi/table.rs", 2),
    ("src/capi/answering.rs", 6),
    ("src/capi/arrow/export.rs", 6),
    ("src/capi/arrow/import.rs", 15),
    ("src/capi/arrow/layout.rs", 2),
    ("src/capi/border.rs", 38),
    ("src/capi/cancel.rs", 8),
    ("src/capi/database.rs", 27),
    ("src/capi/distances.rs", 6),
    ("src/capi/error.rs", 3),
    ("src/capi/files.rs", 6),
    ("src/capi/ids.rs", 10),
    ("src/capi/index/build.rs", 6),
    ("src/capi/index/contents.rs", 8),
    ("src/capi/index/handle.rs", 4),
    ("src/capi/index/hits.rs", 8),
    ("src/capi/index/joins.rs", 10),
    ("src/capi/index/nearest.rs", 6),
    ("src/capi/index/open.rs", 15),
    ("src/capi/index/options.rs", 8),
    ("src/capi/index/rays.rs", 8),
    ("src/capi/index/regions.rs", 26),
    ("src/capi/index/triangles.rs", 4),
    ("src/capi/index/windows.rs", 12),
    ("src/capi/namespace.rs", 17),
    ("src/capi/options.rs", 11),
    ("src/capi/pack/asking.rs", 10),
    ("src/capi/pack/fences.rs", 20),
    ("src/capi/pack/finding.rs", 11),
    ("src/capi/pack/freeze.rs", 7),
    ("src/capi/pack/open.rs", 13),
    ("src/capi/past.rs", 4),
    ("src/capi/polygon.rs", 6),
    ("src/capi/queries.rs", 21),
    ("src/capi/query.rs", 13),
    ("src/capi/reading.rs", 9),
    ("src/capi/result.rs", 7),
    ("src/capi/stream/answers.rs", 6),
    ("src/capi/stream/asking.rs", 14),
    ("src/capi/stream/fetch.rs", 12),
    ("src/capi/stream/handle.rs", 4),
    ("src/capi/stream/open.rs", 9),
    ("src/capi/stream/options.rs", 5),
    ("src/capi/stream/shapes.rs", 12),
    ("src/capi/versioned.rs", 16),
    ("src/capi/writing.rs", 14),
    ("src/packed/simd/avx2.rs", 9),
    ("src/packed/simd/avx512.rs", 8),
    ("src/packed/simd/neon.rs", 4),
    ("src/vfs/mmap.rs", 1),
];

/// Checks one file against the islands, the comments, and `pinned`.
pub fn check(source: &Source<'_>, pinned: &[(&str, usize)]) -> Vec<Finding> {
    let uses = uses(source);
    let mut findings = Vec::new();
    let first = uses.first().map_or(0, |(line, _)| *line);
    let in_library = source.path.starts_with("src/");
    if first > 0 && in_library && !ISLANDS.iter().any(|at| source.path.starts_with(at)) {
        let message = format!("unsafe outside of its islands ({})", ISLANDS.join(", "));
        findings.push(source.finding(first, message));
    }
    let expected = pinned.iter().find(|(path, _)| *path == source.path).map_or(0, |pin| pin.1);
    if uses.len() != expected {
        let message = format!("{} uses of unsafe, {expected} are pinned", uses.len());
        findings.push(source.finding(first, message));
    }
    for (line, is_promise) in uses {
        if is_promise && !is_explained(source, line) {
            findings.push(source.finding(line, "unsafe without a `// SAFETY:` comment above it"));
        }
    }
    findings
}

/// The lines that the keyword stands on, and whether it is a promise to the compiler (a block, an
/// `impl`), which needs its reason; `unsafe fn` only passes an obligation on.
fn uses(source: &Source<'_>) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    for (at, line) in source.code.lines().enumerate() {
        // A name that is exported is a matter of the linker, not of memory.
        if line.trim() == "#[unsafe(no_mangle)]" {
            continue;
        }
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        for (place, _) in words.iter().enumerate().filter(|(_, word)| **word == "unsafe") {
            let next = words[place + 1..].iter().find(|word| !word.is_empty()).copied();
            found.push((at + 1, !matches!(next, Some("fn" | "extern" | "trait"))));
        }
    }
    found
}

/// Whether the comment above the statement of `line` says why it is sound.
fn is_explained(source: &Source<'_>, line: usize) -> bool {
    let code: Vec<&str> = source.code.lines().collect();
    let comments: Vec<&str> = source.comments.lines().collect();
    let speaks = |at: usize| {
        let comment = comments.get(at).copied().unwrap_or("");
        comment.contains("SAFETY:") || comment.contains("# Safety")
    };
    let mut at = line - 1;
    if speaks(at) {
        return true;
    }
    while at > 0 {
        at -= 1;
        let before = code[at].trim();
        let ends_statement = before.ends_with([';', '{', '}']);
        let is_blank = before.is_empty() && comments[at].trim().is_empty();
        if ends_statement || is_blank {
            return false;
        }
        if speaks(at) {
            return true;
        }
    }
    false
}
