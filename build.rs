//! The arguments that the linker of the shared library needs, and nothing else.
//!
//! Owns: the name under which a program remembers the library that it was linked with. An
//! incompatible change of the interface gives it another number; `CMakeLists.txt` reads it here,
//! and `cargo xtask test package` holds every change against the interface that was committed.

/// The name on Linux, written into every program that links the library.
const SONAME: &str = "libspatio.so.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let soname = match system.as_str() {
        "linux" => SONAME,
        // An Android package keeps only files that are called `lib*.so`.
        "android" => "libspatio.so",
        _ => return,
    };
    println!("cargo::rustc-link-arg-cdylib=-Wl,-soname,{soname}");
    // Systems with pages of 16 KiB refuse a library that is aligned to less.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,max-page-size=16384");
}
