//! Fuzz target: see `spatio::format::forge::check_frame`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio::format::forge::check_frame(bytes));
