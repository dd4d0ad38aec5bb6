//! Finding fences: which contain points, which meet boxes, and single ones.
//!
//! Owns: the columns of answers. Does not own any test (`db::pack`). Invariants: the fences of each
//! point, and of each box, are in the order of their ids, and so of their handles.

use std::ffi::c_char;

use super::fences::{on_fences, spatio_fences};
use crate::capi::border::{Failure, Fallible, column, text};
use crate::capi::error::spatio_error;
use crate::capi::query::{SPATIO_QUERY_WITH_IDS, SPATIO_QUERY_WITH_PAYLOADS};
use crate::capi::result::{Answer, Present, spatio_columns, spatio_result};
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned};
use crate::db::FoundFence;
use crate::error::Result;
use crate::geom::{Point, Rect};

/// Answers `n` questions, of which each is answered by `ask`.
///
/// # Safety
///
/// The pointers are what the header asks for.
unsafe fn answer<'a>(
    (n, flags): (usize, u32),
    (result, columns): (*mut *mut spatio_result, *mut spatio_columns),
    ask: impl Fn(usize) -> Result<Vec<FoundFence<'a>>>,
) -> Fallible {
    if flags & !(SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS) != 0 {
        let message = format!("flags are {flags:#x}, which fences do not know");
        return Err(Failure::unsupported(message));
    }
    // SAFETY: what the caller of this function vouches for.
    let mut answer = unsafe { Answer::new(result, columns) }?;
    let held = answer.begin();
    let with = |flag| flags & flag != 0;
    let (with_ids, with_payloads) = (with(SPATIO_QUERY_WITH_IDS), with(SPATIO_QUERY_WITH_PAYLOADS));
    if with_ids {
        held.open_ids();
    }
    if with_payloads {
        held.open_payloads();
    }
    held.says(Present { handles: true, ..Present::default() });
    for row in 0..n {
        let found = match ask(row) {
            Ok(found) => found,
            Err(error) => {
                held.begin();
                return Err(error.in_row(row).into());
            }
        };
        for fence in found {
            held.merged.handles.push(fence.handle);
            if with_ids {
                held.push_id(fence.id);
            }
            if with_payloads {
                held.push_payload(fence.payload.unwrap_or_default());
            }
        }
        held.end_query();
    }
    answer.finish();
    Ok(())
}

/// The fences that contain points, borders included, in the order of their ids.
///
/// ```c
/// spatio_fences_containing(fences, n, x, y, 0, &result, &found, &error);
/// for (i = 0; i < n; i++)
///     for (row = found.offsets[i]; row < found.offsets[i + 1]; row++)
///         enter(vehicles[i], found.handles[row]);
/// ```
///
/// @param fences   fences
/// @param n        how many points
/// @param x        n longitudes in degrees, or x
/// @param y        n latitudes in degrees, or y
/// @param flags    SPATIO_QUERY_WITH_IDS and SPATIO_QUERY_WITH_PAYLOADS, added up, or 0
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result: handles, and ids and payloads if they were asked for;
///                 the rows of point i are offsets[i] up to, not including, offsets[i + 1]. May be
///                 NULL, else its struct_size must be set
/// @param error    may be NULL; its row is the point that was refused
///
/// On failure *result stays the caller's, emptied. SPATIO_CORRUPT if damage was met. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_containing(
    fences: *const spatio_fences,
    n: usize,
    x: *const f64,
    y: *const f64,
    flags: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_fences(fences, error, "spatio_fences_containing", |fences| {
            let (x, y) = (column(x, n, "x")?, column(y, n, "y")?);
            let ask = |row: usize| fences.containing(Point::new(x[row], y[row]));
            answer((n, flags), (result, columns), ask)
        })
    }
}

