//! Loading a shared library and the functions that are called from it.
//!
//! Owns: where the libraries lie, and that they stay loaded. Invariant: a function has the type
//! that its header gives it.
#![expect(unsafe_code, reason = "loading a library is a promise about what is in it")]

use crate::Outcome;
use libloading::Library;
use std::path::PathBuf;

/// A library that lies beside this program; it stays loaded to the end.
pub fn load(name: &str) -> Outcome<&'static Library> {
    let path: PathBuf = std::env::current_exe()?.with_file_name(name);
    // SAFETY: both libraries are built by this workspace and do nothing when they are loaded.
    let library = unsafe { Library::new(&path) }.map_err(|error| {
        format!("{}: {error}; `cargo xtask bench ffi` builds it", path.display())
    })?;
    Ok(Box::leak(Box::new(library)))
}

/// A function of the library.
///
/// # Safety
///
/// `F` is the type that the library's header gives the function.
pub unsafe fn function<F: Copy>(library: &'static Library, name: &str) -> Outcome<F> {
    // SAFETY: what the caller of this function vouches for; the library is never unloaded.
    Ok(unsafe { *library.get::<F>(name)? })
}
