//! Freezing a namespace into a file, and how such files are written.

use std::ffi::c_char;

use crate::capi::border::{Fallible, Out, path};
use crate::capi::error::spatio_error;
use crate::capi::index::options::{SPATIO_INDEX_FAST, threads_of, trees_of};
use crate::capi::namespace::{on_namespace, spatio_namespace};
use crate::capi::status::spatio_status;
use crate::capi::versioned::{self, Versioned};
use crate::db::FreezeOptions;

/// How a pack or fences are written. spatio_freeze_options_init gives it the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_freeze_options {
    /// sizeof(spatio_freeze_options), set by spatio_freeze_options_init.
    pub struct_size: u32,
    /// Which trees the file has: SPATIO_INDEX_FAST (the default); with SPATIO_INDEX_ORIGIN or
    /// SPATIO_INDEX_BOTH every reader of the format PSINDEX finds boxes in it.
    pub layout: u32,
    /// Threads that build SPATIO_INDEX_FAST: 1 by default; the bytes do not depend on it.
    pub threads: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_freeze_options {
    const NAME: &'static str = "spatio_freeze_options";
    const FIRST_SIZE: usize = size_of::<spatio_freeze_options>();

    fn defaults() -> Self {
        spatio_freeze_options {
            struct_size: size_of::<spatio_freeze_options>() as u32,
            layout: SPATIO_INDEX_FAST,
            threads: 1,
            reserved: 0,
        }
    }
}

/// Gives the options of freezing their defaults.
///
/// @param options  to be filled
/// @param size     sizeof(spatio_freeze_options) as the caller's header has it
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_freeze_options_init(
    options: *mut spatio_freeze_options,
    size: usize,
) {
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(options, size, &spatio_freeze_options::defaults()) };
}

/// Options of the caller's, or the defaults.
///
/// # Safety
///
/// `options` is NULL or a struct of the caller's.
pub(super) unsafe fn options_of(options: *const spatio_freeze_options) -> Fallible<FreezeOptions> {
    let given = match options.is_null() {
        true => spatio_freeze_options::defaults(),
        // SAFETY: what the caller of this function vouches for.
        false => unsafe { versioned::read(options, "options") }?,
    };
    let (trees, threads) = (trees_of(given.layout)?, threads_of(given.threads)?);
    Ok(FreezeOptions::new().trees(trees).threads(threads))
}

/// Writes all live objects of a namespace, with ids, positions, times and payloads, into a file
/// that answers queries as the namespace does now, and never changes.
///
/// ```c
/// spatio_pack *pack = NULL;
/// spatio_freeze(ns, "fleet.psindex", NULL, NULL, NULL, &error);
/// spatio_pack_open("fleet.psindex", &pack, &error);
/// spatio_pack_query(pack, &query, 1, NULL, &result, &found, &error);
/// ```
///
/// @param ns       a namespace
/// @param path     UTF-8 with a NUL at its end; its folder must exist
/// @param options  how it is written; NULL for the defaults
/// @param objects  receives how many objects were written; may be NULL
/// @param bytes    receives the length of the file; may be NULL
/// @param error    may be NULL
///
/// The file appears under its name whole and durable, or not at all, replacing what was there; a
/// pack that has the former one open keeps it. Writers go on meanwhile: each object is as one
/// update left it, and one that comes or goes during the call may be in it or not.
/// SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_freeze(
    ns: *const spatio_namespace,
    path: *const c_char,
    options: *const spatio_freeze_options,
    objects: *mut u64,
    bytes: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_freeze", |ns| {
            let objects = Out::optional(objects, 1, "objects")?;
            let bytes = Out::optional(bytes, 1, "bytes")?;
            let (path, options) = (self::path(path, "path")?, options_of(options)?);
            let frozen = ns.ns.freeze_with(path, options)?;
            objects.set(0, frozen.items as u64);
            bytes.set(0, frozen.bytes);
            Ok(())
        })
    }
}
