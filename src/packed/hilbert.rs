//! The Hilbert curve in two and three dimensions, as the PSINDEX format orders its items.
//!
//! Owns: the curves, as tables that take several bits of each axis at once; and the curves bit by
//! bit, which the tables are made from when the library is compiled. Does not own how coordinates
//! become whole numbers. Invariants: both curves are fixed for ever, as files hold their order;
//! cells that follow each other on a curve share a side.

/// Bits of each axis that one look at the table of the plane takes.
const PLANE_BITS: usize = 4;
/// States of the plane: whether the axes are exchanged (bit 1 is "flipped", bit 0 "exchanged").
const PLANE_STATES: usize = 4;
/// Bits of each axis that one look at the table of space takes.
const SPACE_BITS: usize = 2;
/// States of space: three rotations of the axes, eight corners to begin in.
const SPACE_STATES: usize = 24;

/// For each state and the bits of both axes: the digits of the key in the low byte, the state
/// that follows above.
static PLANE: [[u16; 1 << (2 * PLANE_BITS)]; PLANE_STATES] = plane();

/// The same with three axes.
static SPACE: [[u16; 1 << (3 * SPACE_BITS)]; SPACE_STATES] = space();

/// Bits of a key that one look at the table of the plane gives.
pub(crate) const PLANE_DIGIT: u32 = 2 * PLANE_BITS as u32;
/// Bits of a key that one look at the table of space gives.
pub(crate) const SPACE_DIGIT: u32 = 3 * SPACE_BITS as u32;

/// The place of a cell of the plane on the curve; 16 bits of each axis count.
#[inline(always)]
pub(crate) fn hilbert2(x: u32, y: u32) -> u32 {
    hilbert2_top(x, y, 16 / PLANE_BITS)
}

/// The first digits of that place, each of [`PLANE_DIGIT`] bits.
#[inline(always)]
pub(crate) fn hilbert2_top(x: u32, y: u32, digits: usize) -> u32 {
    let (mut key, mut state) = (0, 0);
    for step in (0..16 / PLANE_BITS).rev().take(digits) {
        let shift = step * PLANE_BITS;
        let cell = ((x >> shift) & 15) << PLANE_BITS | ((y >> shift) & 15);
        let found = u32::from(PLANE[state & (PLANE_STATES - 1)][cell as usize]);
        key = key << PLANE_DIGIT | (found & 0xff);
        state = (found >> 8) as usize;
    }
    key
}

/// The place of a cell of space on the curve; 16 bits of each axis count, 48 of the key.
#[inline(always)]
pub(crate) fn hilbert3(x: u32, y: u32, z: u32) -> u64 {
    hilbert3_top(x, y, z, 16 / SPACE_BITS)
}

/// The first digits of that place, each of [`SPACE_DIGIT`] bits.
#[inline(always)]
pub(crate) fn hilbert3_top(x: u32, y: u32, z: u32, digits: usize) -> u64 {
    let (mut key, mut state) = (0, 0);
    for step in (0..16 / SPACE_BITS).rev().take(digits) {
        let shift = step * SPACE_BITS;
        let cell = ((x >> shift) & 3) << (2 * SPACE_BITS)
            | ((y >> shift) & 3) << SPACE_BITS
            | ((z >> shift) & 3);
        let found = u64::from(SPACE[state][cell as usize]);
        key = key << SPACE_DIGIT | (found & 0xff);
        state = (found >> 8) as usize;
    }
    key
}

/// One bit of each axis: the digit of the key, and the state that follows.
const fn plane_step(state: usize, x: usize, y: usize) -> (usize, usize) {
    let (mut a, mut b) = (x, y);
    if state & 2 != 0 {
        (a, b) = (a ^ 1, b ^ 1);
    }
    if state & 1 != 0 {
        (a, b) = (b, a);
    }
    let turn = match (a, b) {
        (_, 1) => 0,
        (0, _) => 1,
        _ => 3,
    };
    ((3 * a) ^ b, state ^ turn)
}

/// One bit of each axis: the digit of the key, and the state that follows.
const fn space_step(state: usize, x: usize, y: usize, z: usize) -> (usize, usize) {
    let (rotation, corner) = (state / 8, state % 8);
    let gray = rotate_right(corner ^ (x << 2 | y << 1 | z), rotation);
    let digit = gray ^ gray >> 1 ^ gray >> 2;
    let turn = match gray & 3 {
        0 => 1,
        2 => 3,
        _ => 2,
    };
    let step = if digit == 0 { 0 } else { gray ^ ((digit & digit.wrapping_neg()) | 1) };
    let next = (rotation + turn) % 3 * 8 + (corner ^ rotate_left(step, rotation));
    (digit, next)
}

/// Rotates three bits.
const fn rotate_right(bits: usize, by: usize) -> usize {
    (bits >> by | bits << (3 - by)) & 7
}

/// Rotates three bits.
const fn rotate_left(bits: usize, by: usize) -> usize {
    (bits << by | bits >> (3 - by)) & 7
}

