//! The Nth operation of the disk fails, for every N until a workload runs clean.
//!
//! Owns the loop over places and kinds of faults. After a fault the database goes on, or is
//! poisoned and opened again, or loses power; whatever happens, reads answer what was accepted, no
//! promise is broken, and an error says what the disk said.

use crate::driver::{Driver, Ending};
use crate::report::{Failure, Tally, guard};
use crate::subject::Subject;
use crate::workload::{Fix, Op, START_US, Setup, Workload};
use spatio::ErrorKind;
use spatio::prng::Prng;
use spatio::vfs::{Fault, FaultVfs, Survivors};

/// What follows when the database was poisoned, or could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// The process opens the database again.
    Reopen,
    /// The process is killed and another one opens the database.
    Kill,
    /// The machine loses power.
    PowerCut,
}

/// One fault in one workload.
#[derive(Clone, Copy, Debug)]
struct Case {
    seed: u64,
    operations: usize,
    fault: Fault,
    /// The operation that fails.
    number: u64,
    /// Whether all later changes of the disk fail as well, for some operations of the workload.
    lasting: bool,
    after: After,
}

/// All faults at all places of the workload of `seed`, which has `operations` operations.
///
/// # Errors
/// The first case that does not end as it must.
pub fn round<S: Subject>(seed: u64, operations: usize) -> Result<Tally, Failure> {
    let mut tally = Tally { rounds: 1, ..Tally::default() };
    for fault in Fault::ALL {
        for lasting in [false, true] {
            let mut number = 1;
            loop {
                let mut prng = Prng::for_part(seed ^ number, fault as u64);
                let after = [After::Reopen, After::Kill, After::PowerCut][prng.index(3)];
                let case = Case { seed, operations, fault, number, lasting, after };
                let done = guard("faults", seed, || {
                    run::<S>(case).map_err(|text| format!("{case:?}: {text}"))
                })?;
                tally.add(done);
                if done.faults == 0 {
                    break;
                }
                number += 1;
            }
        }
    }
    Ok(tally)
}

/// How many operations a lasting fault lasts.
const LASTS: usize = 4;

fn run<S: Subject>(case: Case) -> Result<Tally, String> {
    let setup = Setup::from_seed(case.seed);
    let vfs = FaultVfs::new(case.seed);
    if case.lasting {
        vfs.fail_changes_from(case.number, case.fault);
    } else {
        vfs.fail_at(case.number, case.fault);
    }
    let counter = vfs.clone();
    let mut case_run = CaseRun {
        driver: Driver::<S>::new(vfs, &setup),
        setup,
        case,
        tally: Tally::default(),
        failing: 0,
    };
    case_run.start()?;
    for op in Workload::new(case.seed, &case_run.setup.clone(), true).take(case.operations) {
        case_run.tell(&op)?;
    }
    case_run.end()?;
    // A fault that the engine did not need to speak of was met as well.
    case_run.tally.faults = u64::from(counter.operations() >= case.number);
    Ok(case_run.tally)
}

struct CaseRun<S> {
    driver: Driver<S>,
    setup: Setup,
    case: Case,
    tally: Tally,
    failing: usize,
}

impl<S: Subject> CaseRun<S> {
    fn start(&mut self) -> Result<(), String> {
        let ending = self.driver.open()?;
        self.meet(ending, "open")
    }

    fn tell(&mut self, op: &Op) -> Result<(), String> {
        let ending = self.driver.tell(op).map_err(|text| format!("{op:?}: {text}"))?;
        self.tally.operations += 1;
        self.meet(ending, &format!("{op:?}"))
    }

