//! What a caller is told of a failed call.
//!
//! Owns: the struct and how it is filled. Invariants: it is written only when a call fails, and no
//! further than its `struct_size`.

use std::ffi::c_char;

use super::status::spatio_status;

// The header needs the number itself.
const MESSAGE_BYTES: usize = 480;
const _: () = assert!(size_of::<spatio_error>() == 32 + MESSAGE_BYTES);

/// What went wrong. It is the caller's, on the stack as a rule, and written only when a call fails.
///
/// ```c
/// spatio_error error = {0};
/// if (spatio_open("fleet.spatio", NULL, &db, &error) != SPATIO_OK)
///     fprintf(stderr, "%s\n", error.message);
/// ```
///
/// Every function that can fail takes one as its last argument; NULL says that the code is enough.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_error {
    /// sizeof(spatio_error), or 0, which stands for the size of the first version.
    pub struct_size: u32,
    /// The code that the function returned.
    pub code: spatio_status,
    /// The number of the operating system (errno) where there is one, else 0.
    pub os_error: i32,
    /// 0.
    pub reserved: u32,
    /// The row of a batch that it is about, counted from 0; UINT64_MAX if it is about none.
    pub row: u64,
    /// The byte of the file that the message names; UINT64_MAX if it is about none.
    pub offset: u64,
    /// What went wrong: operation, argument, value. UTF-8 with a NUL at its end, cut if too long.
    pub message: [c_char; 480],
}

impl spatio_error {
    /// Fills the caller's error, if it wants one.
    ///
    /// # Safety
    ///
    /// `error` is NULL or points to a `spatio_error` whose `struct_size` is 0 or its size.
    pub(super) unsafe fn write(
        error: *mut spatio_error,
        code: spatio_status,
        message: &str,
        row: Option<usize>,
        offset: Option<u64>,
        os_error: i32,
    ) {
        if error.is_null() || !error.is_aligned() {
            return;
        }
        // SAFETY: not NULL, aligned, and the caller's.
        let size = unsafe { (*error).struct_size } as usize;
        if size != 0 && size < size_of::<spatio_error>() {
            return;
        }
        let mut cut = message.len().min(MESSAGE_BYTES - 1);
        while !message.is_char_boundary(cut) {
            cut -= 1;
        }
        // SAFETY: the struct is the caller's and as long as this version's; the cut leaves room
        // for the NUL.
        unsafe {
            (*error).code = code;
            (*error).os_error = os_error;
            (*error).reserved = 0;
            (*error).row = row.map_or(u64::MAX, |row| row as u64);
            (*error).offset = offset.unwrap_or(u64::MAX);
            let target = (&raw mut (*error).message).cast::<u8>();
            message.as_ptr().copy_to_nonoverlapping(target, cut);
            target.add(cut).write(0);
        }
    }
}
