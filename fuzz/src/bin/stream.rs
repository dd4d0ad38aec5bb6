//! Fuzz target: see `spatio::packed::psindex::check_streamed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio::packed::psindex::check_streamed(bytes));
