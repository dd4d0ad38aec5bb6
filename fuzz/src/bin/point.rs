//! Fuzz target: see `spatio_fuzz::point`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio_fuzz::point::check(bytes));
