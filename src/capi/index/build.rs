//! Building an index from the caller's columns, into memory or into a file.
//!
//! Owns: the translation of the columns. Does not own the order of the items, nor the layouts.

use std::ffi::c_char;

use super::options::{Wishes, spatio_index_metadata, spatio_index_options};
use super::{Boxes, Packed, axes_of, file, spatio_index};
use crate::capi::border::{Fallible, Out, blobs, emptied, enter, give, optional_column, path};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::packed::{BoxN, Index, Items, Payloads, WriteOptions};

/// The columns of the caller, looked at.
struct Given<'a> {
    axes: usize,
    boxes: Boxes<'a>,
    payloads: Option<Vec<&'a [u8]>>,
    values: Option<&'a [f64]>,
    masks: Option<&'a [u64]>,
    wishes: Wishes<'a>,
}

impl Given<'_> {
    /// Looks at them.
    ///
    /// # Safety
    ///
    /// The pointers are what the header asks for.
    unsafe fn new(
        (dims, n): (u32, usize),
        (min, max): (*const f64, *const f64),
        (payload_offsets, payloads): (*const u64, *const u8),
        (values, masks): (*const f64, *const u64),
        metadata: *const spatio_index_metadata,
        options: *const spatio_index_options,
    ) -> Fallible<Self> {
        let axes = axes_of(dims)?;
        // SAFETY: what the caller of this function vouches for.
        unsafe {
            let wishes = Wishes::new(options, metadata)?;
            let boxes = Boxes::new((axes, n), min, max)?;
            let payloads = match payload_offsets.is_null() {
                true => None,
                false => Some(blobs(payload_offsets, payloads, n)?),
            };
            let values = optional_column(values, n, "values")?;
            let masks = optional_column(masks, n, "masks")?;
            Ok(Given { axes, boxes, payloads, values, masks, wishes })
        }
    }

    /// Does something with the items.
    fn with<const D: usize, T>(
        &self,
        work: impl FnOnce(&Items<'_, D>, WriteOptions) -> Fallible<T>,
    ) -> Fallible<T> {
        let boxes: Vec<BoxN<D>> = (0..self.boxes.n).map(|row| self.boxes.get(row)).collect();
        let payloads = self.payloads.as_deref().map(Payloads::Blobs);
        let Wishes { options, prefix_bytes, metadata } = self.wishes;
        let (scalars, masks) = (self.values, self.masks);
        work(&Items { boxes: &boxes, payloads, prefix_bytes, metadata, scalars, masks }, options)
    }
}

/// Builds an index in memory.
///
/// Three boxes in the plane, and which of them a window meets:
///
/// ```c
/// const double min[] = {0, 0,  5, 5,  8, 1}, max[] = {2, 2,  6, 9,  9, 2};
/// const double from[] = {1, 1}, to[] = {5, 6};
/// spatio_index *index = NULL;
/// spatio_hits *hits = NULL;
/// spatio_hit_columns found = {sizeof found};
/// spatio_index_build(2, 3, min, max, NULL, NULL, NULL, NULL, NULL, NULL, &index, &error);
/// spatio_index_search(index, 1, from, to, &hits, &found, &error);
/// for (row = 0; row < found.rows; row++)
///     printf("%u\n", found.ids[row]);                  // 0 and 1, in any order
/// ```
///
/// @param dims             axes of the boxes: 2, 3 or 4
/// @param n                how many boxes there are; at most 4,294,967,295
/// @param min              n times dims numbers: the least coordinates of box 0 on each axis, then
///                         of box 1 ... Not NaN; infinities are fine.
/// @param max              the same of the greatest; NULL: the boxes are points
/// @param payload_offsets  n + 1 numbers: the payload of item i is the bytes payload_offsets[i] up
///                         to, not including, payload_offsets[i + 1] of payloads; NULL: none
/// @param payloads         the payloads behind each other
/// @param values           n numbers, to be summed up by spatio_index_aggregate; NULL: none. A tree
///                         of the format must then have 64 bits
/// @param masks            n sets of 64 bits, to be united by spatio_index_aggregate; NULL: none.
///                         As for values
/// @param metadata         what the index says about itself; may be NULL
/// @param options          how it is built; NULL for the defaults
/// @param index            receives it, to be freed by spatio_index_free; NULL on failure
/// @param error            may be NULL; its row is the box that was refused
///
/// Everything is copied. SPATIO_INVALID_ARGUMENT for a NaN or a box whose min is above its max.
/// SPATIO_INDEX_ORIGIN and SPATIO_INDEX_BOTH need 2 or 3 dims. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_build(
    dims: u32,
    n: usize,
    min: *const f64,
    max: *const f64,
    payload_offsets: *const u64,
    payloads: *const u8,
    values: *const f64,
    masks: *const u64,
    metadata: *const spatio_index_metadata,
    options: *const spatio_index_options,
    index: *mut *mut spatio_index,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_build", || {
            let out = emptied(index, "index")?;
            let payloads = (payload_offsets, payloads);
            let (sides, columns) = ((min, max), (values, masks));
            let given = Given::new((dims, n), sides, payloads, columns, metadata, options)?;
            let built = match given.axes {
                2 => Packed::Two(given.with(|items, how| Ok(Index::build_items(items, how)?))?),
                3 => Packed::Three(given.with(|items, how| Ok(Index::build_items(items, how)?))?),
                _ => Packed::Four(given.with(|items, how| Ok(Index::build_items(items, how)?))?),
            };
            out.set(0, give(spatio_index(built)));
            Ok(())
        })
    }
}

/// Builds an index into a file. The file is written under another name beside it, made durable and
/// then renamed: a file of that name is replaced as a whole, and an index that has it open keeps
/// what it had.
///
/// @param path             UTF-8 with a NUL at its end; its folder must exist
/// @param dims             as for spatio_index_build, and so on
/// @param n                how many boxes there are
/// @param min              their least coordinates
/// @param max              their greatest; may be NULL
/// @param payload_offsets  where the payloads begin and end; may be NULL
/// @param payloads         the payloads
/// @param values           a number of each item; may be NULL
/// @param masks            64 bits of each item; may be NULL
/// @param metadata         may be NULL
/// @param options          may be NULL
/// @param bytes            receives the length of the file; may be NULL
/// @param error            may be NULL; its row is the box that was refused
///
/// SPATIO_NOT_FOUND without the folder. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_write(
    path: *const c_char,
    dims: u32,
    n: usize,
    min: *const f64,
    max: *const f64,
    payload_offsets: *const u64,
    payloads: *const u8,
    values: *const f64,
    masks: *const u64,
    metadata: *const spatio_index_metadata,
    options: *const spatio_index_options,
    bytes: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_write", || {
            let out = Out::optional(bytes, 1, "bytes")?;
            let path = self::path(path, "path")?;
            let payloads = (payload_offsets, payloads);
            let (sides, columns) = ((min, max), (values, masks));
            let given = Given::new((dims, n), sides, payloads, columns, metadata, options)?;
            let written = match given.axes {
                2 => given.with(|items: &Items<'_, 2>, how| Ok(file::write(&path, items, how)?)),
                3 => given.with(|items: &Items<'_, 3>, how| Ok(file::write(&path, items, how)?)),
                _ => given.with(|items: &Items<'_, 4>, how| Ok(file::write(&path, items, how)?)),
            };
            out.set(0, written?);
            Ok(())
        })
    }
}
