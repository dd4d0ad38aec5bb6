//! An index whose bytes lie elsewhere, asked in few reads.
//!
//! Owns: opening such an index, which parts a question needs next, gathering them into reads, and
//! limits. Does not own how bytes are fetched (a [`RangeReader`] does), the layouts' bytes (`fast`,
//! `origin`) or what a question tests (`query`). Invariants: a question is a machine that does no
//! I/O: it says what it wants and is fed; each part is asked for once; what was fetched is checked
//! before it is used, and damage makes the answer an error.

mod aggregate;
mod any;
#[cfg(feature = "async")]
mod awaited;
#[cfg(any(test, fuzzing))]
mod check;
mod describe;
mod fast;
mod index;
mod layout;
mod machine;
mod nearest;
mod open;
mod options;
mod origin;
mod payload;
mod reader;
mod remote;
mod round;
mod shapes;
mod sift;
#[cfg(all(test, not(loom)))]
mod tests;

pub use any::AnyStreamIndex;
#[cfg(feature = "async")]
pub use awaited::{AsyncRangeReader, AsyncRemote};
#[cfg(any(test, fuzzing))]
pub use check::check_streamed;
pub use describe::{StreamDescription, describe_streamed};
pub use index::{Opening, StreamIndex};
pub use machine::StreamQuery;
pub use nearest::Nearby;
pub use options::{Limits, Spent, StreamOptions};
pub use reader::{FileRanges, MemoryRanges, RangeReader};
pub use remote::Remote;
pub use sift::Found;
