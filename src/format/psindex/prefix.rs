//! The chunk PFIX: the first bytes of each payload, close together, for readers that fetch parts.
//!
//! Owns: its head, and finding the prefix of one item. Invariants: every prefix has the same
//! length; a shorter payload is filled up with zeros.

use super::payload::check_order_and_compression;
use super::{corrupt, split_head, u32_at};
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

/// The prefixes of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefixes<'a> {
    stride: usize,
    records: &'a [u8],
}

impl<'a> Prefixes<'a> {
    /// The prefixes of a tree of `items` items.
    pub(crate) fn decode(chunk: &'a [u8], items: usize) -> Result<Self> {
        let (head, records) = split_head(chunk, "PFIX", HEAD_BYTES)?;
        check_order_and_compression(head, "PFIX")?;
        let stride = u32_at(head, 8).and_then(|stride| usize::try_from(stride).ok()).unwrap_or(0);
        if stride == 0 || stride.checked_mul(items) != Some(records.len()) {
            let found = records.len();
            let message = format!("PFIX has {found} bytes for {items} prefixes of {stride}");
            return Err(corrupt(message));
        }
        Ok(Prefixes { stride, records })
    }

    /// The prefix of the item of a rank.
    pub(crate) fn get(&self, rank: usize) -> Option<&'a [u8]> {
        let start = rank.checked_mul(self.stride)?;
        self.records.get(start..)?.get(..self.stride)
    }

    /// The length of every prefix.
    pub(crate) fn stride(&self) -> usize {
        self.stride
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
