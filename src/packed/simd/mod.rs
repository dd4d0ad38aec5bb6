//! Wide instructions, chosen at run time: the unsafe island of the packed index.
//!
//! Owns: which instructions the processor has, and the few operations that are written out for
//! them. Does not own any traversal: a query is a [`Work`], compiled once for each set of
//! instructions with everything inlined into it, so that its plain loops become wide too.
//! Invariants: a kernel other than the portable one exists only where its instructions do; every
//! kernel answers as the portable one (a test holds each against it).

#[cfg(debug_assertions)]
mod any;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
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
    /// Every set there is, the widest first.
    const ALL: [Isa; 4] = [Isa::Avx512, Isa::Avx2, Isa::Neon, Isa::Portable];

    /// The widest set that this processor has.
    pub fn detect() -> Self {
        Isa::ALL.into_iter().find(|isa| isa.is_here()).unwrap_or(Isa::Portable)
    }

    /// Every set that this processor has, the widest first.
    pub fn all() -> Vec<Self> {
        Isa::ALL.into_iter().filter(|isa| isa.is_here()).collect()
    }

    /// Whether this processor has it.
    pub fn is_here(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => avx512::Avx512::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => avx2::Avx2::new().is_some(),
            Isa::Neon => cfg!(target_arch = "aarch64"),
            Isa::Portable => true,
            #[cfg(not(target_arch = "x86_64"))]
            Isa::Avx512 | Isa::Avx2 => false,
        }
    }
}

/// A window on the grid of one node: on each axis, 16 bits for its minimum and its maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GridWindow<const D: usize> {
    pub(crate) lower: [u16; D],
    pub(crate) upper: [u16; D],
}

/// Where the cells of a block lie: what comes after `after` on an axis is longer by `bend` times
/// what it is beyond. It is the end of a cell that is told; its beginning lies one further back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bend<const D: usize> {
    pub(crate) after: [f32; D],
    pub(crate) bend: [f32; D],
    /// Whether any axis is bent; if none is, the rest says nothing.
    pub(crate) is_bent: bool,
}

/// The distance from a box to 16 others: on each axis 0, `min * step + below` or `above - max *
/// step`, whichever is the largest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near<const D: usize> {
    pub(crate) cells: Bend<D>,
    pub(crate) step: [f32; D],
    pub(crate) below: [f32; D],
    pub(crate) above: [f32; D],
    /// The square of a distance that an item may have and one that it surely may; less than 0 if
    /// there is none.
    pub(crate) outer: f32,
    pub(crate) inner: f32,
}

/// When a ray passes 16 boxes: on each axis from `first * slope + early`, at the earliest, to
/// `last * slope + late`, at the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slab<const D: usize> {
    pub(crate) cells: Bend<D>,
    /// Whether the first side is that of the minima.
    pub(crate) is_upward: [bool; D],
    pub(crate) slope: [f32; D],
    pub(crate) early: [f32; D],
    pub(crate) late: [f32; D],
    /// How much later it surely enters, and how much earlier it surely leaves.
    pub(crate) margin: [f32; D],
    /// The times at which it ends at the latest and at the earliest.
    pub(crate) outer: f32,
    pub(crate) inner: f32,
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

    /// Lanes whose squared distance is at most `outer`, and those where it is at most `inner`, in
    /// single precision.
    fn near<const D: usize>(self, block: &[u8], near: &Near<D>) -> (Mask, Mask);

    /// Lanes that the ray may hit, and those that it surely does, in single precision.
    fn slab<const D: usize>(self, block: &[u8], slab: &Slab<D>) -> (Mask, Mask);

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

/// Does the work with the instructions of `isa`, or portably where the processor has them not.
///
/// A build for debugging compiles each query once and chooses at each operation: the same answers
/// by the same operations, in a third of the compiler's time.
#[cfg(debug_assertions)]
#[inline]
pub(crate) fn run<W: Work>(isa: Isa, work: W) -> W::Answer {
    work.run(any::Any::of(isa))
}

/// Does the work with the instructions of `isa`, or portably where the processor has them not.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn run<W: Work>(isa: Isa, work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512
        && let Some(kernel) = avx512::Avx512::new()
    {
        return kernel.run(work);
    }
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx2
        && let Some(kernel) = avx2::Avx2::new()
    {
        return kernel.run(work);
    }
    #[cfg(target_arch = "aarch64")]
    if isa == Isa::Neon {
        return work.run(neon::Neon);
    }
    work.run(Portable)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every operation of one kernel.
    struct Both<'a> {
        block: &'a [u8],
        window: GridWindow<2>,
        near: Near<2>,
        slab: Slab<2>,
        mask: Mask,
    }

    impl Work for Both<'_> {
        type Answer = ([(Mask, Mask); 4], Vec<u32>);

        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Self::Answer {
            let mut ids = vec![7];
            let all = self.block.first_chunk().expect("64 bytes");
            kernel.push_ids(all, self.mask, &mut ids);
            let nodes = kernel.nodes(self.block, &self.window);
            let items = kernel.items(self.block, &self.window);
            let near = kernel.near(self.block, &self.near);
            ([nodes, items, near, kernel.slab(self.block, &self.slab)], ids)
        }
    }

    proptest! {
        #[test]
        fn every_kernel_answers_as_the_portable_one(
            block in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(255)], 128),
            lower in prop_oneof![any::<[u16; 2]>(), Just([0, 0]), Just([255, 255])],
            upper in prop_oneof![any::<[u16; 2]>(), Just([65535, 65535]), Just([255, 0])],
            mask in any::<Mask>(), [below, above] in any::<[[i16; 2]; 2]>(), scale in 0.0..2.0f32,
            is_bent: bool,
        ) {
            let after = below.map(|at| f32::from(at) * 2.0);
            let cells = Bend { after, bend: [1.0, -0.5], is_bent };
            let (below, above) =
                (below.map(|at| f32::from(at) * scale), above.map(|at| f32::from(at) * scale));
            let near = Near {
                cells,
                step: [1.0, 0.125],
                below,
                above,
                outer: (scale * 4e4).powi(2),
                inner: (scale * 3e4).powi(2) - 1e8,
            };
            let slab = Slab {
                cells,
                is_upward: [mask & 1 == 0, mask & 2 == 0],
                slope: [scale, scale / 3.0],
                early: below,
                late: above,
                margin: [scale; 2],
                outer: scale * 1e5,
                inner: scale * 3e4,
            };
            let window = GridWindow { lower, upper };
            let ask = |isa| run(isa, Both { block: &block, window, near, slab, mask });
            for isa in Isa::all() {
                prop_assert_eq!(ask(isa), ask(Isa::Portable), "{:?}", isa);
            }
        }
    }
}
