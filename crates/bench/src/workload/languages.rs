//! What other languages add to the C interface, and our package for Python beside upstream's.
//!
//! Owns: the targets of the languages, running their programs in turns, and reading what they
//! print. Does not own the programs: each does the same work in its language and in C, in turns in
//! one process, and prints the best of many rounds as lines of JSON, `{"work", "ours", "theirs"}`
//! in nanoseconds of an operation. Invariant: a figure stands beside the one of C that was taken in
//! the same process; of several processes the one in the middle counts.

use crate::Outcome;
use crate::context::Context;
use crate::report::{Row, Target};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How often each program is run.
const TURNS: usize = 3;

/// What a language is asked for: the added nanoseconds of a call, and how many times the time of C
/// a row of a batch and a row of a result may take.
struct Asked {
    language: &'static str,
    added_ns: f64,
    batch: f64,
    result: f64,
}

/// As quick as C: two runs of the same code differ by so much.
const SAME: f64 = 1.02;

const ASKED: [Asked; 4] = [
    Asked { language: "C++", added_ns: 1.0, batch: SAME, result: SAME },
    Asked { language: "Java", added_ns: 15.0, batch: 1.3, result: 2.0 },
    Asked { language: "Go", added_ns: 80.0, batch: 1.3, result: 2.0 },
    Asked { language: "Python", added_ns: 400.0, batch: 1.5, result: 2.0 },
];

/// The program of our package for Python and upstream's.
const BESIDE_UPSTREAM: &str = "Python beside upstream";
/// What its part of a whole day is called; it has a target of its own.
const DAY: &str = "a day of AIS at once";

/// A piece of work, as a program told of it.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    work: String,
    ours_ns: f64,
    theirs_ns: f64,
}

/// Every program of the folder, in turns.
pub fn run(context: &Context) -> Outcome<()> {
    let Some(folder) = &context.languages else {
        context.say("languages: left out, `cargo xtask bench ffi` builds their programs");
        return Ok(());
    };
    let mut programs: Vec<(&str, PathBuf, Vec<Vec<Told>>)> = Vec::new();
    for language in wanted(context.only.as_deref()) {
        let script = folder.join(format!("{language}.sh"));
        if script.is_file() {
            programs.push((language, script, Vec::new()));
        } else {
            let reason = fs::read_to_string(script.with_extension("skipped"));
            let reason = reason.unwrap_or_else(|_| format!("there is no {}", script.display()));
            println!("{language}: skipped: {}", reason.trim());
        }
    }
    for turn in 1..=TURNS {
        for (language, script, told) in &mut programs {
            context.say(&format!("{language}: turn {turn} of {TURNS}"));
            told.push(ask(context, language, script, turn == 1)?);
        }
    }
    for (language, _, turns) in &programs {
        for at in 0..turns.first().map_or(0, Vec::len) {
            let mut same: Vec<&Told> = turns.iter().filter_map(|turn| turn.get(at)).collect();
            let by = |told: &Told| told.ours_ns / told.theirs_ns;
            same.sort_by(|a, b| by(a).total_cmp(&by(b)));
            put(context, language, same[same.len() / 2]);
        }
    }
    Ok(())
}

/// The languages that have rows whose name contains `only`, as far as the name alone tells.
fn wanted(only: Option<&str>) -> Vec<&'static str> {
    let all = ASKED.iter().map(|asked| asked.language).chain([BESIDE_UPSTREAM]);
    let is_named = |language: &&str| {
        only.is_some_and(|only| language.contains(only) || only.starts_with(language))
    };
    let named: Vec<&str> = all.clone().filter(is_named).collect();
    if named.is_empty() { all.collect() } else { named }
}

