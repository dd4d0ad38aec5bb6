//! Memory for a large result, in pages as large as the system has.
//!
//! Owns: asking for it. Does not own what stands in it. Invariants: it holds zeros at first; what
//! is never written takes no memory where the system allows that.
//!
//! The system hands memory out page by page, when each is first written, and a page of 4 KiB takes
//! it more than a microsecond in a virtual machine: a quarter of the time of a build, before
//! larger ones were asked for.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// Less memory than this comes from the heap.
const FEW_BYTES: usize = 4 << 20;

/// So many bytes, zeros at first.
pub(crate) struct Large {
    bytes: Bytes,
    len: usize,
}

enum Bytes {
    Heap(Vec<u8>),
    Pages(MmapMut),
}

impl Large {
    pub(crate) fn zeroed(len: usize) -> Self {
        // What cannot be had in pages of its own, the heap may have.
        let pages = if len < FEW_BYTES || cfg!(miri) { None } else { MmapMut::map_anon(len).ok() };
        let bytes = match pages {
            Some(pages) => {
                ask_for_large(&pages);
                Bytes::Pages(pages)
            }
            None => Bytes::Heap(vec![0; len]),
        };
        Large { bytes, len }
    }

    /// Bytes that are there.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Large { len: bytes.len(), bytes: Bytes::Heap(bytes) }
    }

    /// Gives up what lies behind the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        if let Bytes::Heap(bytes) = &mut self.bytes {
            bytes.truncate(len);
            bytes.shrink_to_fit();
        }
    }
}

/// Asks for large pages; a system without them may refuse, and nothing is lost.
#[cfg(target_os = "linux")]
fn ask_for_large(pages: &MmapMut) {
    let _ = pages.advise(memmap2::Advice::HugePage);
}

#[cfg(not(target_os = "linux"))]
fn ask_for_large(_pages: &MmapMut) {}

impl Deref for Large {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Heap(bytes) => &bytes[..self.len],
            Bytes::Pages(pages) => &pages[..self.len],
        }
    }
}

impl DerefMut for Large {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.bytes {
            Bytes::Heap(bytes) => &mut bytes[..self.len],
            Bytes::Pages(pages) => &mut pages[..self.len],
        }
    }
}

impl AsRef<[u8]> for Large {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn it_is_zeros_of_any_size_and_keeps_what_is_written() {
        for len in [0, 1, FEW_BYTES - 1, FEW_BYTES, 3 * FEW_BYTES + 5] {
            let mut large = Large::zeroed(len);
            assert_eq!((large.len(), large.iter().find(|byte| **byte != 0)), (len, None));
            large.fill(7);
            large.truncate(len / 2);
            assert_eq!(large.as_ref(), vec![7; len / 2]);
            large.truncate(len);
            assert_eq!(large.len(), len / 2, "it does not grow");
        }
        assert_eq!(*Large::of(vec![1, 2]), [1, 2]);
    }
}
