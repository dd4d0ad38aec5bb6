//! Questions about the library itself.

use std::ffi::{CStr, c_char};

use super::border;
use super::status::{name_of, spatio_status};

/// The version of the interface that this header describes. A program compares it once, at its
/// start, with what spatio_abi_version() returns, and stops if they differ.
pub const SPATIO_ABI_VERSION: u32 = 1;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The version of the interface that the loaded library offers: equal to SPATIO_ABI_VERSION of the
/// header it was built with. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn spatio_abi_version() -> u32 {
    SPATIO_ABI_VERSION
}

/// The version of the library, such as "0.1.0". The text is the library's and lasts. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn spatio_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The name of a status code without its prefix, such as "NOT_FOUND"; "UNKNOWN" for a code that
/// this version does not have. The text is the library's and lasts. Any thread. Since 0.1.
///
/// @param status  a code
#[unsafe(no_mangle)]
pub extern "C" fn spatio_status_name(status: spatio_status) -> *const c_char {
    name_of(status).as_ptr()
}

/// How many handles, results, polygons and cancels of the whole process were given out and not
/// freed yet: 0 at the end of a program that leaks nothing. For tests. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn spatio_live_handles() -> u64 {
    border::live()
}
