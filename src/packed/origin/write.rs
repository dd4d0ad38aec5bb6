//! Writing a file of the PSINDEX format: what goes in, and the order of its chunks.
//!
//! Owns: the check of what is given, the plan of the file, and the call of each chunk's writer.
//! Invariants: equal input gives equal bytes, those that the crate `packed_spatial_index` writes on
//! one thread; nothing is written before everything was checked.

use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{
    AggregateHead, Columns, Layout, Metadata, PayloadHead, Plan, PrefixHead, Shape, Tag, TreeHead,
    tag,
};
use crate::packed::boxes::BoxN;
use crate::packed::tree::LANES;

use super::coordinate::Precision;
use super::order::curve_order;
use super::sink::Sink;
use super::summarize::write_aggregates;
use super::write_payload::{write_payloads, write_prefixes};
use super::write_tree::write_tree;

/// What the errors of writing were met doing; the caller names its own operation.
pub(super) const WRITING: &str = "write index";

/// Bytes for each item.
#[derive(Clone, Copy, Debug)]
pub enum Payloads<'a> {
    /// Of any lengths.
    Blobs(&'a [&'a [u8]]),
    /// Records of one length, one after the other.
    Records {
        /// The length of a record.
        stride: u32,
        /// All records.
        bytes: &'a [u8],
    },
}

/// What an index is made of. Everything is in the order of the boxes, whose numbers are the ids.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a, const D: usize> {
    /// The boxes; at most `u32::MAX`.
    pub boxes: &'a [BoxN<D>],
    /// Bytes for each item.
    pub payloads: Option<Payloads<'a>>,
    /// How many bytes of each payload to store once more, close together.
    pub prefix_bytes: Option<u32>,
    /// What the file says about itself.
    pub metadata: Metadata<'a>,
    /// A number for each item, to be summed up.
    pub scalars: Option<&'a [f64]>,
    /// Bits for each item, to be united.
    pub masks: Option<&'a [u64]>,
}

impl<'a, const D: usize> Items<'a, D> {
    /// Boxes and nothing else.
    pub fn new(boxes: &'a [BoxN<D>]) -> Self {
        Items {
            boxes,
            payloads: None,
            prefix_bytes: None,
            metadata: Metadata::default(),
            scalars: None,
            masks: None,
        }
    }
}

/// How the tree of the format is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How many children a node has at most, from 2.
    pub node_size: u16,
    /// How coordinates are stored.
    pub precision: Precision,
    /// Whether each box is followed by its index, which suits readers that fetch parts.
    pub interleaved: bool,
}

impl Default for Form {
    fn default() -> Self {
        Form { node_size: 16, precision: Precision::Double, interleaved: false }
    }
}

/// Parts of a file that the caller made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    /// The order of the items, as a permutation of their ids; else they follow the curve.
    pub order: Option<&'a [u32]>,
    /// The contents of the chunk `fast`.
    pub fast: Option<&'a [u8]>,
    /// Leaves the chunk TREE out, so that only readers of `fast` read the file.
    pub without_tree: bool,
    /// Chunks of the caller's own, which stand last.
    pub own: &'a [([u8; 4], Vec<u8>)],
}

/// What decides how a file looks.
pub(super) struct Measures<'a> {
    pub(super) items: u64,
    /// The head of the payloads, and how long all are together.
    pub(super) payload: Option<(PayloadHead, u64)>,
    pub(super) prefix_bytes: Option<u32>,
    pub(super) metadata: &'a Metadata<'a>,
    pub(super) columns: Option<Columns>,
    /// Bytes of the chunk `fast`.
    pub(super) fast_bytes: Option<u64>,
    pub(super) without_tree: bool,
    /// Chunks of the caller's own.
    pub(super) own: &'a [([u8; 4], Vec<u8>)],
}

/// Everything that is decided before the first byte is written.
pub(super) struct Draft {
    pub(super) plan: Plan,
    pub(super) tree: TreeHead,
    pub(super) shape: Shape,
    pub(super) prefix: Option<PrefixHead>,
    pub(super) metadata: Option<Vec<u8>>,
    columns: Option<Columns>,
}

