//! The low bits of a group's coordinates: what the grid of 16 bits cuts off.
//!
//! Owns: how they are packed, and reading one. Invariants: with them every coordinate is whole
//! again, to the last bit. An axis whose 16 items have no size keeps their minima alone, and low
//! bits that are zero in all of them are left out.

use crate::packed::tree::LANES;

use super::page::LEAF_BYTES;

/// Bit of an axis's byte: minima and maxima are the same.
const FLAT: u8 = 0x80;

/// How the low bits of one group are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LeafHead {
    /// Where they begin, from where those of the page do.
    pub(super) offset: u16,
    axes: [u8; 6],
}

impl LeafHead {
    pub(super) fn new(offset: u16) -> Self {
        LeafHead { offset, axes: [0; 6] }
    }

    /// Notes of an axis how many low bits are zero in all, and whether its items have no size.
    pub(super) fn set(&mut self, axis: usize, zeros: u32, is_flat: bool) {
        self.axes[axis] = zeros as u8 | if is_flat { FLAT } else { 0 };
    }

    pub(super) fn encode(&self) -> [u8; LEAF_BYTES] {
        let mut bytes = [0; LEAF_BYTES];
        bytes[..2].copy_from_slice(&self.offset.to_le_bytes());
        bytes[2..].copy_from_slice(&self.axes);
        bytes
    }

    #[inline(always)]
    pub(super) fn decode(bytes: [u8; LEAF_BYTES]) -> Self {
        let [a, b, axes @ ..] = bytes;
        LeafHead { offset: u16::from_le_bytes([a, b]), axes }
    }

    #[inline(always)]
    pub(super) fn zeros(&self, axis: usize) -> u32 {
        u32::from(self.axes[axis] & !FLAT) & 63
    }

    #[inline(always)]
    pub(super) fn is_flat(&self, axis: usize) -> bool {
        self.axes[axis] & FLAT != 0
    }

    /// Bits that are kept of each number of an axis whose grid cuts off `shift`.
    #[inline(always)]
    pub(super) fn width(&self, axis: usize, shift: u8) -> u32 {
        u32::from(shift).saturating_sub(self.zeros(axis))
    }
}

/// Bytes of a column of 16 numbers of `width` bits.
#[inline(always)]
pub(super) const fn column_bytes(width: u32) -> usize {
    width as usize * LANES / 8
}

/// Words that half of any column fits.
const WORDS: usize = column_bytes(49).div_ceil(16);

/// How many bytes beyond the end of a column may be written.
pub(super) const BEYOND: usize = 8 * WORDS;

/// Writes a column of 16 numbers of `width` bits each, 49 at most, and tells its bytes. It needs
/// room for [`BEYOND`] bytes more.
#[inline(always)]
pub(super) fn pack(numbers: &[u64; LANES], width: u32, room: &mut [u8]) -> usize {
    // Eight numbers are whole bytes, so that the halves need not wait for each other.
    let (first, second) = numbers.split_at(LANES / 2);
    let middle = column_bytes(width) / 2;
    pack_half(first, width, room);
    pack_half(second, width, &mut room[middle..]);
    2 * middle
}

#[inline(always)]
fn pack_half(numbers: &[u64], width: u32, room: &mut [u8]) {
    let words = room.as_chunks_mut::<8>().0;
    let Some(words) = words.first_chunk_mut::<WORDS>() else { return };
    let mut column = Column { words, at: 0, last: 0, filled: 0 };
    if width <= 32 {
        // Two at a time, as each waits for the one before.
        let pairs = numbers.as_chunks::<2>().0.iter();
        pairs.for_each(|[a, b]| column.add(a | b << width, 2 * width));
    } else {
        numbers.iter().for_each(|&number| column.add(number, width));
    }
    column.end();
}

/// Numbers behind each other, bit by bit.
struct Column<'a> {
    words: &'a mut [[u8; 8]; WORDS],
    /// The whole words, and the bits of the next.
    at: usize,
    last: u64,
    filled: u32,
}

impl Column<'_> {
    /// Adds a number of so many bits, 64 at most, without a branch.
    #[inline(always)]
    fn add(&mut self, number: u64, bits: u32) {
        let (low, high) = (self.last | number << self.filled, number >> 1 >> (63 - self.filled));
        self.words[self.at.min(WORDS - 1)] = low.to_le_bytes();
        self.filled += bits;
        let is_whole = self.filled >= 64;
        self.last = if is_whole { high } else { low };
        self.at += usize::from(is_whole);
        self.filled &= 63;
    }

    #[inline(always)]
    fn end(self) {
        self.words[self.at.min(WORDS - 1)] = self.last.to_le_bytes();
    }
}

/// One number of a column that begins at `bytes`; 0 where the bytes end too early.
#[inline(always)]
pub(super) fn read(bytes: &[u8], width: u32, lane: usize) -> u64 {
    let bit = lane * width as usize;
    let word = bytes.get(bit / 8..).and_then(|bytes| bytes.first_chunk::<8>());
    let word = word.map_or(0, |word| u64::from_le_bytes(*word));
    (word >> (bit % 8)) & ((1 << (width & 63)) - 1)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_come_back(width in 0u32..=49, seed in any::<[u64; LANES]>()) {
            let numbers = seed.map(|number| number & ((1 << width) - 1));
            let mut bytes = vec![0xff; column_bytes(width) + BEYOND];
            prop_assert_eq!(pack(&numbers, width, &mut bytes), column_bytes(width));
            for (lane, &number) in numbers.iter().enumerate() {
                prop_assert_eq!(read(&bytes, width, lane), number);
            }
        }
    }

    #[test]
    fn heads_come_back() {
        let mut head = LeafHead::new(1234);
        head.set(0, 29, false);
        head.set(3, 49, true);
        assert_eq!(LeafHead::decode(head.encode()), head);
        assert_eq!((head.zeros(3), head.is_flat(3), head.is_flat(0)), (49, true, false));
        assert_eq!((head.width(0, 30), head.width(0, 20)), (1, 0));
    }
}
