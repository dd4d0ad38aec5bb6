//! The sessions and the picture of docs/PACKED.md are what the program does.
//!
//! With `SPATIO_WRITE_DOCS=1` the page and the picture are written anew instead of compared.
//! Lines that tell a time are not compared. It needs a shell and awk, as a reader does.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::Room;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Runs a line of a session; what it writes, errors first.
fn run(room: &Room, line: &str) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_spatio")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).current_dir(room.dir()).env("PATH", path).env_remove("SPATIO_DB");
    let output = shell.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    format!("{}{}", text(output.stderr), text(output.stdout))
}

/// The page with every session as it runs now.
fn rerun(page: &str, room: &Room) -> String {
    let (mut told, mut lines) = (String::new(), page.lines().peekable());
    let mut is_session = false;
    while let Some(line) = lines.next() {
        told.push_str(line);
        told.push('\n');
        is_session = line == "```console" || is_session && line != "```";
        let Some(command) = line.strip_prefix("$ ").filter(|_| is_session) else { continue };
        let mut command = command.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with("> ")) {
            told.push_str(more);
            told.push('\n');
            command.push('\n');
            command.push_str(&more[2..]);
        }
        while lines.next_if(|next| !next.starts_with("$ ") && *next != "```").is_some() {}
        told.push_str(&run(room, &command));
    }
    told
}

fn without_times(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("time ")).collect()
}

#[test]
fn the_page_tells_what_the_program_does() {
    let page = fs::read_to_string(docs().join("PACKED.md")).unwrap();
    let room = Room::new();
    let told = rerun(&page, &room);
    let picture = room.read("packed-query.svg");
    if std::env::var_os("SPATIO_WRITE_DOCS").is_some() {
        fs::write(docs().join("PACKED.md"), &told).unwrap();
        fs::write(docs().join("packed-query.svg"), &picture).unwrap();
        return;
    }
    assert_eq!(without_times(&told), without_times(&page), "docs/PACKED.md is out of date");
    let kept = fs::read_to_string(docs().join("packed-query.svg")).unwrap();
    assert!(kept == picture, "docs/packed-query.svg is out of date");
}
