//! Fuzz target: see `spatio_fuzz::open`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio_fuzz::open::check(bytes));
