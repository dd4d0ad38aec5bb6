//! Looking at a database's files without opening it.

use std::ffi::c_char;

use crate::db::{check, salvage};

use super::border::{self, enter, give_text};
use super::error::spatio_error;
use super::status::spatio_status;
use super::versioned::{OutStruct, Versioned};

/// What looking through a database's files found.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_check_report {
    /// sizeof(spatio_check_report), set by the caller.
    pub struct_size: u32,
    /// 1 if an ordinary open would keep every byte that was known to be on disk.
    pub is_sound: u32,
    /// Files that were looked through.
    pub files: u64,
    /// Sound records in them.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files with damage other than a torn end.
    pub damaged_files: u64,
    /// Files with a torn end, which an ordinary open drops.
    pub torn_tails: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_check_report {
    const NAME: &'static str = "spatio_check_report";
    const FIRST_SIZE: usize = size_of::<spatio_check_report>();

    fn defaults() -> Self {
        spatio_check_report {
            struct_size: size_of::<spatio_check_report>() as u32,
            is_sound: 0,
            files: 0,
            records: 0,
            bytes: 0,
            damaged_files: 0,
            torn_tails: 0,
        }
    }
}

/// What salvaging carried over.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_salvage_report {
    /// sizeof(spatio_salvage_report), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Segments that were written.
    pub segments: u64,
    /// Segments that were damaged or missing.
    pub damaged: u64,
    /// Records carried over.
    pub records_kept: u64,
    /// Bytes that could not be read.
    pub bytes_dropped: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_salvage_report {
    const NAME: &'static str = "spatio_salvage_report";
    const FIRST_SIZE: usize = size_of::<spatio_salvage_report>();

    fn defaults() -> Self {
        spatio_salvage_report {
            struct_size: size_of::<spatio_salvage_report>() as u32,
            reserved: 0,
            segments: 0,
            damaged: 0,
            records_kept: 0,
            bytes_dropped: 0,
        }
    }
}

/// Reads every record of a database that is not open for writing, and says what is sound. Writes
/// nothing. Damage is an answer and not a failure.
///
/// @param path      the directory, UTF-8 with a NUL at its end
/// @param report    receives the numbers; its struct_size must be set
/// @param text      receives the words with a NUL at their end; NULL if they are not wanted
/// @param capacity  bytes that `text` has room for
/// @param length    receives the length of the words without the NUL; may be NULL
/// @param error     may be NULL
///
/// SPATIO_BUFFER_TOO_SMALL if the words do not fit; the report is filled then too. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_check(
    path: *const c_char,
    report: *mut spatio_check_report,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_check", || {
            let out = OutStruct::new(report, "report")?;
            let found = check(border::path(path, "path")?)?;
            let torn = found.files.iter().filter(|file| file.torn_tail).count() as u64;
            let bad = found.files.iter().filter(|file| file.problem.is_some()).count() as u64;
            out.set(&spatio_check_report {
                is_sound: found.sound.into(),
                files: found.files.len() as u64,
                records: found.files.iter().map(|file| file.records).sum(),
                bytes: found.files.iter().map(|file| file.bytes).sum(),
                damaged_files: bad - torn,
                torn_tails: torn,
                ..Versioned::defaults()
            });
            give_text(&found.to_string(), (text, capacity, length))
        })
    }
}

/// Writes what can be read of a damaged database into a new directory. The damaged one is not
/// changed.
///
/// @param source    its directory, UTF-8 with a NUL at its end
/// @param target    the new directory, which must not exist or be empty
/// @param report    receives the numbers; its struct_size must be set
/// @param text      receives the words with a NUL at their end; NULL if they are not wanted
/// @param capacity  bytes that `text` has room for
/// @param length    receives the length of the words without the NUL; may be NULL
/// @param error     may be NULL
///
/// SPATIO_BUFFER_TOO_SMALL if the words do not fit; the work is done and the report filled then
/// too. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_salvage(
    source: *const c_char,
    target: *const c_char,
    report: *mut spatio_salvage_report,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_salvage", || {
            let out = OutStruct::new(report, "report")?;
            let (source, target) =
                (border::path(source, "source")?, border::path(target, "target")?);
            let done = salvage(source, target)?;
            out.set(&spatio_salvage_report {
                segments: done.segments as u64,
                damaged: done.damaged as u64,
                records_kept: done.records_kept,
                bytes_dropped: done.bytes_dropped,
                ..Versioned::defaults()
            });
            give_text(&done.to_string(), (text, capacity, length))
        })
    }
}
