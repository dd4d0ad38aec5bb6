//! Fuzz target: see `spatio::check_packs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio::check_packs(bytes));
