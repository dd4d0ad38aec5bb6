//! Arrays with a number for each axis or lane.
//!
//! Owns: how they are made. Invariants: always by a loop in place. The standard library's
//! `array::from_fn` and `map` become calls in builds that optimize a crate in parts, and a call
//! within a loop keeps it narrow.

/// The array of what `of` makes of each place.
#[inline(always)]
pub(crate) fn each<T: Copy + Default, const N: usize>(of: impl Fn(usize) -> T) -> [T; N] {
    let mut all = [T::default(); N];
    for (place, value) in all.iter_mut().enumerate() {
        *value = of(place);
    }
    all
}