    /// Judges an ending, and brings the database back where it is needed.
    fn meet(&mut self, ending: Ending, what: &str) -> Result<(), String> {
        let kind = match ending {
            Ending::Accepted => return Ok(()),
            Ending::Refused(kind) | Ending::Poisoned(kind) | Ending::Down(kind) => kind,
        };
        let first = self.failing == 0;
        if first {
            self.check_kind(kind, what)?;
        }
        self.failing += 1;
        if self.case.lasting && self.driver.is_open() {
            if self.case.after != After::Reopen {
                // A process that dies here tried nothing that succeeded after the fault.
                return self.bring_back();
            }
            if self.failing < LASTS {
                return Ok(());
            }
        }
        self.driver.vfs.heal();
        if self.driver.is_poisoned() {
            let fix = Fix { object: 0, time_us: START_US, position: [1.0, 2.0, 3.0] };
            let write = Op::Upsert { namespace: 0, fix, payload: None, ttl_us: None };
            let still = self.driver.tell(&write)?;
            if still != Ending::Poisoned(ErrorKind::Poisoned) {
                return Err(format!("a poisoned database was healed by the disk: {still:?}"));
            }
        }
        if self.driver.is_poisoned() || !self.driver.is_open() {
            self.bring_back()?;
        }
        Ok(())
    }

    fn check_kind(&self, kind: ErrorKind, what: &str) -> Result<(), String> {
        let expected = match self.case.fault {
            Fault::NoSpace | Fault::Quota | Fault::ShortWrite => ErrorKind::NoSpace,
            _ => ErrorKind::Io,
        };
        // A caller that waits for the sync of another one is told that it failed, not how.
        if kind == expected || kind == ErrorKind::Poisoned {
            return Ok(());
        }
        Err(format!("{what} failed with {kind:?}, expected {expected:?}"))
    }

    fn bring_back(&mut self) -> Result<(), String> {
        self.driver.vfs.heal();
        match self.case.after {
            After::Reopen => self.driver.drop_subject(),
            After::Kill => {
                let next = self.driver.vfs.kill();
                self.driver.drop_subject();
                self.driver.vfs = next;
            }
            After::PowerCut => {
                let choice = Survivors::from_seed(self.case.seed ^ self.case.number);
                let image = self.driver.vfs.crash_image(choice);
                self.driver.drop_subject();
                self.driver.vfs = FaultVfs::from_image(&image, self.case.seed);
                self.tally.recoveries += 1;
            }
        }
        let opened = self.driver.open().map_err(|text| format!("bringing it back: {text}"))?;
        if opened != Ending::Accepted {
            return Err(format!("on a healed disk the database cannot be opened: {opened:?}"));
        }
        Ok(())
    }

    /// On a sound disk again: everything is there, now and after a power cut.
    fn end(&mut self) -> Result<(), String> {
        self.driver.vfs.heal();
        self.cut_power("before the end")?;
        for op in [Op::Sync, Op::Reopen] {
            if self.driver.is_poisoned() || !self.driver.is_open() {
                self.bring_back()?;
            }
            let ending = self.driver.tell(&op).map_err(|text| format!("at the end: {text}"))?;
            if ending != Ending::Accepted {
                return Err(format!("at the end, {op:?} ended as {ending:?}"));
            }
        }
        self.cut_power("at the end")
    }

    /// Whatever a power cut leaves now, no promise is broken. It comes before anything is written
    /// again, which could make good what a fault took away.
    fn cut_power(&mut self, when: &str) -> Result<(), String> {
        for choice in [Survivors::None, Survivors::All, Survivors::Mixed(self.case.number)] {
            let image = self.driver.vfs.crash_image(choice);
            let vfs = FaultVfs::from_image(&image, self.case.seed);
            let (model, now_us) = (self.driver.model.clone(), self.driver.now_us());
            let seed = self.case.number;
            let mut after = Driver::<S>::continued(vfs, &self.setup, model, now_us, seed);
            let ending = after.open().map_err(|text| format!("{choice:?} {when}: {text}"))?;
            if ending != Ending::Accepted {
                return Err(format!("{choice:?} {when}: recovery ended as {ending:?}"));
            }
            self.tally.recoveries += 1;
        }
        Ok(())
    }
}