/// Runs a program once.
fn ask(context: &Context, language: &str, script: &Path, first: bool) -> Outcome<Vec<Told>> {
    let mut command = Command::new("sh");
    command.arg(script);
    if context.quick {
        command.arg("--quick");
    }
    if language == BESIDE_UPSTREAM {
        // The program runs in a folder of its own.
        command.arg("--data").arg(std::path::absolute(&context.data)?);
    }
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{language}: its program ended with {}", output.status).into());
    }
    let mut all = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match read(line)? {
            Ok(told) => all.push(told),
            Err(skipped) if first => println!("{language}: {skipped}"),
            Err(_) => {}
        }
    }
    Ok(all)
}

/// A line of a program: a piece of work, or what was skipped and why.
fn read(line: &str) -> Outcome<Result<Told, String>> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let number = |name: &str| value[name].as_f64().filter(|&figure| figure > 0.0);
    let work = value["work"].as_str().unwrap_or_default();
    if let Some(reason) = value["skipped"].as_str() {
        return Ok(Err(format!("{work} skipped: {reason}")));
    }
    match (number("ours"), number("theirs")) {
        (Some(ours_ns), Some(theirs_ns)) if !work.is_empty() => {
            Ok(Ok(Told { work: work.to_owned(), ours_ns, theirs_ns }))
        }
        _ => Err(format!("{line} is not a piece of work").into()),
    }
}

fn put(context: &Context, language: &str, told: &Told) {
    let row = row(language, told);
    if context.wants(&row.workload) {
        context.put(row);
    }
}

fn row(language: &str, told: &Told) -> Row {
    let workload = format!("{language}: {}", told.work);
    let (ours, theirs) = (told.ours_ns, told.theirs_ns);
    let Some(asked) = ASKED.iter().find(|asked| asked.language == language) else {
        let least = if told.work == DAY { 20.0 } else { 3.0 };
        let what = ("an operation", "ns");
        return Row::cost(&workload, what, ours, "spatio 0.3", theirs, Some(Target::Ratio(least)));
    };
    if told.work.starts_with("batch") || told.work.starts_with("box") {
        let most = if told.work.starts_with("box") { asked.result } else { asked.batch };
        let target = Some(Target::Times(most));
        return Row::cost(&workload, ("a row", "ns"), ours, "C", theirs, target);
    }
    let target = Some(Target::AtMost(asked.added_ns));
    let mut row = Row::cost(&workload, ("added to a call", "ns"), ours, "C", theirs, target);
    row.ours = ours - theirs;
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Told {
        read(line).expect("a line").expect("a piece of work")
    }

    #[test]
    fn a_call_is_judged_by_what_it_adds_and_a_row_by_how_many_times_it_takes() {
        let call = told(r#"{"work": "get by handle", "ours": 70.5, "theirs": 60}"#);
        assert!((row("Java", &call).ours - 10.5).abs() < 1e-9);
        assert!(!row("Java", &call).is_missed() && row("C++", &call).is_missed());
        let batch = told(r#"{"work": "batch of 1,000 moves", "ours": 12, "theirs": 10}"#);
        assert!(!row("Go", &batch).is_missed() && row("C++", &batch).is_missed());
        let day = told(&format!(r#"{{"work": "{DAY}", "ours": 1, "theirs": 19}}"#));
        assert!(row(BESIDE_UPSTREAM, &day).is_missed());
    }

    #[test]
    fn a_name_of_a_language_leaves_the_others_out() {
        assert_eq!(wanted(Some("C++")), ["C++"]);
        assert_eq!(wanted(Some("Java: box")), ["Java"]);
        assert_eq!(wanted(Some("Python")), ["Python", BESIDE_UPSTREAM]);
        assert_eq!(wanted(Some("box")).len(), 5);
        assert_eq!(wanted(None).len(), 5);
    }

    #[test]
    fn what_was_skipped_is_told_and_nonsense_is_an_error() {
        let skipped = read(r#"{"work": "a day", "skipped": "no file"}"#).expect("a line");
        assert_eq!(skipped, Err("a day skipped: no file".to_owned()));
        assert!(read("{}").is_err() && read("nonsense").is_err());
        assert!(read(r#"{"work": "w", "ours": -1, "theirs": 1}"#).is_err());
    }
}
