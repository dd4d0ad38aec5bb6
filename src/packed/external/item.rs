//! What an item may look like that a build takes.
//!
//! Owns: the trait. Does not own what becomes of it.

use crate::packed::boxes::BoxN;

/// An item with `D` axes: a pair of box and payload, or these with a number to be summed up and
/// bits to be united.
pub trait ExternalItem<const D: usize> {
    /// Its box.
    fn bounds(&self) -> BoxN<D>;

    /// Its payload; empty if it has none.
    fn payload(&self) -> &[u8];

    /// Its number and its bits, if it has them.
    fn values(&self) -> Option<(f64, u64)>;
}

impl<const D: usize, P: AsRef<[u8]>> ExternalItem<D> for (BoxN<D>, P) {
    fn bounds(&self) -> BoxN<D> {
        self.0
    }

    fn payload(&self) -> &[u8] {
        self.1.as_ref()
    }

    fn values(&self) -> Option<(f64, u64)> {
        None
    }
}

impl<const D: usize, P: AsRef<[u8]>> ExternalItem<D> for (BoxN<D>, P, f64, u64) {
    fn bounds(&self) -> BoxN<D> {
        self.0
    }

    fn payload(&self) -> &[u8] {
        self.1.as_ref()
    }

    fn values(&self) -> Option<(f64, u64)> {
        Some((self.2, self.3))
    }
}
