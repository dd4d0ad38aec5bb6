//! The handle of an index, and the views of the caller's boxes.
//!
//! Owns: hiding how many axes the boxes have. Does not own any question. Invariants: a view is no
//! longer than the call, and has as many numbers as its rows times the axes.

use crate::packed::{BoxN, Index};

use crate::capi::border::{Failure, Fallible, column, optional_column};

/// A packed index: boxes, or points, of two, three or four axes that do not change. The ids of its
/// items are their places in what it was built from, counted from 0. Any number of threads may ask
/// one at the same time; freeing it is for one thread alone, when no call uses it.
pub struct spatio_index(pub(super) Packed);

/// An index of some number of axes.
pub(super) enum Packed {
    Two(Index<2>),
    Three(Index<3>),
    Four(Index<4>),
}

/// Does with an index what is written once for any number of axes.
macro_rules! on_index {
    ($given:expr, $index:ident => $body:expr) => {
        match &$given.0 {
            $crate::capi::index::handle::Packed::Two($index) => $body,
            $crate::capi::index::handle::Packed::Three($index) => $body,
            $crate::capi::index::handle::Packed::Four($index) => $body,
        }
    };
}
pub(super) use on_index;

// A handle is asked by any thread.
const fn is_shared<T: Send + Sync>() {}
const _: () = is_shared::<spatio_index>();

impl spatio_index {
    pub(super) fn axes(&self) -> usize {
        match &self.0 {
            Packed::Two(_) => 2,
            Packed::Three(_) => 3,
            Packed::Four(_) => 4,
        }
    }

    pub(super) fn len(&self) -> usize {
        on_index!(self, index => index.len())
    }
}

/// So many axes, if an index may have as many.
pub(super) fn axes_of(dims: u32) -> Fallible<usize> {
    match dims {
        2..=4 => Ok(dims as usize),
        _ => Err(Failure::invalid(format!("dims is {dims}, expected 2 to 4"))),
    }
}

/// A column with so many numbers for each row.
///
/// # Safety
///
/// `given` is NULL or points to `n` times `axes` values that nobody writes during the call.
pub(super) unsafe fn points<'a>(
    (axes, n): (usize, usize),
    given: *const f64,
    name: &str,
) -> Fallible<Points<'a>> {
    let length = length(axes, n, name)?;
    // SAFETY: what the caller of this function vouches for.
    Ok(Points { axes, values: unsafe { column(given, length, name) }? })
}

fn length(axes: usize, n: usize, name: &str) -> Fallible<usize> {
    let length = n.checked_mul(axes);
    length.ok_or_else(|| Failure::invalid(format!("{name} cannot have {n} rows")))
}

/// Points of the caller's, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Points<'a> {
    axes: usize,
    values: &'a [f64],
}

impl Points<'_> {
    /// The point of a row, whose number of axes the caller knows.
    #[inline]
    pub(super) fn get<const D: usize>(&self, row: usize) -> [f64; D] {
        let start = row * self.axes;
        std::array::from_fn(|axis| self.values[start + axis])
    }
}

/// Boxes of the caller's, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Boxes<'a> {
    min: Points<'a>,
    max: Option<Points<'a>>,
    pub(super) n: usize,
}

impl Boxes<'_> {
    /// Looks at the caller's columns.
    ///
    /// # Safety
    ///
    /// As for [`points`], for each column.
    pub(super) unsafe fn new(
        (axes, n): (usize, usize),
        min: *const f64,
        max: *const f64,
    ) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        let (min, max) = unsafe {
            let min = points((axes, n), min, "min")?;
            (min, optional_column(max, length(axes, n, "max")?, "max")?)
        };
        Ok(Boxes { min, max: max.map(|values| Points { axes, values }), n })
    }

    #[inline]
    pub(super) fn get<const D: usize>(&self, row: usize) -> BoxN<D> {
        let min = self.min.get(row);
        BoxN::new(min, self.max.map_or(min, |max| max.get(row)))
    }
}

/// A number for each row, or the same for all where the caller gives none.
pub(super) fn each_or(column: Option<&[f64]>, row: usize, otherwise: f64) -> f64 {
    column.map_or(otherwise, |column| column[row])
}
