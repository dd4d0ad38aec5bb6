//! Runs simulations of the engine: see `spatio_sim`.

use spatio_sim::args::{Args, Programme, USAGE, parse};
use spatio_sim::engine::Engine;
use spatio_sim::kill::{Child, Supervisor};
use spatio_sim::power::Size;
use spatio_sim::report::{Failure, Tally};
use spatio_sim::{damage, disk_full, faults, power, threads};
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let args = match parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(text) => {
            complain(&format!("{text}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    if args.programme == Programme::KillChild {
        return child(&args);
    }
    let wanted = |programme| args.programme == programme || args.programme == Programme::All;
    let programmes: [(Programme, &str, Step); 6] = [
        (Programme::Power, "power", power_step),
        (Programme::Threads, "threads", threads_step),
        (Programme::Faults, "faults", faults_step),
        (Programme::Full, "full", full_step),
        (Programme::Damage, "damage", damage_step),
        (Programme::Kill, "kill", kill_step),
    ];
    let share = if args.programme == Programme::All { 6.0 } else { 1.0 };
    let mut clean = true;
    for (programme, name, step) in programmes {
        if wanted(programme) {
            clean &= run(name, &args, share, step);
        }
    }
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A piece of a programme: the piece's number, and the command line.
type Step = fn(u64, &Args) -> Result<Tally, Failure>;

/// Everyday numbers of rounds, for some tens of seconds together.
fn everyday(name: &str) -> u64 {
    match name {
        "power" => 12,
        "threads" => 40,
        "faults" => 2,
        "full" => 12,
        "damage" => 8,
        _ => 1,
    }
}

/// Runs rounds until there were enough or time is up; says how it went.
fn run(name: &str, args: &Args, share: f64, step: Step) -> bool {
    let begin = Instant::now();
    let limit = args.minutes.map(|minutes| Duration::from_secs_f64(minutes * 60.0 / share));
    let rounds = match (limit, name, args.rounds) {
        (Some(_), ..) => u64::MAX,
        // A round of this programme is a kill, and one step does all of them.
        (None, "kill", _) => 1,
        (None, _, rounds) => rounds.unwrap_or(everyday(name)),
    };
    let mut tally = Tally::default();
    for round in 0..rounds {
        if limit.is_some_and(|limit| begin.elapsed() >= limit) {
            break;
        }
        match step(round, args) {
            Ok(done) => tally.add(done),
            Err(failure) => {
                say(&format!("{name}: {failure}"));
                return false;
            }
        }
    }
    say(&format!("{name}: passed, {tally}, {:.1} s", begin.elapsed().as_secs_f64()));
    true
}

fn power_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    power::round::<Engine>(args.seed.wrapping_add(round), args.size)
}

fn threads_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    threads::round::<Engine>(args.seed.wrapping_add(round), args.size.operations)
}

fn faults_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    let operations = args.size.operations.min(Size::default().operations / 2);
    faults::round::<Engine>(args.seed.wrapping_add(round), operations)
}

fn full_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    disk_full::round::<Engine>(args.seed.wrapping_add(round), args.size.operations, 24)
}

fn damage_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    damage::round::<Engine>(args.seed.wrapping_add(round), args.size.operations, args.damages)
}

fn kill_step(round: u64, args: &Args) -> Result<Tally, Failure> {
    let seed = args.seed.wrapping_add(round);
    let place = args.dir.clone().unwrap_or_else(std::env::temp_dir);
    let program = std::env::current_exe().map_err(|error| Failure {
        programme: "kill",
        seed,
        message: error.to_string(),
    })?;
    Supervisor::new(program, place, seed).round::<Engine>(args.rounds.unwrap_or(40))
}

fn child(args: &Args) -> ExitCode {
    let Some(dir) = args.dir.clone() else { return ExitCode::from(2) };
    let child = Child { dir, seed: args.seed, number: args.number };
    match child.run::<Engine>(usize::MAX) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            complain(&text);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line; a reader who is gone does not stop a simulation.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
