//! What a file of the format is made of, from the heads of its parts.
//!
//! Owns: that description. Does not own the opening of an index, nor whether what lies behind the
//! heads is sound. Invariants: it costs the same for any number of items.

use crate::error::Result;
use crate::format::psindex::{
    Chunk, Directory, Layout, PayloadHead, PayloadTable, TreeChunk, TreeHead, tag,
};

use super::index::axes;
use super::origin::{Form, Precision};

/// What a file is made of.
#[derive(Clone, Debug)]
pub struct Description {
    /// How many axes its boxes have.
    pub axes: u8,
    /// Its parts, as its directory lists them.
    pub chunks: Vec<ChunkPlace>,
    /// How the tree of the format is laid out, if the file has it.
    pub form: Option<Form>,
    /// What stands beside each item.
    pub payloads: PayloadKind,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkPlace {
    /// Its name of four letters; bytes that are none are escaped.
    pub name: String,
    /// Where it begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// How long it is.
    pub bytes: u64,
}

/// What stands beside each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadKind {
    /// Nothing.
    None,
    /// Bytes of any length.
    Blobs,
    /// Records of one length.
    Records {
        /// How long each is, in bytes.
        stride: u32,
        /// Whether the writer was told so, rather than having seen that all are equally long.
        is_declared: bool,
    },
}

/// Describes a file by its bytes; `items` is how many [`Index::len`](super::Index::len) says.
pub fn describe(bytes: &[u8], items: usize) -> Result<Description> {
    let directory = Directory::parse(bytes, bytes.len() as u64)?;
    let tree = directory.contents(bytes, tag::TREE).map(TreeChunk::decode).transpose()?;
    let payloads = directory.contents(bytes, tag::PAYLOAD);
    let payloads = payloads.map(|chunk| PayloadTable::decode(chunk, items)).transpose()?;
    let payloads = kind(payloads.map(|table| table.head()));
    let form = tree.map(|tree| form(tree.head));
    Ok(Description { axes: axes(bytes)?, chunks: places(&directory), form, payloads })
}

/// How the tree of the format is laid out.
pub(super) fn form(head: TreeHead) -> Form {
    Form {
        node_size: head.node_size,
        precision: if head.coordinate_bytes == Precision::Single.bytes() {
            Precision::Single
        } else {
            Precision::Double
        },
        interleaved: head.layout == Layout::Interleaved,
    }
}

/// What stands beside each item, by the head of the payloads.
pub(super) fn kind(head: Option<PayloadHead>) -> PayloadKind {
    match head {
        None => PayloadKind::None,
        Some(head) if head.stride == 0 => PayloadKind::Blobs,
        Some(head) => PayloadKind::Records { stride: head.stride, is_declared: !head.inferred },
    }
}

/// The parts of a file.
pub(super) fn places(directory: &Directory) -> Vec<ChunkPlace> {
    let place = |chunk: &Chunk| ChunkPlace {
        name: chunk.name(),
        offset: chunk.offset,
        bytes: chunk.length,
    };
    directory.chunks().iter().map(place).collect()
}