/// The fences that share a point with boxes, in the order of their ids.
///
/// @param fences   fences
/// @param n        how many boxes
/// @param min_x    n numbers: west, or least x; above max_x a box crosses the antimeridian
/// @param min_y    n numbers: south, or least y
/// @param max_x    n numbers: east, or greatest x
/// @param max_y    n numbers: north, or greatest y
/// @param flags    SPATIO_QUERY_WITH_IDS and SPATIO_QUERY_WITH_PAYLOADS, added up, or 0
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result, as of spatio_fences_containing; may be NULL
/// @param error    may be NULL; its row is the box that was refused
///
/// On failure *result stays the caller's, emptied. SPATIO_CORRUPT if damage was met. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_intersecting(
    fences: *const spatio_fences,
    n: usize,
    min_x: *const f64,
    min_y: *const f64,
    max_x: *const f64,
    max_y: *const f64,
    flags: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_fences(fences, error, "spatio_fences_intersecting", |fences| {
            let (min_x, min_y) = (column(min_x, n, "min_x")?, column(min_y, n, "min_y")?);
            let (max_x, max_y) = (column(max_x, n, "max_x")?, column(max_y, n, "max_y")?);
            let ask = |row: usize| {
                fences.intersecting(Rect::new(min_x[row], min_y[row], max_x[row], max_y[row]))
            };
            answer((n, flags), (result, columns), ask)
        })
    }
}

/// One fence. The views of its id and its payload are valid until the fences are freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_fence {
    /// sizeof(spatio_fence), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Its handle.
    pub handle: u64,
    /// Its id, UTF-8, without a NUL at its end.
    pub id: *const c_char,
    /// Its bytes.
    pub id_length: usize,
    /// Its payload; NULL if it has none.
    pub payload: *const u8,
    /// Its bytes.
    pub payload_length: usize,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; numbers and pointers of any value.
unsafe impl Versioned for spatio_fence {
    const NAME: &'static str = "spatio_fence";
    const FIRST_SIZE: usize = size_of::<spatio_fence>();

    fn defaults() -> Self {
        spatio_fence {
            struct_size: size_of::<spatio_fence>() as u32,
            reserved: 0,
            handle: 0,
            id: std::ptr::null(),
            id_length: 0,
            payload: std::ptr::null(),
            payload_length: 0,
        }
    }
}

fn show(fence: &FoundFence<'_>) -> spatio_fence {
    spatio_fence {
        handle: fence.handle,
        id: fence.id.as_ptr().cast(),
        id_length: fence.id.len(),
        payload: fence.payload.map_or(std::ptr::null(), <[u8]>::as_ptr),
        payload_length: fence.payload.map_or(0, <[u8]>::len),
        ..Versioned::defaults()
    }
}

/// The fence with an id.
///
/// @param fences     fences
/// @param id         UTF-8
/// @param id_length  its bytes
/// @param fence      receives it; its struct_size must be set
/// @param error      may be NULL
///
/// SPATIO_NOT_FOUND if there is none. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_get(
    fences: *const spatio_fences,
    id: *const c_char,
    id_length: usize,
    fence: *mut spatio_fence,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // fences, which the handle keeps.
    unsafe {
        on_fences(fences, error, "spatio_fences_get", |fences| {
            let out = OutStruct::new(fence, "fence")?;
            let id = text(id, id_length, "id")?;
            let missing = || Failure::not_found(format!("fence {id:?} is not here"));
            out.set(&show(&fences.get(id)?.ok_or_else(missing)?));
            Ok(())
        })
    }
}

/// The same by handle.
///
/// @param fences  fences
/// @param handle  a handle of them
/// @param fence   receives it; its struct_size must be set
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND if they have no such handle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_get_by_handle(
    fences: *const spatio_fences,
    handle: u64,
    fence: *mut spatio_fence,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // fences, which the handle keeps.
    unsafe {
        on_fences(fences, error, "spatio_fences_get_by_handle", |fences| {
            let out = OutStruct::new(fence, "fence")?;
            out.set(&show(&fences.get_handle(handle)?));
            Ok(())
        })
    }
}
