//! How an index is built, and what it says about itself: the structs, and their translation.
//!
//! Owns: the defaults and the checks of what only a number can get wrong. Does not own what the
//! choices mean (`packed`).

use std::ffi::c_char;

use crate::capi::border::{Failure, Fallible, text};
use crate::capi::versioned::{self, Versioned};
use crate::packed::{Form, Metadata, Precision, Trees, WriteOptions};

/// The library's own tree: the smallest and the fastest one, which other programs do not know (the
/// default).
pub const SPATIO_INDEX_FAST: u32 = 0;
/// The tree of the format PSINDEX, which other programs read.
pub const SPATIO_INDEX_ORIGIN: u32 = 1;
/// Both: other programs read the one, this library asks the other.
pub const SPATIO_INDEX_BOTH: u32 = 2;

/// How an index is built. spatio_index_options_init gives it the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_index_options {
    /// sizeof(spatio_index_options), set by spatio_index_options_init.
    pub struct_size: u32,
    /// Which trees it has: SPATIO_INDEX_...
    pub layout: u32,
    /// Bits of a coordinate in the tree of the format: 64 (the default), or 32, which takes half
    /// the room and makes boxes a little larger, so that items near a border may be found too.
    /// SPATIO_INDEX_FAST keeps 64.
    pub coordinate_bits: u32,
    /// Most children of a node of the tree of the format: 2 to 65535; 16 by default.
    pub node_size: u32,
    /// 1: in the tree of the format each box is followed by its number, for readers that fetch
    /// parts of a file.
    pub interleaved: u32,
    /// Threads that build SPATIO_INDEX_FAST: 1 by default; the bytes do not depend on it.
    pub threads: u32,
    /// How many bytes of each payload stand once more, close together, for readers that fetch parts
    /// of a file; 0: none (the default). It needs payloads.
    pub prefix_bytes: u32,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_index_options {
    const NAME: &'static str = "spatio_index_options";
    const FIRST_SIZE: usize = size_of::<spatio_index_options>();

    fn defaults() -> Self {
        spatio_index_options {
            struct_size: size_of::<spatio_index_options>() as u32,
            layout: SPATIO_INDEX_FAST,
            coordinate_bits: 64,
            node_size: 16,
            interleaved: 0,
            threads: 1,
            prefix_bytes: 0,
        }
    }
}

/// Threads beyond which asking for more is a mistake.
const MOST_THREADS: u32 = 1024;

/// The trees that a number of the header stands for.
pub(in crate::capi) fn trees_of(layout: u32) -> Fallible<Trees> {
    match layout {
        SPATIO_INDEX_FAST => Ok(Trees::Fast),
        SPATIO_INDEX_ORIGIN => Ok(Trees::Origin),
        SPATIO_INDEX_BOTH => Ok(Trees::Both),
        other => Err(Failure::invalid(format!("layout is {other}, expected 0 to 2"))),
    }
}

/// So many threads, if that is no mistake.
pub(in crate::capi) fn threads_of(threads: u32) -> Fallible<usize> {
    if threads > MOST_THREADS {
        let message = format!("threads is {threads}, expected {MOST_THREADS} at most");
        return Err(Failure::invalid(message));
    }
    Ok(threads as usize)
}

impl spatio_index_options {
    /// The options as the index has them.
    fn engine(&self) -> Fallible<WriteOptions> {
        let trees = trees_of(self.layout)?;
        let precision = match (self.coordinate_bits, trees) {
            (64, _) => Precision::Double,
            (32, Trees::Origin | Trees::Both) => Precision::Single,
            (32, Trees::Fast) => {
                let message = "coordinate_bits is 32, which SPATIO_INDEX_FAST does not have";
                return Err(Failure::invalid(message.to_owned()));
            }
            (other, _) => {
                let message = format!("coordinate_bits is {other}, expected 64 or 32");
                return Err(Failure::invalid(message));
            }
        };
        let node_size = u16::try_from(self.node_size).ok().filter(|&size| size >= 2);
        let node_size = node_size.ok_or_else(|| {
            Failure::invalid(format!("node_size is {}, expected 2 to 65535", self.node_size))
        })?;
        let threads = threads_of(self.threads)?;
        let form = Form { node_size, precision, interleaved: self.interleaved != 0 };
        Ok(WriteOptions { trees, form, threads })
    }
}

