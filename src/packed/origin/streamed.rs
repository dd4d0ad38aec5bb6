//! Writing a file from items that come one by one, in the order of the tree.
//!
//! Owns: the places in the file that are written side by side, and the boxes of the nodes that are
//! not full yet. Does not own the order. Invariants: the same bytes as writing from memory; what is
//! kept is one node a level, and what places gather before they write.

use crate::error::Result;
use crate::format::psindex::{Layout, Metadata, PayloadHead, PrefixHead, tag};
use crate::packed::boxes::BoxN;

use super::coordinate::{Coordinate, Precision};
use super::sink::{Cursor, Sink};
use super::view::INDEX_BYTES;
use super::write::{Draft, Form, Measures};
use super::write_payload::put_prefix;
use super::write_tree::{put_box, round};

/// What is known of the items before the first of them is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamedItems<'a> {
    pub(crate) items: u64,
    /// Whether there are payloads, the length that all were declared or found to have (0 if
    /// they differ), whether it was found, and how long all are together.
    pub(crate) payload: Option<(u32, bool, u64)>,
    pub(crate) prefix_bytes: Option<u32>,
    pub(crate) metadata: &'a Metadata<'a>,
    pub(crate) fast_bytes: Option<u64>,
    pub(crate) without_tree: bool,
}

/// A file that is being written.
pub(crate) struct StreamedFile<const D: usize> {
    draft: Draft,
    tree: Option<TreeWriter<D>>,
    precision: Precision,
    payloads: Option<PayloadWriter>,
}

impl<const D: usize> StreamedFile<D> {
    fn draft(items: &StreamedItems<'_>, form: Form) -> Result<(Draft, Option<PayloadHead>)> {
        let head = |(stride, inferred, bytes)| (PayloadHead { stride, inferred }, bytes);
        let measures = Measures {
            items: items.items,
            payload: items.payload.map(head),
            prefix_bytes: items.prefix_bytes,
            metadata: items.metadata,
            columns: None,
            fast_bytes: items.fast_bytes,
            without_tree: items.without_tree,
            own: &[],
        };
        let draft = Draft::of::<D>(&measures, form)?;
        Ok((draft, measures.payload.map(|(head, _)| head)))
    }

    /// Where the chunk `fast` will begin; refuses what cannot be written.
    pub(crate) fn fast_offset(items: &StreamedItems<'_>, form: Form) -> Result<u64> {
        let (draft, _) = Self::draft(items, form)?;
        Ok(draft.plan.offset(tag::FAST).unwrap_or_default())
    }

    /// Begins a file: writes what does not depend on the items.
    pub(crate) fn begin<S: Sink>(
        items: &StreamedItems<'_>,
        form: Form,
        sink: &mut S,
    ) -> Result<Self> {
        let (draft, payload) = Self::draft(items, form)?;
        sink.begin(draft.plan.file_bytes());
        sink.write_at(0, &draft.plan.head())?;
        if let (Some(at), Some(bytes)) = (draft.plan.offset(tag::METADATA), &draft.metadata) {
            sink.write_at(at, bytes)?;
        }
        let tree = draft.plan.offset(tag::TREE);
        let tree = tree.map(|at| TreeWriter::new(at, &draft, form.precision, sink)).transpose()?;
        let payloads = match (draft.plan.offset(tag::PAYLOAD), payload) {
            (Some(at), Some(head)) => {
                let prefix = draft.plan.offset(tag::PREFIX).zip(draft.prefix);
                Some(PayloadWriter::new(at, head, items.items, prefix, sink)?)
            }
            _ => None,
        };
        Ok(StreamedFile { draft, tree, precision: form.precision, payloads })
    }

    /// Writes the next item.
    #[inline]
    pub(crate) fn push<S: Sink>(
        &mut self,
        sink: &mut S,
        id: u32,
        bounds: &BoxN<D>,
        payload: &[u8],
    ) -> Result<()> {
        if let Some(tree) = &mut self.tree {
            match self.precision {
                Precision::Double => tree.push::<f64, S>(sink, 0, bounds, id.into())?,
                Precision::Single => {
                    tree.push::<f32, S>(sink, 0, &round::<D, f32>(bounds), id.into())?;
                }
            }
        }
        self.payloads.as_mut().map_or(Ok(()), |payloads| payloads.push(sink, payload))
    }

    /// Writes what is left but for the chunk `fast`; where that begins, and the file's bytes.
    pub(crate) fn finish<S: Sink>(mut self, sink: &mut S) -> Result<(u64, u64)> {
        if let Some(tree) = self.tree.take() {
            match self.precision {
                Precision::Double => tree.finish::<f64, S>(sink)?,
                Precision::Single => tree.finish::<f32, S>(sink)?,
            }
        }
        if let Some(mut payloads) = self.payloads.take() {
            payloads.finish(sink)?;
        }
        let file_bytes = self.draft.plan.file_bytes();
        // It may end with padding, which nobody wrote.
        sink.write_at(file_bytes, &[])?;
        Ok((self.draft.plan.offset(tag::FAST).unwrap_or_default(), file_bytes))
    }
}

/// A level of a tree that is being written.
struct LevelWriter<const D: usize> {
    boxes: Cursor,
    /// Where indices go, if they stand apart.
    indices: Option<Cursor>,
    /// The position of its first entry, and how many were written.
    first: u64,
    count: u64,
    /// The node that is not full yet: its box, and how many children it has.
    node: BoxN<D>,
    children: usize,
}

