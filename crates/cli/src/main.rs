//! The `spatio` program: one command, one exit code.
//!
//! Owns the way out: failures go to the standard error as one line, a closed pipe is quiet.

mod args;
mod demo;
mod engine;
mod export;
mod failure;
mod import;
mod object;
mod output;
mod pack;
mod place;
mod polygon;
mod progress;
mod query;
mod track;
mod upkeep;
mod when;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::failure::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader had enough, as `head` does.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // If the standard error is gone too, the exit code is all that is left.
            let _ = writeln!(std::io::stderr(), "spatio: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn run(cli: &Cli) -> Outcome<()> {
    let database = &cli.database;
    match &cli.command {
        Command::Demo(args) => demo::run(args),
        Command::Import(args) => import::run(args, database),
        Command::Query(args) => query::run(args, database),
        Command::Trajectory(args) => object::trajectory(args, database),
        Command::At(args) => object::at(args, database),
        Command::Get(args) => object::get(args, database),
        Command::Upsert(args) => object::upsert(args, database),
        Command::Delete(args) => object::delete(args, database),
        Command::Namespaces(args) => upkeep::namespaces(args, database),
        Command::Stats(args) => upkeep::stats(args, database),
        Command::Export(args) => export::run(args, database),
        Command::Check(args) => upkeep::check(args, database),
        Command::Salvage(args) => upkeep::salvage(args),
        Command::Pack(args) => pack::run(args),
    }
}
