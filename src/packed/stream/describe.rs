//! What a streamed file is made of, from the heads of its parts.
//!
//! Owns: which bytes that takes. Does not own what a head says. Invariants: two rounds of reads,
//! but for a directory that is longer than the first; it costs the same for any number of items.

use std::ops::Range;

use super::open::{FIRST_BYTES, MOST_DIRECTORY_BYTES, ORIGIN_HEAD_BYTES};
use super::options::{OPERATION, StreamOptions, check};
use super::reader::RangeReader;
use super::round::{Fetched, Span, gather};
use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{
    Directory, Metadata, PayloadPlan, SUPERBLOCK_BYTES, Tag, TreeHead, directory_bytes, tag,
};
use crate::packed::describe::{Description, form, kind, places};
use crate::packed::fast::{self, FAST_HEAD_BYTES, Plan};

/// The longest metadata that is read.
const MOST_METADATA_BYTES: u64 = 1 << 20;

/// What a streamed file is made of and says about itself.
#[derive(Clone, Debug)]
pub struct StreamDescription {
    /// Its parts.
    pub file: Description,
    /// How many items it has.
    pub items: u64,
    /// The coordinate reference system, such as `EPSG:4326`.
    pub crs: Option<String>,
    /// What the payloads are, as a media type.
    pub content_type: Option<String>,
    /// Whose data it is.
    pub attribution: Option<String>,
}

/// Describes the file of a reader by the heads of its parts.
///
/// ```
/// use std::sync::Arc;
/// use spatio::packed::{
///     BoxN, Items, MemoryRanges, WriteOptions, describe_streamed, write_index,
/// };
/// let mut file = Vec::new();
/// write_index(&Items::new(&[BoxN::point([1.0, 2.0])]), WriteOptions::default(), &mut file)?;
/// let told = describe_streamed(&MemoryRanges::new(Arc::new(file)))?;
/// assert_eq!((told.file.axes, told.items), (2, 1));
/// # Ok::<(), spatio::Error>(())
/// ```
pub fn describe_streamed(reader: &(impl RangeReader + ?Sized)) -> Result<StreamDescription> {
    let file_bytes = reader.total_bytes()?;
    let fetch = |wants: Vec<Span>| {
        let ranges = gather(wants, &StreamOptions::default());
        let bytes = if ranges.is_empty() { Vec::new() } else { reader.read_ranges(&ranges)? };
        Fetched::new(&ranges, bytes)
    };
    let first = Span { start: 0, bytes: file_bytes.min(FIRST_BYTES) };
    let mut fetched = fetch(vec![first])?;
    let head = fetched.part(first)?;
    let bytes = directory_bytes(&head[..head.len().min(SUPERBLOCK_BYTES)], file_bytes)?;
    check("bytes of directory", bytes, MOST_DIRECTORY_BYTES)?;
    let whole = Span { start: 0, bytes };
    if bytes > first.bytes {
        fetched = fetch(vec![whole])?;
    }
    let directory = Directory::parse(fetched.part(whole)?, file_bytes)?;
    let parts = [
        place(&directory, tag::TREE, ORIGIN_HEAD_BYTES),
        place(&directory, tag::FAST, FAST_HEAD_BYTES as u64),
        place(&directory, tag::PAYLOAD, ORIGIN_HEAD_BYTES),
        place(&directory, tag::METADATA, u64::MAX),
    ];
    let [tree, fast, payload, metadata] = parts;
    if let Some((span, _)) = &metadata {
        check("bytes of metadata", span.bytes, MOST_METADATA_BYTES)?;
    }
    let spans = [&tree, &fast, &payload, &metadata].into_iter().flatten().map(|(span, _)| *span);
    let heads = fetch(spans.collect())?;
    let tree = tree.map(|(span, bytes)| Ok(TreeHead::read(heads.part(span)?, bytes)?.0));
    let tree: Option<TreeHead> = tree.transpose()?;
    let fast = fast.map(|(span, bytes)| fast_head(heads.part(span)?, bytes)).transpose()?;
    let counted = tree.as_ref().map(|tree| (tree.dimensions, tree.items)).or(fast);
    let Some((axes, items)) = counted else {
        return Err(Error::new(ErrorKind::Corrupt, OPERATION, "the file has no tree"));
    };
    let payload = payload.map(|(span, bytes)| PayloadPlan::read(heads.part(span)?, bytes, items));
    let payloads = kind(payload.transpose()?.map(|plan| plan.head()));
    let metadata = metadata.map(|(span, _)| heads.part(span)).transpose()?;
    let told = metadata.map(Metadata::decode).transpose()?.unwrap_or_default();
    let file = Description { axes, chunks: places(&directory), form: tree.map(form), payloads };
    let [crs, content_type, attribution] =
        [told.crs, told.content_type, told.attribution].map(|text| text.map(str::to_owned));
    Ok(StreamDescription { file, items, crs, content_type, attribution })
}

/// Where the beginning of a chunk lies, at most `bytes` of it, and how long all of it is.
fn place(directory: &Directory, tag: Tag, bytes: u64) -> Option<(Span, u64)> {
    let Range { start, end } = directory.range(tag)?;
    Some((Span { start, bytes: bytes.min(end - start) }, end - start))
}

/// How many axes our own layout has, and how many items.
fn fast_head(head: &[u8], chunk_bytes: u64) -> Result<(u8, u64)> {
    let bytes = usize::try_from(chunk_bytes).unwrap_or(usize::MAX);
    let axes = fast::axes(head).unwrap_or(0);
    let items = match axes {
        2 => Plan::<2>::read(head, bytes)?.items(),
        3 => Plan::<3>::read(head, bytes)?.items(),
        4 => Plan::<4>::read(head, bytes)?.items(),
        other => {
            let message = format!("boxes of {other} axes, expected 2 to 4");
            return Err(Error::new(ErrorKind::Corrupt, OPERATION, message));
        }
    };
    Ok((axes, items as u64))
}
