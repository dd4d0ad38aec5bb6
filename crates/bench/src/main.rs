//! libspatio beside its peers: the same data, the same answers, one row for each workload and peer.
//!
//! Owns the command line. Ends with 0 when everything ran and all engines agreed, whether or not
//! every target was reached; with 1 when an answer was wrong or something failed; with 2 for wrong
//! usage.

mod alloc;
mod c;
mod check;
mod clock;
mod context;
mod measure;
mod peer;
mod report;
mod workload;

use context::Context;
use std::path::PathBuf;
use std::process::ExitCode;

/// What fallible steps of the bench return; the text of an error is for a person.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

const USAGE: &str = "\
usage: spatio-bench hot|log|replay|memory|ffi|packed|all [options]
       spatio-bench profile WORKLOAD [options]

hot      moves, inserts, gets and queries in memory, skew, two threads, bytes for each object
log      durable moves under each sync policy, many writers, reopening, bytes for each record
replay   every recording of the data directory, in memory and on disk
memory   bytes of memory for each object only
ffi      the C interface beside native Rust and upstream's C interface, and the languages beside it
packed   the packed index beside other packed trees, a million boxes on one thread
all      hot, log, replay, ffi and packed
profile  one workload of ours in a loop, for a profiler (a wrong name prints the list)

  --quick            smaller sizes and shorter slices: about two minutes
  --json FILE        also write the rows as a JSON list
  --only SUBSTRING   only workloads whose name contains it
  --objects N        in place of 100,000 objects, or of 1,000,000 boxes
  --data DIR         recordings to replay (default ../shared/data)
  --languages DIR    programs that measure other languages, as `cargo xtask bench` builds them
  --strict           end with 1 when a target is missed, too
profile only:
  --seconds S        run for so long (default 10)       --rounds N   or so many rounds of 100,000
  --cartesian  --altitudes  --city               the world (default geographic, flat, uniform)

`ratio` above 1 means that we are better. A target of a rate or a duration is the least ratio;
one of bytes is the most that ours may be.
";

/// The command line, taken apart.
#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    flags: Vec<String>,
    json: Option<PathBuf>,
    only: Option<String>,
    objects: Option<usize>,
    data: Option<PathBuf>,
    languages: Option<PathBuf>,
    seconds: Option<f64>,
    rounds: Option<usize>,
}

impl Arguments {
    fn parse(mut from: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut found = Arguments::default();
        while let Some(word) = from.next() {
            let mut value = || from.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--json" => found.json = Some(value()?.into()),
                "--only" => found.only = Some(value()?),
                "--objects" => found.objects = Some(value()?.replace('_', "").parse()?),
                "--data" => found.data = Some(value()?.into()),
                "--languages" => found.languages = Some(value()?.into()),
                "--seconds" => found.seconds = Some(value()?.parse()?),
                "--rounds" => found.rounds = Some(value()?.parse()?),
                "--quick" | "--strict" | "--cartesian" | "--altitudes" | "--city" => {
                    found.flags.push(word)
                }
                option if option.starts_with('-') => return Err(format!("unknown {option}").into()),
                _ => found.words.push(word),
            }
        }
        Ok(found)
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|one| one == flag)
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(error) => return wrong_usage(&error.to_string()),
    };
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let run: fn(&Context) -> Outcome<()> = match words.as_slice() {
        ["hot"] => hot,
        ["log"] => workload::log::run,
        ["replay"] => workload::replay::run,
        ["memory"] => workload::memory::run,
        ["ffi"] => ffi,
        ["packed"] => workload::packed::run,
        ["all"] => all,
        ["profile", name] => return exit(profile(&arguments, name)),
        // Not for a person: the memory workload runs this program again.
        ["probe", engine, count, moves] => return exit(probe(&arguments, engine, count, moves)),
        _ => return wrong_usage("a command is missing or unknown"),
    };
    exit(compare(&arguments, run))
}

fn hot(context: &Context) -> Outcome<()> {
    workload::memory::run(context)?;
    workload::hot::run(context)
}

fn all(context: &Context) -> Outcome<()> {
    hot(context)?;
    workload::log::run(context)?;
    workload::replay::run(context)?;
    ffi(context)?;
    workload::packed::run(context)
}

fn ffi(context: &Context) -> Outcome<()> {
    workload::ffi::run(context)?;
    workload::languages::run(context)
}

fn context(arguments: &Arguments) -> Outcome<Context> {
    let data = arguments.data.clone().unwrap_or_else(|| PathBuf::from("../shared/data"));
    let mut context =
        Context::new(arguments.has("--quick"), arguments.only.clone(), arguments.objects, data)?;
    context.languages = arguments.languages.clone();
    Ok(context)
}

/// Runs workloads, shows and writes their rows; the rows so far are written when one fails, too.
fn compare(arguments: &Arguments, run: fn(&Context) -> Outcome<()>) -> Outcome<bool> {
    let context = context(arguments)?;
    println!("{}", report::heading());
    let outcome = run(&context);
    let rows = context.rows();
    if let Some(path) = &arguments.json {
        std::fs::write(path, report::json(&rows))?;
    }
    outcome?;
    let missed = rows.iter().filter(|row| row.is_missed()).count();
    let targets = rows.iter().filter(|row| row.target.is_some()).count();
    println!("{} rows, {targets} with a target, {missed} of them missed", rows.len());
    Ok(missed == 0 || !arguments.has("--strict"))
}

fn profile(arguments: &Arguments, name: &str) -> Outcome<bool> {
    let context = context(arguments)?;
    let has = |flag| arguments.has(flag);
    let scene = workload::profile::scene(
        has("--cartesian"),
        has("--altitudes"),
        has("--city"),
        context.count(),
    );
    let seconds = arguments.seconds.unwrap_or(10.0);
    workload::profile::run(&context, name, scene, seconds, arguments.rounds)?;
    Ok(true)
}

fn probe(arguments: &Arguments, engine: &str, count: &str, moves: &str) -> Outcome<bool> {
    workload::memory::probe(&context(arguments)?, engine, count, moves)?;
    Ok(true)
}

fn wrong_usage(what: &str) -> ExitCode {
    eprintln!("spatio-bench: {what}\n{USAGE}");
    ExitCode::from(2)
}

fn exit(outcome: Outcome<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("spatio-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
