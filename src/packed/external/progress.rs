//! How far a build is, and the way to stop it.
//!
//! Owns: the stages, and telling of them. Invariants: whoever asks to stop is not told more, and
//! the build ends with an error at once.

use std::ops::ControlFlow;

use super::OPERATION;
use crate::error::{Error, ErrorKind, Result};

/// What a build is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Taking the items and putting them aside.
    Take,
    /// Sorting runs of as many items as memory holds.
    Sort,
    /// Merging runs, several times if there are many, and bringing what shares a place in order.
    Merge,
    /// Making the pages of our own layout.
    Pages,
    /// Writing the file.
    Write,
}

/// How far a build is in one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage; they follow each other, but sorting and merging may come again.
    pub stage: Stage,
    /// Items that it has done.
    pub done: u64,
    /// How many it has; unknown while items are taken.
    pub total: Option<u64>,
}

/// After so many items somebody is told.
const STEP: u64 = 1 << 16;

/// Tells how far a build is.
pub(super) struct Reporter<'a> {
    tell: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    now: Progress,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(tell: &'a mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        Reporter { tell, now: Progress { stage: Stage::Take, done: 0, total: None } }
    }

    /// A stage begins.
    pub(super) fn begin(&mut self, stage: Stage, total: Option<u64>) -> Result<()> {
        self.now = Progress { stage, done: 0, total };
        self.tell()
    }

    /// Where it is.
    pub(super) fn now(&self) -> Progress {
        self.now
    }

    /// Goes on where it was.
    pub(super) fn resume(&mut self, now: Progress) {
        self.now = now;
    }

    /// One item is done.
    #[inline]
    pub(super) fn step(&mut self) -> Result<()> {
        self.now.done += 1;
        if self.now.done.is_multiple_of(STEP) { self.tell() } else { Ok(()) }
    }

    /// The stage is done.
    pub(super) fn end(&mut self) -> Result<()> {
        if self.now.done.is_multiple_of(STEP) && self.now.done > 0 { Ok(()) } else { self.tell() }
    }

    fn tell(&mut self) -> Result<()> {
        match (self.tell)(self.now) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                let message = format!("it was cancelled at {:?}", self.now);
                Err(Error::new(ErrorKind::Cancelled, OPERATION, message))
            }
        }
    }
}
