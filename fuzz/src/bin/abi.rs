//! Fuzz target: see `spatio_fuzz::abi`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spatio_fuzz::abi::check(bytes));
