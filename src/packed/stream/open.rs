//! Opening a streamed index: its directory, the heads of its chunks, the upper levels.
//!
//! Owns: which of these are fetched when. Invariants: three rounds at most, but for a directory
//! that is longer than the first read; what is kept is no more than the options say, beside four
//! bytes for each 64 upper nodes.

use std::ops::Range;
use std::sync::Arc;

use super::aggregate::AggregatePart;
use super::fast::{FastParts, Keeping, Kept};
use super::index::{Beside, Parts, StreamIndex};
use super::machine::Machine;
use super::options::{OPERATION, StreamOptions, check};
use super::origin::{OriginParts, kept_spans};
use super::payload::{PayloadPart, PrefixPart};
use super::round::{Fetched, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{
    AggregatePlan, Directory, PayloadPlan, PrefixPlan, SUPERBLOCK_BYTES, Shape, Tag, TreeHead,
    directory_bytes, tag,
};
use crate::packed::fast::{self, FAST_HEAD_BYTES, Plan};
use crate::packed::origin::{Coordinate, OriginHead, Precision};
use crate::packed::tree::LANES;

/// How much is read first: the directory, and often the head of the first chunk.
pub(super) const FIRST_BYTES: u64 = 16 << 10;
/// The longest directory that is read; some 40,000 chunks.
pub(super) const MOST_DIRECTORY_BYTES: u64 = 1 << 20;
/// As much of a chunk of the format as any head of it that this version reads.
pub(super) const ORIGIN_HEAD_BYTES: u64 = 24;

/// The first bytes of a chunk, and where it lies.
type Head<'a> = (&'a [u8], Range<u64>);

/// The heads of the chunks that opening looks at.
pub(super) struct Heads<'a> {
    fast: Option<Head<'a>>,
    origin: Option<Head<'a>>,
    payload: Option<Head<'a>>,
    prefix: Option<Head<'a>>,
    aggregates: Option<Head<'a>>,
}

impl Heads<'_> {
    /// How many axes the boxes have.
    pub(super) fn axes(&self) -> Result<u8> {
        let refused = |message| Err(Error::new(ErrorKind::Corrupt, OPERATION, message));
        match (&self.origin, &self.fast) {
            (Some((head, range)), _) => {
                TreeHead::read(head, range.end - range.start).map(|(head, ..)| head.dimensions)
            }
            (None, Some((head, _))) => match fast::axes(head) {
                Some(axes @ 2..=4) => Ok(axes),
                _ => refused("the head of its tree says no number of axes"),
            },
            (None, None) => refused("the file has no tree"),
        }
    }
}

/// What was fetched of a file so far.
pub(super) struct Known {
    file_bytes: u64,
    fetched: Vec<(u64, Vec<u8>)>,
}

impl Known {
    pub(super) fn new(file_bytes: u64) -> Self {
        Known { file_bytes, fetched: Vec::new() }
    }

    pub(super) fn take(&mut self, fetched: &Fetched) {
        self.fetched.extend(fetched.reads().map(|(start, bytes)| (start, bytes.to_vec())));
    }

    /// A part that was fetched; if it was not, it is wanted, and there is none yet.
    fn part(&self, span: Span, wants: &mut Vec<Span>) -> Option<&[u8]> {
        if span.bytes == 0 {
            return Some(&[]);
        }
        let found = self.fetched.iter().find_map(|(start, bytes)| {
            let within = usize::try_from(span.start.checked_sub(*start)?).ok()?;
            bytes.get(within..)?.get(..usize::try_from(span.bytes).ok()?)
        });
        if found.is_none() {
            wants.push(span);
        }
        found
    }

    /// The heads of the chunks, once they are there.
    pub(super) fn heads(&self, wants: &mut Vec<Span>) -> Result<Option<Heads<'_>>> {
        let first = Span { start: 0, bytes: self.file_bytes.min(FIRST_BYTES) };
        let Some(head) = self.part(first, wants) else { return Ok(None) };
        let superblock = &head[..head.len().min(SUPERBLOCK_BYTES)];
        let bytes = directory_bytes(superblock, self.file_bytes)?;
        check("bytes of directory", bytes, MOST_DIRECTORY_BYTES)?;
        let Some(head) = self.part(Span { start: 0, bytes }, wants) else { return Ok(None) };
        let directory = Directory::parse(head, self.file_bytes)?;
        let mut is_missing = false;
        let mut place = |tag: Tag, bytes: u64| {
            let range = directory.range(tag)?;
            let head = Span { start: range.start, bytes: bytes.min(range.end - range.start) };
            let head = self.part(head, wants);
            is_missing |= head.is_none();
            Some((head?, range))
        };
        let heads = Heads {
            fast: place(tag::FAST, FAST_HEAD_BYTES as u64),
            origin: place(tag::TREE, ORIGIN_HEAD_BYTES),
            payload: place(tag::PAYLOAD, ORIGIN_HEAD_BYTES),
            prefix: place(tag::PREFIX, ORIGIN_HEAD_BYTES),
            aggregates: place(tag::AGGREGATES, ORIGIN_HEAD_BYTES),
        };
        Ok((!is_missing).then_some(heads))
    }
}

/// The opening of an index with boxes of `D` axes.
pub(super) struct Opener<const D: usize> {
    known: Known,
    options: StreamOptions,
    opened: Option<StreamIndex<D>>,
}

impl<const D: usize> Opener<D> {
    pub(super) fn new(known: Known, options: StreamOptions) -> Self {
        Opener { known, options, opened: None }
    }

