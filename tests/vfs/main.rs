//! Guards the file layer: one behaviour a file, all in one program.

#[path = "../common/tempdir.rs"]
mod tempdir;

mod behaviour;
mod fault;
mod locks;
mod model;
