//! Group commit: who makes the log durable, who waits for it, and what an fsync error ends.
//!
//! Owns the turn to sync (one thread holds it, the leader), the highest durable number, the poison
//! state and the closed state. Does not own files: the leader writes and syncs on its own, and
//! tells the outcome here. Invariants:
//!
//! 1. At most one thread holds the turn; only it calls fsync on a segment.
//! 2. The durable number never falls, and rises only when a leader reports a good fsync.
//! 3. Poison is for ever, and wakes everybody who waits.
//! 4. A turn that ends in any way, also by panic, wakes everybody who waits.

use crate::error::{Error, ErrorKind, Result};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{Condvar, Mutex};

/// The state that all writers of a log share about durability.
#[derive(Debug)]
pub(super) struct Commit {
    state: Mutex<State>,
    changed: Condvar,
    /// A copy of `state.durable`, for looking without the lock.
    durable: AtomicU64,
    /// Whether `state.poison` is set, for looking without the lock.
    poisoned: AtomicBool,
}

#[derive(Debug)]
struct State {
    durable: u64,
    leading: bool,
    closed: bool,
    /// What the failed fsync said.
    poison: Option<String>,
}

/// What a thread that needs a number durable has to do.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// Nothing: it is durable.
    Durable,
    /// To sync, for itself and for all who wait.
    Lead(Lead<'a>),
}

/// The turn to sync. Dropping it without an outcome gives the turn back with nothing gained.
#[derive(Debug)]
#[must_use]
pub(super) struct Lead<'a> {
    commit: &'a Commit,
}

impl Commit {
    /// Of a log whose numbers up to `durable` are on disk.
    pub(super) fn new(durable: u64) -> Self {
        Commit {
            state: Mutex::new(State { durable, leading: false, closed: false, poison: None }),
            changed: Condvar::new(),
            durable: AtomicU64::new(durable),
            poisoned: AtomicBool::new(false),
        }
    }

    /// Waits until `seq` is durable, or it is this thread's turn to make it so.
    pub(super) fn wait_for(&self, seq: u64) -> Result<Turn<'_>> {
        if self.durable() >= seq {
            return Ok(Turn::Durable);
        }
        self.wait_until(|state| state.durable >= seq)
    }

    /// Waits for the turn, whatever is durable by then.
    pub(super) fn lead(&self) -> Result<Lead<'_>> {
        match self.wait_until(|_| false)? {
            Turn::Lead(lead) => Ok(lead),
            Turn::Durable => Err(Error::new(ErrorKind::Internal, "sync", "no turn was given")),
        }
    }

    fn wait_until(&self, done: impl Fn(&State) -> bool) -> Result<Turn<'_>> {
        let mut state = self.state.lock();
        loop {
            if done(&state) {
                return Ok(Turn::Durable);
            }
            if let Some(cause) = &state.poison {
                return Err(poison_error(cause));
            }
            if !state.leading {
                if state.closed {
                    return Err(Error::new(ErrorKind::Closed, "sync", "the log is closed"));
                }
                state.leading = true;
                return Ok(Turn::Lead(Lead { commit: self }));
            }
            state = self.changed.wait(state);
        }
    }

    /// The highest number known to be durable.
    #[inline]
    pub(super) fn durable(&self) -> u64 {
        self.durable.load(Ordering::Acquire)
    }

    /// Whether an fsync failed.
    #[inline]
    pub(super) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }

    /// Refuses, if an fsync failed.
    #[inline]
    pub(super) fn check(&self) -> Result<()> {
        if !self.is_poisoned() {
            return Ok(());
        }
        let state = self.state.lock();
        Err(poison_error(state.poison.as_deref().unwrap_or("an unknown cause")))
    }

    /// Poisons the log: `cause` is what left the file in an unknown state.
    pub(super) fn poison(&self, cause: &str) -> Error {
        let mut state = self.state.lock();
        let cause = state.poison.get_or_insert_with(|| cause.to_string());
        let error = poison_error(cause);
        self.poisoned.store(true, Ordering::Release);
        drop(state);
        self.changed.notify_all();
        error
    }

    fn release(&self, durable: Option<u64>, close: bool) {
        let mut state = self.state.lock();
        state.leading = false;
        state.closed |= close;
        if let Some(durable) = durable
            && durable > state.durable
        {
            state.durable = durable;
            self.durable.store(durable, Ordering::Release);
        }
        drop(state);
        self.changed.notify_all();
    }
}

impl Lead<'_> {
    /// The fsync was good: everything up to `durable` is on disk.
    pub(super) fn succeed(self, durable: u64) {
        self.commit.release(Some(durable), false);
        std::mem::forget(self);
    }

    /// As `succeed`, and nobody gets the turn any more.
    pub(super) fn succeed_and_close(self, durable: u64) {
        self.commit.release(Some(durable), true);
        std::mem::forget(self);
    }

    /// The fsync failed: poisons the log. The error is what everybody gets.
    pub(super) fn fail(self, cause: &str) -> Error {
        self.commit.poison(cause)
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.commit.release(None, false);
    }
}

