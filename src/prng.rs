//! A small seeded generator of numbers, so that a simulated run can be repeated exactly.
//!
//! Owns the algorithm (SplitMix64), which never changes: a seed that is printed today replays
//! tomorrow. Does not own any secret; nothing here is fit for cryptography.

/// A SplitMix64 generator. Equal seeds give equal numbers, on every machine and version.
#[derive(Clone, Debug)]
pub struct Prng(u64);

impl Prng {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Prng(seed)
    }

    /// A generator for one part of a run: equal `seed` and `part` give equal numbers, and parts
    /// do not follow each other.
    pub fn for_part(seed: u64, part: u64) -> Self {
        let mut mixed = Prng(seed ^ part.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Prng(mixed.next_u64())
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound - 1`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(bound);
        // The high half of a 64 by 64 bit product is below the second factor, so it fits.
        (wide >> 64) as u64
    }

    /// An index into a slice of `length` items; 0 when it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True `hits` times out of `of`.
    pub fn chance(&mut self, hits: u64, of: u64) -> bool {
        self.below(of) < hits
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        // 53 bits are what an f64 holds exactly.
        let unit = (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        low + unit * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed_for_ever() {
        // The published first outputs of SplitMix64 for seed 1234567.
        let mut prng = Prng::new(1_234_567);
        let first = [prng.next_u64(), prng.next_u64(), prng.next_u64()];
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn bounds_are_kept() {
        let mut prng = Prng::new(7);
        assert_eq!(prng.below(0), 0);
        for bound in 1..200 {
            assert!(prng.below(bound) < bound);
            let x = prng.between(-2.0, 3.0);
            assert!((-2.0..3.0).contains(&x));
        }
        assert!((0..1_000).filter(|_| prng.chance(1, 2)).count() > 400);
    }
}
