//! Ids and handles: text to a number and back.

use std::ffi::c_char;

use super::border::{Failure, Out, Texts, column, text};
use super::error::spatio_error;
use super::namespace::{on_namespace, spatio_namespace};
use super::result::{Answer, Present, spatio_columns, spatio_result};
use super::status::spatio_status;

/// The handle of an id: a number that stands for the object in the fast calls. It is given when an
/// id is first seen, or by this call, and lasts as long as the database exists, also when it is
/// closed and opened again.
///
/// @param ns         a namespace
/// @param id         UTF-8, 1 to 255 bytes
/// @param id_length  its bytes
/// @param handle     receives the handle
/// @param error      may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_intern(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    handle: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_intern", |ns| {
            let out = Out::one(handle, "handle")?;
            out.set(0, ns.ns.intern(text(id, id_length, "id")?)?);
            Ok(())
        })
    }
}

/// The handles of many ids.
///
/// @param ns          a namespace
/// @param n           how many ids
/// @param id_offsets  n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
///                    id_offsets[i + 1] of ids
/// @param ids         the ids behind each other, UTF-8
/// @param handles     receives n handles
/// @param error       may be NULL; its row is the first id that was refused, and those before it
///                    have their handles
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_intern_batch(
    ns: *const spatio_namespace,
    n: usize,
    id_offsets: *const u64,
    ids: *const c_char,
    handles: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_intern_batch", |ns| {
            let out = Out::column(handles, n, "handles")?;
            let ids = Texts::new(id_offsets, ids, n, "ids")?;
            for (row, id) in ids.iter().enumerate() {
                out.set(row, ns.ns.intern(id).map_err(|error| error.in_row(row))?);
            }
            Ok(())
        })
    }
}

/// The handle of an id that was seen before, without giving one.
///
/// @param ns         a namespace
/// @param id         UTF-8
/// @param id_length  its bytes
/// @param handle     receives the handle
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if it was never seen. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_find_handle(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    handle: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_find_handle", |ns| {
            let out = Out::one(handle, "handle")?;
            let id = text(id, id_length, "id")?;
            let found = ns.ns.handle(id)?;
            let missing = || {
                let name = ns.ns.name();
                Failure::not_found(format!("object {id:?} was never seen in {name:?}"))
            };
            out.set(0, found.ok_or_else(missing)?);
            Ok(())
        })
    }
}

/// The id of a handle.
///
/// @param ns         a namespace
/// @param handle     a handle of it
/// @param id         receives a view of the id, without a NUL at its end, valid until ns is closed
/// @param id_length  receives its bytes
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if the handle was not given out by this namespace. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_id(
    ns: *const spatio_namespace,
    handle: u64,
    id: *mut *const c_char,
    id_length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. A name lasts as long as its
    // namespace, which the handle keeps.
    unsafe {
        on_namespace(ns, error, "spatio_id", |ns| {
            let (out, length) = (Out::one(id, "id")?, Out::one(id_length, "id_length")?);
            let name = ns.ns.id(handle)?;
            out.set(0, name.as_ptr().cast());
            length.set(0, name.len());
            Ok(())
        })
    }
}

/// The ids of many handles.
///
/// @param ns       a namespace
/// @param n        how many handles
/// @param handles  n handles
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result: handles, id_offsets and ids; may be NULL
/// @param error    may be NULL
///
/// SPATIO_NOT_FOUND with the row of a handle that was not given out. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_ids(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_ids", |ns| {
            let handles = column(handles, n, "handles")?;
            let mut answer = Answer::new(result, columns)?;
            let held = answer.begin();
            held.open_ids();
            held.says(Present { handles: true, ..Present::default() });
            for (row, &handle) in handles.iter().enumerate() {
                held.push_id(ns.ns.id(handle).map_err(|error| error.in_row(row))?);
                held.merged.handles.push(handle);
            }
            held.end_query();
            answer.finish();
            Ok(())
        })
    }
}
