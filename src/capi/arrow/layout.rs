//! The two structs of the Arrow C data interface, as it fixes them for ever.

use std::ffi::{c_char, c_void};

/// The type of an array.
#[repr(C)]
pub struct ArrowSchema {
    /// The type, in the interface's own short form.
    pub format: *const c_char,
    /// The name of the column.
    pub name: *const c_char,
    /// Pairs of keys and values, or NULL.
    pub metadata: *const c_char,
    /// Bits: dictionary order, nullable, sorted keys.
    pub flags: i64,
    /// Columns of a struct.
    pub n_children: i64,
    /// Their types.
    pub children: *mut *mut ArrowSchema,
    /// The type of the dictionary, or NULL.
    pub dictionary: *mut ArrowSchema,
    /// Frees it; NULL once that is done.
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    /// What `release` needs.
    pub private_data: *mut c_void,
}

/// The values of an array.
#[repr(C)]
pub struct ArrowArray {
    /// Rows.
    pub length: i64,
    /// Rows without a value; -1 if that was not counted.
    pub null_count: i64,
    /// Rows to pass over in all buffers.
    pub offset: i64,
    /// How many buffers there are.
    pub n_buffers: i64,
    /// Columns of a struct.
    pub n_children: i64,
    /// The memory: validity, then values, or validity, offsets and bytes.
    pub buffers: *mut *const c_void,
    /// The columns.
    pub children: *mut *mut ArrowArray,
    /// The dictionary, or NULL.
    pub dictionary: *mut ArrowArray,
    /// Frees it; NULL once that is done.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    /// What `release` needs.
    pub private_data: *mut c_void,
}
