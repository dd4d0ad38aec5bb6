//! A coordinate as a tree stores it: 8 bytes, or 4 that were rounded outwards.
//!
//! Owns: reading, writing and rounding one number. Invariants: a box of rounded coordinates holds
//! the box it was made from; widening changes no value.

/// How many bits a stored coordinate has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 64, so that boxes are kept as they are.
    #[default]
    Double,
    /// 32, so that boxes grow a little: answers may hold items that the window just misses.
    Single,
}

impl Precision {
    /// Bytes of a coordinate.
    pub(crate) fn bytes(self) -> u8 {
        match self {
            Precision::Double => 8,
            Precision::Single => 4,
        }
    }
}

/// A number in either precision.
pub(crate) trait Coordinate: Copy + 'static {
    const PRECISION: Precision;
    const BYTES: usize;

    /// The number that `bytes`, at least [`Coordinate::BYTES`] of them, begin with.
    fn read(bytes: &[u8]) -> f64;

    /// Appends a number that [`Coordinate::below`] or [`Coordinate::above`] gave.
    fn put(value: f64, out: &mut Vec<u8>);

    /// The greatest number that can be stored and is not above.
    fn below(value: f64) -> f64;

    /// The least number that can be stored and is not below.
    fn above(value: f64) -> f64;
}

impl Coordinate for f64 {
    const PRECISION: Precision = Precision::Double;
    const BYTES: usize = 8;

    #[inline(always)]
    fn read(bytes: &[u8]) -> f64 {
        bytes.first_chunk().map_or(0.0, |bytes| f64::from_le_bytes(*bytes))
    }

    #[inline(always)]
    fn put(value: f64, out: &mut Vec<u8>) {
        out.extend_from_slice(&value.to_le_bytes());
    }

    #[inline(always)]
    fn below(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn above(value: f64) -> f64 {
        value
    }
}

impl Coordinate for f32 {
    const PRECISION: Precision = Precision::Single;
    const BYTES: usize = 4;

    #[inline(always)]
    fn read(bytes: &[u8]) -> f64 {
        bytes.first_chunk().map_or(0.0, |bytes| f64::from(f32::from_le_bytes(*bytes)))
    }

    #[inline(always)]
    fn put(value: f64, out: &mut Vec<u8>) {
        out.extend_from_slice(&(value as f32).to_le_bytes());
    }

    #[inline(always)]
    fn below(value: f64) -> f64 {
        let near = value as f32;
        f64::from(if f64::from(near) > value { near.next_down() } else { near })
    }

    #[inline(always)]
    fn above(value: f64) -> f64 {
        let near = value as f32;
        f64::from(if f64::from(near) < value { near.next_up() } else { near })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_goes_outwards_and_no_further(value in any::<f64>()) {
            prop_assume!(!value.is_nan());
            let (below, above) = (f32::below(value), f32::above(value));
            prop_assert!(below <= value && value <= above);
            prop_assert!(below == above || (below as f32).next_up() == above as f32);
            for stored in [below, above] {
                let mut bytes = Vec::new();
                f32::put(stored, &mut bytes);
                prop_assert_eq!(f32::read(&bytes).to_bits(), stored.to_bits());
            }
        }
    }
}
