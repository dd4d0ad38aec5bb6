//! Guards the engine against power cuts, failing and full disks, damage and kills, at a small size;
//! `spatio-sim` runs the same at any size. A failure names the seed that replays it.

use spatio_sim::engine::Engine;
use spatio_sim::kill::Supervisor;
use spatio_sim::power::Size;
use spatio_sim::report::{Failure, Tally};
use spatio_sim::{damage, disk_full, faults, power, threads};
use std::path::PathBuf;

/// Runs a round for each seed and checks that it did something.
fn each(seeds: std::ops::Range<u64>, round: impl Fn(u64) -> Result<Tally, Failure>) -> Tally {
    let mut all = Tally::default();
    for seed in seeds {
        match round(seed) {
            Ok(tally) => all.add(tally),
            Err(failure) => panic!("{failure}"),
        }
    }
    assert!(all.operations > 0);
    all
}

#[test]
fn power_cuts_leave_a_prefix_that_holds_every_promise() {
    let size = Size { operations: 40, choices: 2 };
    let tally = each(1_000..1_006, |seed| power::round::<Engine>(seed, size));
    assert!(tally.recoveries > 500);
}

#[test]
fn power_cuts_while_threads_write_take_nothing_that_was_acknowledged() {
    let tally = each(6_000..6_020, |seed| threads::round::<Engine>(seed, 60));
    assert!(tally.recoveries > 500);
}

#[test]
fn a_fault_at_any_operation_breaks_no_promise() {
    let tally = each(2_000..2_001, |seed| faults::round::<Engine>(seed, 10));
    assert!(tally.faults > 100);
}

#[test]
fn a_full_disk_stops_writes_and_nothing_else() {
    let tally = each(3_000..3_006, |seed| disk_full::round::<Engine>(seed, 40, 8));
    assert!(tally.faults > 0);
}

#[test]
fn damage_is_refused_or_reported_and_never_believed() {
    each(4_000..4_004, |seed| damage::round::<Engine>(seed, 40, 100));
}

#[test]
fn a_killed_process_leaves_everything_it_acknowledged() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_spatio-sim"));
    let mut supervisor = Supervisor::new(program, std::env::temp_dir(), 5_000);
    match supervisor.round::<Engine>(8) {
        Ok(tally) => assert_eq!(tally.recoveries, 8),
        Err(failure) => panic!("{failure}"),
    }
}
