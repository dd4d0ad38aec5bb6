//! A changed chunk with right checksums: what somebody who means harm writes, and chance does not.
//!
//! Compiled for tests and fuzzing only. Owns no layout.

use super::head::{HEAD_BYTES, UPPER_BLOCK, checksum};
use super::page::BLOCK_BYTES;
use super::plan::Plan;
use super::tree::page_sum;

/// Puts the checksums of a chunk right, as far as its head and its table say where they are.
pub(crate) fn reseal<const D: usize>(chunk: &mut [u8]) {
    let Some(head) = chunk.first_chunk::<HEAD_BYTES>() else { return };
    let sum = checksum(head);
    chunk[40..44].copy_from_slice(&sum.to_le_bytes());
    let Ok(plan) = Plan::<D>::read(chunk, chunk.len()) else { return };
    if plan.items() == 0 {
        return;
    }
    for page in 0..plan.pages() {
        let entry = plan.entries_range(page..page);
        let Ok(place) = plan.page(0, &chunk[plan.entries_range(0..plan.pages())], page) else {
            continue;
        };
        let sum = page_sum(page, &chunk[place.start..place.start + place.bytes]);
        chunk[entry.start + 4..entry.end].copy_from_slice(&sum.to_le_bytes());
    }
    let upper = plan.block_range(0..plan.blocks());
    let blocks = chunk[upper].chunks(UPPER_BLOCK * BLOCK_BYTES * D);
    let sums: Vec<u8> = blocks.flat_map(|block| crc32fast::hash(block).to_le_bytes()).collect();
    chunk[plan.sums_range()].copy_from_slice(&sums);
}
