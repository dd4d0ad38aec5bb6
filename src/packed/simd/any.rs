//! Whichever kernel was asked for, chosen at each operation.
//!
//! Owns: the choice. Does not own any operation. Invariants: as every kernel's; it exists so that a
//! build for debugging compiles each query once.

use super::{GridWindow, Isa, Kernel, Near, Portable, Slab};
use crate::packed::tree::{LANES, Mask};

/// A kernel of any sort.
#[derive(Clone, Copy, Debug)]
pub(super) enum Any {
    #[cfg(target_arch = "x86_64")]
    Avx512(super::avx512::Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(super::avx2::Avx2),
    #[cfg(target_arch = "aarch64")]
    Neon(super::neon::Neon),
    Portable,
}

impl Any {
    /// The kernel of these instructions, or the portable one where the processor has them not.
    pub(super) fn of(isa: Isa) -> Self {
        let kernel = match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => super::avx512::Avx512::new().map(Any::Avx512),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => super::avx2::Avx2::new().map(Any::Avx2),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => Some(Any::Neon(super::neon::Neon)),
            _ => None,
        };
        kernel.unwrap_or(Any::Portable)
    }
}

/// One call, of whichever kernel it is.
macro_rules! each {
    ($any:expr, $kernel:ident => $call:expr) => {
        match $any {
            #[cfg(target_arch = "x86_64")]
            Any::Avx512($kernel) => $call,
            #[cfg(target_arch = "x86_64")]
            Any::Avx2($kernel) => $call,
            #[cfg(target_arch = "aarch64")]
            Any::Neon($kernel) => $call,
            Any::Portable => {
                let $kernel = Portable;
                $call
            }
        }
    };
}

impl Kernel for Any {
    fn nodes<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        each!(self, kernel => kernel.nodes(block, window))
    }

    fn items<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        each!(self, kernel => kernel.items(block, window))
    }

    fn near<const D: usize>(self, block: &[u8], near: &Near<D>) -> (Mask, Mask) {
        each!(self, kernel => kernel.near(block, near))
    }

    fn slab<const D: usize>(self, block: &[u8], slab: &Slab<D>) -> (Mask, Mask) {
        each!(self, kernel => kernel.slab(block, slab))
    }

    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
        each!(self, kernel => kernel.push_ids(ids, mask, out))
    }
}
