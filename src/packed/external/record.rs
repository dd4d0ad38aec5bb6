//! An item as it is put aside: its id, its box, its payload.
//!
//! Owns: these bytes, which nobody but this build reads. Does not own those of the values that are
//! added up, which stand before the payload as a part of it (`values`). Invariants: all records of
//! a build have a payload, or none has.

use super::spill::{Spill, SpillReader};
use crate::error::Result;
use crate::packed::boxes::BoxN;

/// An item.
#[derive(Clone, Debug)]
pub(super) struct Record<const D: usize> {
    pub(super) id: u32,
    pub(super) bounds: BoxN<D>,
    pub(super) payload: Vec<u8>,
}

impl<const D: usize> Record<D> {
    pub(super) const EMPTY: Self =
        Record { id: 0, bounds: BoxN { min: [0.0; D], max: [0.0; D] }, payload: Vec::new() };

    /// Bytes of a record without its payload.
    pub(super) const fn fixed_bytes(has_payload: bool) -> usize {
        4 + 16 * D + if has_payload { 4 } else { 0 }
    }

    /// Bytes of this record.
    pub(super) fn bytes(&self, has_payload: bool) -> usize {
        Self::fixed_bytes(has_payload) + self.payload.len()
    }

    /// Takes what stands before the payload from bytes, and says how long that is.
    #[inline]
    fn read(&mut self, fixed: &[u8], has_payload: bool) -> usize {
        let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| fixed[at + byte]));
        let real =
            |n: usize| f64::from_le_bytes(std::array::from_fn(|byte| fixed[4 + 8 * n + byte]));
        self.id = word(0);
        let (min, max) = (std::array::from_fn(real), std::array::from_fn(|axis| real(D + axis)));
        self.bounds = BoxN { min, max };
        if has_payload { word(4 + 16 * D) as usize } else { 0 }
    }

    /// Takes a whole record from the beginning of bytes that were put.
    pub(super) fn parse(&mut self, bytes: &[u8], has_payload: bool) {
        let (fixed, rest) = bytes.split_at(Self::fixed_bytes(has_payload));
        let length = self.read(fixed, has_payload);
        self.payload.clear();
        self.payload.extend_from_slice(&rest[..length]);
    }

    pub(super) fn put(&self, has_payload: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.id.to_le_bytes());
        for value in self.bounds.min.iter().chain(&self.bounds.max) {
            out.extend_from_slice(&value.to_le_bytes());
        }
        if has_payload {
            out.extend_from_slice(&(self.payload.len() as u32).to_le_bytes());
            out.extend_from_slice(&self.payload);
        }
    }
}

/// Records that were put aside, in order of their ids, and how many there are.
pub(super) struct Pile {
    pub(super) spill: Spill,
    pub(super) count: usize,
}

/// Reads records from front to back.
pub(super) struct Records<const D: usize> {
    bytes: SpillReader,
    has_payload: bool,
}

impl<const D: usize> Records<D> {
    pub(super) fn new(bytes: SpillReader, has_payload: bool) -> Self {
        Records { bytes, has_payload }
    }

    /// The next record; false if there is none.
    #[inline]
    pub(super) fn next(&mut self, record: &mut Record<D>) -> Result<bool> {
        if self.bytes.is_done() {
            return Ok(false);
        }
        let fixed = self.bytes.take(Record::<D>::fixed_bytes(self.has_payload))?;
        let length = record.read(fixed, self.has_payload);
        record.payload.clear();
        if length > 0 {
            record.payload.extend_from_slice(self.bytes.take(length)?);
        }
        Ok(true)
    }
}
