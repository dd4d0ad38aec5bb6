//! The checksum of frames, tied to the file and to the place in it.
//!
//! CRC-32 (IEEE), begun not at zero but at a seed made of the file's salt and the frame's sequence
//! number, or of the salt and the frame's offset for the frames that have no number. So a frame of
//! another file, or a copy of one at another place, does not parse.

/// The seeds of one file's checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds(u32);

impl Seeds {
    pub(crate) fn new(salt: u64) -> Self {
        Seeds(crc32fast::hash(&salt.to_le_bytes()))
    }

    /// The seed of the frame with number `seq`.
    #[inline]
    pub(crate) fn of_seq(self, seq: u64) -> u32 {
        self.0 ^ spread(seq)
    }

    /// The seed of a frame without a number, at `offset` of its file.
    #[inline]
    pub(crate) fn of_place(self, offset: u64) -> u32 {
        self.0 ^ !spread(offset)
    }
}

/// Different for any two numbers less than 2^32 apart: the factor is odd.
#[inline]
fn spread(number: u64) -> u32 {
    (number as u32).wrapping_mul(0x9e37_79b1) ^ ((number >> 32) as u32).wrapping_mul(0x85eb_ca6b)
}

/// The checksum of `bytes`, begun at `seed`.
#[inline]
pub(crate) fn checksum(seed: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(seed);
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_of_zero_is_the_common_crc() {
        assert_eq!(checksum(0, b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn neighbours_in_number_and_place_have_other_seeds() {
        let seeds = Seeds::new(7);
        let all: std::collections::HashSet<u32> = (0..100_000).map(|n| seeds.of_seq(n)).collect();
        assert_eq!(all.len(), 100_000);
        assert_ne!(seeds.of_seq(5), seeds.of_place(5));
        assert_ne!(seeds.of_seq(5), Seeds::new(8).of_seq(5));
        assert_ne!(seeds.of_seq(5), seeds.of_seq(5 + (1 << 32)));
    }
}
