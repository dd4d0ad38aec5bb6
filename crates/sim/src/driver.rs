//! Drives an engine and the model side by side on a disk that fails.
//!
//! Owns the rules by which an answer, an error or a recovery is judged. Does not own when things
//! fail. Rules: an accepted operation answers what the model answers; a refused one is wholly in or
//! wholly out, row by row, and what is seen says which; a poisoned database refuses every write
//! and answers every read; what recovery finds is a state that the model went through, and none
//! older than the promise.

use crate::model::Model;
use crate::state::Picture;
use crate::subject::{Outcome, Subject, Told, may_come_from_the_disk};
use crate::workload::{Op, Policy, START_US, Setup};
use spatio::clock::ManualClock;
use spatio::prng::Prng;
use spatio::vfs::FaultVfs;
use spatio::{Error, ErrorKind};
use std::sync::Arc;

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was done.
    Accepted,
    /// It was refused, and the database goes on.
    Refused(ErrorKind),
    /// It was refused, and the database refuses every write now.
    Poisoned(ErrorKind),
    /// The database could not be opened again.
    Down(ErrorKind),
}

/// An operation that was told to both and is not judged yet.
#[derive(Clone, Debug)]
pub struct Begun {
    before: usize,
    expected: Told,
    /// The same of each twin.
    twins: Vec<(usize, Told)>,
}

/// An engine, its disk, and the model of both.
#[derive(Debug)]
pub struct Driver<S> {
    /// The disk.
    pub vfs: FaultVfs,
    /// The model.
    pub model: Model,
    /// Other states that recovery may have found, as they look the same.
    twins: Vec<Model>,
    clock: Arc<ManualClock>,
    setup: Setup,
    subject: Option<S>,
    poisoned: bool,
    seed: u64,
}

impl<S: Subject> Driver<S> {
    /// A driver of a database that is not open yet.
    pub fn new(vfs: FaultVfs, setup: &Setup) -> Driver<S> {
        Driver::continued(vfs, setup, Model::new(setup, START_US), START_US, setup.seed)
    }

    /// A driver of a database that was cut off in some state of `model`, not open yet. The salts
    /// of its files come from `seed`.
    pub fn continued(
        vfs: FaultVfs,
        setup: &Setup,
        model: Model,
        now_us: i64,
        seed: u64,
    ) -> Driver<S> {
        Driver {
            vfs,
            model,
            twins: Vec::new(),
            clock: Arc::new(ManualClock::new(now_us)),
            setup: setup.clone(),
            subject: None,
            poisoned: false,
            seed,
        }
    }

    /// The clock's time.
    pub fn now_us(&self) -> i64 {
        use spatio::clock::Clock;
        self.clock.now_us()
    }

    /// Whether the database is open.
    pub fn is_open(&self) -> bool {
        self.subject.is_some()
    }

    /// Whether the database is open and refuses writes.
    pub fn is_poisoned(&self) -> bool {
        self.poisoned && self.subject.is_some()
    }

    /// Opens the database and judges what recovery found.
    ///
    /// # Errors
    /// A sentence, if what was found must not be; an ending, if the disk refused.
    pub fn open(&mut self) -> Result<Ending, String> {
        match self.start() {
            Ok(()) => self.judge_recovery(self.model.floor()).map(|()| Ending::Accepted),
            Err(error) => self.judge_refusal("open", &error).map(Ending::Down),
        }
    }

    fn start(&mut self) -> Result<(), Error> {
        let vfs = Arc::new(self.vfs.clone());
        // Each opening draws other salts, as it does where they come from the system.
        self.setup.seed = Prng::for_part(self.seed, self.vfs.operations()).next_u64();
        self.subject = Some(S::open(vfs, self.clock.clone(), &self.setup)?);
        self.poisoned = false;
        Ok(())
    }

    /// Looks at the open database. A fault that was meant for one operation may hit a read; that
    /// must be told, and the next read must not suffer from it.
    ///
    /// # Errors
    /// A sentence, if it cannot be read.
    pub fn look(&self) -> Result<Picture, String> {
        let subject = self.subject.as_ref().ok_or("the database is not open")?;
        let seen = match subject.look(&self.setup) {
            Err(error) if may_come_from_the_disk(error.kind()) => subject.look(&self.setup),
            seen => seen,
        };
        seen.map_err(|error| format!("reading failed: {error:?}"))
    }

