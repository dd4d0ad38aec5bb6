//! Floating-point numbers as integers of the same order.
//!
//! Owns: the mapping and its inverse. Invariants: `ordered(a) < ordered(b)` if and only if `a < b`,
//! but for `-0.0`, which comes right below `0.0`; both ways keep every bit. So a number can be cut
//! into a coarse and a fine part by a shift, exactly, at any magnitude.

/// The integer of a number; see the module.
#[inline(always)]
pub(crate) fn ordered(value: f64) -> i64 {
    flip(value.to_bits() as i64)
}

/// The number of an integer, the inverse of [`ordered`].
#[inline(always)]
pub(crate) fn number(ordered: i64) -> f64 {
    f64::from_bits(flip(ordered) as u64)
}

/// Turns the order of negative numbers round; its own inverse.
#[inline(always)]
fn flip(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Infinity; what lies above is not a number.
pub(crate) const INFINITY: i64 = 0x7ff0_0000_0000_0000;

/// The lower bound of a closed interval: of two zeros, the one below.
#[inline(always)]
pub(crate) fn lower(value: f64) -> i64 {
    ordered(if value == 0.0 { -0.0 } else { value })
}

/// The upper bound of a closed interval: of two zeros, the one above.
#[inline(always)]
pub(crate) fn upper(value: f64) -> i64 {
    ordered(if value == 0.0 { 0.0 } else { value })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn order_and_bits_are_kept() {
        let ladder = [
            f64::NEG_INFINITY,
            f64::MIN,
            -180.0,
            -1.0,
            -f64::MIN_POSITIVE,
            -5e-324,
            -0.0,
            0.0,
            5e-324,
            1e-9,
            1.0,
            f64::MAX,
            f64::INFINITY,
        ];
        for pair in ladder.windows(2) {
            assert!(ordered(pair[0]) < ordered(pair[1]), "{pair:?}");
        }
        for value in ladder {
            assert_eq!(number(ordered(value)).to_bits(), value.to_bits());
        }
        assert_eq!(ordered(f64::INFINITY), INFINITY);
        assert_eq!((lower(0.0), upper(-0.0)), (ordered(-0.0), ordered(0.0)));
    }
}