/// A tree that is being written, all levels side by side.
struct TreeWriter<const D: usize> {
    levels: Vec<LevelWriter<D>>,
    node_size: usize,
}

impl<const D: usize> TreeWriter<D> {
    fn new<S: Sink>(at: u64, draft: &Draft, precision: Precision, sink: &mut S) -> Result<Self> {
        let (head, shape) = (draft.tree.encode(), &draft.shape);
        sink.write_at(at, &head)?;
        let start = at + head.len() as u64;
        let box_bytes = 2 * D as u64 * u64::from(precision.bytes());
        let (is_split, index_bytes) = (draft.tree.layout == Layout::Split, INDEX_BYTES as u64);
        let stride = if is_split { box_bytes } else { box_bytes + index_bytes };
        let indices = start + shape.entries() as u64 * box_bytes;
        let level = |level: usize| {
            let first = shape.level(level).start as u64;
            LevelWriter {
                boxes: Cursor::new(start + first * stride),
                indices: is_split.then(|| Cursor::new(indices + first * index_bytes)),
                first,
                count: 0,
                node: BoxN::EMPTY,
                children: 0,
            }
        };
        let levels = (0..shape.levels()).map(level).collect();
        Ok(TreeWriter { levels, node_size: shape.node_size() })
    }

    /// Writes an entry, whose box can be stored, and the nodes that become full by it.
    #[inline]
    fn push<C: Coordinate, S: Sink>(
        &mut self,
        sink: &mut S,
        level: usize,
        bounds: &BoxN<D>,
        index: u64,
    ) -> Result<()> {
        let Some(here) = self.levels.get_mut(level) else { return Ok(()) };
        let put_index = |bytes: &mut Vec<u8>| bytes.extend_from_slice(&index.to_le_bytes());
        match &mut here.indices {
            Some(indices) => {
                here.boxes.put(sink, |bytes| put_box::<D, C>(bounds, bytes))?;
                indices.put(sink, put_index)?;
            }
            None => here.boxes.put(sink, |bytes| {
                put_box::<D, C>(bounds, bytes);
                put_index(bytes);
            })?,
        }
        here.node = here.node.union(bounds);
        here.children += 1;
        here.count += 1;
        if here.children == self.node_size { self.close::<C, S>(sink, level) } else { Ok(()) }
    }

    /// Writes the node above the last entries of a level.
    fn close<C: Coordinate, S: Sink>(&mut self, sink: &mut S, level: usize) -> Result<()> {
        let here = &mut self.levels[level];
        let child = here.first + here.count - here.children as u64;
        here.children = 0;
        let node = std::mem::replace(&mut here.node, BoxN::EMPTY);
        self.push::<C, S>(sink, level + 1, &node, child)
    }

    fn finish<C: Coordinate, S: Sink>(mut self, sink: &mut S) -> Result<()> {
        for level in 0..self.levels.len() {
            if self.levels[level].children > 0 {
                self.close::<C, S>(sink, level)?;
            }
            let here = &mut self.levels[level];
            here.boxes.flush(sink)?;
            here.indices.as_mut().map_or(Ok(()), |indices| indices.flush(sink))?;
        }
        Ok(())
    }
}

/// Payloads that are being written, with their offsets and prefixes.
struct PayloadWriter {
    blobs: Cursor,
    offsets: Option<Cursor>,
    prefixes: Option<(Cursor, usize)>,
    end: u64,
}

impl PayloadWriter {
    fn new<S: Sink>(
        at: u64,
        head: PayloadHead,
        items: u64,
        prefix: Option<(u64, PrefixHead)>,
        sink: &mut S,
    ) -> Result<Self> {
        let bytes = head.encode();
        sink.write_at(at, &bytes)?;
        let start = at + bytes.len() as u64;
        let prefixes = prefix.map(|(at, head)| {
            let bytes = head.encode();
            sink.write_at(at, &bytes)?;
            Ok::<_, crate::error::Error>((
                Cursor::new(at + bytes.len() as u64),
                head.stride as usize,
            ))
        });
        let prefixes = prefixes.transpose()?;
        if head.stride > 0 {
            return Ok(PayloadWriter {
                blobs: Cursor::new(start),
                offsets: None,
                prefixes,
                end: 0,
            });
        }
        let mut offsets = Cursor::new(start);
        offsets.put(sink, |bytes| bytes.extend_from_slice(&0_u64.to_le_bytes()))?;
        let blobs = Cursor::new(start + 8 * (items + 1));
        Ok(PayloadWriter { blobs, offsets: Some(offsets), prefixes, end: 0 })
    }

    fn push<S: Sink>(&mut self, sink: &mut S, payload: &[u8]) -> Result<()> {
        self.end += payload.len() as u64;
        self.blobs.put(sink, |bytes| bytes.extend_from_slice(payload))?;
        if let Some(offsets) = &mut self.offsets {
            offsets.put(sink, |bytes| bytes.extend_from_slice(&self.end.to_le_bytes()))?;
        }
        if let Some((prefixes, stride)) = &mut self.prefixes {
            prefixes.put(sink, |bytes| put_prefix(payload, *stride, bytes))?;
        }
        Ok(())
    }

    fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<()> {
        self.blobs.flush(sink)?;
        self.offsets.as_mut().map_or(Ok(()), |offsets| offsets.flush(sink))?;
        self.prefixes.as_mut().map_or(Ok(()), |(prefixes, _)| prefixes.flush(sink))
    }
}