    /// Finds the state that recovery found, and takes it for the truth.
    fn judge_recovery(&mut self, low: usize) -> Result<(), String> {
        let picture = self.look()?;
        let high = self.model.len();
        let Some(index) = self.model.find(&picture, low, high) else {
            let text = self.model.explain(&picture, low, high);
            return Err(format!(
                "recovery found no state from {low} to {high} changes ({:?}): {text}",
                self.setup.policy
            ));
        };
        self.model.truncate(index);
        self.twins = self.model.twins(low);
        Ok(())
    }

    /// Tells the model; the engine is told by [`Driver::act`].
    pub fn begin(&mut self, op: &Op) -> Begun {
        let before = self.model.len();
        let writes = self.is_open() && !self.is_poisoned();
        let tell = |model: &mut Model| if writes { model.tell(op) } else { Told::Done };
        let expected = tell(&mut self.model);
        let twins = self.twins.iter_mut().map(|twin| (twin.len(), tell(twin))).collect();
        Begun { before, expected, twins }
    }

    /// Tells the engine, or does with it what the operation says.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn act(&mut self, op: &Op) -> Result<Told, Error> {
        match op {
            Op::Clock(now_us) => {
                self.clock.set(*now_us);
                Ok(Told::Done)
            }
            Op::Reopen => {
                let closed = self.subject.take().map_or(Ok(()), Subject::close);
                self.start()?;
                // An error of the close counts only if the database comes back without its data,
                // which the judgement of what is seen then tells.
                Ok(if closed.is_ok() { Told::Done } else { Told::CloseFailed })
            }
            Op::Kill => {
                self.vfs = self.vfs.kill();
                self.subject = None;
                self.start().map(|()| Told::Done)
            }
            op => match &self.subject {
                Some(subject) => subject.apply(op),
                None => Err(Error::new(ErrorKind::Closed, "simulate", "it is not open")),
            },
        }
    }

    /// Judges the answer.
    ///
    /// # Errors
    /// A sentence, if the answer or the state must not be.
    pub fn finish(
        &mut self,
        op: &Op,
        begun: &Begun,
        answer: Result<Told, Error>,
    ) -> Result<Ending, String> {
        match op {
            Op::Clock(now_us) => {
                self.model.set_now(*now_us);
                self.twins.iter_mut().for_each(|twin| twin.set_now(*now_us));
                Ok(Ending::Accepted)
            }
            Op::Reopen | Op::Kill => self.finish_restart(op, answer),
            _ if self.subject.is_none() => Ok(Ending::Down(ErrorKind::Closed)),
            _ if self.is_poisoned() => self.finish_poisoned(op, answer),
            _ => match answer {
                Ok(told) => self.finish_accepted(op, begun, told),
                Err(error) => self.finish_refused(op, begun, &error),
            },
        }
    }

    fn finish_accepted(&mut self, op: &Op, begun: &Begun, told: Told) -> Result<Ending, String> {
        let expected = begun.expected;
        let mut answers = begun.twins.iter().map(|(_, expected)| *expected == told);
        self.twins.retain(|_| answers.next().unwrap_or(false));
        if told != expected {
            // A twin that answers so is what recovery found.
            self.model = self
                .twins
                .pop()
                .ok_or_else(|| format!("{op:?} answered {told:?}, expected {expected:?}"))?;
        }
        self.keep_promise(op, &Begun { expected: told, ..begun.clone() });
        Ok(Ending::Accepted)
    }

    /// One operation from begin to finish.
    ///
    /// # Errors
    /// A sentence, if the answer or the state must not be.
    pub fn tell(&mut self, op: &Op) -> Result<Ending, String> {
        let begun = self.begin(op);
        let answer = self.act(op);
        self.finish(op, &begun, answer)
    }

    fn keep_promise(&mut self, op: &Op, begun: &Begun) {
        let changed = self.model.len() > begun.before;
        let logged = was_logged(&self.setup, op, begun.expected, changed);
        if (self.setup.policy == Policy::Always && logged)
            || matches!(op, Op::Sync | Op::Checkpoint)
        {
            self.model.promise();
            self.twins.iter_mut().for_each(Model::promise);
        }
    }

    fn finish_restart(&mut self, op: &Op, answer: Result<Told, Error>) -> Result<Ending, String> {
        match answer {
            Ok(told) => {
                if *op == Op::Reopen && told == Told::Done {
                    self.model.promise();
                }
                self.judge_recovery(self.model.floor())?;
                Ok(Ending::Accepted)
            }
            Err(error) => self.judge_refusal("reopen", &error).map(Ending::Down),
        }
    }

    fn finish_refused(&mut self, op: &Op, begun: &Begun, error: &Error) -> Result<Ending, String> {
        let kind = self.judge_refusal(&format!("{op:?}"), error)?;
        let picture = self.look().map_err(|text| format!("after {error:?}: {text}"))?;
        let high = self.model.len();
        let seen =
            (begun.before..=high).find(|index| self.model.find(&picture, *index, *index).is_some());
        let Some(index) = seen else {
            let text = self.model.explain(&picture, begun.before, high);
            return Err(format!("{op:?} failed with {error:?} and is neither in nor out: {text}"));
        };
        // What memory does not show, the log did not take.
        self.model.truncate(index);
        for (twin, (before, _)) in self.twins.iter_mut().zip(&begun.twins) {
            let seen = twin.find(&picture, *before, twin.len());
            twin.truncate(seen.unwrap_or(*before));
        }
        let poisoned = self.subject.as_ref().is_some_and(Subject::is_poisoned);
        if poisoned || kind == ErrorKind::Poisoned {
            self.poisoned = true;
            return Ok(Ending::Poisoned(kind));
        }
        Ok(Ending::Refused(kind))
    }

    fn finish_poisoned(&mut self, op: &Op, answer: Result<Told, Error>) -> Result<Ending, String> {
        let picture = self.look().map_err(|text| format!("poisoned, and {text}"))?;
        let (low, high) = (self.model.floor(), self.model.len());
        if self.model.find(&picture, low, high).is_none() {
            let text = self.model.explain(&picture, low, high);
            return Err(format!("a poisoned database shows no state it was in: {text}"));
        }
        match answer {
            // A namespace that exists, or nothing to delete, to sweep or to flush, is no write.
            Ok(_) if matches!(op, Op::Namespace(_) | Op::Delete { .. } | Op::Sweep | Op::Flush) => {
                Ok(Ending::Poisoned(ErrorKind::Poisoned))
            }
            // Nor is an update that is late where nothing is kept of it.
            Ok(Told::Wrote(Outcome::Late) | Told::Batch { applied: 0, .. }) => {
                Ok(Ending::Poisoned(ErrorKind::Poisoned))
            }
            // It may say that everything is durable, if that is so.
            Ok(_) if *op == Op::Sync => {
                self.model.promise();
                Ok(Ending::Poisoned(ErrorKind::Poisoned))
            }
            Ok(told) => Err(format!("{op:?} answered {told:?} although poisoned")),
            Err(error) if error.kind() == ErrorKind::Poisoned => {
                Ok(Ending::Poisoned(ErrorKind::Poisoned))
            }
            Err(error) => Err(format!("{op:?} answered {error:?} although poisoned")),
        }
    }

    fn judge_refusal(&self, what: &str, error: &Error) -> Result<ErrorKind, String> {
        if may_come_from_the_disk(error.kind()) {
            return Ok(error.kind());
        }
        Err(format!("{what} failed with {error:?}, which no fault of the disk explains"))
    }

    /// Closes the engine; what was accepted is there for ever.
    ///
    /// # Errors
    /// A sentence, if closing failed.
    pub fn close(&mut self) -> Result<(), String> {
        let closed = self.subject.take().map_or(Ok(()), Subject::close);
        closed.map_err(|error| format!("closing failed: {error:?}"))
    }

    /// Drops the engine without closing it, as a program that ends does.
    pub fn drop_subject(&mut self) {
        self.subject = None;
    }
}

/// Whether the answer `told` of `op` speaks of a change in the log: only then does it promise what
/// came before.
pub fn was_logged(setup: &Setup, op: &Op, told: Told, changed: bool) -> bool {
    let keeps_late = |namespace: &usize| setup.namespaces[*namespace].history;
    match (op, told) {
        (_, Told::Deleted(deleted)) => deleted,
        (Op::Upsert { namespace, .. }, Told::Wrote(Outcome::Late)) => keeps_late(namespace),
        (Op::Columns { namespace, .. }, Told::Batch { applied: 0, .. }) => keeps_late(namespace),
        _ => changed,
    }
}
