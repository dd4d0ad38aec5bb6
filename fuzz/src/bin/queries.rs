//! Fuzz target: see `spatio_fuzz::queries`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio_fuzz::queries::check(bytes));
