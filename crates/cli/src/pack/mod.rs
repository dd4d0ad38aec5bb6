//! `spatio pack`: packed files of boxes that never change, made and asked.
//!
//! Owns: its verbs, a file each. Does not own the index, which is the library's. Invariants: a
//! file is opened in one place (`open`), rows are written in one place (`rows`).

mod build;
mod feed;
mod info;
mod join;
mod knn;
mod open;
mod picture;
mod query;
mod ray;
mod remote;
mod rows;
mod source;
mod target;
mod verify;

use crate::args::{PackArgs, PackCommand};
use crate::failure::Outcome;

/// Runs the command.
pub(crate) fn run(args: &PackArgs) -> Outcome<()> {
    match &args.command {
        PackCommand::Build(args) => build::run(args),
        PackCommand::Info(args) => info::run(args),
        PackCommand::Query(args) => query::run(args),
        PackCommand::Knn(args) => knn::run(args),
        PackCommand::Ray(args) => ray::run(args),
        PackCommand::Join(args) => join::run(args),
        PackCommand::Verify(args) => verify::run(args),
    }
}
