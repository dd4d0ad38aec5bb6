//! The inspector inspected: every rule finds the violation planted for it, and nothing else.

use crate::source::{Finding, Source};
use crate::{imports, layout, sizes, unsafety, words};

/// The lines that `rule` finds fault with in `text` at `path`.
fn lines(rule: impl Fn(&Source<'_>) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
    rule(&Source::new(path, text)).into_iter().map(|finding| finding.line).collect()
}

#[test]
fn the_lexer_tells_code_from_comments_and_strings() {
    let text = "let a = \"code // no\"; // yes\n\
                /* one /* two */ three */ b('\\'', 'x'); r#\"c\"#;\n\
                fn f<'a>(x: &'a str) { d(b\"e\\\"f\", '\"') }";
    let source = Source::new("x.rs", text);
    assert_eq!(source.code.lines().count(), 3);
    for word in ["let a", "b(", "d(", "<'a>", "&'a str"] {
        assert!(source.code.contains(word), "{word} is code");
    }
    for word in ["no", "yes", "one", "three", "x'", "c\"", "e\\"] {
        assert!(!source.code.contains(word), "{word} is not code");
    }
    assert!(source.comments.contains("yes") && source.comments.contains("three"));
    assert!(!source.comments.contains("no"));
}

#[test]
fn paths_are_spelt_out() {
    let text = "use a::{b, c::{self, d as e}, f::*};\nx::<T>::new();\ng ::\n h(i, crate::j::K);";
    let paths: Vec<(usize, String)> = Source::new("x.rs", text).paths();
    for (line, path) in
        [(1, "a::b"), (1, "a::c::self"), (1, "a::c::d"), (1, "a::f::*"), (3, "g::h"), (4, "i")]
    {
        assert!(paths.contains(&(line, path.to_owned())), "{path} in {paths:?}");
    }
    assert!(paths.contains(&(4, "crate::j::K".to_owned())), "{paths:?}");
    assert!(!paths.iter().any(|(_, path)| path == "e"), "{paths:?}");
}

#[test]
fn an_import_upwards_or_sideways_is_found() {
    let hot = "//! Hot.\nuse crate::geom::Point;\nuse crate::{error::Error, log::Log};\n";
    assert_eq!(lines(imports::check, "src/hot/cell.rs", hot), [3]);
    let expression = "fn f() { crate::db::open(); crate::error::Error::new(); }";
    assert_eq!(lines(imports::check, "src/format/frame.rs", expression), [1]);
    assert_eq!(lines(imports::check, "src/geom/point.rs", "use crate::time::Interval;"), [1]);
    assert_eq!(lines(imports::check, "src/error.rs", "use crate::sync::Mutex;"), [1]);
    assert_eq!(lines(imports::check, "src/capi/mod.rs", "use crate::hot::Index;"), [1]);
    assert_eq!(lines(imports::check, "src/vfs/real.rs", "use crate::geom::Point;"), [1]);
    let allowed = "use crate::{vfs::Vfs, format::frame, error::Result, log::segment, time::Order};";
    assert!(lines(imports::check, "src/log/writer.rs", allowed).is_empty());
    assert!(lines(imports::check, "src/packed/tree.rs", "use crate::format::x;").is_empty());
}

#[test]
fn the_ways_around_the_table_are_closed() {
    assert_eq!(lines(imports::check, "src/hot/cell.rs", "use crate::Error;"), [1]);
    assert_eq!(lines(imports::check, "src/hot/cell.rs", "use crate::*;"), [1]);
    assert_eq!(lines(imports::check, "src/hot/cell.rs", "use super::super::log::Log;"), [1]);
    assert_eq!(lines(imports::check, "src/hot/mod.rs", "use super::log::Log;"), [1]);
    assert_eq!(lines(imports::check, "src/attic/mod.rs", ""), [0]);
    assert!(lines(imports::check, "src/hot/cell.rs", "use super::log::Log;").is_empty());
    let tests = "mod tests { use super::*; use super::super::grid; }";
    assert!(lines(imports::check, "src/hot/cell.rs", tests).is_empty());
    assert!(lines(imports::check, "src/lib.rs", "pub use crate::db::Database;").is_empty());
    assert!(lines(imports::check, "tests/query.rs", "use crate::common;").is_empty());
}

#[test]
fn unsafe_is_found_outside_uncounted_or_unexplained() {
    let check = |pins: &'static [(&str, usize)]| move |s: &Source<'_>| unsafety::check(s, pins);
    let explained = "// SAFETY: nobody writes the file.\nlet map =\n    unsafe { f() };";
    let pins: &[(&str, usize)] = &[("src/vfs/mmap.rs", 1)];
    assert!(lines(check(pins), "src/vfs/mmap.rs", explained).is_empty());
    assert_eq!(lines(check(&[]), "src/vfs/mmap.rs", explained), [3], "not pinned");
    assert_eq!(lines(check(pins), "src/vfs/mmap.rs", "// unsafe"), [0], "pinned too high");
    assert_eq!(lines(check(pins), "src/vfs/mmap.rs", "let a = 1;\nunsafe { f() }"), [2]);
    let far = "// SAFETY: of another.\nlet a = 1;\nunsafe { f() }";
    assert_eq!(lines(check(pins), "src/vfs/mmap.rs", far), [3]);
    let passed_on = "// SAFETY: as the trait says.\nunsafe impl T for A {\n    unsafe fn f() {}\n}";
    assert_eq!(lines(check(pins), "src/vfs/mmap.rs", passed_on), [2], "counted, not asked why");
    const HOT: &[(&str, usize)] = &[("src/hot/cell.rs", 1)];
    assert_eq!(lines(check(HOT), "src/hot/cell.rs", explained), [3], "no island");
    assert!(lines(check(&[]), "src/hot/cell.rs", "#![deny(unsafe_code)] f(\"unsafe\")").is_empty());
}

#[test]
fn what_is_too_long_or_too_odd_is_found() {
    let head = "//! A file.\n";
    assert!(lines(sizes::check, "a.rs", head).is_empty());
    assert_eq!(lines(sizes::check, "a.rs", "fn f() {}\n"), [1], "no purpose");
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}// {}", "x".repeat(97))), []);
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}// {}", "x".repeat(98))), [2]);
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}// caf\u{e9}")), [2]);
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}\tlet x;")), [2]);
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}{}", "\n".repeat(499))), []);
    assert_eq!(lines(sizes::check, "a.rs", &format!("{head}{}", "\n".repeat(500))), [0]);
}

