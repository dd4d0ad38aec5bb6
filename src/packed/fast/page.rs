//! One page: a node, the groups of items below it, their ids, and their low bits.
//!
//! Owns: where each part of a page lies. Does not own how pages are found. Invariants: a page is a
//! whole number of lines of 64 bytes and ends with eight bytes that mean nothing, so that low bits
//! can be read a word at a time.

use crate::packed::tree::LANES;

/// What pages and blocks are aligned to within the chunk.
pub(super) const LINE: usize = 64;

/// Bytes of a block of 16 boxes, an axis.
pub(super) const BLOCK_BYTES: usize = 4 * LANES;

/// Bytes of the ids of one group.
pub(super) const IDS_BYTES: usize = 4 * LANES;

/// Bytes of what stands about the low bits of one group.
pub(super) const LEAF_BYTES: usize = 8;

/// Where the block of a group of items begins.
#[inline(always)]
pub(super) fn block<const D: usize>(leaf: usize) -> usize {
    BLOCK_BYTES * D * (1 + leaf)
}

/// Where the ids of a group begin, in a page of `leaves` groups.
#[inline(always)]
pub(super) fn ids<const D: usize>(leaves: usize, leaf: usize) -> usize {
    block::<D>(leaves) + IDS_BYTES * leaf
}

/// Where it stands how a group's low bits are kept.
#[inline(always)]
pub(super) fn leaf_head<const D: usize>(leaves: usize, leaf: usize) -> usize {
    ids::<D>(leaves, leaves) + LEAF_BYTES * leaf
}

/// Where the low bits of the page begin.
#[inline(always)]
pub(super) fn low_bits<const D: usize>(leaves: usize) -> usize {
    leaf_head::<D>(leaves, leaves)
}
