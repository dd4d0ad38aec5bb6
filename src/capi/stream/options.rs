//! How an index is streamed: the struct, and its translation.
//!
//! Owns: the struct. Does not own the defaults, which are those of the engine.

use crate::capi::border::Fallible;
use crate::capi::versioned::{self, Versioned};
use crate::packed::{Limits, StreamOptions};

/// How an index is streamed, and what opening it and each question may cost.
/// spatio_stream_options_init gives it the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_stream_options {
    /// sizeof(spatio_stream_options), set by spatio_stream_options_init.
    pub struct_size: u32,
    /// 1: uses the tree of the format where a file has both trees.
    pub without_fast: u32,
    /// Two parts with no more bytes between them are fetched as one range: 16 KiB by default.
    pub gap_bytes: u64,
    /// A range of several parts is no longer than this: 4 MiB by default.
    pub read_bytes: u64,
    /// A round asks for no more than this, unless a single part is larger: 64 MiB by default.
    pub round_bytes: u64,
    /// How many bytes of the upper levels are kept from the time of opening: 1 MiB by default.
    pub kept_bytes: u64,
    /// At most so many ranges for one question; UINT64_MAX, the default: any number. Who exceeds
    /// this or one of the next gets SPATIO_LIMIT_EXCEEDED, before it is fetched.
    pub max_reads: u64,
    /// At most so many bytes; 1 GiB by default.
    pub max_bytes: u64,
    /// At most so many items that are found; UINT64_MAX, the default: any number.
    pub max_items: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_stream_options {
    const NAME: &'static str = "spatio_stream_options";
    const FIRST_SIZE: usize = size_of::<spatio_stream_options>();

    fn defaults() -> Self {
        let StreamOptions { gap_bytes, read_bytes, round_bytes, kept_bytes, limits, .. } =
            StreamOptions::default();
        spatio_stream_options {
            struct_size: size_of::<spatio_stream_options>() as u32,
            without_fast: 0,
            gap_bytes,
            read_bytes,
            round_bytes,
            kept_bytes,
            max_reads: limits.reads,
            max_bytes: limits.bytes,
            max_items: limits.items,
        }
    }
}

impl spatio_stream_options {
    fn engine(&self) -> StreamOptions {
        StreamOptions {
            gap_bytes: self.gap_bytes,
            read_bytes: self.read_bytes,
            round_bytes: self.round_bytes,
            kept_bytes: self.kept_bytes,
            without_fast: self.without_fast != 0,
            limits: Limits { reads: self.max_reads, bytes: self.max_bytes, items: self.max_items },
        }
    }
}

/// Options of the caller's, or the defaults.
///
/// # Safety
///
/// `options` is NULL or a struct of the caller's.
pub(super) unsafe fn options_of(options: *const spatio_stream_options) -> Fallible<StreamOptions> {
    match options.is_null() {
        true => Ok(StreamOptions::default()),
        // SAFETY: what the caller of this function vouches for.
        false => Ok(unsafe { versioned::read(options, "options") }?.engine()),
    }
}

/// Gives the options of a stream their defaults.
///
/// @param options  to be filled
/// @param size     sizeof(spatio_stream_options) as the caller's header has it
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_options_init(
    options: *mut spatio_stream_options,
    size: usize,
) {
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(options, size, &spatio_stream_options::defaults()) };
}
