//! Opening an index whose bytes lie elsewhere, what it is, and giving it up.
//!
//! Owns: the calls. Does not own the opening (`packed`).

use super::fetch::{begin, own};
use super::options::{options_of, spatio_stream_options};
use super::{Question, on_stream, spatio_fetch, spatio_stream};
use crate::capi::border::{emptied, enter, give, handle, take_back};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned};
use crate::packed::{AnyStreamIndex, StreamIndex};

/// Begins to open the file of a packed index that lies elsewhere: behind a URL, in a bucket, in an
/// archive. Nothing is read; the fetch that this gives says which bytes it wants.
///
/// ```c
/// while (spatio_fetch_wanted(fetch, &n, &offsets, &lengths, &error) == SPATIO_OK && n > 0) {
///     // Get the bytes of all n ranges, at once or one by one, then
///     if (spatio_fetch_feed(fetch, n, bytes, sizes, &error) != SPATIO_OK) break;
/// }
/// spatio_stream_open(fetch, &stream, &error);
/// ```
///
/// @param file_bytes  how many bytes the file has
/// @param options     NULL: the defaults
/// @param fetch       receives what is to be fed, two or three times, until spatio_stream_open; to
///                    be freed by spatio_fetch_free; NULL on failure
/// @param error       may be NULL
///
/// How many axes the boxes have is found out from the file. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_begin(
    file_bytes: u64,
    options: *const spatio_stream_options,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_begin", || {
            begin(
                fetch,
                || Ok(AnyStreamIndex::opening(file_bytes, options_of(options)?)?),
                Question::Opening,
            )
        })
    }
}

/// Ends to open an index: what was learned of it, to be asked. The fetch stays the caller's.
///
/// @param fetch   a fetch of spatio_stream_begin that wants nothing more
/// @param stream  receives it, to be freed by spatio_stream_free; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_INVALID_ARGUMENT if the fetch still wants something (it can go on), failed, or is a
/// question. One thread at a time for each fetch. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_open(
    fetch: *mut spatio_fetch,
    stream: *mut *mut spatio_stream,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_open", || {
            let out = emptied(stream, "stream")?;
            let fetch = own(fetch)?;
            let Question::Opening(state) = &mut fetch.question else {
                return Err(fetch.other_kind("a stream"));
            };
            out.set(0, give(spatio_stream(state.answer()?.clone())));
            Ok(())
        })
    }
}

/// What a streamed index is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_stream_info {
    /// sizeof(spatio_stream_info), set by the caller.
    pub struct_size: u32,
    /// Axes of its boxes: 2, 3 or 4.
    pub dims: u32,
    /// How many items it has; their ids are 0 up to, not including, this, and so are their ranks.
    pub items: u64,
    /// 1 if the library's own tree is asked, 0 if that of the format.
    pub asks_fast: u32,
    /// 1 if its items have payloads.
    pub has_payloads: u32,
    /// How many first bytes of each payload spatio_stream_prefixes gives; 0: none.
    pub prefix_bytes: u32,
    /// 1 if spatio_stream_aggregate has something to add up.
    pub has_aggregates: u32,
    /// The least coordinate of any item on each axis: HUGE_VAL if there is none, 0 beyond dims.
    pub min: [f64; 4],
    /// The greatest: -HUGE_VAL if there is none, 0 beyond dims.
    pub max: [f64; 4],
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_stream_info {
    const NAME: &'static str = "spatio_stream_info";
    const FIRST_SIZE: usize = size_of::<spatio_stream_info>();

    fn defaults() -> Self {
        spatio_stream_info {
            struct_size: size_of::<spatio_stream_info>() as u32,
            dims: 0,
            items: 0,
            asks_fast: 0,
            has_payloads: 0,
            prefix_bytes: 0,
            has_aggregates: 0,
            min: [0.0; 4],
            max: [0.0; 4],
        }
    }
}

fn info<const D: usize>(index: &StreamIndex<D>) -> spatio_stream_info {
    let extent = index.extent();
    let four = |side: &[f64; D]| std::array::from_fn(|k| side.get(k).copied().unwrap_or(0.0));
    spatio_stream_info {
        dims: D as u32,
        items: index.len() as u64,
        asks_fast: index.has_fast().into(),
        has_payloads: index.has_payloads().into(),
        prefix_bytes: index.prefix_bytes().unwrap_or(0),
        has_aggregates: index.has_aggregates().into(),
        min: four(&extent.min),
        max: four(&extent.max),
        ..Versioned::defaults()
    }
}

/// What a streamed index is, and the box of all its items.
///
/// @param stream  a streamed index
/// @param info    receives it; its struct_size must be set
/// @param error   may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_get_info(
    stream: *const spatio_stream,
    info: *mut spatio_stream_info,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_get_info", || {
            let stream = handle(stream, "stream")?;
            let out = OutStruct::new(info, "info")?;
            out.set(&on_stream!(stream, index => self::info(index)));
            Ok(())
        })
    }
}

/// Frees a streamed index; questions that were asked of it go on. NULL is fine. Since 0.1.
///
/// @param stream  a streamed index
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_free(stream: *mut spatio_stream) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(stream) });
}
