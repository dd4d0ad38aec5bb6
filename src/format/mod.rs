//! Bytes only: what a segment, a frame, a footer and a checkpoint look like, and a packed index.
//!
//! Owns every encoding and decoding of files; `docs/FORMAT.md` has the tables. Does no
//! I/O. Invariants: a decoder never panics and never allocates more than its input warrants; what
//! a checksum does not vouch for is not handed out.

mod change;
mod checksum;
mod directory;
#[cfg(any(test, fuzzing))]
pub mod forge;
mod frame;
mod header;
pub(crate) mod pack;
pub(crate) mod psindex;
mod scan;
mod varint;

pub use change::{Change, NamespaceSettings, namespace_of};

pub(crate) use checksum::{Seeds, checksum};
pub(crate) use directory::{ANCHOR_EVERY, Directory, DirectoryWriter, Entry, directory_checksum};
pub(crate) use frame::{
    Extent, FRAME_BYTES_MAX, Flaw, Frame, MARK_BYTES, Mark, Seal, decode, encode, encode_end,
    encode_mark, encode_seal, is_numbered,
};
pub(crate) use header::{
    CHECKPOINT_HEADER_BYTES, CheckpointHeader, FLAG_SALVAGED, HeaderFlaw, SEGMENT_HEADER_BYTES,
    SegmentHeader, TRAILER_BYTES, Trailer,
};
pub(crate) use scan::{Scanner, Step};
