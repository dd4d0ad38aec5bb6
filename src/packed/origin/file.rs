//! A whole file of the PSINDEX format in memory: its tree and all that stands beside it.
//!
//! Owns: which chunks a file has, and joining ids with ranks. Does not own any chunk's bytes.
//! Invariants: opening costs the same for any number of items, except that the table of ranks is
//! made when something is first asked by id; an answer that damage may have cost items is an error.

use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{
    Aggregates, Directory, Metadata, PayloadTable, Prefixes, TreeChunk, tag,
};
use crate::packed::boxes::BoxN;
use crate::packed::simd::{Isa, Kernel, Work, run};
use crate::packed::tree::{LANES, Lanes, Question, Tree, Window, bits};

use super::aggregate::{Aggregate, AggregateIn};
use super::coordinate::Precision;
use super::ranks::RankTable;
use super::triangle::{Triangle, triangle_at};
use super::view::{Damage, OriginPlan, OriginTree};

/// A file with a tree of `D` dimensions, over its bytes.
#[derive(Debug)]
pub struct File<'a, const D: usize> {
    tree: &'a [u8],
    plan: OriginPlan<D>,
    damage: Damage,
    ranks: RankTable,
    payloads: Option<PayloadTable<'a>>,
    prefixes: Option<Prefixes<'a>>,
    aggregates: Option<Aggregates<'a>>,
    metadata: Option<&'a [u8]>,
    fast: Option<&'a [u8]>,
}

impl<'a, const D: usize> File<'a, D> {
    /// Opens the bytes of a file.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let directory = Directory::parse(bytes, bytes.len() as u64)?;
        let chunk = |tag| directory.contents(bytes, tag);
        let Some(tree) = chunk(tag::TREE) else {
            return Err(Error::new(ErrorKind::Corrupt, "read index", "the file has no chunk TREE"));
        };
        let plan = OriginPlan::read(tree)?;
        let items = plan.shape().items();
        let decode = |chunk| PayloadTable::decode(chunk, items);
        let payloads = chunk(tag::PAYLOAD).map(decode).transpose()?;
        // Prefixes of no payloads mean nothing, and summaries of boxes that grew would not be
        // those of their windows.
        let prefixes = chunk(tag::PREFIX).filter(|_| payloads.is_some());
        let prefixes = prefixes.map(|chunk| Prefixes::decode(chunk, items)).transpose()?;
        let aggregates = chunk(tag::AGGREGATES).filter(|_| plan.precision() == Precision::Double);
        let aggregates =
            aggregates.map(|chunk| Aggregates::decode(chunk, plan.shape())).transpose()?;
        Ok(File {
            tree,
            plan,
            damage: Damage::default(),
            ranks: RankTable::default(),
            payloads,
            prefixes,
            aggregates,
            metadata: chunk(tag::METADATA),
            fast: chunk(tag::FAST),
        })
    }

    /// Asks a question of the tree.
    #[inline]
    pub(crate) fn ask<Q: Question<D>>(&self, question: Q) -> Result<Q::Answer> {
        let isa = Isa::detect();
        let answer = match self.plan.precision() {
            Precision::Double => {
                let tree = OriginTree::<D, f64>::new(self.tree, &self.plan, &self.damage);
                run(isa, Asked { question, tree })
            }
            Precision::Single => {
                let tree = OriginTree::<D, f32>::new(self.tree, &self.plan, &self.damage);
                run(isa, Asked { question, tree })
            }
        };
        self.damage.check().map(|()| answer)
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.plan.shape().items()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads everything that can be read and that says of itself whether it is right.
    pub fn verify(&self) -> Result<()> {
        match self.plan.precision() {
            Precision::Double => {
                OriginTree::<D, f64>::new(self.tree, &self.plan, &self.damage).verify()?;
            }
            Precision::Single => {
                OriginTree::<D, f32>::new(self.tree, &self.plan, &self.damage).verify()?;
            }
        }
        self.payloads.map_or(Ok(()), |payloads| payloads.verify())?;
        self.metadata().map(|_| ())
    }

    /// The ids of the items that share a point with a window, in the order of the tree.
    pub fn search(&self, window: &BoxN<D>) -> Result<Vec<u32>> {
        self.ask(InWindow(*window))
    }

    /// All items: id and stored box, in the order of the tree.
    pub fn items(&self) -> Result<Vec<(u32, BoxN<D>)>> {
        self.ask(AllItems)
    }

    /// What the items of a window come to; `None` if the file has nothing to add up.
    pub fn aggregate(&self, window: &BoxN<D>) -> Result<Option<Aggregate>> {
        let Some(aggregates) = &self.aggregates else { return Ok(None) };
        self.ask(AggregateIn { aggregates, shape: self.plan.shape(), window: *window }).map(Some)
    }

    /// The rank of the item with an id.
    pub fn rank(&self, id: u32) -> Result<Option<usize>> {
        self.ask(RankOf { ranks: &self.ranks, id })
    }

    /// The payload of an item; `None` if the file has none, or not this item.
    pub fn payload(&self, id: u32) -> Result<Option<&'a [u8]>> {
        if self.payloads.is_none() {
            return Ok(None);
        }
        self.rank(id)?.map_or(Ok(None), |rank| self.payload_at(rank))
    }

    /// The payload of the item of a rank.
    pub fn payload_at(&self, rank: usize) -> Result<Option<&'a [u8]>> {
        match self.payloads {
            Some(payloads) if rank < self.len() => payloads.get(rank).map(Some),
            _ => Ok(None),
        }
    }

    /// The first bytes of the payload of the item of a rank, if they are stored apart.
    pub fn prefix_at(&self, rank: usize) -> Option<&'a [u8]> {
        self.prefixes?.get(rank)
    }

    /// The length of the prefixes that are stored apart.
    pub fn prefix_bytes(&self) -> Option<usize> {
        self.prefixes.map(|prefixes| prefixes.stride())
    }

    /// The payload of an item as a triangle; `None` if the file does not say that it is one.
    pub fn triangle(&self, id: u32) -> Result<Option<Triangle<D>>> {
        let (Some(payloads), Some(payload)) = (self.payloads, self.payload(id)?) else {
            return Ok(None);
        };
        Ok(triangle_at(payloads.head(), payload))
    }

    /// What the file says about itself.
    pub fn metadata(&self) -> Result<Metadata<'a>> {
        self.metadata.map_or(Ok(Metadata::default()), Metadata::decode)
    }

    /// The contents of the chunk `fast`.
    pub fn fast(&self) -> Option<&'a [u8]> {
        self.fast
    }
}

