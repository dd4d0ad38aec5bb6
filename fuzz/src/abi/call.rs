//! Calling the interface: one place for all calls, and what must hold after each.

use std::ffi::{CStr, c_char};

use spatio::capi::error::spatio_error;
use spatio::capi::library::{spatio_live_handles, spatio_status_name};
use spatio::capi::status::{SPATIO_INTERNAL, SPATIO_OK, SPATIO_PANIC};

use super::lent::Lent;

/// Handles that were given out and not freed.
pub(super) fn live() -> u64 {
    spatio_live_handles()
}

/// The name of a status; the interface's names are for ever.
#[expect(unsafe_code, reason = "this target plays a C program")]
pub(super) fn name_of(status: i32) -> &'static str {
    // SAFETY: the name ends with a NUL and is never freed.
    let name = unsafe { CStr::from_ptr(spatio_status_name(status)) };
    name.to_str().expect("a name is text")
}

/// What must hold of a status, and of the error that came with it.
pub(super) fn judge(function: &str, status: i32, error: &Lent<spatio_error>) {
    assert_ne!(name_of(status), "UNKNOWN", "{function}: {status}");
    let told = error.value();
    let message: Vec<u8> = told
        .map(|told| {
            told.message.iter().map(|&c: &c_char| c as u8).take_while(|&c| c != 0).collect()
        })
        .unwrap_or_default();
    let message = std::str::from_utf8(&message).expect("a message is text");
    assert!(status != SPATIO_PANIC && status != SPATIO_INTERNAL, "{function}: {message}");
    if let Some(told) = told.filter(|_| status != SPATIO_OK) {
        assert_eq!(told.code, status, "{function}: {message}");
        assert!(message.len() < told.message.len(), "{function}: a message without an end");
        assert!(!message.is_empty(), "{function}: a failure without words");
    }
}

/// Calls a function with an error behind its arguments, judges what came of it, and gives the
/// status.
macro_rules! call {
    ($input:expr, $function:path, $($argument:expr),* $(,)?) => {{
        let mut error = crate::abi::lent::Lent::error($input);
        // SAFETY: handles are open; columns, texts and structs are lent for the call, as long as
        // the lengths and sizes say that come with them.
        #[expect(unsafe_code, reason = "this target plays a C program")]
        let status = unsafe { $function($($argument,)* error.pointer()) };
        crate::abi::call::judge(stringify!($function), status, &error);
        status
    }};
}

/// Calls a function that cannot fail.
macro_rules! run {
    ($function:path $(, $argument:expr)* $(,)?) => {{
        // SAFETY: as for `call!`; what is freed was given out and is forgotten.
        #[expect(unsafe_code, reason = "this target plays a C program")]
        unsafe { $function($($argument),*) }
    }};
}

pub(super) use {call, run};
