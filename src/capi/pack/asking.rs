//! Asking a pack: the queries of a namespace, and single objects.

use std::ffi::c_char;

use super::open::{on_pack, spatio_pack};
use crate::capi::answering::{self, Asked, Room, Spare};
use crate::capi::border::{Failure, Out, text};
use crate::capi::cancel::spatio_cancel;
use crate::capi::error::spatio_error;
use crate::capi::query::spatio_query;
use crate::capi::reading::{fill, spatio_object};
use crate::capi::result::{spatio_columns, spatio_result};
use crate::capi::status::spatio_status;
use crate::capi::versioned::OutStruct;
use crate::db::{Cancel, Query, Rows};
use crate::error::Result;

impl Asked for spatio_pack {
    fn ask(&self, query: &Query, rows: &mut Rows, cancel: Option<&Cancel>) -> Result<()> {
        match cancel {
            None => self.pack.query_into(query, rows),
            Some(cancel) => self.pack.query_unless(cancel, query, rows),
        }
    }

    fn spare(&self) -> &Spare {
        &self.spare
    }
}

/// Asks any number of questions in one call, as spatio_query_run asks a namespace: the answer is
/// what the namespace's was when it was frozen, but for the handles, and for the order of rows that
/// have no promised one.
///
/// @param pack     a pack
/// @param queries  n queries, each made by spatio_query_init; an origin that is an object is a
///                 handle of this pack
/// @param n        how many
/// @param cancel   stops the call when it is fired; may be NULL
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL; its row is the query that was refused
///
/// On failure *result stays the caller's, emptied. SPATIO_NOT_FOUND if the object that a query is
/// laid around is not here, SPATIO_CORRUPT if damage was met. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_query(
    pack: *const spatio_pack,
    queries: *const spatio_query,
    n: usize,
    cancel: *mut spatio_cancel,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_pack(pack, error, "spatio_pack_query", |pack| {
            answering::run(pack, (queries, n), cancel, (result, columns))
        })
    }
}

/// Asks one question into the caller's own columns, as spatio_query_into asks a namespace.
///
/// @param pack      a pack
/// @param query     a query
/// @param capacity  rows that the columns have room for: no more are found, as with a limit
/// @param handles   receives the handles of the objects; may be NULL, like the next five
/// @param x         receives longitudes in degrees, or x
/// @param y         receives latitudes in degrees, or y
/// @param z         receives altitudes in metres, or z
/// @param time_us   receives event times
/// @param distance  receives distances; NaN if the query has no origin
/// @param rows      receives how many rows there are
/// @param error     may be NULL
///
/// Errors as of spatio_pack_query. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_query_into(
    pack: *const spatio_pack,
    query: *const spatio_query,
    capacity: usize,
    handles: *mut u64,
    x: *mut f64,
    y: *mut f64,
    z: *mut f64,
    time_us: *mut i64,
    distance: *mut f64,
    rows: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_pack(pack, error, "spatio_pack_query_into", |pack| {
            let room = Room { handles, x, y, z, time_us, distance, rows, capacity };
            answering::run_into(pack, query, room)
        })
    }
}

/// An object of a pack.
///
/// @param pack       a pack
/// @param id         UTF-8
/// @param id_length  its bytes
/// @param object     receives it; its struct_size must be set. Its payload is to be had by
///                   spatio_pack_payload.
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if it is not here. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_get(
    pack: *const spatio_pack,
    id: *const c_char,
    id_length: usize,
    object: *mut spatio_object,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_pack(pack, error, "spatio_pack_get", |pack| {
            let out = OutStruct::new(object, "object")?;
            let id = text(id, id_length, "id")?;
            let missing = || Failure::not_found(format!("object {id:?} is not here"));
            fill(out, &pack.pack.state(id)?.ok_or_else(missing)?);
            Ok(())
        })
    }
}

/// The id of a handle.
///
/// @param pack       a pack
/// @param handle     a handle of it
/// @param id         receives a view of the id, without a NUL at its end, valid until the pack is
///                   freed
/// @param id_length  receives its bytes
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if the pack has no such handle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_id(
    pack: *const spatio_pack,
    handle: u64,
    id: *mut *const c_char,
    id_length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // pack, which the handle keeps.
    unsafe {
        on_pack(pack, error, "spatio_pack_id", |pack| {
            let (out, length) = (Out::one(id, "id")?, Out::one(id_length, "id_length")?);
            let id = pack.pack.id(handle)?;
            out.set(0, id.as_ptr().cast());
            length.set(0, id.len());
            Ok(())
        })
    }
}

/// The payload of an object, where it lies.
///
/// @param pack     a pack
/// @param handle   a handle of it
/// @param payload  receives a view of it, valid until the pack is freed; NULL if the object has
///                 none
/// @param length   receives how many bytes it has
/// @param error    may be NULL
///
/// SPATIO_NOT_FOUND if the pack has no such handle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_payload(
    pack: *const spatio_pack,
    handle: u64,
    payload: *mut *const u8,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // pack, which the handle keeps.
    unsafe {
        on_pack(pack, error, "spatio_pack_payload", |pack| {
            let (out, count) = (Out::one(payload, "payload")?, Out::one(length, "length")?);
            let found = pack.pack.payload(handle)?;
            out.set(0, found.map_or(std::ptr::null(), <[u8]>::as_ptr));
            count.set(0, found.map_or(0, <[u8]>::len));
            Ok(())
        })
    }
}
