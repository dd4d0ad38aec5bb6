//! The handle of a streamed index.
//!
//! Owns: hiding how many axes the boxes have. Does not own any question.

use crate::capi::border::{Fallible, column, optional_column};
use crate::packed::{AnyStreamIndex, BoxN};

/// What is known of a packed index whose bytes lie elsewhere: its directory and the upper levels of
/// its tree. Any number of threads may ask one at the same time; freeing it is for one thread
/// alone, when no call uses it. What was asked goes on without it.
pub struct spatio_stream(pub(super) Streamed);

pub(super) type Streamed = AnyStreamIndex;

/// Does with a stream what is written once for any number of axes.
macro_rules! on_stream {
    ($given:expr, $index:ident => $body:expr) => {
        match &$given.0 {
            $crate::packed::AnyStreamIndex::Two($index) => $body,
            $crate::packed::AnyStreamIndex::Three($index) => $body,
            $crate::packed::AnyStreamIndex::Four($index) => $body,
        }
    };
}
pub(super) use on_stream;

// A handle is asked by any thread.
const fn is_shared<T: Send + Sync>() {}
const _: () = is_shared::<spatio_stream>();

impl spatio_stream {
    pub(super) fn axes(&self) -> usize {
        match &self.0 {
            Streamed::Two(_) => 2,
            Streamed::Three(_) => 3,
            Streamed::Four(_) => 4,
        }
    }
}

/// A point of the caller's, or a box: as many numbers for a side as there are axes.
#[derive(Clone, Copy)]
pub(super) struct Corners<'a> {
    min: &'a [f64],
    max: &'a [f64],
}

impl<'a> Corners<'a> {
    /// Looks at the caller's numbers.
    ///
    /// # Safety
    ///
    /// `min` points to `axes` numbers that nobody writes during the call, `max` to as many or is
    /// NULL.
    pub(super) unsafe fn new(axes: usize, min: *const f64, max: *const f64) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        let (min, max) = unsafe { (column(min, axes, "min")?, optional_column(max, axes, "max")?) };
        Ok(Corners { min, max: max.unwrap_or(min) })
    }

    pub(super) fn get<const D: usize>(&self) -> BoxN<D> {
        let side = |side: &[f64]| std::array::from_fn(|axis| side[axis]);
        BoxN::new(side(self.min), side(self.max))
    }
}

/// A point of the caller's.
///
/// # Safety
///
/// `given` points to `axes` numbers that nobody writes during the call.
pub(super) unsafe fn point<'a>(axes: usize, given: *const f64, name: &str) -> Fallible<&'a [f64]> {
    // SAFETY: what the caller of this function vouches for.
    unsafe { column(given, axes, name) }
}

/// As many of its numbers as there are axes, of which there are as many.
pub(super) fn of_axes<const D: usize>(point: &[f64]) -> [f64; D] {
    std::array::from_fn(|axis| point[axis])
}