/// Gives the options of an index their defaults.
///
/// @param options  to be filled
/// @param size     sizeof(spatio_index_options) as the caller's header has it
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_options_init(
    options: *mut spatio_index_options,
    size: usize,
) {
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(options, size, &spatio_index_options::defaults()) };
}

/// What an index says about itself in words. Texts are UTF-8 of so many bytes, without a NUL at
/// their end; NULL: it says nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_index_metadata {
    /// sizeof(spatio_index_metadata), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// The coordinate reference system, such as "EPSG:4326".
    pub crs: *const c_char,
    /// Its bytes.
    pub crs_length: usize,
    /// What the payloads are, as a media type, such as "application/json".
    pub content_type: *const c_char,
    /// Its bytes.
    pub content_type_length: usize,
    /// Whose data it is.
    pub attribution: *const c_char,
    /// Its bytes.
    pub attribution_length: usize,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; numbers and pointers of any value.
unsafe impl Versioned for spatio_index_metadata {
    const NAME: &'static str = "spatio_index_metadata";
    const FIRST_SIZE: usize = size_of::<spatio_index_metadata>();

    fn defaults() -> Self {
        spatio_index_metadata {
            struct_size: size_of::<spatio_index_metadata>() as u32,
            reserved: 0,
            crs: std::ptr::null(),
            crs_length: 0,
            content_type: std::ptr::null(),
            content_type_length: 0,
            attribution: std::ptr::null(),
            attribution_length: 0,
        }
    }
}

impl spatio_index_metadata {
    /// The caller's words.
    ///
    /// # Safety
    ///
    /// Each text is NULL or so many bytes that nobody writes as long as the answer is used.
    unsafe fn read<'a>(&self) -> Fallible<Metadata<'a>> {
        let word = |given: *const c_char, length: usize, name| match given.is_null() {
            true if length == 0 => Ok(None),
            // SAFETY: what the caller of this function vouches for.
            _ => unsafe { text(given, length, name) }.map(Some),
        };
        Ok(Metadata {
            crs: word(self.crs, self.crs_length, "crs")?,
            content_type: word(self.content_type, self.content_type_length, "content_type")?,
            attribution: word(self.attribution, self.attribution_length, "attribution")?,
        })
    }

    /// Views of what an index says.
    pub(super) fn show(said: &Metadata<'_>) -> Self {
        let view = |word: Option<&str>| {
            word.map_or((std::ptr::null(), 0), |word| (word.as_ptr().cast(), word.len()))
        };
        let (crs, content_type) = (view(said.crs), view(said.content_type));
        let attribution = view(said.attribution);
        spatio_index_metadata {
            crs: crs.0,
            crs_length: crs.1,
            content_type: content_type.0,
            content_type_length: content_type.1,
            attribution: attribution.0,
            attribution_length: attribution.1,
            ..Versioned::defaults()
        }
    }
}

/// What the caller wants beside the items: how they are written, how long prefixes of payloads
/// are, and words.
pub(super) struct Wishes<'a> {
    pub(super) options: WriteOptions,
    pub(super) prefix_bytes: Option<u32>,
    pub(super) metadata: Metadata<'a>,
}

impl Wishes<'_> {
    /// Those of the caller, or the defaults.
    ///
    /// # Safety
    ///
    /// Each is NULL or a struct of the caller's, with texts that nobody writes during the call.
    pub(super) unsafe fn new(
        options: *const spatio_index_options,
        metadata: *const spatio_index_metadata,
    ) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        let (given, metadata) = unsafe {
            let given = match options.is_null() {
                true => spatio_index_options::defaults(),
                false => versioned::read(options, "options")?,
            };
            let metadata = match metadata.is_null() {
                true => Metadata::default(),
                false => versioned::read(metadata, "metadata")?.read()?,
            };
            (given, metadata)
        };
        let prefix_bytes = (given.prefix_bytes > 0).then_some(given.prefix_bytes);
        Ok(Wishes { options: given.engine()?, prefix_bytes, metadata })
    }
}
