//! Pairs of items that touch or are near each other, and what hangs together by them.
//!
//! Owns: the calls, and looking now and then whether they are to stop. Does not own the walk.

use std::ops::ControlFlow;

use super::hits::{Found, answer, spatio_hit_columns, spatio_hits};
use super::rays::SPATIO_NO_ITEM;
use super::{Packed, on_index, spatio_index};
use crate::capi::border::{Failure, Fallible, Out, enter, handle};
use crate::capi::cancel::{self, spatio_cancel};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::db::Cancel;
use crate::error::Result;
use crate::packed::{Index, Stop};

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

/// Does with two indexes of as many axes what is written once for any number of them.
macro_rules! on_both {
    ($index:expr, $other:expr, ($a:ident, $b:ident) => $body:expr) => {
        match (&$index.0, &$other.0) {
            (Packed::Two($a), Packed::Two($b)) => $body,
            (Packed::Three($a), Packed::Three($b)) => $body,
            (Packed::Four($a), Packed::Four($b)) => $body,
            _ => return Err(of_other_axes($index, $other)),
        }
    };
}

fn of_other_axes(index: &spatio_index, other: &spatio_index) -> Failure {
    let (one, two) = (index.axes(), other.axes());
    Failure::invalid(format!("index has {one} axes, other has {two}"))
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
            answer(hits, columns, |found| on_both!(index, other, (a, b) => seek.join(found, a, b)))
        })
    }
}

/// The items of an index that no item of another is within a Euclidean distance of; at 0 those
/// that none touches.
///
/// @param index         an index
/// @param other         an index of as many axes
/// @param max_distance  0 or more
/// @param cancel        stops the call when it is fired; may be NULL
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
///                      ids, of index, in no order, of one query
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL
///
/// It takes a bit for each item. Errors as of spatio_index_join. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_anti_join(
    index: *const spatio_index,
    other: *const spatio_index,
    max_distance: f64,
    cancel: *mut spatio_cancel,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    const OPERATION: &str = "spatio_index_anti_join";
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, OPERATION, || {
            let (index, other) = (handle(index, "index")?, handle(other, "other")?);
            let cancel = cancel::flag(cancel.cast_const())?;
            answer(hits, columns, |found| {
                let stop = Stop::when(cancel, OPERATION)?;
                let alone =
                    on_both!(index, other, (a, b) => a.anti_join_until(stop, b, max_distance));
                found.ids.extend_from_slice(&alone?);
                found.end_query();
                Ok(())
            })
        })
    }
}

/// The two items that are closest to each other by Euclidean distance: of one index, or an item of
/// one and an item of another.
///
/// @param index     an index
/// @param other     an index of as many axes, for an item of each; NULL: both of index, distinct
/// @param cancel    stops the call when it is fired; may be NULL
/// @param id        receives the item of index; without other the one with the smaller id
/// @param other_id  receives the other item
/// @param distance  receives how far they are apart: 0 if they touch; may be NULL
/// @param error     may be NULL
///
/// Of several pairs that are equally close it is any one. If there is no pair both items are
/// SPATIO_NO_ITEM and the distance is NaN. SPATIO_INVALID_ARGUMENT if the indexes have not the same
/// number of axes. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_closest_pair(
    index: *const spatio_index,
    other: *const spatio_index,
    cancel: *mut spatio_cancel,
    id: *mut u32,
    other_id: *mut u32,
    distance: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    const OPERATION: &str = "spatio_index_closest_pair";
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, OPERATION, || {
            let index = handle(index, "index")?;
            let (id, other_id) = (Out::one(id, "id")?, Out::one(other_id, "other_id")?);
            let distance = Out::optional(distance, 1, "distance")?;
            let stop = Stop::when(cancel::flag(cancel.cast_const())?, OPERATION)?;
            let pair = match other.is_null() {
                true => on_index!(index, index => index.closest_pair_until(stop)),
                false => {
                    let other = handle(other, "other")?;
                    on_both!(index, other, (a, b) => a.closest_pair_to_until(stop, b))
                }
            }?;
            id.set(0, pair.map_or(SPATIO_NO_ITEM, |pair| pair.first));
            other_id.set(0, pair.map_or(SPATIO_NO_ITEM, |pair| pair.second));
            distance.set(0, pair.map_or(f64::NAN, |pair| pair.distance));
            Ok(())
        })
    }
}

/// Which items hang together, from one to the next within a Euclidean distance; at 0 by touching.
///
/// @param index         an index
/// @param max_distance  0 or more
/// @param cancel        stops the call when it is fired; may be NULL
/// @param n             how many items the index has
/// @param labels        receives n items: for each item, by id, the smallest id that it hangs
///                      together with, which is the same for all that do; its own if it is alone
/// @param error         may be NULL
///
/// SPATIO_INVALID_ARGUMENT if n is another number than that of the items; SPATIO_OUT_OF_RANGE for a
/// distance that is negative or NaN. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_components(
    index: *const spatio_index,
    max_distance: f64,
    cancel: *mut spatio_cancel,
    n: usize,
    labels: *mut u32,
    error: *mut spatio_error,
) -> spatio_status {
    const OPERATION: &str = "spatio_index_components";
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, OPERATION, || {
            let index = handle(index, "index")?;
            let out = Out::column(labels, n, "labels")?;
            if n != index.len() {
                let message = format!("n is {n}, the index has {} items", index.len());
                return Err(Failure::invalid(message));
            }
            let stop = Stop::when(cancel::flag(cancel.cast_const())?, OPERATION)?;
            out.copy(&on_index!(index, index => index.components_until(stop, max_distance))?);
            Ok(())
        })
    }
}
