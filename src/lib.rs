//! libspatio: an embeddable database for moving objects.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod clock;
mod error;
pub mod geom;
mod hot;
mod sync;
pub mod vfs;

pub use error::{Error, ErrorKind, Result};
pub use geom::{Point, Space};
