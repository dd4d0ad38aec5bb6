//! Guards the behaviour of the engine as every language sees it: runs the cases of
//! `tests/behaviour/*.json`, whose expected values an oracle in Python worked out, over the public
//! Rust interface. `tests/behaviour/README.md` tells the format.

#[path = "behaviour/rust/answer.rs"]
mod answer;
#[path = "behaviour/rust/args.rs"]
mod args;
#[path = "behaviour/rust/compare.rs"]
mod compare;
#[path = "behaviour/rust/files.rs"]
mod files;
#[path = "behaviour/rust/indexes.rs"]
mod indexes;
#[path = "behaviour/rust/objects.rs"]
mod objects;
#[path = "behaviour/rust/packs.rs"]
mod packs;
#[path = "behaviour/rust/past.rs"]
mod past;
#[path = "behaviour/rust/queries.rs"]
mod queries;
#[path = "behaviour/rust/regions.rs"]
mod regions;
#[path = "behaviour/rust/stage.rs"]
mod stage;
#[path = "behaviour/rust/streams.rs"]
mod streams;
#[path = "common/tempdir.rs"]
mod tempdir;
#[path = "behaviour/rust/whole.rs"]
mod whole;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stage::Stage;

/// What a case may need that this interface does not have: arguments that only a number can get
/// wrong, the columns of Arrow, and stopping a join other than by its visitor.
const LACKS: [&str; 3] = ["raw", "arrow", "cancel"];

fn topics() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/behaviour");
    let entries = std::fs::read_dir(folder).expect("the folder of the cases");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut topics: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    topics.sort();
    topics
}

/// The first thing about a case that is not as expected.
fn play(case: &Value, reached: &mut BTreeMap<String, usize>) -> Result<(), String> {
    let mut stage = Stage::new(case)?;
    let steps = case["steps"].as_array().ok_or("a case without steps")?;
    for (number, step) in steps.iter().enumerate() {
        let op = step["op"].as_str().ok_or("a step without an op")?;
        *reached.entry(op.to_owned()).or_default() += 1;
        stage.step(op, step).map_err(|what| format!("step {number}, {op}: {what}"))?;
    }
    Ok(())
}

#[test]
fn every_case_holds() {
    let mut reached = BTreeMap::new();
    let mut failures = Vec::new();
    let (mut passed, mut lacking) = (0, Vec::new());
    for path in topics() {
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let topic: Value = serde_json::from_str(&text).expect("a file of cases is JSON");
        for case in topic["cases"].as_array().expect("a topic has cases") {
            let name = case["name"].as_str().expect("a case has a name");
            let needs = case["needs"].as_array().map_or(&[][..], Vec::as_slice);
            if needs.iter().any(|need| LACKS.iter().any(|lack| need == lack)) {
                lacking.push(name.to_owned());
                continue;
            }
            match play(case, &mut reached) {
                Ok(()) => passed += 1,
                Err(what) => failures.push(format!("{name}: {what}")),
            }
        }
    }
    println!("behaviour: {passed} cases passed, {} failed", failures.len());
    println!("not for this language ({}): {}", lacking.len(), lacking.join("; "));
    let reached: Vec<String> = reached.iter().map(|(op, n)| format!("{op} {n}")).collect();
    println!("operations reached: {}", reached.join(", "));
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
    assert!(passed >= 200, "{passed} cases: where are the others?");
}
