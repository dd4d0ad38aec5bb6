//! Opening a pack, what it is, and giving it up.
//!
//! Owns: where the bytes come from. Does not own what they mean.

use std::ffi::c_char;
use std::sync::Arc;

use crate::capi::answering::Spare;
use crate::capi::border::{self, Fallible, column, emptied, enter, give, handle, take_back};
use crate::capi::error::spatio_error;
use crate::capi::namespace::number_of;
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned};
use crate::db::Pack;

/// A pack: the objects of a namespace as they were when it was frozen. Its handles are its own: the
/// places of its objects in the order of their ids, counted from 0. Any number of threads may ask
/// one at the same time; freeing it is for one thread alone, when no call uses it.
pub struct spatio_pack {
    pub(super) pack: Pack,
    pub(super) spare: Spare,
}

// A handle is asked by any thread.
const fn is_shared<T: Send + Sync>() {}
const _: () = is_shared::<spatio_pack>();

impl spatio_pack {
    fn give(pack: Pack) -> *mut spatio_pack {
        give(spatio_pack { pack, spare: Spare::new() })
    }
}

/// Opens a file that spatio_freeze wrote. The file is mapped: opening costs the same for any number
/// of objects, and pages are read when a question needs them.
///
/// @param path   UTF-8 with a NUL at its end
/// @param pack   receives it, to be freed by spatio_pack_free; NULL on failure
/// @param error  may be NULL
///
/// The file must not be changed or cut in place while it is open; it may be removed or replaced by
/// another one. SPATIO_NOT_FOUND if there is none, SPATIO_CORRUPT if it is no pack or contradicts
/// itself, SPATIO_UNSUPPORTED if it holds fences; what is damaged further in is found by the
/// question that comes upon it, or by spatio_pack_verify. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_open(
    path: *const c_char,
    pack: *mut *mut spatio_pack,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_pack_open", || {
            let out = emptied(pack, "pack")?;
            out.set(0, spatio_pack::give(Pack::open(border::path(path, "path")?)?));
            Ok(())
        })
    }
}

/// Opens a pack from the bytes of its file, which are copied.
///
/// @param bytes   the file
/// @param length  how many bytes it has
/// @param pack    receives it, to be freed by spatio_pack_free; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_pack_open. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_open_bytes(
    bytes: *const u8,
    length: usize,
    pack: *mut *mut spatio_pack,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_pack_open_bytes", || {
            let out = emptied(pack, "pack")?;
            let bytes = column(bytes, length, "bytes")?.to_vec();
            out.set(0, spatio_pack::give(Pack::from_bytes(Arc::new(bytes))?));
            Ok(())
        })
    }
}

/// What a pack is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_pack_info {
    /// sizeof(spatio_pack_info), set by the caller.
    pub struct_size: u32,
    /// What coordinates mean: SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN.
    pub space: u32,
    /// How many objects it has; their handles are 0 up to, not including, this.
    pub objects: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// When it was frozen by the database's clock, in microseconds since 1970-01-01 UTC; the
    /// present of every question.
    pub frozen_us: i64,
    /// How many coordinates are stored: 2 if all altitudes are 0, else 3.
    pub dims: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_pack_info {
    const NAME: &'static str = "spatio_pack_info";
    const FIRST_SIZE: usize = size_of::<spatio_pack_info>();

    fn defaults() -> Self {
        spatio_pack_info {
            struct_size: size_of::<spatio_pack_info>() as u32,
            space: 0,
            objects: 0,
            bytes: 0,
            frozen_us: 0,
            dims: 0,
            reserved: 0,
        }
    }
}

/// Runs the body of a function on a pack.
///
/// # Safety
///
/// `pack` is NULL or an open handle, `error` as for [`enter`].
pub(super) unsafe fn on_pack(
    pack: *const spatio_pack,
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce(&spatio_pack) -> Fallible,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe { enter(error, operation, || body(handle(pack, "pack")?)) }
}

/// What a pack is.
///
/// @param pack   a pack
/// @param info   receives it; its struct_size must be set
/// @param error  may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_get_info(
    pack: *const spatio_pack,
    info: *mut spatio_pack_info,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_pack(pack, error, "spatio_pack_get_info", |pack| {
            let (out, pack) = (OutStruct::new(info, "info")?, &pack.pack);
            out.set(&spatio_pack_info {
                space: number_of(pack.space()),
                objects: pack.count() as u64,
                bytes: pack.byte_len() as u64,
                frozen_us: pack.frozen_us(),
                dims: pack.dimensions().into(),
                ..Versioned::defaults()
            });
            Ok(())
        })
    }
}

/// Looks through all of a pack that says of itself whether it is right. It reads the whole file.
///
/// @param pack   a pack
/// @param error  may be NULL
///
/// SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_verify(
    pack: *const spatio_pack,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { on_pack(pack, error, "spatio_pack_verify", |pack| Ok(pack.pack.verify()?)) }
}

/// Frees a pack; a file that it was opened from stays. NULL is fine. Since 0.1.
///
/// @param pack  a pack
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_pack_free(pack: *mut spatio_pack) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(pack) });
}
