//! PSINDEX files of this library beside those of the crate `packed_spatial_index`.
//!
//! Guards: equal input gives equal bytes, wherever the format fixes them; each reads what the other
//! wrote and answers alike.

mod bytes;
mod reading;
mod theirs;

use spatio::packed::{Form, Precision};

/// Every form of a tree with nodes of one size.
fn forms(node_size: u16) -> impl Iterator<Item = Form> {
    let kinds = [Precision::Double, Precision::Single].into_iter();
    let kinds = kinds.flat_map(|precision| [(precision, false), (precision, true)]);
    kinds.map(move |(precision, interleaved)| Form { node_size, precision, interleaved })
}
