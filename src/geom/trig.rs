//! Sines and arc sines of angles up to a quarter turn, and what a sphere needs of them.
//!
//! Owns: the series that every geographic distance is made of. They are written out here, not
//! taken from the platform's libm, so that a distance has the same bits on every machine and a
//! loop over many points stays inline. Does not own any distance.
//!
//! Invariants: `sin_quarter` and `asin_unit` are within 4e-16 of the truth, relative, over their
//! whole domain (a test holds it), which the slack of the bounds in `origin` and `cover` relies on.
//!
//! Sources: the sine is a Chebyshev interpolant of (sin x / x - 1) / x^2 in x^2 over a quarter
//! turn (truncation 4e-17); the arc sine is the rational one of fdlibm (e_asin.c).

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

/// Radians in a degree.
pub(super) const RAD: f64 = std::f64::consts::PI / 180.0;
/// Radians in half a degree.
const HALF_RAD: f64 = std::f64::consts::PI / 360.0;

const S1: f64 = -0.166_666_666_666_666_66;
const S2: f64 = 0.008_333_333_333_333_316;
const S3: f64 = -0.000_198_412_698_412_549_74;
const S4: f64 = 2.755_731_921_916_321e-6;
const S5: f64 = -2.505_210_761_699_312_5e-8;
const S6: f64 = 1.605_897_731_226_589_5e-10;
const S7: f64 = -7.643_970_290_470_771e-13;
// Raised in the sixth digit, so that the sine of a quarter turn is 1 and nothing exceeds it.
const S8: f64 = 2.731_464_688_085_806e-15;

/// The sine of an angle within a quarter turn, `|x| <= pi/2`; odd to the last bit.
#[inline(always)]
pub(super) fn sin_quarter(x: f64) -> f64 {
    let u = x * x;
    let u2 = u * u;
    let low = (S1 + S2 * u) + (S3 + S4 * u) * u2;
    let high = (S5 + S6 * u) + (S7 + S8 * u) * u2;
    x + x * (u * (low + high * (u2 * u2)))
}

/// The sine of a latitude in degrees.
#[inline(always)]
pub(super) fn sin_lat(lat: f64) -> f64 {
    sin_quarter(lat * RAD)
}

/// The cosine of a latitude in degrees, as the sine of what is left to the pole: it is exactly 0
/// there and keeps its relative accuracy beside it.
#[inline(always)]
pub(super) fn cos_lat(lat: f64) -> f64 {
    sin_quarter((90.0 - lat.abs()) * RAD)
}

/// The squared sine of half an angle in degrees, `|degrees| <= 180`.
#[inline(always)]
pub(super) fn haversine_of(degrees: f64) -> f64 {
    let s = sin_quarter(degrees * HALF_RAD);
    s * s
}

/// The angle between two meridians in degrees, 0 to 180, the short way round.
#[inline(always)]
pub(super) fn lon_gap(a: f64, b: f64) -> f64 {
    let straight = (a - b).abs();
    // Both differences to 180 are exact where it matters (beside 180), the sum of 360 is not.
    let around = (180.0 - a.abs()) + (180.0 - b.abs());
    if straight <= 180.0 { straight } else { around }
}

/// The arc sine of a number from 0 to 1; beyond 1 it is a quarter turn.
#[inline]
pub(super) fn asin_unit(x: f64) -> f64 {
    if x < 0.5 {
        return x + x * asin_ratio(x * x);
    }
    if x >= 1.0 {
        return FRAC_PI_2;
    }
    // asin x = pi/2 - 2 asin(sqrt((1 - x) / 2)), with the rounding of the root given back.
    const PIO2_LOW: f64 = 6.123_233_995_736_766e-17;
    let z = (1.0 - x) * 0.5;
    let s = z.sqrt();
    let ratio = asin_ratio(z);
    if x >= 0.975 {
        return FRAC_PI_2 - (2.0 * (s + s * ratio) - PIO2_LOW);
    }
    let high = f64::from_bits(s.to_bits() & 0xffff_ffff_0000_0000);
    let low = (z - high * high) / (s + high);
    let p = 2.0 * s * ratio - (PIO2_LOW - 2.0 * low);
    let q = FRAC_PI_4 - 2.0 * high;
    FRAC_PI_4 - (p - q)
}

/// (asin x - x) / x of z = x^2, for x up to a half.
#[inline(always)]
fn asin_ratio(z: f64) -> f64 {
    const P0: f64 = 1.666_666_666_666_666_6e-1;
    const P1: f64 = -3.255_658_186_224_009e-1;
    const P2: f64 = 2.012_125_321_348_629_3e-1;
    const P3: f64 = -4.005_553_450_067_941e-2;
    const P4: f64 = 7.915_349_942_898_145e-4;
    const P5: f64 = 3.479_331_075_960_212e-5;
    const Q1: f64 = -2.403_394_911_734_414;
    const Q2: f64 = 2.020_945_760_233_505_7;
    const Q3: f64 = -6.882_839_716_054_533e-1;
    const Q4: f64 = 7.703_815_055_590_194e-2;
    let p = z * (P0 + z * (P1 + z * (P2 + z * (P3 + z * (P4 + z * P5)))));
    let q = 1.0 + z * (Q1 + z * (Q2 + z * (Q3 + z * Q4)));
    p / q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_that_of_the_platform_within_a_few_last_bits() {
        for step in 0..=200_000u32 {
            let x = FRAC_PI_2 * f64::from(step) / 200_000.0;
            let (ours, theirs) = (sin_quarter(x), x.sin());
            assert!((ours - theirs).abs() <= 4e-16 * theirs && ours <= 1.0, "{x}: {ours}");
            assert_eq!(sin_quarter(-x), -ours);
        }
        assert_eq!(sin_quarter(0.0), 0.0);
        assert_eq!(sin_quarter(FRAC_PI_2), 1.0);
        assert_eq!(sin_quarter(1e-300), 1e-300);
    }

    #[test]
    fn the_arc_sine_is_that_of_the_platform_within_a_few_last_bits() {
        for step in 0..=200_000u32 {
            let x = f64::from(step) / 200_000.0;
            let (ours, theirs) = (asin_unit(x), x.asin());
            assert!((ours - theirs).abs() <= 4e-16 * theirs, "{x}: {ours} {theirs}");
        }
        assert_eq!(asin_unit(1.0 + 1e-15), FRAC_PI_2);
        assert_eq!(asin_unit(1e-200), 1e-200);
    }

    #[test]
    fn a_latitude_at_the_pole_has_no_circle() {
        assert_eq!(cos_lat(90.0), 0.0);
        assert_eq!(cos_lat(-90.0), 0.0);
        assert_eq!(cos_lat(60.0), cos_lat(-60.0));
        assert!((cos_lat(60.0) - 0.5).abs() < 2e-16);
    }

    #[test]
    fn meridians_are_near_across_180() {
        assert_eq!(lon_gap(180.0, -180.0), 0.0);
        assert_eq!(lon_gap(-180.0, 180.0), 0.0);
        assert_eq!(lon_gap(179.0, -179.0), 2.0);
        assert_eq!(lon_gap(-90.0, 90.0), 180.0);
        assert_eq!(lon_gap(10.0, -20.0), 30.0);
    }
}
