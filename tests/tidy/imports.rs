//! Who may import whom: the table of rooms, downwards only.

use crate::source::{Finding, Source};

/// A room of `src`, its level, and what it may import when that is less than every level below.
struct Room {
    name: &'static str,
    level: u8,
    may: May,
}

enum May {
    /// Every room of a lower level.
    Below,
    /// Rooms up to this level, and these.
    UpTo(u8, &'static [&'static str]),
    /// Only these.
    Only(&'static [&'static str]),
}

const fn room(name: &'static str, level: u8, may: May) -> Room {
    Room { name, level, may }
}

const ROOMS: [Room; 18] = [
    room("error", 0, May::Below),
    room("sync", 0, May::Below),
    room("cancel", 1, May::Below),
    room("clock", 0, May::Below),
    room("notice", 0, May::Below),
    room("prng", 0, May::Below),
    room("geom", 1, May::Below),
    room("time", 1, May::Below),
    room("vfs", 2, May::UpTo(0, &[])),
    room("format", 3, May::UpTo(1, &[])),
    room("hot", 4, May::UpTo(1, &[])),
    room("packed", 4, May::UpTo(1, &["format", "vfs"])),
    room("log", 4, May::Below),
    room("history", 4, May::Below),
    room("query", 5, May::Below),
    room("live", 5, May::Below),
    room("db", 6, May::Below),
    room("capi", 7, May::Only(&["db", "packed", "vfs", "geom", "error", "sync"])),
];

fn find(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

fn may_import(from: &Room, to: &Room) -> bool {
    from.name == to.name
        || match &from.may {
            May::Below => to.level < from.level,
            May::UpTo(level, also) => to.level <= *level || also.contains(&to.name),
            May::Only(names) => names.contains(&to.name),
        }
}

/// Checks one file; only files of `src` other than the crate root have a direction.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let Some(inside) = source.path.strip_prefix("src/") else { return Vec::new() };
    if inside == "lib.rs" {
        return Vec::new();
    }
    let modules = module_path(inside);
    let Some(from) = find(&modules[0]) else {
        let message = format!("room {} is not in the table of tests/tidy/imports.rs", modules[0]);
        return vec![source.finding(0, message)];
    };
    let mut findings = Vec::new();
    for (line, path) in source.paths() {
        let Some(target) = from_root(&modules, &path) else { continue };
        match find(&target) {
            None if path.starts_with("super") => {}
            None => {
                let message = format!("{path}: name the room that it lives in, not the crate root");
                findings.push(source.finding(line, message));
            }
            Some(to) if may_import(from, to) => {}
            Some(to) => {
                let (name, level) = (from.name, from.level);
                let message =
                    format!("{name} (level {level}) imports {} (level {})", to.name, to.level);
                findings.push(source.finding(line, message));
            }
        }
    }
    findings
}

/// The modules that a file stands in: `log/segment.rs` is `[log, segment]`.
fn module_path(inside: &str) -> Vec<String> {
    let stem = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    stem.split('/').map(str::to_owned).collect()
}

/// The first name below the crate root that `path` goes through, if it leads there.
fn from_root(modules: &[String], path: &str) -> Option<String> {
    let mut segments = path.split("::").peekable();
    if segments.next_if_eq(&"crate").is_none() {
        let mut climbed = 0;
        while segments.next_if_eq(&"super").is_some() {
            climbed += 1;
        }
        if climbed == 0 || climbed < modules.len() {
            return None;
        }
    }
    segments.next().map(str::to_owned)
}
