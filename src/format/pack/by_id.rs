//! The chunk `byid`: the ranks of all items, in the order of their ids.
//!
//! Owns: four bytes an item. Does not own the ids. Invariants: item `n` has the `n`-th id in the
//! order of bytes, so the tree gives the item of a rank, and this chunk the rank of an item.

use super::corrupt;
use crate::error::Result;

/// Bytes of a rank.
const RANK_BYTES: usize = 4;

/// The chunk of items that stand in this order in the tree.
pub(crate) fn encode_by_id(order: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0; RANK_BYTES * order.len()];
    for (rank, &index) in (0_u32..).zip(order) {
        bytes[index as usize * RANK_BYTES..][..RANK_BYTES].copy_from_slice(&rank.to_le_bytes());
    }
    bytes
}

/// The ranks of a file's items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ById<'a>(&'a [[u8; RANK_BYTES]]);

impl<'a> ById<'a> {
    pub(crate) fn decode(chunk: &'a [u8], items: usize) -> Result<Self> {
        match chunk.as_chunks() {
            (ranks, []) if ranks.len() == items => Ok(ById(ranks)),
            _ => Err(corrupt(format!("byid has {} bytes for {items} items", chunk.len()))),
        }
    }

    /// The rank of an item.
    pub(crate) fn rank(&self, index: u32) -> Option<usize> {
        let rank = self.0.get(usize::try_from(index).ok()?)?;
        usize::try_from(u32::from_le_bytes(*rank)).ok()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_rank_leads_back_to_its_item() {
        let order = [2, 0, 3, 1];
        let bytes = encode_by_id(&order);
        let by_id = ById::decode(&bytes, 4).unwrap();
        for (rank, &index) in order.iter().enumerate() {
            assert_eq!(by_id.rank(index), Some(rank));
        }
        assert_eq!(by_id.rank(4), None);
        assert!(ById::decode(&bytes, 3).is_err() && ById::decode(&bytes[1..], 4).is_err());
    }
}