fn poison_error(cause: &str) -> Error {
    let message = format!(
        "writes are refused until the database is opened again, because what was written is in \
         doubt: {cause}"
    );
    Error::new(ErrorKind::Poisoned, "write", message)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn lead(commit: &Commit, seq: u64) -> Lead<'_> {
        match commit.wait_for(seq).unwrap() {
            Turn::Lead(lead) => lead,
            Turn::Durable => panic!("nothing was durable"),
        }
    }

    #[test]
    fn a_turn_ends_with_what_it_reports() {
        let commit = Commit::new(3);
        assert!(matches!(commit.wait_for(3), Ok(Turn::Durable)));
        drop(lead(&commit, 4));
        assert_eq!(commit.durable(), 3);
        lead(&commit, 4).succeed(9);
        assert!(matches!(commit.wait_for(9), Ok(Turn::Durable)));
        commit.lead().unwrap().succeed(5);
        assert_eq!(commit.durable(), 9, "the durable number never falls");
    }

    #[test]
    fn a_failed_fsync_is_final_and_tells_its_cause() {
        let commit = Commit::new(1);
        let error = lead(&commit, 2).fail("fsync: device is gone");
        assert_eq!(error.kind(), ErrorKind::Poisoned);
        for error in [commit.wait_for(2).unwrap_err(), commit.check().unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Poisoned);
            assert!(error.message().contains("device is gone"), "{error}");
        }
        assert!(matches!(commit.wait_for(1), Ok(Turn::Durable)), "what was durable stays so");
    }

    #[test]
    fn after_close_nobody_leads_but_the_durable_stays_known() {
        let commit = Commit::new(0);
        commit.lead().unwrap().succeed_and_close(7);
        assert!(matches!(commit.wait_for(7), Ok(Turn::Durable)));
        assert_eq!(commit.wait_for(8).unwrap_err().kind(), ErrorKind::Closed);
    }
}

#[cfg(all(test, loom))]
mod model {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    /// A log of numbers: what was appended, and what a stand-in for fsync has made durable.
    struct Model {
        commit: Commit,
        appended: AtomicU64,
        on_disk: AtomicU64,
    }

    fn model() -> Arc<Model> {
        Arc::new(Model {
            commit: Commit::new(0),
            appended: AtomicU64::new(0),
            on_disk: AtomicU64::new(0),
        })
    }

    impl Model {
        fn append(&self) -> u64 {
            self.appended.fetch_add(1, Ordering::SeqCst) + 1
        }

        /// What the log does in `settle`; `fsync` says whether the disk works.
        fn settle(&self, seq: u64, fsync: bool) -> Result<()> {
            match self.commit.wait_for(seq)? {
                Turn::Durable => {}
                Turn::Lead(lead) => {
                    let end = self.appended.load(Ordering::SeqCst);
                    if !fsync {
                        return Err(lead.fail("fsync"));
                    }
                    self.on_disk.fetch_max(end, Ordering::SeqCst);
                    lead.succeed(end);
                }
            }
            assert!(self.on_disk.load(Ordering::SeqCst) >= seq, "acknowledged, but not on disk");
            Ok(())
        }
    }

    /// Two threads are explored in full, three up to three forced switches.
    fn explore(threads: usize, model: impl Fn() + Sync + Send + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = (threads > 2).then_some(3);
        builder.check(model);
    }

    #[test]
    fn loom_leader_and_followers_all_return_durable() {
        explore(3, || {
            let model = model();
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let model = model.clone();
                    thread::spawn(move || {
                        let seq = model.append();
                        model.settle(seq, true).unwrap();
                    })
                })
                .collect();
            let seq = model.append();
            model.settle(seq, true).unwrap();
            for thread in threads {
                thread.join().unwrap();
            }
            assert_eq!(model.commit.durable(), 3);
        });
    }

    #[test]
    fn loom_a_failed_fsync_wakes_everybody_with_the_error() {
        explore(3, || {
            let model = model();
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let model = model.clone();
                    thread::spawn(move || {
                        let seq = model.append();
                        let error = model.settle(seq, false).unwrap_err();
                        assert_eq!(error.kind(), ErrorKind::Poisoned);
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            assert!(model.commit.is_poisoned());
            assert_eq!(model.commit.durable(), 0);
        });
    }

    #[test]
    fn loom_a_turn_given_back_is_taken_by_another() {
        explore(2, || {
            let model = model();
            let other = model.clone();
            let thread = thread::spawn(move || drop(other.commit.lead().unwrap()));
            let seq = model.append();
            model.settle(seq, true).unwrap();
            thread.join().unwrap();
        });
    }

    #[test]
    fn loom_close_leaves_nobody_waiting() {
        explore(2, || {
            let model = model();
            let threads: Vec<_> = (0..1)
                .map(|_| {
                    let model = model.clone();
                    thread::spawn(move || {
                        let seq = model.append();
                        match model.settle(seq, true) {
                            Ok(()) => {}
                            Err(error) => assert_eq!(error.kind(), ErrorKind::Closed),
                        }
                    })
                })
                .collect();
            let lead = model.commit.lead().unwrap();
            let end = model.appended.load(Ordering::SeqCst);
            model.on_disk.fetch_max(end, Ordering::SeqCst);
            lead.succeed_and_close(end);
            for thread in threads {
                thread.join().unwrap();
            }
        });
    }
}