#[test]
fn a_long_function_is_found() {
    let function = |inner: usize| format!("//! A.\nfn f(\n) {{\n{}}}\n", "g({});\n".repeat(inner));
    assert!(lines(sizes::check, "a.rs", &function(67)).is_empty());
    assert_eq!(lines(sizes::check, "a.rs", &function(68)), [2]);
    let declared = format!("//! A.\ntrait T {{\nfn f(a: [u8; 2]);\n{}}}", "// x\n".repeat(90));
    assert!(lines(sizes::check, "a.rs", &declared).is_empty());
    let quoted = format!("//! A.\nfn f() {{ g(\"{{\"); }}\n{}", "// x\n".repeat(90));
    assert!(lines(sizes::check, "a.rs", &quoted).is_empty());
}

#[test]
fn unfinished_work_is_found() {
    let (todo, fixme) = (concat!("TO", "DO"), concat!("FIX", "ME"));
    assert_eq!(lines(words::check, "src/a.rs", &format!("a\n// {todo}: later")), [2]);
    assert_eq!(lines(words::check, "crates/a.rs", &format!("/* {fixme} */")), [1]);
    assert!(lines(words::check, "src/a.rs", &format!("f(\"{todo}\")")).is_empty());
    for code in [
        concat!("todo", "!()"),
        concat!("unimplemented", "!()"),
        concat!("dbg", "!(x)"),
        concat!("#[", "ignore = \"slow\"]"),
        concat!("#![allow(", "dead_code)]"),
    ] {
        assert_eq!(lines(words::check, "tests/a.rs", code), [1], "{code}");
    }
}

