//! Bytes only: what stands in a PSINDEX file that holds objects or fences.
//!
//! Owns: the chunk `pack` that says which of them, the chunk `byid`, and the record of one object
//! and of one fence, each way. Does not own the container (`psindex`) nor any tree. Does no I/O.
//! Invariants: whatever the bytes are, a decoder refuses them or hands out parts that lie inside
//! of them; the checksum of a record is tied to the number and the box of its item, so that a
//! record which stands at another one's place is not taken.

mod by_id;
mod fence;
mod head;
mod object;

pub(crate) use by_id::{ById, encode_by_id};
pub(crate) use fence::{FenceRecord, Outline, encode_fence};
pub(crate) use head::{Kind, PackHead};
pub(crate) use object::ObjectRecord;

use super::checksum::checksum;
use crate::error::{Error, ErrorKind};

/// What the errors of this room say they were met doing; the caller names its own operation.
const READING: &str = "read pack";

/// Bytes that are not what a writer writes.
fn corrupt(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Corrupt, READING, message)
}

/// Bytes of the checksum that every record begins with.
const CHECKSUM_BYTES: usize = 4;

/// Whose record it is: what its checksum is begun with.
fn seed(index: u32, min: &[f64], max: &[f64]) -> u32 {
    let seed = checksum(0, &index.to_le_bytes());
    min.iter().chain(max).fold(seed, |seed, side| checksum(seed, &side.to_le_bytes()))
}

/// Puts the checksum before a record that was appended to `bytes` from `start` on, behind room for
/// it.
pub(crate) fn seal(bytes: &mut [u8], start: usize, index: u32, (min, max): (&[f64], &[f64])) {
    let (place, record) = bytes[start..].split_at_mut(CHECKSUM_BYTES);
    place.copy_from_slice(&checksum(seed(index, min, max), record).to_le_bytes());
}

/// Whether a record is the one that was written for this item.
pub(crate) fn is_sealed(record: &[u8], index: u32, min: &[f64], max: &[f64]) -> bool {
    let Some((written, record)) = record.split_first_chunk() else { return false };
    u32::from_le_bytes(*written) == checksum(seed(index, min, max), record)
}

/// Takes parts off the front of some bytes.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (part, rest) = self.0.split_first_chunk().ok_or_else(ends_early)?;
        self.0 = rest;
        Ok(*part)
    }

    fn u32(&mut self) -> Result<usize, Error> {
        let number = u32::from_le_bytes(self.array()?);
        usize::try_from(number).map_err(|_| ends_early())
    }

    fn take(&mut self, bytes: usize) -> Result<&'a [u8], Error> {
        let (part, rest) = self.0.split_at_checked(bytes).ok_or_else(ends_early)?;
        self.0 = rest;
        Ok(part)
    }

    /// An id of this many bytes.
    fn id(&mut self, bytes: u8) -> Result<&'a str, Error> {
        let id = self.take(bytes.into())?;
        match str::from_utf8(id) {
            Ok(id) if !id.is_empty() => Ok(id),
            _ => Err(corrupt(format!("the id of a record is \"{}\"", id.escape_ascii()))),
        }
    }
}

fn ends_early() -> Error {
    corrupt("a record ends inside of a field")
}
