//! libspatio: an embeddable database for moving objects.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod clock;
mod error;
pub mod geom;
#[doc(hidden)]
pub mod prng;
mod sync;
pub mod vfs;

pub use error::{Error, ErrorKind, Result};
pub use geom::{Point, Space};
