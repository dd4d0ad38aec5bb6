//! Wide instructions, chosen at run time: the unsafe island of the packed index.
//!
//! Owns: which instructions the processor has, and the few operations that are written out for
//! them. Does not own any traversal: a query is a [`Work`], compiled once for each set of
//! instructions with everything inlined into it, so that its plain loops become wide too.
//! Invariants: a kernel other than the portable one exists only where its instructions do; every
//! kernel answers as the portable one (a test holds each against it).

mod portable;

pub(crate) use portable::Portable;

use super::tree::{LANES, Mask};

/// A set of instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// AVX-512 F, BW, DQ and VL.
    Avx512,
    /// AVX2 with BMI1, BMI2 and FMA.
    Avx2,
    /// NEON, which every 64-bit ARM processor has.
    Neon,
    /// What the compiler makes of plain Rust.
    Portable,
}

impl Isa {
    /// The widest set that this processor has.
    pub fn detect() -> Self {
        Isa::Portable
    }

    /// Every set that this processor has, for tests.
    pub fn all() -> Vec<Self> {
        vec![Isa::Portable]
    }
}

/// A window on the grid of one node: on each axis, 16 bits for its minimum and its maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GridWindow<const D: usize> {
    pub(crate) lower: [u16; D],
    pub(crate) upper: [u16; D],
}

/// What is written out for each set of instructions. A block holds 16 quantised boxes: for each
/// axis 16 minima of 16 bits, then for each axis 16 maxima, little-endian: `64 * D` bytes.
pub(crate) trait Kernel: Copy {
    /// Lanes that may share a point with the window, and lanes that surely lie inside of it:
    /// `min <= upper` and `max >= lower` on every axis, and strictly `min > lower` and
    /// `max < upper`.
    fn nodes<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask);

    /// Lanes that may share a point with the window, and those of them that surely do, as on
    /// every axis `min < upper` and `max > lower`.
    fn items<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask);

    /// Adds the little-endian ids whose bits are set.
    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>);
}

/// A query that is compiled for each set of instructions. `run` and all it calls in loops must be
/// `#[inline(always)]`, or it stays narrow.
pub(crate) trait Work {
    /// What it answers.
    type Answer;

    /// Does it.
    fn run<K: Kernel>(self, kernel: K) -> Self::Answer;
}

/// Does the work with the instructions of `isa`, or portably where there are none.
#[inline]
pub(crate) fn run<W: Work>(isa: Isa, work: W) -> W::Answer {
    let _ = isa;
    work.run(Portable)
}
