//! Bytes only: what a segment, a frame, a footer and a checkpoint look like.
//!
//! Owns every encoding and decoding of the log's files; `docs/FORMAT.md` has the tables. Does no
//! I/O. Invariants: a decoder never panics and never allocates more than its input holds; what a
//! checksum does not vouch for is not handed out.

mod change;

pub use change::{Change, NamespaceSettings, namespace_of};
