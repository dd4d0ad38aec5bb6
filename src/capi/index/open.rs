//! Opening an index, what it is, and giving it up.
//!
//! Owns: where the bytes come from. Does not own what they mean.

use std::ffi::c_char;
use std::sync::Arc;

use super::options::{
    SPATIO_INDEX_BOTH, SPATIO_INDEX_FAST, SPATIO_INDEX_ORIGIN, spatio_index_metadata,
};
use super::{Packed, file, on_index, spatio_index};
use crate::capi::border::{self, Fallible, Out, column, emptied, enter, give, handle, take_back};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned};
use crate::packed::{Bytes, Index, Precision, Trees, axes};

fn opened(bytes: Bytes) -> Fallible<spatio_index> {
    Ok(spatio_index(match axes((*bytes).as_ref())? {
        2 => Packed::Two(Index::open(bytes)?),
        3 => Packed::Three(Index::open(bytes)?),
        // A number that no index has is refused by any of them.
        _ => Packed::Four(Index::open(bytes)?),
    }))
}

/// Opens the file of an index, made by spatio_index_write or by another program that writes the
/// format PSINDEX. The file is mapped: opening costs the same for any number of items, and pages
/// are read when a question needs them.
///
/// @param path   UTF-8 with a NUL at its end
/// @param index  receives it, to be freed by spatio_index_free; NULL on failure
/// @param error  may be NULL
///
/// The file must not be changed or cut in place while it is open; it may be removed or replaced by
/// another one. SPATIO_NOT_FOUND if there is none, SPATIO_CORRUPT if it is no index or contradicts
/// itself; what is damaged further in is found by the question that comes upon it, or by
/// spatio_index_verify. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_open(
    path: *const c_char,
    index: *mut *mut spatio_index,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_open", || {
            let out = emptied(index, "index")?;
            let path = border::path(path, "path")?;
            out.set(0, give(opened(file::map(&path)?)?));
            Ok(())
        })
    }
}

/// Opens an index from the bytes of its file, which are copied.
///
/// @param bytes   the file
/// @param length  how many bytes it has
/// @param index   receives it, to be freed by spatio_index_free; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_index_open. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_open_bytes(
    bytes: *const u8,
    length: usize,
    index: *mut *mut spatio_index,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_open_bytes", || {
            let out = emptied(index, "index")?;
            let bytes = column(bytes, length, "bytes")?;
            out.set(0, give(opened(Arc::new(bytes.to_vec()))?));
            Ok(())
        })
    }
}

/// The bytes of an index, which are those of its file: to be kept or sent, and to be opened by
/// spatio_index_open_bytes.
///
/// @param index   an index
/// @param bytes   receives a view of them, valid until the index is freed
/// @param length  receives how many there are
/// @param error   may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_bytes(
    index: *const spatio_index,
    bytes: *mut *const u8,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for. The bytes last as long as the
    // index, which the handle keeps.
    unsafe {
        enter(error, "spatio_index_bytes", || {
            let index = handle(index, "index")?;
            let (out, count) = (Out::one(bytes, "bytes")?, Out::one(length, "length")?);
            let bytes = on_index!(index, index => index.bytes());
            out.set(0, bytes.as_ptr());
            count.set(0, bytes.len());
            Ok(())
        })
    }
}

/// What an index is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_index_info {
    /// sizeof(spatio_index_info), set by the caller.
    pub struct_size: u32,
    /// Axes of its boxes: 2, 3 or 4.
    pub dims: u32,
    /// How many items it has; their ids are 0 up to, not including, this.
    pub items: u64,
    /// Bytes that it takes, in memory or as a file.
    pub bytes: u64,
    /// Which trees it has: SPATIO_INDEX_...
    pub layout: u32,
    /// Bits of a coordinate in the tree of the format: 64 or 32; 0 if it has none.
    pub coordinate_bits: u32,
    /// 1 if its items have payloads.
    pub has_payloads: u32,
    /// 1 if its items have values, to be summed up by spatio_index_aggregate.
    pub has_values: u32,
    /// 1 if its items have masks, to be united by spatio_index_aggregate.
    pub has_masks: u32,
    /// How many bytes of each payload stand once more; 0: none.
    pub prefix_bytes: u32,
    /// The least coordinate of any item on each axis: HUGE_VAL if there is none, 0 beyond dims.
    pub min: [f64; 4],
    /// The greatest: -HUGE_VAL if there is none, 0 beyond dims.
    pub max: [f64; 4],
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_index_info {
    const NAME: &'static str = "spatio_index_info";
    const FIRST_SIZE: usize = size_of::<spatio_index_info>();

    fn defaults() -> Self {
        spatio_index_info {
            struct_size: size_of::<spatio_index_info>() as u32,
            dims: 0,
            items: 0,
            bytes: 0,
            layout: 0,
            coordinate_bits: 0,
            has_payloads: 0,
            has_values: 0,
            has_masks: 0,
            prefix_bytes: 0,
            min: [0.0; 4],
            max: [0.0; 4],
        }
    }
}

fn info<const D: usize>(index: &Index<D>) -> spatio_index_info {
    let extent = index.extent();
    let four = |side: &[f64; D]| std::array::from_fn(|k| side.get(k).copied().unwrap_or(0.0));
    spatio_index_info {
        dims: D as u32,
        items: index.len() as u64,
        bytes: index.byte_len() as u64,
        layout: match index.trees() {
            Trees::Fast => SPATIO_INDEX_FAST,
            Trees::Origin => SPATIO_INDEX_ORIGIN,
            Trees::Both => SPATIO_INDEX_BOTH,
        },
        coordinate_bits: match index.precision() {
            None => 0,
            Some(Precision::Single) => 32,
            Some(Precision::Double) => 64,
        },
        has_payloads: index.has_payloads().into(),
        has_values: index.has_scalars().into(),
        has_masks: index.has_masks().into(),
        prefix_bytes: index.prefix_bytes().unwrap_or(0) as u32,
        min: four(&extent.min),
        max: four(&extent.max),
        ..Versioned::defaults()
    }
}

/// What an index is, and the box of all its items.
///
/// @param index  an index
/// @param info   receives it; its struct_size must be set
/// @param error  may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_get_info(
    index: *const spatio_index,
    info: *mut spatio_index_info,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_get_info", || {
            let index = handle(index, "index")?;
            let out = OutStruct::new(info, "info")?;
            out.set(&on_index!(index, index => self::info(index)));
            Ok(())
        })
    }
}

/// What an index says about itself in words.
///
/// @param index     an index
/// @param metadata  receives views of the words, valid until the index is freed; its struct_size
///                  must be set
/// @param error     may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_get_metadata(
    index: *const spatio_index,
    metadata: *mut spatio_index_metadata,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_get_metadata", || {
            let index = handle(index, "index")?;
            let out = OutStruct::new(metadata, "metadata")?;
            let said = on_index!(index, index => index.metadata())?;
            out.set(&spatio_index_metadata::show(&said));
            Ok(())
        })
    }
}

/// Looks through all of an index: checksums, the structure of its trees, payloads, words. It reads
/// the whole file.
///
/// @param index  an index
/// @param error  may be NULL
///
/// SPATIO_CORRUPT if something is not what was written. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_verify(
    index: *const spatio_index,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_verify", || {
            let index = handle(index, "index")?;
            Ok(on_index!(index, index => index.verify())?)
        })
    }
}

/// Frees an index; a file that it was opened from stays. NULL is fine. Since 0.1.
///
/// @param index  an index
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_free(index: *mut spatio_index) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(index) });
}