const fn plane() -> [[u16; 1 << (2 * PLANE_BITS)]; PLANE_STATES] {
    let mut table = [[0; 1 << (2 * PLANE_BITS)]; PLANE_STATES];
    let mut first = 0;
    while first < PLANE_STATES {
        let mut cell = 0;
        while cell < 1 << (2 * PLANE_BITS) {
            let (mut state, mut key, mut bit) = (first, 0, PLANE_BITS);
            while bit > 0 {
                bit -= 1;
                let (x, y) = ((cell >> (PLANE_BITS + bit)) & 1, (cell >> bit) & 1);
                let (digit, next) = plane_step(state, x, y);
                (key, state) = (key << 2 | digit, next);
            }
            table[first][cell] = (state << 8 | key) as u16;
            cell += 1;
        }
        first += 1;
    }
    table
}

const fn space() -> [[u16; 1 << (3 * SPACE_BITS)]; SPACE_STATES] {
    let mut table = [[0; 1 << (3 * SPACE_BITS)]; SPACE_STATES];
    let mut first = 0;
    while first < SPACE_STATES {
        let mut cell = 0;
        while cell < 1 << (3 * SPACE_BITS) {
            let (mut state, mut key, mut bit) = (first, 0, SPACE_BITS);
            while bit > 0 {
                bit -= 1;
                let x = (cell >> (2 * SPACE_BITS + bit)) & 1;
                let (y, z) = ((cell >> (SPACE_BITS + bit)) & 1, (cell >> bit) & 1);
                let (digit, next) = space_step(state, x, y, z);
                (key, state) = (key << 3 | digit, next);
            }
            table[first][cell] = (state << 8 | key) as u16;
            cell += 1;
        }
        first += 1;
    }
    table
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The curve of the plane as it is usually written, by turning the quadrant.
    fn plain2(mut x: u32, mut y: u32) -> u32 {
        let mut key = 0;
        for bit in (0..16).rev() {
            let (rx, ry) = ((x >> bit) & 1, (y >> bit) & 1);
            key = key << 2 | ((3 * rx) ^ ry);
            if ry == 0 {
                if rx == 1 {
                    (x, y) = (!x, !y);
                }
                (x, y) = (y, x);
            }
        }
        key
    }

    fn plain3(x: u32, y: u32, z: u32) -> u64 {
        let bit = |value: u32, at: u32| ((value >> at) & 1) as usize;
        let (mut key, mut state) = (0, 0);
        for at in (0..16).rev() {
            let (digit, next) = space_step(state, bit(x, at), bit(y, at), bit(z, at));
            (key, state) = (key << 3 | digit as u64, next);
        }
        key
    }

    /// Fails unless the cells of a block stand on the curve one after the other.
    fn is_walk<const D: usize>(mut cells: Vec<(u64, [u32; D])>) {
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert_eq!(pair[0].0 + 1, pair[1].0, "keys follow each other");
            let steps = (0..D).map(|k| pair[0].1[k].abs_diff(pair[1].1[k])).sum::<u32>();
            assert_eq!(steps, 1, "{pair:?} share a side");
        }
    }

    #[test]
    fn the_ends_of_the_curves_are_fixed() {
        let max = 0xffff;
        assert_eq!([hilbert2(0, 0), hilbert2(max, 0)], [0, u32::MAX]);
        assert_eq!(hilbert3(0, 0, 0), 0);
        let corners = [(max, 0, 0), (0, max, 0), (0, 0, max)];
        let last = corners.into_iter().map(|(x, y, z)| hilbert3(x, y, z)).max();
        assert_eq!(last, Some((1 << 48) - 1));
    }

    proptest! {
        #[test]
        fn the_tables_say_what_the_bits_say(x in 0u32..0x10000, y in 0u32..0x10000, z: u16) {
            prop_assert_eq!(hilbert2(x, y), plain2(x, y));
            prop_assert_eq!(hilbert3(x, y, z.into()), plain3(x, y, z.into()));
            prop_assert_eq!(hilbert2_top(x, y, 3), plain2(x, y) >> PLANE_DIGIT);
            prop_assert_eq!(hilbert3_top(x, y, z.into(), 6), plain3(x, y, z.into()) >> 12);
        }

        #[test]
        fn cells_that_follow_each_other_share_a_side(x in 0u32..2048, y in 0u32..2048, z: u8) {
            let (x, y, z) = (x * 32, y * 32, u32::from(z) * 256);
            let plane = (0..32 * 32).map(|at| [x + at / 32, y + at % 32]);
            is_walk(plane.map(|[x, y]| (hilbert2(x, y).into(), [x, y])).collect());
            let space = (0..512).map(|at| [x + at / 64, y + at / 8 % 8, z + at % 8]);
            is_walk(space.map(|[x, y, z]| (hilbert3(x, y, z), [x, y, z])).collect());
        }
    }
}
