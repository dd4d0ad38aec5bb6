//! An array that grows without ever moving what it holds, so that it is read without a lock.
//!
//! Owns: the chunks and the arithmetic that finds one. Does not own the meaning of an element; an
//! element that changes is an atomic or a lock. Invariants: an element, once reachable, keeps its
//! address for the life of the array; chunk sizes grow by a quarter of the whole, so at most about
//! a quarter of the memory is unused.

use std::sync::OnceLock;

/// Elements of the first four chunks together; a power of two.
#[cfg(not(loom))]
const BASE: usize = 64;
#[cfg(loom)]
const BASE: usize = 4;
const BASE_LOG2: u32 = BASE.trailing_zeros();
/// Four chunks for each doubling, up to 2^32 elements.
const CHUNKS: usize = 4 * (33 - BASE_LOG2 as usize);

/// A growing array of `T` with stable addresses.
pub(crate) struct Chunks<T> {
    chunks: Box<[OnceLock<Box<[T]>>]>,
}

/// Chunk number and place within it of element `index`.
#[inline]
fn locate(index: usize) -> (usize, usize) {
    let shifted = index + BASE;
    let level = usize::BITS - 1 - shifted.leading_zeros() - BASE_LOG2;
    let quarter_log2 = level + BASE_LOG2 - 2;
    let quarter = (shifted >> quarter_log2) & 3;
    (4 * level as usize + quarter, shifted & ((1 << quarter_log2) - 1))
}

/// Elements of chunk `chunk`.
fn size_of_chunk(chunk: usize) -> usize {
    (BASE / 4) << (chunk / 4)
}

impl<T: Default> Chunks<T> {
    pub(crate) fn new() -> Self {
        Chunks { chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect() }
    }

    /// The element, if its chunk was ever grown to.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (chunk, place) = locate(index);
        self.chunks.get(chunk)?.get()?.get(place)
    }

    /// The element, growing the array to it.
    pub(crate) fn grow(&self, index: usize) -> &T {
        let (chunk, place) = locate(index);
        let elements = self.chunks[chunk]
            .get_or_init(|| (0..size_of_chunk(chunk)).map(|_| T::default()).collect());
        &elements[place]
    }

    /// Bytes held, without what the elements own elsewhere.
    pub(crate) fn heap_bytes(&self) -> usize {
        let elements: usize =
            self.chunks.iter().filter_map(OnceLock::get).map(|chunk| chunk.len()).sum();
        elements * size_of::<T>() + self.chunks.len() * size_of::<OnceLock<Box<[T]>>>()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_index_has_a_place_of_its_own_and_places_follow_each_other() {
        let (mut chunk, mut place) = locate(0);
        assert_eq!((chunk, place), (0, 0));
        for index in 1..300_000 {
            let next = locate(index);
            if next.0 == chunk {
                assert_eq!(next.1, place + 1);
            } else {
                assert_eq!(place + 1, size_of_chunk(chunk), "chunk {chunk} ends full");
                assert_eq!(next, (chunk + 1, 0));
            }
            (chunk, place) = next;
        }
        let last = locate(u32::MAX as usize);
        assert!(last.0 < CHUNKS);
    }

    #[test]
    fn an_element_keeps_its_value_while_the_array_grows() {
        let array: Chunks<AtomicUsize> = Chunks::new();
        assert!(array.get(5).is_none());
        for index in 0..10_000 {
            array.grow(index).store(index, Ordering::Relaxed);
        }
        let held = |index| array.get(index).map(|value| value.load(Ordering::Relaxed));
        assert!((0..10_000).all(|index| held(index) == Some(index)));
        assert!(array.get(1 << 30).is_none());
    }
}
