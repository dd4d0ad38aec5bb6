//! Guards the simulation itself: a store that is right passes every programme, and each planted
//! defect is found by one of them. A simulation that finds nothing proves nothing.

mod toy;

use spatio_sim::power::Size;
use spatio_sim::report::Failure;
use spatio_sim::subject::Subject;
use spatio_sim::{damage, disk_full, faults, power};

const SIZE: Size = Size { operations: 30, choices: 2 };

/// Runs all programmes over small rounds; the first failure, if there is one.
fn hunt<S: Subject>(rounds: u64) -> Result<(), Failure> {
    for seed in 0..rounds {
        power::round::<S>(seed, SIZE)?;
        disk_full::round::<S>(seed, SIZE.operations, 6)?;
        damage::round::<S>(seed, SIZE.operations, 60)?;
    }
    for seed in 0..2 {
        faults::round::<S>(seed, 12)?;
    }
    Ok(())
}

#[test]
fn a_store_that_is_right_passes() {
    if let Err(failure) = hunt::<toy::Toy<{ toy::NONE }>>(12) {
        panic!("{failure}");
    }
}

fn is_found<const DEFECT: u8>() {
    let failure = hunt::<toy::Toy<DEFECT>>(12).expect_err("a defect was planted");
    assert!(!failure.message.starts_with("panic"), "{failure}");
    let again = match failure.programme {
        "power" => power::round::<toy::Toy<DEFECT>>(failure.seed, SIZE),
        "damage" => damage::round::<toy::Toy<DEFECT>>(failure.seed, SIZE.operations, 60),
        "full" => disk_full::round::<toy::Toy<DEFECT>>(failure.seed, SIZE.operations, 6),
        _ => faults::round::<toy::Toy<DEFECT>>(failure.seed, 12),
    };
    assert_eq!(again.unwrap_err().message, failure.message, "the seed replays it");
}

#[test]
fn a_name_that_is_not_synced_is_found() {
    is_found::<{ toy::NO_DIRECTORY_SYNC }>();
}

#[test]
fn an_early_acknowledgement_is_found() {
    is_found::<{ toy::NO_SYNC }>();
}

#[test]
fn a_missing_checksum_is_found() {
    is_found::<{ toy::NO_CHECKSUM }>();
}

#[test]
fn a_repeated_sync_is_found() {
    is_found::<{ toy::SYNC_AGAIN }>();
}

#[test]
fn a_tail_that_stays_is_found() {
    is_found::<{ toy::TAIL_STAYS }>();
}

#[test]
fn trust_in_the_page_cache_is_found() {
    is_found::<{ toy::CACHE_IS_TRUSTED }>();
}

#[test]
fn a_part_that_stays_is_found() {
    is_found::<{ toy::PART_STAYS }>();
}

#[test]
fn a_refused_change_that_is_applied_is_found() {
    is_found::<{ toy::REFUSED_IS_APPLIED }>();
}