#[test]
fn a_call_through_the_wrong_door_is_found() {
    for code in [
        "use std::fs::File;",
        "use std::{fs, io};",
        "std::fs::read(p)",
        "use std::sync::{Arc, Mutex};",
        "std::sync::RwLock::new(1)",
        "parking_lot::Mutex::new(1)",
        "std::time::Instant::now()",
        "SystemTime::now()",
    ] {
        assert_eq!(lines(words::check, "src/log/writer.rs", code), [1], "{code}");
    }
    assert!(lines(words::check, "src/vfs/real.rs", "use std::fs::File;").is_empty());
    assert!(lines(words::check, "src/clock.rs", "SystemTime::now()").is_empty());
    assert!(lines(words::check, "src/sync.rs", "use parking_lot::Mutex;").is_empty());
    assert!(lines(words::check, "tests/open.rs", "use std::fs;").is_empty());
    assert_eq!(lines(words::check, "tests/open.rs", "Instant::now()"), [1]);
    assert!(lines(words::check, "crates/cli/src/demo.rs", "Instant::now()").is_empty());
    assert!(lines(words::check, "src/hot/a.rs", "use std::sync::Arc; my_fs::x()").is_empty());
}

#[test]
fn a_path_of_one_machine_is_found() {
    let text = format!("cd {}somebody\ncd $HOME/x", concat!("/ho", "me/"));
    let found = words::check_places("docs/A.md", &text);
    assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_file_that_nobody_names_is_found() {
    let text = [
        ("src/lib.rs", "mod log;\npub mod error;"),
        ("src/error.rs", ""),
        ("src/log/mod.rs", "mod segment;\npub(crate) mod writer;"),
        ("src/log/segment.rs", ""),
        ("src/log/writer.rs", "mod tests { }\n#[cfg(test)]\nmod model;"),
        ("src/log/writer/model.rs", ""),
        ("src/log/attic.rs", "mod writer;"),
    ];
    let sources: Vec<Source<'_>> = text.iter().map(|(p, t)| Source::new(p, t)).collect();
    let found = layout::orphans(&sources);
    assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["src/log/attic.rs"]);
}

#[test]
fn a_source_that_a_document_names_must_exist() {
    let sources = [("tests/log/tail.rs".to_owned(), "fn zeros_are_dropped() {}".to_owned())];
    let found = |text| layout::mentions("docs/A.md", text, &sources).len();
    assert_eq!(found("see `tail.rs`, `log/tail.rs`, `tail.rs: zeros_are_dropped`, `a b.rs`"), 0);
    assert_eq!(found("see `src/tail.rs` and `head.rs` and `tail.rs: zeros` and `ail.rs`"), 4);
}

#[test]
fn a_manifest_without_lints_and_a_dead_link_are_found() {
    assert!(layout::lints("a", "[package]\n[lints]\nworkspace = true\n").is_empty());
    assert_eq!(layout::lints("a", "[package]\n[dependencies]\n").len(), 1);
    let exists = |path: &str| path == "docs/A.md";
    let links = |path, text| layout::links(path, text, exists).len();
    assert_eq!(links("README.md", "[a](docs/A.md) [b](https://a.org) [c](#here)"), 0);
    assert_eq!(links("docs/B.md", "see [a](A.md#part) and [b](../docs/A.md)"), 0);
    assert_eq!(links("docs/B.md", "see [a](A.md) and [b](C.md)"), 1);
    assert_eq!(links("docs/B.md", "```go\nf[T any](value T)\n```\n[b](C.md)"), 1);
}
