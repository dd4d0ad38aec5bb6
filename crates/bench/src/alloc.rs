//! The allocator of the bench: the system's, with a count of live bytes while a count is wanted.
//!
//! Owns the only unsafe code of this crate. When no count is wanted an allocation pays one relaxed
//! load more than without it, for every engine alike.
#![expect(unsafe_code, reason = "an allocator is unsafe in Rust; this one passes everything on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering::Relaxed};

static COUNTING: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicIsize = AtomicIsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting.
pub struct Counting;

/// Runs `work` and returns its value with the bytes that it allocated and did not free.
pub fn live_bytes_of<T>(work: impl FnOnce() -> T) -> (T, isize) {
    LIVE.store(0, Relaxed);
    COUNTING.store(true, Relaxed);
    let value = work();
    COUNTING.store(false, Relaxed);
    (value, LIVE.load(Relaxed))
}

/// How often `work` asked for memory, more memory included.
pub fn allocations_of(work: impl FnOnce()) -> usize {
    CALLS.store(0, Relaxed);
    live_bytes_of(work);
    CALLS.load(Relaxed)
}

fn count(by: isize) {
    if COUNTING.load(Relaxed) {
        CALLS.fetch_add(usize::from(by >= 0), Relaxed);
        LIVE.fetch_add(by, Relaxed);
    }
}

// SAFETY: every call goes to the system's allocator unchanged; counting touches two atomics only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
