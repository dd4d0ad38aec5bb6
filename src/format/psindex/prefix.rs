//! The chunk PFIX: the first bytes of each payload, close together, for readers that fetch parts.
//!
//! Owns: its head, and finding the prefix of one item. Invariants: every prefix has the same
//! length; a shorter payload is filled up with zeros.

use std::ops::Range;

use super::payload::check_order_and_compression;
use super::{corrupt, head_bytes, u32_at};
use crate::error::Result;

/// Bytes of the head.
const HEAD_BYTES: usize = 12;

/// The head of the prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrefixHead {
    /// The length of every prefix; not 0.
    pub(crate) stride: u32,
}

impl PrefixHead {
    pub(crate) fn encode(self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[0] = HEAD_BYTES as u8;
        bytes[8..].copy_from_slice(&self.stride.to_le_bytes());
        bytes
    }

    /// Bytes of the chunk; `None` beyond 64 bits.
    pub(crate) fn chunk_bytes(self, items: u64) -> Option<u64> {
        items.checked_mul(self.stride.into())?.checked_add(HEAD_BYTES as u64)
    }
}

/// Where the prefixes stand, found from the first bytes of the chunk alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrefixPlan {
    stride: u32,
    /// Where the first prefix begins.
    start: u64,
}

impl PrefixPlan {
    /// The prefixes of a tree of `items` items, in a chunk of `chunk_bytes` bytes, of which `bytes`
    /// are the first.
    pub(crate) fn read(bytes: &[u8], chunk_bytes: u64, items: u64) -> Result<Self> {
        let start = head_bytes(bytes, "PFIX", HEAD_BYTES, chunk_bytes)?;
        check_order_and_compression(bytes, "PFIX")?;
        let stride = u32_at(bytes, 8).unwrap_or(0);
        let found = chunk_bytes - start;
        if stride == 0 || u64::from(stride).checked_mul(items) != Some(found) {
            let message = format!("PFIX has {found} bytes for {items} prefixes of {stride}");
            return Err(corrupt(message));
        }
        Ok(PrefixPlan { stride, start })
    }

    /// The length of every prefix.
    pub(crate) fn stride(&self) -> u32 {
        self.stride
    }

    /// Where in the chunk the prefix of a rank stands.
    pub(crate) fn prefix(&self, rank: u64) -> Range<u64> {
        let start = rank.saturating_mul(self.stride.into()).saturating_add(self.start);
        start..start.saturating_add(self.stride.into())
    }
}

/// The prefixes of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefixes<'a> {
    plan: PrefixPlan,
    chunk: &'a [u8],
}

impl<'a> Prefixes<'a> {
    /// The prefixes of a tree of `items` items.
    pub(crate) fn decode(chunk: &'a [u8], items: usize) -> Result<Self> {
        let plan = PrefixPlan::read(chunk, chunk.len() as u64, items as u64)?;
        Ok(Prefixes { plan, chunk })
    }

    /// The prefix of the item of a rank.
    pub(crate) fn get(&self, rank: usize) -> Option<&'a [u8]> {
        let place = self.plan.prefix(rank as u64);
        self.chunk.get(usize::try_from(place.start).ok()?..usize::try_from(place.end).ok()?)
    }

    /// The length of every prefix.
    pub(crate) fn stride(&self) -> usize {
        self.plan.stride as usize
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_back() {
        let head = PrefixHead { stride: 2 };
        let mut chunk = head.encode().to_vec();
        assert_eq!(chunk, [12, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
        chunk.extend_from_slice(&[1, 2, 3, 0]);
        assert_eq!(head.chunk_bytes(2), Some(chunk.len() as u64));
        let prefixes = Prefixes::decode(&chunk, 2).unwrap();
        assert_eq!((prefixes.get(1), prefixes.get(2)), (Some(&[3, 0][..]), None));
        assert_eq!(prefixes.stride(), 2);
        assert!(Prefixes::decode(&chunk, 3).is_err());
        chunk[8] = 0;
        assert!(Prefixes::decode(&chunk[..12], 0).is_err(), "no length at all");
    }
}
