//! The C border: opaque handles, status codes, columns in and columns out.
//!
//! Owns: every function of `include/spatio.h`, what crosses the border in which shape, and who
//! frees it. Does not own any rule of the engine: a function here checks pointers and lengths,
//! calls the engine once and hands the answer over. Invariants: no panic crosses the border; what
//! is allocated on one side is freed on it; an argument that is refused changes nothing; nothing
//! is kept per thread.
//!
//! A C caller promises of each pointer what the header says of it: that it is NULL where that is
//! allowed, or points to as many values as the call says, and that a handle was given out by this
//! library and not freed. Whatever can be checked of that is checked (NULL, alignment, lengths,
//! offsets, `struct_size`, UTF-8); the rest is what each `SAFETY` comment here rests on.
#![allow(
    unsafe_code,
    reason = "this is the border: what C promises cannot be checked by the compiler"
)]
#![allow(rustdoc::broken_intra_doc_links, reason = "comments are C's, where a[i] is no link")]
#![allow(non_camel_case_types, reason = "the names are those of the header")]
#![allow(clippy::missing_safety_doc, reason = "the obligations are said once, in the header")]
#![allow(clippy::too_many_arguments, reason = "columns cross one by one, as Go's rules ask")]

mod answering;
#[cfg(feature = "arrow")]
pub mod arrow;
mod border;
pub mod cancel;
pub mod database;
pub mod distances;
pub mod error;
pub mod files;
pub mod ids;
pub mod index;
pub mod library;
pub mod namespace;
pub mod options;
pub mod pack;
pub mod past;
pub mod polygon;
pub mod queries;
pub mod query;
pub mod reading;
pub mod result;
pub mod status;
pub mod stream;
mod versioned;
pub mod writing;
