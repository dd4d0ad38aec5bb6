//! What a reader must know of an index before it asks, and the questions.
//!
//! Owns: the questions, as machines. Does not own the bytes that they ask for. Invariants: a clone
//! is another handle of the same; nothing changes after opening, so it serves any number of threads
//! and readers of the same bytes.

use std::fmt;
use std::sync::Arc;

use super::aggregate::{AggregatePart, Aggregation, Ranks};
use super::fast::FastParts;
use super::layout::Layout;
use super::machine::{Machine, StreamQuery};
use super::nearest::{Nearby, Nearest};
use super::open::{Known, Opener};
use super::options::StreamOptions;
use super::origin::OriginParts;
use super::payload::{PayloadPart, Payloads, PrefixPart};
use super::sift::{Collect, Count, Found, Sift, Take};
use crate::error::{Error, ErrorKind, Result};
use crate::packed::boxes::BoxN;
use crate::packed::origin::Aggregate;
use crate::packed::query::{Euclidean, Filter, Measure, Ray, check_distance, window};

/// The opening of an index, which is fed like a question.
pub type Opening<const D: usize> = StreamQuery<StreamIndex<D>>;

/// The directory of an index whose bytes lie elsewhere, with the upper levels of its tree: enough
/// to ask, given the bytes that a question wants. Cheap to clone.
///
/// Questions come as [`StreamQuery`], which a program feeds; [`Remote`](super::Remote) has them
/// with a reader, ready to be called. What is asked is checked before anything is read.
#[derive(Clone)]
pub struct StreamIndex<const D: usize> {
    parts: Parts<D>,
    beside: Beside,
    options: StreamOptions,
}

/// What stands beside the tree.
#[derive(Clone)]
pub(super) struct Beside {
    pub(super) payload: Option<PayloadPart>,
    /// None without payloads.
    pub(super) prefix: Option<PrefixPart>,
    pub(super) aggregates: Option<AggregatePart>,
}

/// The tree that is asked.
pub(super) enum Parts<const D: usize> {
    Fast(Arc<FastParts<D>>),
    Double(Arc<OriginParts<D, f64>>),
    Single(Arc<OriginParts<D, f32>>),
}

impl<const D: usize> Clone for Parts<D> {
    fn clone(&self) -> Self {
        match self {
            Parts::Fast(parts) => Parts::Fast(Arc::clone(parts)),
            Parts::Double(parts) => Parts::Double(Arc::clone(parts)),
            Parts::Single(parts) => Parts::Single(Arc::clone(parts)),
        }
    }
}

impl<const D: usize> Parts<D> {
    pub(super) fn items(&self) -> usize {
        match self {
            Parts::Fast(parts) => parts.items(),
            Parts::Double(parts) => parts.items(),
            Parts::Single(parts) => parts.items(),
        }
    }
}

impl<const D: usize> StreamIndex<D> {
    /// Begins to open an index of `file_bytes` bytes. Two or three rounds of reads finish it.
    ///
    /// Refused are a file of another number of axes, one that is no index, and what contradicts
    /// itself at once.
    pub fn opening(file_bytes: u64, options: StreamOptions) -> Result<Opening<D>> {
        const { assert!(D >= 2 && D <= 4, "an index has two, three or four axes") };
        StreamQuery::new(Box::new(Opener::<D>::new(Known::new(file_bytes), options)), options)
    }

    pub(super) fn of(parts: Parts<D>, beside: Beside, options: StreamOptions) -> Self {
        StreamIndex { parts, beside, options }
    }

