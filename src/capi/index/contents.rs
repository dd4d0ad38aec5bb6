//! What stands beside the tree: payloads, the boxes themselves, sums.
//!
//! Owns: the calls. Does not own where it lies (`packed`). Invariants: what is asked by id needs a
//! table of 4 bytes an item, which the first such call makes.

use super::hits::{answer, spatio_hit_columns, spatio_hits};
use super::{Boxes, on_index, spatio_index};
use crate::capi::border::{Failure, Fallible, Out, column, enter, handle};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;

fn check_id(index: &spatio_index, id: u32) -> Fallible {
    let items = index.len();
    match (id as usize) < items {
        true => Ok(()),
        false => Err(Failure::not_found(format!("item {id} of {items} items does not exist"))),
    }
}

/// The payload of an item, where it lies.
///
/// @param index    an index
/// @param id       an item
/// @param payload  receives a view of it, valid until the index is freed; NULL if the index has no
///                 payloads
/// @param length   receives how many bytes it has
/// @param error    may be NULL
///
/// SPATIO_NOT_FOUND if there is no such item. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_payload(
    index: *const spatio_index,
    id: u32,
    payload: *mut *const u8,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // index, which the handle keeps.
    unsafe {
        enter(error, "spatio_index_payload", || {
            let index = handle(index, "index")?;
            let (out, count) = (Out::one(payload, "payload")?, Out::one(length, "length")?);
            check_id(index, id)?;
            let found = on_index!(index, index => index.payload(id))?;
            out.set(0, found.map_or(std::ptr::null(), <[u8]>::as_ptr));
            count.set(0, found.map_or(0, <[u8]>::len));
            Ok(())
        })
    }
}

/// The payloads of many items, copied behind each other.
///
/// @param index    an index
/// @param n        how many items
/// @param ids      n items, such as the column ids of other hits
/// @param hits     NULL in *hits, or those of an earlier call, which are filled anew: columns ids,
///                 payload_offsets and payloads, one row for each item; must not be those that
///                 ids lies in
/// @param columns  receives views of *hits; may be NULL, else its struct_size must be set
/// @param error    may be NULL; its row is the item that was refused
///
/// If the index has no payloads each has no bytes. SPATIO_NOT_FOUND if there is no such item. Any
/// thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_payloads(
    index: *const spatio_index,
    n: usize,
    ids: *const u32,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_payloads", || {
            let index = handle(index, "index")?;
            let ids = column(ids, n, "ids")?;
            answer(hits, columns, |found| {
                found.open_payloads();
                for (row, &id) in ids.iter().enumerate() {
                    check_id(index, id).map_err(|failure| failure.in_row(row))?;
                    let payload = on_index!(index, index => index.payload(id));
                    let payload = payload.map_err(|error| error.in_row(row))?;
                    found.push_payload(id, payload.unwrap_or_default());
                }
                found.end_query();
                Ok(())
            })
        })
    }
}

/// The boxes of items, as they are stored: exact, or with coordinates of 32 bits a little larger.
///
/// @param index  an index
/// @param n      how many items
/// @param ids    n items
/// @param min    receives n times dims numbers: the least coordinates of each
/// @param max    receives the greatest; may be NULL
/// @param error  may be NULL; its row is the item that was refused
///
/// SPATIO_NOT_FOUND if there is no such item. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_boxes(
    index: *const spatio_index,
    n: usize,
    ids: *const u32,
    min: *mut f64,
    max: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_boxes", || {
            let index = handle(index, "index")?;
            let ids = column(ids, n, "ids")?;
            let room = n.checked_mul(index.axes());
            let room = room.ok_or_else(|| Failure::invalid(format!("min cannot have {n} rows")))?;
            let (min, max) = (Out::column(min, room, "min")?, Out::optional(max, room, "max")?);
            on_index!(index, inner => for (row, &id) in ids.iter().enumerate() {
                check_id(index, id).map_err(|failure| failure.in_row(row))?;
                let bounds = inner.item(id).map_err(|error| error.in_row(row))?;
                let missing = || Failure::not_found(format!("item {id} is not in the tree"));
                let bounds = bounds.ok_or_else(|| missing().in_row(row))?;
                let first = row * bounds.min.len();
                for (axis, (&low, &high)) in bounds.min.iter().zip(&bounds.max).enumerate() {
                    min.set(first + axis, low);
                    max.set(first + axis, high);
                }
            });
            Ok(())
        })
    }
}

/// How many items share a point with windows, and what their values and masks come to. What lies
/// wholly inside of a window is not looked at.
///
/// @param index     an index that was built with values or masks
/// @param n         how many windows
/// @param min       their least coordinates, as for spatio_index_search
/// @param max       their greatest; NULL: the windows are points
/// @param counts    receives n numbers; may be NULL, like the next four
/// @param sums      receives n sums; 0 of no items or without values. The order of adding up is
///                  not told, so the last digits may differ from those of another order.
/// @param least     receives the least value of each; NaN of no items or without values
/// @param greatest  receives the greatest; NaN of no items or without values
/// @param masks     receives n times all bits of any mask; 0 of no items or without masks
/// @param error     may be NULL; its row is the window that was refused
///
/// SPATIO_UNSUPPORTED if the index has neither values nor masks; else as spatio_index_search. Any
/// thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_aggregate(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    counts: *mut u64,
    sums: *mut f64,
    least: *mut f64,
    greatest: *mut f64,
    masks: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_aggregate", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let (counts, sums) =
                (Out::optional(counts, n, "counts")?, Out::optional(sums, n, "sums")?);
            let (least, greatest) =
                (Out::optional(least, n, "least")?, Out::optional(greatest, n, "greatest")?);
            let masks = Out::optional(masks, n, "masks")?;
            if !on_index!(index, index => index.has_scalars() || index.has_masks()) {
                let message = "the index has neither values nor masks";
                return Err(Failure::unsupported(message.to_owned()));
            }
            on_index!(index, index => for row in 0..n {
                let window = boxes.get(row);
                window.validate("packed aggregate").map_err(|error| error.in_row(row))?;
                let found = index.aggregate(&window).map_err(|error| error.in_row(row))?;
                let found = found.unwrap_or_default();
                counts.set(row, found.count);
                sums.set(row, found.sum.unwrap_or(0.0));
                least.set(row, found.min.unwrap_or(f64::NAN));
                greatest.set(row, found.max.unwrap_or(f64::NAN));
                masks.set(row, found.mask.unwrap_or(0));
            });
            Ok(())
        })
    }
}
