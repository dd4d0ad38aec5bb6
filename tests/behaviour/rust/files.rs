//! Files of a case: written, damaged, removed, and looked through without opening them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::args::{Found, each, text, whole};
use crate::stage::Answer;

/// The file that a step is about: by its name, or the last one in a folder with an ending.
fn file(folder: &Path, args: &Value) -> Found<PathBuf> {
    let path = folder.join(text(&args["file"])?);
    let Some(ending) = args.get("ending") else { return Ok(path) };
    let ending = text(ending)?;
    let entries = fs::read_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let paths = entries.filter_map(|entry| entry.ok()).map(|entry| entry.path());
    let named = paths.filter(|path| path.to_string_lossy().ends_with(ending));
    named.max().ok_or_else(|| format!("no file that ends with {ending}"))
}

/// Does to a file what the step says.
pub(crate) fn play(folder: &Path, op: &str, args: &Value) -> Found<()> {
    let path = file(folder, args)?;
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    match op {
        "write_file" => return fs::write(&path, text(&args["text"])?).map_err(told),
        "remove_file" => return fs::remove_file(&path).map_err(told),
        _ => {}
    }
    let mut bytes = fs::read(&path).map_err(told)?;
    if op == "flip_byte" {
        bytes[whole(&args["offset"])? as usize] ^= 0xff;
    } else {
        let new: Vec<u8> = each(&args["bytes"], whole)?.iter().map(|&byte| byte as u8).collect();
        let at = match args["offset"] == json!("end") {
            true => bytes.len(),
            false => whole(&args["offset"])? as usize,
        };
        bytes.resize(bytes.len().max(at + new.len()), 0);
        bytes[at..at + new.len()].copy_from_slice(&new);
    }
    fs::write(&path, bytes).map_err(told)
}

/// Checks or salvages a directory.
pub(crate) fn inspect(folder: &Path, op: &str, args: &Value) -> Answer {
    let at = |name: &str| -> Found<PathBuf> { Ok(folder.join(text(&args[name])?)) };
    if op == "check" {
        return Ok(spatio::check(at("path")?).map(|report| {
            let torn = report.files.iter().filter(|file| file.torn_tail).count();
            let bad = report.files.iter().filter(|file| file.problem.is_some()).count();
            json!({
                "is_sound": report.sound,
                "files": report.files.len(),
                "records": report.files.iter().map(|file| file.records).sum::<u64>(),
                "damaged_files": bad - torn,
                "torn_tails": torn,
                "text": report.to_string(),
            })
        }));
    }
    Ok(spatio::salvage(at("source")?, at("target")?).map(|report| {
        json!({
            "damaged": report.damaged,
            "records_kept": report.records_kept,
            "bytes_dropped": report.bytes_dropped,
            "text": report.to_string(),
        })
    }))
}
