//! Bytes only: what a PSINDEX file, version 2, looks like.
//!
//! Owns: the container (superblock, directory, where chunks stand) and the head of every chunk of
//! the format, each way. Does not own the chunk `fast`, which is ours and is described where it is
//! built, nor any search: `packed` reads nodes. Does no I/O. Invariants: whatever the bytes are, a
//! decoder refuses them or hands out parts that lie inside of them; it allocates no more than a
//! few times what it was given; a chunk that the format knows occurs once.

mod aggregates;
mod container;
mod metadata;
mod payload;
mod prefix;
mod shape;
mod tree;

pub(crate) use aggregates::{AggregateHead, AggregatePlan, Aggregates, Columns, Summary};
pub(crate) use container::{Chunk, Directory, Plan, SUPERBLOCK_BYTES, Tag, directory_bytes, tag};
pub use metadata::Metadata;
pub(crate) use payload::{PayloadHead, PayloadPlan, PayloadTable};
pub(crate) use prefix::{PrefixHead, PrefixPlan, Prefixes};
pub(crate) use shape::Shape;
pub(crate) use tree::{Layout, TreeChunk, TreeHead};

use crate::error::{Error, ErrorKind};

/// What the errors of this room say they were met doing; the caller names its own operation.
const READING: &str = "read index";

/// Bytes that are not what a writer of the format writes.
fn corrupt(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Corrupt, READING, message)
}

/// Bytes that a later version of the format, or another writer, may give a meaning to.
fn newer(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::FormatVersion, READING, message)
}

/// The little-endian number at an offset; `None` where the bytes end.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

/// As [`u16_at`], with 32 bits.
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// As [`u16_at`], with 64 bits.
#[inline]
fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// How long the head of a chunk of `chunk_bytes` bytes is, of which `bytes` are the first: at
/// least `least`, however much longer a later writer made it, and no longer than the chunk.
fn head_bytes(bytes: &[u8], name: &str, least: usize, chunk_bytes: u64) -> Result<u64, Error> {
    let length = u32_at(bytes, 0).map(u64::from);
    match length.filter(|length| (least as u64..=chunk_bytes).contains(length)) {
        Some(length) => Ok(length),
        None => {
            let message = format!(
                "the head of {name} says {length:?} bytes, the chunk has {chunk_bytes}, expected \
                 at least {least}"
            );
            Err(corrupt(message))
        }
    }
}
