//! Looking now and then whether a question is to stop.
//!
//! Owns: how seldom, and what comes of it. Does not own the flag, nor the walks that look.
//! Invariants: once it has stopped a walk it has an error, which is told in place of an answer.

use std::ops::ControlFlow;

use crate::cancel::Cancel;
use crate::error::{Error, Result};

/// After how many steps of a walk it is looked.
const STEPS_A_LOOK: u32 = 256;

/// Stops a walk when the caller fires, or never.
pub(crate) struct Stop<'a> {
    asked: Option<(&'a Cancel, &'static str)>,
    steps: u32,
    error: Option<Error>,
}

impl<'a> Stop<'a> {
    /// Never stops.
    pub(crate) fn never() -> Self {
        Stop { asked: None, steps: STEPS_A_LOOK, error: None }
    }

    /// Stops what an operation does when `cancel` is fired; an error if it was fired before.
    pub(crate) fn when(cancel: Option<&'a Cancel>, operation: &'static str) -> Result<Self> {
        let stop = Stop { asked: cancel.map(|cancel| (cancel, operation)), ..Stop::never() };
        stop.check()?;
        Ok(stop)
    }

    fn check(&self) -> Result<()> {
        self.asked.map_or(Ok(()), |(cancel, operation)| cancel.check(operation))
    }

    /// Breaks off if the walk is to stop.
    #[inline(always)]
    pub(super) fn step(&mut self) -> ControlFlow<()> {
        self.steps -= 1;
        if self.steps > 0 { ControlFlow::Continue(()) } else { self.look() }
    }

    #[cold]
    fn look(&mut self) -> ControlFlow<()> {
        self.steps = STEPS_A_LOOK;
        match self.check() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// The answer of a walk, unless it was stopped.
    pub(super) fn unless_stopped<A>(self, answer: impl FnOnce() -> A) -> Result<A> {
        self.error.map_or_else(|| Ok(answer()), Err)
    }
}
