//! The head of the chunk TREE: dimensions, precision, layout and size of the tree.
//!
//! Owns: those bytes, and the lengths that follow from them. Invariants: a chunk that was taken
//! has exactly the bytes that its head asks for.

use super::shape::Shape;
use super::{corrupt, head_bytes, newer, u16_at, u64_at};
use crate::error::Result;

/// Bytes of the head as this version writes it.
const HEAD_BYTES: usize = 24;
/// Bytes of an index: an item's id, or a node's first child.
const INDEX_BYTES: u64 = 8;

/// How boxes and indices stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// All boxes, then all indices.
    Split,
    /// Each box followed by its index.
    Interleaved,
}

/// The head of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreeHead {
    /// 2 or 3.
    pub(crate) dimensions: u8,
    /// 8 for `f64`, 4 for `f32`.
    pub(crate) coordinate_bytes: u8,
    pub(crate) layout: Layout,
    pub(crate) items: u64,
    /// How many entries a group has at most.
    pub(crate) node_size: u16,
}

impl TreeHead {
    /// Bytes of a box.
    pub(crate) fn box_bytes(&self) -> u64 {
        2 * u64::from(self.dimensions) * u64::from(self.coordinate_bytes)
    }

    /// Bytes of a chunk with this head and shape; `None` beyond 64 bits.
    pub(crate) fn chunk_bytes(&self, shape: &Shape) -> Option<u64> {
        let entries = (shape.entries() as u64).checked_mul(self.box_bytes() + INDEX_BYTES)?;
        entries.checked_add(HEAD_BYTES as u64)
    }

    pub(crate) fn encode(&self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[0] = HEAD_BYTES as u8;
        bytes[4] = self.dimensions;
        bytes[5] = self.coordinate_bytes;
        bytes[6] = u8::from(self.layout == Layout::Interleaved);
        bytes[8..16].copy_from_slice(&self.items.to_le_bytes());
        bytes[16..18].copy_from_slice(&self.node_size.to_le_bytes());
        bytes
    }

    /// Reads the head of a chunk of `chunk_bytes` bytes, of which `bytes` are the first: with it
    /// the shape of the tree, and where its entries begin.
    pub(crate) fn read(bytes: &[u8], chunk_bytes: u64) -> Result<(Self, Shape, u64)> {
        let start = head_bytes(bytes, "TREE", HEAD_BYTES, chunk_bytes)?;
        let head = TreeHead::decode(bytes)?;
        let shape = Shape::new(head.items, head.node_size);
        let expected = shape.as_ref().and_then(|shape| head.chunk_bytes(shape));
        let found = chunk_bytes - start;
        match shape {
            Some(shape) if expected == Some(found + HEAD_BYTES as u64) => Ok((head, shape, start)),
            _ => {
                let message = format!(
                    "TREE says {} items in groups of {}, and has {found} bytes of entries",
                    head.items, head.node_size,
                );
                Err(corrupt(message))
            }
        }
    }

    fn decode(head: &[u8]) -> Result<Self> {
        let numbers = (head.get(4..7), u64_at(head, 8), u16_at(head, 16));
        let (Some(&[dimensions, coordinate_bytes, layout]), Some(items), Some(node_size)) = numbers
        else {
            return Err(corrupt("the head of TREE is too short"));
        };
        let layout = match layout {
            0 => Layout::Split,
            1 => Layout::Interleaved,
            _ => return Err(newer(format!("TREE has layout {layout}, known are 0 and 1"))),
        };
        if !matches!((dimensions, coordinate_bytes), (2 | 3, 4 | 8)) {
            let message = format!(
                "TREE has {dimensions} dimensions of {coordinate_bytes} bytes, known are 2 and 3 \
                 of 4 or 8"
            );
            return Err(newer(message));
        }
        Ok(TreeHead { dimensions, coordinate_bytes, layout, items, node_size })
    }
}

/// A tree whose lengths are right; what its entries say is not checked.
#[derive(Clone, Debug)]
pub(crate) struct TreeChunk<'a> {
    pub(crate) head: TreeHead,
    pub(crate) shape: Shape,
    /// The entries of all levels.
    pub(crate) entries: &'a [u8],
}

impl<'a> TreeChunk<'a> {
    pub(crate) fn decode(chunk: &'a [u8]) -> Result<Self> {
        let (head, shape, start) = TreeHead::read(chunk, chunk.len() as u64)?;
        Ok(TreeChunk { head, shape, entries: &chunk[start as usize..] })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const HEAD: TreeHead = TreeHead {
        dimensions: 2,
        coordinate_bytes: 8,
        layout: Layout::Split,
        items: 1,
        node_size: 4,
    };

    #[test]
    fn the_head_is_the_one_of_the_format() {
        let bytes = HEAD.encode();
        assert_eq!(bytes[..8], [0x18, 0, 0, 0, 2, 8, 0, 0]);
        assert_eq!(bytes[8..], [1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        let shape = Shape::new(1, 4).unwrap();
        assert_eq!(HEAD.chunk_bytes(&shape), Some(0x68));
    }

    #[test]
    fn a_head_is_read_back_longer_ones_too() {
        let mut chunk = HEAD.encode().to_vec();
        chunk.resize(0x68, 0);
        assert_eq!(TreeChunk::decode(&chunk).unwrap().head, HEAD);
        chunk[0] = 32;
        assert_eq!(TreeChunk::decode(&chunk).unwrap_err().kind(), ErrorKind::Corrupt);
        chunk.resize(0x70, 0);
        assert_eq!(TreeChunk::decode(&chunk).unwrap().entries.len(), 80);
    }

    #[test]
    fn what_a_head_must_not_say() {
        let kind = |at: usize, byte: u8| {
            let mut chunk = HEAD.encode().to_vec();
            chunk.resize(0x68, 0);
            chunk[at] = byte;
            TreeChunk::decode(&chunk).err().map(|error| error.kind())
        };
        assert_eq!(kind(7, 9), None, "reserved");
        assert_eq!(kind(4, 4), Some(ErrorKind::FormatVersion));
        assert_eq!(kind(5, 2), Some(ErrorKind::FormatVersion));
        assert_eq!(kind(6, 2), Some(ErrorKind::FormatVersion));
        assert_eq!(kind(0, 23), Some(ErrorKind::Corrupt));
        assert_eq!(kind(3, 1), Some(ErrorKind::Corrupt));
        assert_eq!(kind(8, 2), Some(ErrorKind::Corrupt));
        assert_eq!(kind(15, 255), Some(ErrorKind::Corrupt));
        assert_eq!(kind(16, 1), Some(ErrorKind::Corrupt));
    }
}