    /// The same with other options; what is kept stays as it is.
    #[must_use]
    pub fn with_options(mut self, options: StreamOptions) -> Self {
        self.options = options;
        self
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.parts.items()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The box of all items; empty if there is none.
    pub fn extent(&self) -> BoxN<D> {
        match &self.parts {
            Parts::Fast(parts) => parts.extent(),
            Parts::Double(parts) => parts.extent(),
            Parts::Single(parts) => parts.extent(),
        }
    }

    /// Whether questions are asked of our own layout.
    pub fn has_fast(&self) -> bool {
        matches!(self.parts, Parts::Fast(_))
    }

    /// Whether items have payloads.
    pub fn has_payloads(&self) -> bool {
        self.beside.payload.is_some()
    }

    /// The length of the first bytes of payloads that are stored apart, for
    /// [`prefixes`](Self::prefixes).
    pub fn prefix_bytes(&self) -> Option<u32> {
        self.beside.prefix.map(|part| part.plan.stride())
    }

    /// Whether the file has something to add up.
    pub fn has_aggregates(&self) -> bool {
        self.beside.aggregates.is_some()
    }

    /// The items that share a point with a box, in no order.
    pub fn search(&self, bounds: &BoxN<D>) -> Result<StreamQuery<Vec<Found>>> {
        self.sift(window(bounds)?, Collect::default())
    }

    /// How many items share a point with a box. The limit of items is not for it.
    pub fn count(&self, bounds: &BoxN<D>) -> Result<StreamQuery<usize>> {
        self.sift(window(bounds)?, Count::default())
    }

    /// What the items of a box come to. The limit of items is not for it.
    ///
    /// It is what [`Index::aggregate`](crate::packed::Index::aggregate) gives, but for the last
    /// bits of the sum, whose numbers are added in another order. Refused is a file that has
    /// nothing to add up.
    pub fn aggregate(&self, bounds: &BoxN<D>) -> Result<StreamQuery<Aggregate>> {
        let Some(part) = self.beside.aggregates.clone() else {
            let message = "the index has nothing to add up";
            return Err(Error::new(ErrorKind::NotFound, "stream aggregate", message));
        };
        let walk = self.walk(window(bounds)?, Ranks::default())?;
        let machine = Aggregation::new(walk, part, self.options);
        StreamQuery::new(Box::new(machine), self.options)
    }

    /// What a filter lets through.
    pub(super) fn sift<F, T>(&self, filter: F, take: T) -> Result<StreamQuery<T::Answer>>
    where
        F: Filter<D> + Send + 'static,
        T: Take + 'static,
    {
        StreamQuery::new(self.walk(filter, take)?, self.options)
    }

    fn walk<F, T>(&self, filter: F, take: T) -> Result<Box<dyn Machine<T::Answer>>>
    where
        F: Filter<D> + Send + 'static,
        T: Take + 'static,
    {
        let options = self.options;
        Ok(match &self.parts {
            Parts::Fast(parts) => Box::new(Sift::new(parts.clone(), filter, take, options)?),
            Parts::Double(parts) => Box::new(Sift::new(parts.clone(), filter, take, options)?),
            Parts::Single(parts) => Box::new(Sift::new(parts.clone(), filter, take, options)?),
        })
    }

    /// The `k` items nearest to a point by Euclidean distance, none further than `max_distance`,
    /// nearest first, those equally near by id.
    pub fn neighbors(
        &self,
        point: [f64; D],
        k: usize,
        max_distance: f64,
    ) -> Result<StreamQuery<Vec<Nearby>>> {
        self.neighbors_of_box(&BoxN::point(point), k, max_distance)
    }

    /// The same of a box, from which what touches it is not far.
    pub fn neighbors_of_box(
        &self,
        bounds: &BoxN<D>,
        k: usize,
        max_distance: f64,
    ) -> Result<StreamQuery<Vec<Nearby>>> {
        const OPERATION: &str = "stream neighbors";
        bounds.validate(OPERATION)?;
        check_distance(OPERATION, max_distance)?;
        self.nearest(Euclidean(*bounds), k, max_distance)
    }

    /// The item that a ray enters first, of several the one with the smallest id: one or none.
    pub fn raycast_closest(&self, ray: &Ray<D>) -> Result<StreamQuery<Vec<Nearby>>> {
        self.nearest(*ray, 1, ray.max_t())
    }

    /// What is nearest by a measure.
    pub(super) fn nearest<M>(
        &self,
        measure: M,
        k: usize,
        most: f64,
    ) -> Result<StreamQuery<Vec<Nearby>>>
    where
        M: Measure<D> + Send + 'static,
    {
        let (wanted, options) = ((k, most), self.options);
        let machine: Box<dyn Machine<Vec<Nearby>>> = match &self.parts {
            Parts::Fast(parts) => Box::new(Nearest::new(parts.clone(), measure, wanted, options)?),
            Parts::Double(parts) => {
                Box::new(Nearest::new(parts.clone(), measure, wanted, options)?)
            }
            Parts::Single(parts) => {
                Box::new(Nearest::new(parts.clone(), measure, wanted, options)?)
            }
        };
        StreamQuery::new(machine, options)
    }

    /// The payloads of the items of some ranks, in the order of `ranks`.
    ///
    /// Refused are ranks beyond the items, and a file without payloads.
    pub fn payloads(&self, ranks: &[u32]) -> Result<StreamQuery<Vec<Vec<u8>>>> {
        let Some(part) = self.beside.payload.clone() else {
            let message = "the index has no payloads";
            return Err(Error::new(ErrorKind::NotFound, "stream payloads", message));
        };
        let payloads = Payloads::new(part, ranks, self.len(), self.options)?;
        StreamQuery::new(Box::new(payloads), self.options)
    }

    /// The first bytes of the payloads of the items of some ranks, as many of each as
    /// [`prefix_bytes`](Self::prefix_bytes) says, filled up with zeros where a payload is shorter.
    /// They lie close together, and one round brings them.
    ///
    /// Refused are ranks beyond the items, and a file in which they are not stored apart.
    pub fn prefixes(&self, ranks: &[u32]) -> Result<StreamQuery<Vec<Vec<u8>>>> {
        let Some(part) = self.beside.prefix else {
            let message = "the index has no prefixes of payloads";
            return Err(Error::new(ErrorKind::NotFound, "stream prefixes", message));
        };
        let prefixes = Payloads::prefixes(part, ranks, self.len(), self.options)?;
        StreamQuery::new(Box::new(prefixes), self.options)
    }
}

impl<const D: usize> fmt::Debug for StreamIndex<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamIndex<{D}> of {} items", self.len())
    }
}