/// Writes a whole file; the number of its bytes.
pub fn write<const D: usize, S: Sink>(
    items: &Items<'_, D>,
    form: Form,
    parts: Parts<'_>,
    sink: &mut S,
) -> Result<u64> {
    let draft = Draft::new(items, form, parts)?;
    let curve;
    let order = match parts.order {
        Some(order) => check_order(order, items.boxes.len())?,
        None => {
            curve = curve_order(items.boxes, form.node_size);
            &curve[..]
        }
    };
    sink.begin(draft.plan.file_bytes());
    sink.write_at(0, &draft.plan.head())?;
    if let Some(at) = draft.plan.offset(tag::TREE) {
        let tree = (&draft.tree, &draft.shape);
        match form.precision {
            Precision::Double => write_tree::<D, f64, S>(sink, at, tree, items.boxes, order)?,
            Precision::Single => write_tree::<D, f32, S>(sink, at, tree, items.boxes, order)?,
        }
    }
    if let (Some(at), Some(payloads)) = (draft.plan.offset(tag::PAYLOAD), &items.payloads) {
        write_payloads(sink, at, payloads, order)?;
        if let (Some(at), Some(head)) = (draft.plan.offset(tag::PREFIX), draft.prefix) {
            write_prefixes(sink, at, head, payloads, order)?;
        }
    }
    if let (Some(at), Some(bytes)) = (draft.plan.offset(tag::METADATA), &draft.metadata) {
        sink.write_at(at, bytes)?;
    }
    if let (Some(at), Some(columns)) = (draft.plan.offset(tag::AGGREGATES), draft.columns) {
        write_aggregates(sink, at, columns, (items, order), &draft.shape)?;
    }
    if let (Some(at), Some(bytes)) = (draft.plan.offset(tag::FAST), parts.fast) {
        sink.write_at(at, bytes)?;
    }
    for (tag, bytes) in parts.own {
        if let Some(at) = draft.plan.offset(*tag) {
            sink.write_at(at, bytes)?;
        }
    }
    // It may end with padding, which nobody wrote.
    let file_bytes = draft.plan.file_bytes();
    sink.write_at(file_bytes, &[]).map(|()| file_bytes)
}

/// Where the chunk `fast` will begin in a file with these other parts.
pub(crate) fn fast_offset<const D: usize>(
    items: &Items<'_, D>,
    form: Form,
    without_tree: bool,
    own: &[([u8; 4], Vec<u8>)],
) -> Result<u64> {
    let parts = Parts { order: None, fast: Some(&[]), without_tree, own };
    let draft = Draft::new(items, form, parts)?;
    Ok(draft.plan.offset(tag::FAST).unwrap_or_default())
}

impl Draft {
    fn new<const D: usize>(items: &Items<'_, D>, form: Form, parts: Parts<'_>) -> Result<Self> {
        let measures = Measures {
            items: items.boxes.len() as u64,
            payload: plan_payloads(items)?,
            prefix_bytes: items.prefix_bytes,
            metadata: &items.metadata,
            columns: items.columns()?,
            fast_bytes: parts.fast.map(|bytes| bytes.len() as u64),
            without_tree: parts.without_tree,
            own: parts.own,
        };
        let draft = Draft::of::<D>(&measures, form)?;
        for (row, bounds) in items.boxes.iter().enumerate() {
            bounds.validate(WRITING).map_err(|error| error.in_row(row))?;
        }
        Ok(draft)
    }

