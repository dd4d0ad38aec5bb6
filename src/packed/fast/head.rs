//! The first bytes of the chunk `fast`.
//!
//! Owns: their encoding, and what of them is refused. Invariants: a head that was decoded
//! describes sections that lie inside of the chunk, in order.

use crate::error::{Error, ErrorKind, Result};
use crate::packed::boxes::BoxN;

use super::page::{BLOCK_BYTES, LINE};
use super::shape::Shape;

/// Bytes of the head; pages begin behind it, at the next address that is a multiple of 64.
pub(super) const HEAD_BYTES: usize = 128;

/// The version that this code writes, and the only one that it reads.
const VERSION: u8 = 1;

/// Bytes of a page's entry in the table.
pub(super) const ENTRY_BYTES: usize = 8;

/// Upper nodes that share a checksum.
pub(super) const UPPER_BLOCK: usize = 64;

/// The most items that ids of 32 bits tell apart.
pub(super) const MAX_ITEMS: usize = u32::MAX as usize;

/// What the head says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<const D: usize> {
    pub(super) items: usize,
    pub(super) extent: BoxN<D>,
    /// Where the pages, the upper nodes and the table begin, from the start of the chunk.
    pub(super) pages: usize,
    pub(super) upper: usize,
    pub(super) table: usize,
}

impl<const D: usize> Head<D> {
    pub(super) fn encode(&self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[0..4].copy_from_slice(&(HEAD_BYTES as u32).to_le_bytes());
        bytes[4] = VERSION;
        bytes[5] = D as u8;
        for (at, value) in [(8, self.items), (16, self.pages), (24, self.upper), (32, self.table)] {
            bytes[at..at + 8].copy_from_slice(&(value as u64).to_le_bytes());
        }
        for axis in 0..D {
            let at = 64 + 16 * axis;
            bytes[at..at + 8].copy_from_slice(&self.extent.min[axis].to_le_bytes());
            bytes[at + 8..at + 16].copy_from_slice(&self.extent.max[axis].to_le_bytes());
        }
        let sum = checksum(&bytes);
        bytes[40..44].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Reads the head of a chunk of `len` bytes, of which `bytes` are the first.
    pub(super) fn decode(bytes: &[u8], len: usize) -> Result<Self> {
        let Some(bytes) = bytes.first_chunk::<HEAD_BYTES>() else {
            return Err(refused(format!("its chunk has {len} bytes, a head has {HEAD_BYTES}")));
        };
        if bytes[4] != VERSION {
            let message = format!("the chunk fast is of version {}, not {VERSION}", bytes[4]);
            return Err(Error::new(ErrorKind::FormatVersion, OPERATION, message));
        }
        if usize::from(bytes[5]) != D {
            let message = format!("it has {} axes, {D} were asked for", bytes[5]);
            return Err(Error::invalid(OPERATION, message));
        }
        let number = |at: usize| {
            let value = u64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
            usize::try_from(value).unwrap_or(usize::MAX)
        };
        let real = |at: usize| f64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        let sum = u32::from_le_bytes(std::array::from_fn(|byte| bytes[40 + byte]));
        if sum != checksum(bytes) {
            return Err(refused("the checksum of its head is wrong".into()));
        }
        let extent = BoxN {
            min: std::array::from_fn(|axis| real(64 + 16 * axis)),
            max: std::array::from_fn(|axis| real(72 + 16 * axis)),
        };
        let (pages, upper, table) = (number(16), number(24), number(32));
        let head = Head { items: number(8), extent, pages, upper, table };
        head.check(len).map(|()| head)
    }

    fn check(&self, len: usize) -> Result<()> {
        if self.items > MAX_ITEMS {
            return Err(refused(format!(
                "it has {} items, at most {MAX_ITEMS} can be",
                self.items
            )));
        }
        if self.items == 0 {
            return Ok(());
        }
        let shape = Shape::new(self.items);
        let least_pages = shape.nodes(0).saturating_mul(BLOCK_BYTES * D);
        let upper_bytes = shape.upper() * BLOCK_BYTES * D;
        let in_order = HEAD_BYTES <= self.pages
            && self.pages.checked_add(least_pages).is_some_and(|end| end <= self.upper)
            && self.upper.checked_add(upper_bytes).is_some_and(|end| end <= self.table)
            && self.table.checked_add(table_bytes(&shape)).is_some_and(|end| end <= len)
            && (self.upper - self.pages).is_multiple_of(LINE);
        match in_order && self.extent.validate(OPERATION).is_ok() {
            true => Ok(()),
            false => Err(refused(format!("its head contradicts itself: {self:?} of {len} bytes"))),
        }
    }
}

/// How many axes a chunk has that begins with these bytes.
pub(crate) fn axes(bytes: &[u8]) -> Option<u8> {
    bytes.get(5).copied()
}

/// Bytes of the table: where each page begins and its checksum, the end, and the checksums of the
/// upper nodes.
pub(super) fn table_bytes(shape: &Shape) -> usize {
    (shape.pages() + 1) * ENTRY_BYTES + shape.upper().div_ceil(UPPER_BLOCK) * 4
}

pub(super) const OPERATION: &str = "packed index";

pub(super) fn refused(message: String) -> Error {
    Error::new(ErrorKind::Corrupt, OPERATION, message)
}

/// The checksum of a head, its own place taken as zero.
pub(super) fn checksum(bytes: &[u8; HEAD_BYTES]) -> u32 {
    let mut bytes = *bytes;
    bytes[40..44].fill(0);
    crc32fast::hash(&bytes)
}
