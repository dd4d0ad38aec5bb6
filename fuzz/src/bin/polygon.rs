//! Fuzz target: see `spatio_fuzz::polygon`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio_fuzz::polygon::check(bytes));
