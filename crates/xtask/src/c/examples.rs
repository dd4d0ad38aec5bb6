//! The programs of `examples/c`: the frame loop must not allocate, and the tracker must have what
//! it acknowledged before it was killed.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Bench;
use super::compiler::{Language, patiently};
use crate::checks::{Checks, ensure};
use crate::shell::quietly;

/// How often the tracker is killed.
const KILLS: usize = 8;
/// It is killed at most so long after its first acknowledgement.
const LONGEST_LIFE_MS: u64 = 400;
/// How long it may take to start.
const START_S: u64 = 120;

/// Compiles and runs both.
pub(super) fn check(checks: &mut Checks, bench: &Bench<'_>) {
    if let Some(program) = checks.take("compiles frame_loop.c", compile(bench, "frame_loop")) {
        // It fails by itself if a frame allocates.
        let report = quietly(&mut patiently(bench.workspace, &[], &program));
        if let Some(report) = checks.take("the frame loop does not allocate", report) {
            report.lines().for_each(|line| println!("        {line}"));
        }
    }
    if let Some(program) = checks.take("compiles tracker.c", compile(bench, "tracker")) {
        let survived = kill_often(bench, &program);
        checks.take("the tracker has what it acknowledged before kill -9", survived);
    }
}

fn compile(bench: &Bench<'_>, name: &str) -> Result<PathBuf, String> {
    let source = bench.workspace.root.join(format!("examples/c/{name}.c"));
    bench.compile(name, Language::C99, &[], &[source])
}

/// Starts and kills the tracker again and again on one database.
fn kill_often(bench: &Bench<'_>, program: &Path) -> Result<(), String> {
    let database = bench.scratch.join("tracks.spatio");
    let mut before = 0;
    for _ in 0..KILLS {
        let life_ms = random() % LONGEST_LIFE_MS;
        let acknowledged = live_and_die(bench, program, &database, life_ms)?;
        let mut again = patiently(bench.workspace, &[], program);
        let said = quietly(again.arg(&database).arg("0"))?;
        let recovered = said.lines().find_map(|line| number(line, "recovered "));
        let recovered = recovered.ok_or_else(|| format!("it did not say what it has:\n{said}"))?;
        ensure(recovered >= acknowledged && acknowledged > before, || {
            format!(
                "killed {life_ms} ms after its first acknowledgement, it had acknowledged \
                 {acknowledged} (before that life {before}) and recovered {recovered}"
            )
        })?;
        before = recovered;
    }
    println!("        {KILLS} kills, {before} steps, none lost");
    Ok(())
}

/// One life of the tracker; the last step that it acknowledged.
fn live_and_die(
    bench: &Bench<'_>,
    program: &Path,
    database: &Path,
    life_ms: u64,
) -> Result<u64, String> {
    // Not through `timeout`, which would be killed instead of the tracker.
    let mut command = bench.workspace.command(program);
    let child = command.arg(database).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("cannot run the tracker: {error}"))?;
    let (first, reader) = listen(&mut child)?;
    let started = first.recv_timeout(Duration::from_secs(START_S));
    if started.is_ok() {
        std::thread::sleep(Duration::from_millis(life_ms));
    }
    // On Unix this is SIGKILL, which a program cannot see coming.
    let killed = child.kill().and_then(|()| child.wait());
    let last = reader.join().map_err(|_| "the reader of its output panicked")?;
    let status = killed.map_err(|error| format!("cannot kill the tracker: {error}"))?;
    started.map_err(|_| format!("the tracker acknowledged nothing; it ended with {status}"))?;
    ensure(status.code().is_none(), || format!("the tracker ended by itself with {status}"))?;
    Ok(last)
}

/// Reads the tracker's output beside it: rings at its first acknowledgement, and returns the last.
fn listen(child: &mut Child) -> Result<(Receiver<()>, JoinHandle<u64>), String> {
    let output = child.stdout.take().ok_or("its output is not piped")?;
    let (ring, rung) = channel();
    let reader = std::thread::spawn(move || {
        let mut last = 0;
        for line in lines(output) {
            if let Some(step) = number(&line, "ack ") {
                last = step;
                // Nobody listens any more after the first.
                let _ = ring.send(());
            }
        }
        last
    });
    Ok((rung, reader))
}

/// The whole lines of an output; what was cut off by the kill is not one.
fn lines(output: ChildStdout) -> impl Iterator<Item = String> {
    let mut reader = BufReader::new(output);
    std::iter::from_fn(move || {
        let mut line = String::new();
        let read = reader.read_line(&mut line).unwrap_or(0);
        (read > 0 && line.ends_with('\n')).then_some(line)
    })
}

fn number(line: &str, word: &str) -> Option<u64> {
    line.trim_end().strip_prefix(word)?.parse().ok()
}

/// A number that is another in every run.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_from_a_whole_line_only() {
        assert_eq!(number("ack 17\n", "ack "), Some(17));
        assert_eq!(number("recovered 4\n", "recovered "), Some(4));
        assert_eq!(number("opened: 4\n", "recovered "), None);
        assert_eq!(number("ack \n", "ack "), None);
    }
}
