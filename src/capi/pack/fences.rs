//! Fences: built from the caller's polygons, written, opened, and given up.
//!
//! Owns: the translation of the columns. Does not own the order of the fences, nor the file.

use std::ffi::c_char;
use std::sync::Arc;

use super::freeze::{options_of, spatio_freeze_options};
use crate::capi::border::{
    self, Fallible, Out, Texts, blobs, column, emptied, enter, give, handle, take_back,
};
use crate::capi::error::spatio_error;
use crate::capi::namespace::{number_of, space_of};
use crate::capi::polygon::spatio_polygon;
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned};
use crate::db::{Fence, Fences};
use crate::geom::Space;

/// Fences: polygons with ids that do not change, in memory or in a file. Their handles are their
/// places in the order of their ids, counted from 0. Any number of threads may ask them at the same
/// time; freeing them is for one thread alone, when no call uses them.
pub struct spatio_fences(pub(super) Fences);

// A handle is asked by any thread.
const fn is_shared<T: Send + Sync>() {}
const _: () = is_shared::<spatio_fences>();

/// The columns of the caller, looked at.
struct Given<'a> {
    space: Space,
    fences: Vec<Fence<'a>>,
}

impl Given<'_> {
    /// Looks at them.
    ///
    /// # Safety
    ///
    /// The pointers are what the header asks for.
    unsafe fn new(
        (space, n): (u32, usize),
        (id_offsets, ids): (*const u64, *const c_char),
        polygons: *const *const spatio_polygon,
        (payload_offsets, payloads): (*const u64, *const u8),
    ) -> Fallible<Self> {
        let space = space_of(space)?;
        // SAFETY: what the caller of this function vouches for.
        let (ids, polygons, payloads) = unsafe {
            let ids = Texts::new(id_offsets, ids, n, "ids")?;
            let polygons = column(polygons, n, "polygons")?;
            let payloads = match payload_offsets.is_null() {
                true => None,
                false => Some(blobs(payload_offsets, payloads, n)?),
            };
            (ids, polygons, payloads)
        };
        let mut fences = Vec::with_capacity(n);
        for (row, (id, &polygon)) in ids.iter().zip(polygons).enumerate() {
            // SAFETY: as before.
            let polygon = unsafe { handle(polygon, "polygons") };
            let polygon = &polygon.map_err(|failure| failure.in_row(row))?.0;
            let payload = payloads.as_ref().map(|payloads| payloads[row]);
            fences.push(Fence { id, polygon, payload: payload.filter(|bytes| !bytes.is_empty()) });
        }
        Ok(Given { space, fences })
    }
}

/// Builds fences in memory.
///
/// ```c
/// const uint64_t ends[] = {0, 4, 11};
/// const spatio_polygon *polygons[] = {park, harbour};  // made by spatio_polygon_new
/// spatio_fences *fences = NULL;
/// spatio_fences_build(SPATIO_GEOGRAPHIC, 2, ends, "parkharbour", polygons, NULL, NULL, &fences,
///                     &error);
/// ```
///
/// @param space            what coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN
/// @param n                how many fences there are
/// @param id_offsets       n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
///                         id_offsets[i + 1] of ids
/// @param ids              the ids behind each other, UTF-8, 1 to 255 bytes each; none twice
/// @param polygons         n polygons; the same one may be there several times. Edges are straight
///                         in longitude and latitude; one that crosses the antimeridian is to be
///                         cut there
/// @param payload_offsets  n + 1 numbers: the payload of fence i is the bytes payload_offsets[i] up
///                         to, not including, payload_offsets[i + 1] of payloads, no bytes: none;
///                         NULL: no fence has one
/// @param payloads         the payloads behind each other
/// @param fences           receives them, to be freed by spatio_fences_free; NULL on failure
/// @param error            may be NULL; its row is the fence that was refused
///
/// Everything is copied, also the polygons. SPATIO_INVALID_ARGUMENT if an id is empty or there
/// twice, SPATIO_OUT_OF_RANGE if a polygon leaves the globe. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_build(
    space: u32,
    n: usize,
    id_offsets: *const u64,
    ids: *const c_char,
    polygons: *const *const spatio_polygon,
    payload_offsets: *const u64,
    payloads: *const u8,
    fences: *mut *mut spatio_fences,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fences_build", || {
            let out = emptied(fences, "fences")?;
            let payloads = (payload_offsets, payloads);
            let given = Given::new((space, n), (id_offsets, ids), polygons, payloads)?;
            out.set(0, give(spatio_fences(Fences::build(given.space, &given.fences)?)));
            Ok(())
        })
    }
}

