//! The answers of questions that were fed.
//!
//! Owns: handing them over. Invariants: an answer can be had more than once; asking for it too
//! early, or for another kind, changes nothing.

use super::fetch::own;
use super::{Question, spatio_fetch};
use crate::capi::border::{Fallible, Out, enter};
use crate::capi::error::spatio_error;
use crate::capi::index::hits::{Found, answer, spatio_hit_columns, spatio_hits};
use crate::capi::status::spatio_status;

/// Makes what was found the rows of one query.
fn fill(fetch: &mut spatio_fetch, found: &mut Found) -> Fallible {
    match &mut fetch.question {
        Question::Items(state) => {
            for item in state.answer()? {
                found.ids.push(item.id);
                found.ranks.push(item.rank);
            }
        }
        Question::Nearest(state) => {
            for item in state.answer()? {
                found.ids.push(item.id);
                found.ranks.push(item.rank);
                found.distance.push(item.distance);
            }
        }
        Question::Payloads(ranks, state) => {
            let payloads = state.answer()?;
            found.open_payloads();
            for (&rank, payload) in ranks.iter().zip(payloads) {
                found.ranks.push(rank);
                found.push_bytes(payload);
            }
        }
        _ => return Err(fetch.other_kind("hits")),
    }
    found.end_query();
    Ok(())
}

/// The rows that a question found: of spatio_stream_search, _search_region, _search_within,
/// _search_great_circle, _nearest, _nearest_great_circle, _raycast_closest, _payloads or _prefixes.
///
/// @param fetch    a question that wants nothing more
/// @param hits     NULL in *hits, or those of an earlier call, which are filled anew with one query
/// @param columns  receives views of *hits; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT if the fetch still wants
/// something (it can go on), failed, or has another kind of answer. One thread at a time for each
/// fetch. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_hits(
    fetch: *mut spatio_fetch,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_hits", || {
            let fetch = own(fetch)?;
            answer(hits, columns, |found| fill(fetch, found))
        })
    }
}

/// How many items a question of spatio_stream_count, _count_region or _count_within counted.
///
/// @param fetch  a question that wants nothing more
/// @param count  receives the number
/// @param error  may be NULL
///
/// SPATIO_INVALID_ARGUMENT as of spatio_fetch_hits. One thread at a time for each fetch. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_count(
    fetch: *mut spatio_fetch,
    count: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_count", || {
            let (fetch, out) = (own(fetch)?, Out::one(count, "count")?);
            let Question::Count(state) = &mut fetch.question else {
                return Err(fetch.other_kind("a count"));
            };
            out.set(0, *state.answer()? as u64);
            Ok(())
        })
    }
}

/// What a question of spatio_stream_aggregate added up.
///
/// @param fetch     a question that wants nothing more
/// @param count     receives how many items there are; may be NULL, like the next four
/// @param sum       receives the sum of their values; 0 of no items
/// @param least     receives the least value; NaN of no items
/// @param greatest  receives the greatest; NaN of no items
/// @param mask      receives all bits of their masks; 0 of no items, or if the index has no masks
/// @param error     may be NULL
///
/// The sum is added up in the order of the ranks, however it was streamed. SPATIO_INVALID_ARGUMENT
/// as of spatio_fetch_hits. One thread at a time for each fetch. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_aggregate(
    fetch: *mut spatio_fetch,
    count: *mut u64,
    sum: *mut f64,
    least: *mut f64,
    greatest: *mut f64,
    mask: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_aggregate", || {
            let fetch = own(fetch)?;
            let (count, sum) = (Out::optional(count, 1, "count")?, Out::optional(sum, 1, "sum")?);
            let least = Out::optional(least, 1, "least")?;
            let greatest = Out::optional(greatest, 1, "greatest")?;
            let mask = Out::optional(mask, 1, "mask")?;
            let Question::Aggregate(state) = &mut fetch.question else {
                return Err(fetch.other_kind("an aggregate"));
            };
            let found = state.answer()?;
            count.set(0, found.count);
            sum.set(0, found.sum.unwrap_or(0.0));
            least.set(0, found.min.unwrap_or(f64::NAN));
            greatest.set(0, found.max.unwrap_or(f64::NAN));
            mask.set(0, found.mask.unwrap_or(0));
            Ok(())
        })
    }
}
