//! A packed index whose bytes lie elsewhere: questions that say which bytes they want and are fed.
//!
//! Owns: each call of them, a file to a kind. Does not own fetching, which is the caller's and for
//! which nothing is called back, nor any rule of the questions (`packed`). Invariants: a stream
//! never changes, so any number of threads may ask it; a fetch is a question under way, and for one
//! thread at a time.

pub mod answers;
pub mod asking;
pub mod fetch;
pub mod handle;
pub mod open;
pub mod options;
pub mod shapes;

use fetch::{Question, spatio_fetch};
use handle::{Streamed, on_stream, spatio_stream};
