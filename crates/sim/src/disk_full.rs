//! A disk that fills, stays full for a while, and has room again.
//!
//! Owns the loop over sizes of the disk. While it is full, writes say so and reads answer; nothing
//! accepted is lost; when there is room the same open database goes on.

use crate::driver::{Driver, Ending};
use crate::report::{Failure, Tally, guard};
use crate::subject::Subject;
use crate::workload::{Op, Setup, Workload};
use spatio::ErrorKind;
use spatio::prng::Prng;
use spatio::vfs::{FaultVfs, Survivors};

/// How many operations are tried on a full disk.
const TRIED: usize = 6;

/// The workload of `seed` on disks of `sizes` sizes, from nothing to nearly enough.
///
/// # Errors
/// The first disk on which something is not as it must be.
pub fn round<S: Subject>(seed: u64, operations: usize, sizes: u64) -> Result<Tally, Failure> {
    guard("full", seed, || {
        let mut tally = Tally { rounds: 1, ..Tally::default() };
        let enough = run::<S>(seed, operations, None, &mut tally)?;
        for part in 0..sizes {
            let capacity = enough * part / sizes;
            run::<S>(seed, operations, Some(capacity), &mut tally)
                .map_err(|text| format!("with {capacity} of {enough} bytes: {text}"))?;
        }
        Ok(tally)
    })
}

/// Runs the workload and gives the bytes that it used.
fn run<S: Subject>(
    seed: u64,
    operations: usize,
    capacity: Option<u64>,
    tally: &mut Tally,
) -> Result<u64, String> {
    let setup = Setup::from_seed(seed);
    let vfs = FaultVfs::new(seed);
    vfs.set_capacity(capacity);
    let mut prng = Prng::for_part(seed, capacity.unwrap_or(u64::MAX));
    let mut driver = Driver::<S>::new(vfs, &setup);
    let mut full_for = 0;
    if driver.open()? != Ending::Accepted {
        make_room(&mut driver)?;
    }
    for op in Workload::new(seed, &setup, true).take(operations) {
        tally.operations += 1;
        let ending = driver.tell(&op).map_err(|text| format!("{op:?}: {text}"))?;
        match ending {
            Ending::Accepted if full_for == 0 => continue,
            Ending::Accepted => {}
            Ending::Refused(ErrorKind::NoSpace) | Ending::Down(ErrorKind::NoSpace) => {
                tally.faults += 1;
            }
            other => return Err(format!("{op:?} on a full disk ended as {other:?}")),
        }
        full_for += 1;
        if prng.chance(1, 4) {
            cut_power(&driver, &setup, &mut prng)?;
            tally.recoveries += 1;
        }
        if full_for == TRIED || !driver.is_open() {
            full_for = 0;
            make_room(&mut driver)?;
        }
    }
    make_room(&mut driver)?;
    let ending = driver.tell(&Op::Reopen).map_err(|text| format!("at the end: {text}"))?;
    if ending != Ending::Accepted {
        return Err(format!("at the end, reopening ended as {ending:?}"));
    }
    Ok(driver.vfs.used())
}

/// Lifts the limit; from now on everything must work, without a restart if it was open.
fn make_room<S: Subject>(driver: &mut Driver<S>) -> Result<(), String> {
    driver.vfs.set_capacity(None);
    let ending = if driver.is_open() { driver.tell(&Op::Sync)? } else { driver.open()? };
    if ending != Ending::Accepted {
        return Err(format!("with room again it ended as {ending:?}"));
    }
    Ok(())
}

fn cut_power<S: Subject>(driver: &Driver<S>, setup: &Setup, prng: &mut Prng) -> Result<(), String> {
    let choice = Survivors::from_seed(prng.next_u64());
    let vfs = FaultVfs::from_image(&driver.vfs.crash_image(choice), prng.next_u64());
    let (model, now_us) = (driver.model.clone(), driver.now_us());
    let mut after = Driver::<S>::continued(vfs, setup, model, now_us, prng.next_u64());
    let ending = after.open().map_err(|text| format!("{choice:?} on a full disk: {text}"))?;
    if ending != Ending::Accepted {
        return Err(format!("{choice:?} on a full disk: recovery ended as {ending:?}"));
    }
    Ok(())
}