/// How many dimensions the tree of a file has.
pub fn dimensions(bytes: &[u8]) -> Result<u8> {
    let directory = Directory::parse(bytes, bytes.len() as u64)?;
    let tree = directory.contents(bytes, tag::TREE).unwrap_or_default();
    TreeChunk::decode(tree).map(|tree| tree.head.dimensions)
}

/// A question and the tree that it is asked of.
struct Asked<Q, T, const D: usize> {
    question: Q,
    tree: T,
}

impl<Q: Question<D>, T: Tree<D>, const D: usize> Work for Asked<Q, T, D> {
    type Answer = Q::Answer;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Q::Answer {
        self.question.ask(kernel, &self.tree)
    }
}

struct InWindow<const D: usize>(BoxN<D>);

impl<const D: usize> Question<D> for InWindow<D> {
    type Answer = Vec<u32>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Vec<u32> {
        let (window, mut ids) = (Window::new(self.0), Vec::new());
        let mut stack: Vec<T::Group> = tree.root().into_iter().collect();
        while let Some(group) = stack.pop() {
            stack.extend(tree.rest(group));
            if tree.level(group) == 0 {
                tree.push_ids(kernel, group, tree.items_in(kernel, group, &window), &mut ids);
                continue;
            }
            let (touched, inside) = tree.nodes_in(kernel, group, &window);
            for lane in bits(inside) {
                tree.extend_ids(tree.ranks(group, lane), &mut ids);
            }
            stack.extend(bits(touched & !inside).map(|lane| tree.child(group, lane)));
        }
        ids
    }
}

struct AllItems;

impl<const D: usize> Question<D> for AllItems {
    type Answer = Vec<(u32, BoxN<D>)>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Self::Answer {
        let (mut items, mut lanes) = (Vec::new(), Lanes::EMPTY);
        let mut stack: Vec<T::Group> = tree.root().into_iter().collect();
        while let Some(group) = stack.pop() {
            stack.extend(tree.rest(group));
            tree.lanes(kernel, group, &mut lanes);
            let absent = tree.present(group).count_ones() as usize..LANES;
            debug_assert!({ absent }.all(|lane| lanes.get(lane) == BoxN::EMPTY));
            for lane in bits(tree.present(group)) {
                if tree.level(group) > 0 {
                    stack.push(tree.child(group, lane));
                    continue;
                }
                items.push((tree.ranks(group, lane).start, tree.item(group, lane)));
            }
        }
        items.sort_unstable_by_key(|(rank, _)| *rank);
        items.into_iter().map(|(rank, bounds)| (tree.id(rank), bounds)).collect()
    }
}

struct RankOf<'a> {
    ranks: &'a RankTable,
    id: u32,
}

impl<const D: usize> Question<D> for RankOf<'_> {
    type Answer = Option<usize>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Option<usize> {
        self.ranks.rank(tree, self.id)
    }
}
