//! Every recorded point file goes in whole and comes out the same, counted independently.
//!
//! Needs the data folder: SPATIO_DATA, or `../shared/data` beside the workspace. Without it the
//! test says so and passes.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::read::GzDecoder;

use crate::run::Room;

pub fn data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let told = std::env::var_os("SPATIO_DATA").map(PathBuf::from);
    told.into_iter().chain([root.join("../shared/data")]).find(|path| path.is_dir())
}

/// What a file holds, whatever the order of its rows.
#[derive(Debug, Default, PartialEq)]
struct Content {
    rows: u64,
    objects: usize,
    /// The sum of the hashes of all rows.
    sum: u64,
}

/// Reads the import's form by hand: no field of these files holds a comma or a quote.
fn content(reader: impl Read) -> Content {
    let mut content = Content::default();
    let mut ids = HashSet::new();
    for line in BufReader::new(reader).lines().skip(1) {
        let line = line.unwrap();
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| -> u64 {
            let field = fields[at];
            let value: f64 = if field.is_empty() { 0.0 } else { field.parse().unwrap() };
            // A zero without a sign, however it is written.
            (value + 0.0).to_bits()
        };
        let time_ms: i64 = fields[1].parse().unwrap();
        let mut hasher = DefaultHasher::new();
        (fields[0], time_ms, number(2), number(3), number(4)).hash(&mut hasher);
        content.sum = content.sum.wrapping_add(hasher.finish());
        content.rows += 1;
        if !ids.contains(fields[0]) {
            ids.insert(fields[0].to_owned());
        }
    }
    content.objects = ids.len();
    content
}

#[test]
fn every_recorded_file_goes_in_whole_and_comes_out_the_same() {
    let Some(data) = data() else {
        eprintln!("left out: no data folder; set SPATIO_DATA to the folder of recordings");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".csv.gz"))
        .collect();
    files.sort();
    assert!(files.len() >= 8, "{} point files in {}", files.len(), data.display());
    for path in files {
        let expected = content(GzDecoder::new(File::open(&path).unwrap()));
        let room = Room::new();
        let summary = room.json(&format!("import '{}' -n n -d db --json", path.display()));
        let name = path.file_name().unwrap().to_string_lossy();
        eprintln!("{name}: {} rows, {:.2} s", expected.rows, summary["seconds"].as_f64().unwrap());
        assert_eq!(summary["rows"], expected.rows, "{name}");
        assert_eq!(summary["written"], expected.rows, "{name}");
        assert_eq!(summary["bad"], 0, "{name}");
        assert_eq!(summary["objects"], expected.objects, "{name}");
        let mut child = room.command("export -d db").stdout(Stdio::piped()).spawn().unwrap();
        assert_eq!(content(child.stdout.take().unwrap()), expected, "{name}");
        assert!(child.wait().unwrap().success(), "{name}");
    }
}
