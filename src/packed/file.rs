//! Writing the file of an index: the tree of the format, our own, or both in one order.
//!
//! Owns: which trees a file has, and that both have the items in one order, so that what stands in
//! the order of the tree (payloads, summaries) belongs to either. Invariants: a file with the tree
//! of the format alone is, byte for byte, what the format's other implementation writes.

use crate::error::Result;

use super::arrange::arrange;
use super::fast;
use super::origin::{Form, Items, Parts, Sink, curve_order, fast_offset, write};
use super::simd::Isa;

/// Which trees a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trees {
    /// That of the format, which every reader of PSINDEX reads.
    Origin,
    /// Ours, which is smaller and answers faster, and which no other reader knows.
    #[default]
    Fast,
    /// Both: any reader reads the file, and this one takes ours.
    Both,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// Which trees it has.
    pub trees: Trees,
    /// How the tree of the format is laid out.
    pub form: Form,
    /// On how many threads our own tree is built; 0 is 1. The bytes do not depend on it.
    pub threads: usize,
}

/// Writes the file of an index; the number of its bytes.
///
/// ```
/// use std::sync::Arc;
/// use spatio::packed::{BoxN, Index, Items, Payloads, WriteOptions, write_index};
/// let boxes = [BoxN::point([13.4, 52.5]), BoxN::point([2.35, 48.86])];
/// let names: [&[u8]; 2] = [b"Berlin", b"Paris"];
/// let items = Items { payloads: Some(Payloads::Blobs(&names)), ..Items::new(&boxes) };
/// let mut file = Vec::new();
/// write_index(&items, WriteOptions::default(), &mut file)?;
///
/// let index = Index::<2>::open(Arc::new(file))?;
/// let nearest = index.neighbors([3.0, 50.0], 1)?[0].id;
/// assert_eq!(index.payload(nearest)?, Some(&b"Paris"[..]));
/// # Ok::<(), spatio::Error>(())
/// ```
pub fn write_index<const D: usize, S: Sink>(
    items: &Items<'_, D>,
    options: WriteOptions,
    sink: &mut S,
) -> Result<u64> {
    write_index_with(items, options, |_| Vec::new(), sink)
}

/// The same with chunks of the caller's own, made when the order of the items is known: their ids,
/// by rank.
pub(crate) fn write_index_with<const D: usize, S: Sink>(
    items: &Items<'_, D>,
    options: WriteOptions,
    own: impl FnOnce(&[u32]) -> Vec<([u8; 4], Vec<u8>)>,
    sink: &mut S,
) -> Result<u64> {
    const { assert!(D >= 2 && D <= 4, "an index has two, three or four axes") };
    let WriteOptions { trees, form, threads } = options;
    let without_tree = trees == Trees::Fast;
    // Asked first, because it refuses what cannot be written.
    fast_offset(items, form, without_tree, &[])?;
    if trees == Trees::Origin {
        let order = curve_order(items.boxes, form.node_size);
        let own = own(&order);
        let parts = Parts { order: Some(&order), own: &own, ..Parts::default() };
        return write(items, form, parts, sink);
    }
    let isa = Isa::detect();
    let arranged = arrange(items.boxes, isa, threads)?;
    let order = arranged.ids();
    let own = own(&order);
    let lead = fast_offset(items, form, without_tree, &own)? as usize;
    let chunk = fast::build(&arranged, lead, isa, threads);
    let parts = Parts { order: Some(&order), fast: Some(&chunk), without_tree, own: &own };
    write(items, form, parts, sink)
}
