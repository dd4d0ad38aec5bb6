//! Reading the present state of objects.

use std::ffi::c_char;

use crate::db::State;

use super::border::{Failure, Out, column, text};
use super::error::spatio_error;
use super::namespace::{on_namespace, spatio_namespace};
use super::status::spatio_status;
use super::versioned::{OutStruct, Versioned};

/// The present state of an object.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_object {
    /// sizeof(spatio_object), set by the caller.
    pub struct_size: u32,
    /// Bytes of its payload, to be had by spatio_get_payload; 0 if it has none.
    pub payload_length: u32,
    /// Its handle.
    pub handle: u64,
    /// Longitude in degrees, or x.
    pub x: f64,
    /// Latitude in degrees, or y.
    pub y: f64,
    /// Altitude in metres, or z.
    pub z: f64,
    /// The event time of that position in microseconds since 1970-01-01 UTC.
    pub time_us: i64,
    /// When it expires by the database's clock; INT64_MAX: never.
    pub expires_us: i64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_object {
    const NAME: &'static str = "spatio_object";
    const FIRST_SIZE: usize = size_of::<spatio_object>();

    fn defaults() -> Self {
        spatio_object {
            struct_size: size_of::<spatio_object>() as u32,
            payload_length: 0,
            handle: 0,
            x: 0.0,
            y: 0.0,
            z: 0.0,
            time_us: 0,
            expires_us: i64::MAX,
        }
    }
}

pub(super) fn fill(out: OutStruct<spatio_object>, state: &State) {
    out.set(&spatio_object {
        payload_length: state.payload_bytes as u32,
        handle: state.handle,
        x: state.position.x,
        y: state.position.y,
        z: state.position.z,
        time_us: state.time_us,
        expires_us: state.expires_us,
        ..Versioned::defaults()
    });
}

#[cold]
fn missing(handle: u64) -> Failure {
    Failure::not_found(format!("object {handle:#x} is not here"))
}

/// The present state of an object.
///
/// @param ns         a namespace
/// @param id         UTF-8
/// @param id_length  its bytes
/// @param object     receives it; its struct_size must be set
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if it is not here, was deleted or has expired. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    object: *mut spatio_object,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_get", |ns| {
            let out = OutStruct::new(object, "object")?;
            let id = text(id, id_length, "id")?;
            let missing = || Failure::not_found(format!("object {id:?} is not here"));
            fill(out, &ns.ns.state(id)?.ok_or_else(missing)?);
            Ok(())
        })
    }
}

/// The same by handle.
///
/// @param ns      a namespace
/// @param handle  an object's handle
/// @param object  receives it; its struct_size must be set
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND also if the handle was not given out. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_by_handle(
    ns: *const spatio_namespace,
    handle: u64,
    object: *mut spatio_object,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_get_by_handle", |ns| {
            let out = OutStruct::new(object, "object")?;
            match ns.ns.state_of_handle(handle)? {
                Some(state) => fill(out, &state),
                None => return Err(missing(handle)),
            }
            Ok(())
        })
    }
}

/// The payload of an object.
///
/// @param ns        a namespace
/// @param handle    an object's handle
/// @param payload   receives the bytes; NULL to ask for the length only
/// @param capacity  bytes that `payload` has room for
/// @param length    receives how many bytes it has, in any case
/// @param error     may be NULL
///
/// SPATIO_BUFFER_TOO_SMALL if there is not enough room, SPATIO_NOT_FOUND if the object is not here;
/// an object without a payload has 0 bytes. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_payload(
    ns: *const spatio_namespace,
    handle: u64,
    payload: *mut u8,
    capacity: usize,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_get_payload", |ns| {
            let out = Out::optional(payload, capacity, "payload")?;
            let needed = Out::one(length, "length")?;
            let object = ns.ns.get_handle(handle)?.ok_or_else(|| missing(handle))?;
            let held = object.payload;
            let bytes = held.as_deref().unwrap_or_default();
            needed.set(0, bytes.len());
            if payload.is_null() && capacity == 0 {
                return Ok(());
            }
            if bytes.len() > capacity || payload.is_null() {
                return Err(Failure::too_small(bytes.len(), capacity));
            }
            out.copy(bytes);
            Ok(())
        })
    }
}

/// The present state of many objects.
///
/// @param ns       a namespace
/// @param n        how many
/// @param handles  n handles
/// @param x        receives n longitudes in degrees, or x; may be NULL, like the next four
/// @param y        receives n latitudes in degrees, or y
/// @param z        receives n altitudes in metres, or z
/// @param time_us  receives n event times
/// @param found    receives n times 1 if the object is here, 0 if not; its other columns are 0 then
/// @param error    may be NULL; its row is a handle that was not given out
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_batch(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    x: *mut f64,
    y: *mut f64,
    z: *mut f64,
    time_us: *mut i64,
    found: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_get_batch", |ns| {
            let handles = column(handles, n, "handles")?;
            let (x, y) = (Out::optional(x, n, "x")?, Out::optional(y, n, "y")?);
            let (z, times) = (Out::optional(z, n, "z")?, Out::optional(time_us, n, "time_us")?);
            let found = Out::optional(found, n, "found")?;
            ns.ns.get_each(handles, |row, state| {
                let (position, time_us) = state.unwrap_or_default();
                x.set(row, position.x);
                y.set(row, position.y);
                z.set(row, position.z);
                times.set(row, time_us);
                found.set(row, state.is_some().into());
            })?;
            Ok(())
        })
    }
}
