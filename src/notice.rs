//! What a database has to say to whoever runs it, beside the results of calls.
//!
//! Owns: the levels and the door through which messages go. Does not own what is said when, nor
//! where it goes: the library itself prints nothing. Invariants: a message is a sentence without
//! a line break at its end.

use std::fmt;
use std::sync::Arc;

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something failed that no call can tell of, as it happened in the background.
    Error,
    /// Something was lost or mended, and the database goes on.
    Warning,
    /// What was done.
    Info,
}

type Listener = dyn Fn(Level, &str) + Send + Sync;

/// Where messages go; nowhere at first.
#[derive(Clone, Default)]
pub(crate) struct Notices(Option<Arc<Listener>>);

impl Notices {
    pub(crate) fn to(listener: impl Fn(Level, &str) + Send + Sync + 'static) -> Self {
        Notices(Some(Arc::new(listener)))
    }

    /// Says it, if somebody listens.
    pub(crate) fn say(&self, level: Level, message: impl fmt::Display) {
        if let Some(listener) = &self.0 {
            listener(level, &message.to_string());
        }
    }
}
