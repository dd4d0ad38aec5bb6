//! Pairs of items that touch or are near each other.
//!
//! Owns: the calls, and looking now and then whether they are to stop. Does not own the walk.

use std::ops::ControlFlow;

use super::hits::{Found, answer, spatio_hit_columns, spatio_hits};
use super::{Packed, on_index, spatio_index};
use crate::capi::border::{Failure, Fallible, enter, handle};
use crate::capi::cancel::{self, spatio_cancel};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::db::Cancel;
use crate::error::Result;
use crate::packed::Index;

/// After how many pairs it is looked whether to stop.
const PAIRS_A_LOOK: usize = 4096;

/// Which pairs are wanted, by whom, and until when.
struct Seek<'a> {
    operation: &'static str,
    cancel: Option<&'a Cancel>,
    max_distance: f64,
}

impl Seek<'_> {
    fn look(&self) -> Result<()> {
        self.cancel.map_or(Ok(()), |cancel| cancel.check(self.operation))
    }

    /// Keeps the pairs that a walk tells, and ends it when the caller has fired.
    fn keep(
        &self,
        found: &mut Found,
        walk: impl FnOnce(&mut dyn FnMut(u32, u32) -> ControlFlow<()>) -> Result<bool>,
    ) -> Fallible {
        self.look()?;
        let finished = walk(&mut |a, b| {
            found.ids.push(a);
            found.others.push(b);
            match found.ids.len().is_multiple_of(PAIRS_A_LOOK) && self.look().is_err() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        if !finished {
            self.look()?;
        }
        found.end_query();
        Ok(())
    }

    fn pairs<const D: usize>(&self, found: &mut Found, index: &Index<D>) -> Fallible {
        self.keep(found, |visit| index.pairs_within_each(self.max_distance, visit))
    }

    fn join<const D: usize>(
        &self,
        found: &mut Found,
        index: &Index<D>,
        other: &Index<D>,
    ) -> Fallible {
        self.keep(found, |visit| index.join_within_each(other, self.max_distance, visit))
    }
}

/// All pairs of items of an index that are within a Euclidean distance of each other, each once
/// with the smaller id first; at 0 those that touch.
///
/// @param index         an index
/// @param max_distance  0 or more
/// @param cancel        stops the call when it is fired; may be NULL
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
///                      ids and others, in no order, of one query
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL
///
/// There may be as many as items squared: an answer takes 8 bytes a pair. SPATIO_OUT_OF_RANGE for
/// a distance that is negative or NaN. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_pairs(
    index: *const spatio_index,
    max_distance: f64,
    cancel: *mut spatio_cancel,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    const OPERATION: &str = "spatio_index_pairs";
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, OPERATION, || {
            let index = handle(index, "index")?;
            let cancel = cancel::flag(cancel.cast_const())?;
            let seek = Seek { operation: OPERATION, cancel, max_distance };
            answer(hits, columns, |found| on_index!(index, index => seek.pairs(found, index)))
        })
    }
}

/// All pairs of an item of one index and one of another that are within a Euclidean distance of
/// each other; at 0 those that touch.
///
/// @param index         an index
/// @param other         an index of as many axes, or the same one
/// @param max_distance  0 or more
/// @param cancel        stops the call when it is fired; may be NULL
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
///                      ids, of index, and others, of other, in no order, of one query
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL
///
/// SPATIO_INVALID_ARGUMENT if they have not the same number of axes; else as spatio_index_pairs.
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_join(
    index: *const spatio_index,
    other: *const spatio_index,
    max_distance: f64,
    cancel: *mut spatio_cancel,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    const OPERATION: &str = "spatio_index_join";
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, OPERATION, || {
            let (index, other) = (handle(index, "index")?, handle(other, "other")?);
            let cancel = cancel::flag(cancel.cast_const())?;
            let seek = Seek { operation: OPERATION, cancel, max_distance };
            answer(hits, columns, |found| match (&index.0, &other.0) {
                (Packed::Two(a), Packed::Two(b)) => seek.join(found, a, b),
                (Packed::Three(a), Packed::Three(b)) => seek.join(found, a, b),
                (Packed::Four(a), Packed::Four(b)) => seek.join(found, a, b),
                _ => {
                    let (one, two) = (index.axes(), other.axes());
                    let message = format!("index has {one} axes, other has {two}");
                    Err(Failure::invalid(message))
                }
            })
        })
    }
}