    /// The draft of a file of these measures, whose boxes have `D` axes.
    pub(super) fn of<const D: usize>(measures: &Measures<'_>, form: Form) -> Result<Self> {
        let too_large = || Error::new(ErrorKind::LimitExceeded, WRITING, "the index is too large");
        let count = measures.items;
        if count > u64::from(u32::MAX) {
            let message = format!("{count} boxes, the limit is {}", u32::MAX);
            return Err(Error::new(ErrorKind::LimitExceeded, WRITING, message));
        }
        if !matches!(D, 2 | 3) && !measures.without_tree {
            let message = format!("the format has no tree of {D} dimensions, only of 2 and 3");
            return Err(Error::invalid(WRITING, message));
        }
        // Without the tree it is for summaries of the groups that ours has.
        let node_size = if measures.without_tree { LANES as u16 } else { form.node_size };
        let shape = Shape::new(count, node_size).ok_or_else(|| {
            Error::invalid(WRITING, format!("node_size is {node_size}, expected 2 or more"))
        })?;
        let tree = TreeHead {
            dimensions: D as u8,
            coordinate_bytes: form.precision.bytes(),
            layout: if form.interleaved { Layout::Interleaved } else { Layout::Split },
            items: count,
            node_size: form.node_size,
        };
        let columns = measures.columns;
        if columns.is_some() && form.precision == Precision::Single && !measures.without_tree {
            let message = "aggregates need coordinates of 64 bits, 32 were asked for";
            return Err(Error::invalid(WRITING, message));
        }
        let payload = measures.payload;
        let prefix = plan_prefixes(measures.prefix_bytes, payload.map(|(head, _)| head))?;
        let metadata = measures.metadata.encode()?;
        let mut chunks: Vec<(Tag, u64)> = Vec::new();
        if !measures.without_tree {
            chunks.push((tag::TREE, tree.chunk_bytes(&shape).ok_or_else(too_large)?));
        }
        if let Some((head, region_bytes)) = payload {
            let bytes = head.chunk_bytes(count, region_bytes).ok_or_else(too_large)?;
            chunks.push((tag::PAYLOAD, bytes));
        }
        if let Some(head) = prefix {
            chunks.push((tag::PREFIX, head.chunk_bytes(count).ok_or_else(too_large)?));
        }
        if let Some(bytes) = &metadata {
            chunks.push((tag::METADATA, bytes.len() as u64));
        }
        if let Some(columns) = columns {
            let bytes = AggregateHead { columns }.chunk_bytes(&shape).ok_or_else(too_large)?;
            chunks.push((tag::AGGREGATES, bytes as u64));
        }
        if let Some(bytes) = measures.fast_bytes {
            chunks.push((tag::FAST, bytes));
        }
        chunks.extend(measures.own.iter().map(|(tag, bytes)| (*tag, bytes.len() as u64)));
        let plan = Plan::new(&chunks).ok_or_else(too_large)?;
        Ok(Draft { plan, tree, shape, prefix, metadata, columns })
    }
}

fn plan_payloads<const D: usize>(items: &Items<'_, D>) -> Result<Option<(PayloadHead, u64)>> {
    let Some(payloads) = &items.payloads else { return Ok(None) };
    payloads.check(items.boxes.len())?;
    Ok(Some(payloads.plan()))
}

/// Prefixes as long as the records would only repeat them.
fn plan_prefixes(
    prefix_bytes: Option<u32>,
    payload: Option<PayloadHead>,
) -> Result<Option<PrefixHead>> {
    match (prefix_bytes, payload) {
        (None, _) => Ok(None),
        (Some(0), _) => Err(Error::invalid(WRITING, "prefix_bytes is 0, expected 1 or more")),
        (Some(_), None) => Err(Error::invalid(WRITING, "prefix_bytes is set without payloads")),
        (Some(stride), Some(head)) if head.stride == stride => Ok(None),
        (Some(stride), Some(_)) => Ok(Some(PrefixHead { stride })),
    }
}

/// Refuses an order that is not one of all items.
fn check_order(order: &[u32], items: usize) -> Result<&[u32]> {
    let mut seen = vec![false; items];
    let is_new = |id: &u32| {
        let seen = seen.get_mut(*id as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    };
    if order.len() == items && order.iter().all(is_new) {
        return Ok(order);
    }
    let message = format!("the order has {} ids, of {items} items each once", order.len());
    Err(Error::invalid(WRITING, message))
}