/// Builds fences into a file, which appears under its name as that of spatio_freeze does.
///
/// @param path             UTF-8 with a NUL at its end; its folder must exist
/// @param space            as for spatio_fences_build, and so on
/// @param n                how many fences there are
/// @param id_offsets       where the ids begin and end
/// @param ids              the ids
/// @param polygons         n polygons
/// @param payload_offsets  where the payloads begin and end; may be NULL
/// @param payloads         the payloads
/// @param options          how it is written; NULL for the defaults
/// @param bytes            receives the length of the file; may be NULL
/// @param error            may be NULL; its row is the fence that was refused
///
/// Errors as of spatio_fences_build; SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_write(
    path: *const c_char,
    space: u32,
    n: usize,
    id_offsets: *const u64,
    ids: *const c_char,
    polygons: *const *const spatio_polygon,
    payload_offsets: *const u64,
    payloads: *const u8,
    options: *const spatio_freeze_options,
    bytes: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fences_write", || {
            let out = Out::optional(bytes, 1, "bytes")?;
            let (path, options) = (border::path(path, "path")?, options_of(options)?);
            let payloads = (payload_offsets, payloads);
            let given = Given::new((space, n), (id_offsets, ids), polygons, payloads)?;
            out.set(0, Fences::write(path, given.space, &given.fences, options)?.bytes);
            Ok(())
        })
    }
}

/// Opens a file that spatio_fences_write wrote. The file is mapped, as that of a pack.
///
/// @param path    UTF-8 with a NUL at its end
/// @param fences  receives them, to be freed by spatio_fences_free; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND if there is no such file, SPATIO_CORRUPT if it holds no fences or contradicts
/// itself, SPATIO_UNSUPPORTED if it is a pack; what is damaged further in is found by the question
/// that comes upon it, or by spatio_fences_verify. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_open(
    path: *const c_char,
    fences: *mut *mut spatio_fences,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fences_open", || {
            let out = emptied(fences, "fences")?;
            out.set(0, give(spatio_fences(Fences::open(border::path(path, "path")?)?)));
            Ok(())
        })
    }
}

/// Opens fences from the bytes of their file, which are copied.
///
/// @param bytes   the file
/// @param length  how many bytes it has
/// @param fences  receives them, to be freed by spatio_fences_free; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_fences_open. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_open_bytes(
    bytes: *const u8,
    length: usize,
    fences: *mut *mut spatio_fences,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fences_open_bytes", || {
            let out = emptied(fences, "fences")?;
            let bytes = column(bytes, length, "bytes")?.to_vec();
            out.set(0, give(spatio_fences(Fences::from_bytes(Arc::new(bytes))?)));
            Ok(())
        })
    }
}

/// What fences are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_fences_info {
    /// sizeof(spatio_fences_info), set by the caller.
    pub struct_size: u32,
    /// What coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN.
    pub space: u32,
    /// How many there are; their handles are 0 up to, not including, this.
    pub fences: u64,
    /// Bytes that they take, in memory or as a file.
    pub bytes: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_fences_info {
    const NAME: &'static str = "spatio_fences_info";
    const FIRST_SIZE: usize = size_of::<spatio_fences_info>();

    fn defaults() -> Self {
        let struct_size = size_of::<spatio_fences_info>() as u32;
        spatio_fences_info { struct_size, space: 0, fences: 0, bytes: 0 }
    }
}

/// Runs the body of a function on fences.
///
/// # Safety
///
/// `fences` is NULL or an open handle, `error` as for [`enter`].
pub(super) unsafe fn on_fences(
    fences: *const spatio_fences,
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce(&Fences) -> Fallible,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe { enter(error, operation, || body(&handle(fences, "fences")?.0)) }
}

/// What fences are.
///
/// @param fences  fences
/// @param info    receives it; its struct_size must be set
/// @param error   may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_get_info(
    fences: *const spatio_fences,
    info: *mut spatio_fences_info,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_fences(fences, error, "spatio_fences_get_info", |fences| {
            let out = OutStruct::new(info, "info")?;
            out.set(&spatio_fences_info {
                space: number_of(fences.space()),
                fences: fences.count() as u64,
                bytes: fences.byte_len() as u64,
                ..Versioned::defaults()
            });
            Ok(())
        })
    }
}

/// Looks through all of fences that says of itself whether it is right, and at every ring.
///
/// @param fences  fences
/// @param error   may be NULL
///
/// SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_verify(
    fences: *const spatio_fences,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { on_fences(fences, error, "spatio_fences_verify", |fences| Ok(fences.verify()?)) }
}

/// Frees fences; a file that they were opened from stays. NULL is fine. Since 0.1.
///
/// @param fences  fences
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fences_free(fences: *mut spatio_fences) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(fences) });
}