    /// Goes as far as what is known leads: reads the heads, and of the tree what is kept.
    fn open(&self, wants: &mut Vec<Span>) -> Result<Option<StreamIndex<D>>> {
        let Some(heads) = self.known.heads(wants)? else { return Ok(None) };
        let Heads { fast, origin, payload, prefix, aggregates } = heads;
        let tree = origin.clone();
        let origin = origin.map(|(head, range)| {
            Ok::<_, Error>((OriginHead::<D>::read(head, range.end - range.start)?, range.start))
        });
        let fast = fast.map(|(head, range)| {
            let bytes = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
            Ok::<_, Error>((Plan::<D>::read(head, bytes)?, range.start))
        });
        let (origin, fast) = (origin.transpose()?, fast.transpose()?);
        let parts = match (fast, origin) {
            (Some((plan, _)), Some((head, _))) if plan.items() != head.items() => {
                let message = "its two trees have not the same number of items";
                return Err(Error::new(ErrorKind::Corrupt, OPERATION, message));
            }
            (Some((plan, chunk)), origin) if origin.is_none() || !self.options.without_fast => {
                self.keep_fast(plan, chunk, wants)?
            }
            (_, Some((head, chunk))) => match head.precision() {
                Precision::Double => self.keep_origin(head, chunk, wants)?.map(Parts::Double),
                Precision::Single => self.keep_origin(head, chunk, wants)?.map(Parts::Single),
            },
            _ => {
                return Err(Error::new(ErrorKind::Corrupt, OPERATION, "the file has no tree"));
            }
        };
        let Some(parts) = parts else { return Ok(None) };
        let aggregates = keep_aggregates(tree.as_ref(), parts.items(), aggregates)?;
        let (payload, prefix) = keep_payloads(parts.items() as u64, payload, prefix)?;
        let beside = Beside { payload, prefix, aggregates };
        Ok(Some(StreamIndex::of(parts, beside, self.options)))
    }

    fn keep_fast(
        &self,
        plan: Plan<D>,
        chunk: u64,
        wants: &mut Vec<Span>,
    ) -> Result<Option<Parts<D>>> {
        let keeping = Keeping::new(&plan, self.options.kept_bytes);
        let mut part = |range: &Range<usize>| {
            let span = Span::of(chunk, range.start as u64..range.end as u64);
            self.known.part(span, wants).map(<[u8]>::to_vec)
        };
        let upper = part(&keeping.upper);
        let (table, sums) = (part(&keeping.table), part(&keeping.sums));
        let (Some(upper), Some(table), Some(sums)) = (upper, table, sums) else { return Ok(None) };
        let kept = Kept { upper, blocks: keeping.blocks, table, sums };
        FastParts::new(plan, chunk, kept).map(|parts| Some(Parts::Fast(Arc::new(parts))))
    }

    fn keep_origin<C: Coordinate>(
        &self,
        head: OriginHead<D>,
        chunk: u64,
        wants: &mut Vec<Span>,
    ) -> Result<Option<Arc<OriginParts<D, C>>>> {
        let first = head.top::<C>(self.options.kept_bytes);
        let spans = kept_spans::<D, C>(&head, chunk, first);
        let [boxes, indices] = spans.map(|span| self.known.part(span, wants).map(<[u8]>::to_vec));
        let (Some(boxes), Some(indices)) = (boxes, indices) else { return Ok(None) };
        OriginParts::new(head, chunk, first, [boxes, indices]).map(|parts| Some(Arc::new(parts)))
    }
}

/// The payloads, and their prefixes, which without payloads mean nothing.
fn keep_payloads(
    items: u64,
    payload: Option<Head<'_>>,
    prefix: Option<Head<'_>>,
) -> Result<(Option<PayloadPart>, Option<PrefixPart>)> {
    let Some((head, range)) = payload else { return Ok((None, None)) };
    let plan = PayloadPlan::read(head, range.end - range.start, items)?;
    let payload = PayloadPart { plan, chunk: range.start };
    let prefix = prefix.map(|(head, range)| {
        let plan = PrefixPlan::read(head, range.end - range.start, items)?;
        Ok::<_, Error>(PrefixPart { plan, chunk: range.start })
    });
    Ok((Some(payload), prefix.transpose()?))
}

/// The aggregates, if the boxes of the tree that they were made for are exact: summaries of boxes
/// that grew would not be those of their windows. Without the tree of the format they are those of
/// the groups of ours.
fn keep_aggregates(
    origin: Option<&Head<'_>>,
    items: usize,
    aggregates: Option<Head<'_>>,
) -> Result<Option<AggregatePart>> {
    let Some((head, range)) = aggregates else { return Ok(None) };
    let shape = match origin {
        None => Shape::new(items as u64, LANES as u16),
        Some((tree, place)) => {
            let (tree, shape, _) = TreeHead::read(tree, place.end - place.start)?;
            (tree.coordinate_bytes == Precision::Double.bytes()).then_some(shape)
        }
    };
    let Some(shape) = shape else { return Ok(None) };
    let plan = AggregatePlan::read(head, range.end - range.start, &shape)?;
    Ok(Some(AggregatePart { plan, shape, chunk: range.start }))
}

impl<const D: usize> Machine<StreamIndex<D>> for Opener<D> {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        self.known.take(fetched);
        self.opened = self.open(wants)?;
        Ok(())
    }

    fn answer(self: Box<Self>) -> Result<StreamIndex<D>> {
        let message = "the opening was not fed what it wants";
        self.opened.ok_or_else(|| Error::new(ErrorKind::Internal, OPERATION, message))
    }
}
