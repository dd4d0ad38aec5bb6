//! An index that can be asked: bytes, what was learned of them when they were opened, and which
//! instructions to use.
//!
//! Owns: opening files, choosing the layout and the instructions for a question. Does not own the
//! questions, nor what stands beside the tree (`contents`). Invariants: opening costs the same for
//! any number of items; what was found damaged while a question ran makes its answer an error.

use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{Directory, Shape, Tag, TreeChunk, tag};

use super::arrange::arrange;
use super::boxes::BoxN;
use super::contents::Contents;
use super::fast::{self, FastTree, Plan, Proof};
use super::file::{Trees, WriteOptions, write_index};
use super::large::Large;
use super::origin::{Coordinate, Damage, Items, OriginPlan, OriginTree, Precision};
use super::simd::{Isa, Kernel, Portable, Work, run};
use super::tree::{LANES, Question, Tree};

/// Bytes that an index is read from: owned, or mapped from a file.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

pub(super) const OPENING: &str = "open index";

/// A packed index over boxes of `D` axes (2, 3 or 4).
///
/// ```
/// use spatio::packed::{BoxN, Index};
/// let boxes = [BoxN::new([0.0, 0.0], [2.0, 2.0]), BoxN::point([5.0, 5.0])];
/// let index = Index::build(&boxes)?;
/// assert_eq!(index.search(&BoxN::new([1.0, 1.0], [4.0, 4.0]))?, [0]);
/// assert_eq!(index.neighbors([4.0, 4.0], 1)?[0].id, 1);
/// # Ok::<(), spatio::Error>(())
/// ```
pub struct Index<const D: usize> {
    bytes: Bytes,
    /// Our own layout, which is asked where a file has both.
    fast: Option<Fast<D>>,
    /// The tree of the format.
    origin: Option<Origin<D>>,
    pub(super) contents: Contents,
    isa: Isa,
}

struct Fast<const D: usize> {
    chunk: Range<usize>,
    plan: Plan<D>,
    proof: Proof,
}

struct Origin<const D: usize> {
    chunk: Range<usize>,
    plan: OriginPlan<D>,
    damage: Damage,
}

/// How many axes the boxes of a file have.
pub fn axes(bytes: &[u8]) -> Result<u8> {
    let directory = Directory::parse(bytes, bytes.len() as u64)?;
    if let Some(tree) = directory.contents(bytes, tag::TREE) {
        return TreeChunk::decode(tree).map(|tree| tree.head.dimensions);
    }
    let chunk = directory.contents(bytes, tag::FAST);
    chunk.and_then(fast::axes).ok_or_else(|| refused("the file has no tree"))
}

fn refused(message: &str) -> Error {
    Error::new(ErrorKind::Corrupt, OPENING, message)
}

impl<const D: usize> Index<D> {
    /// Builds an index in memory, of our own layout. Ids are the places in `boxes`.
    ///
    /// Refuses NaN and inverted boxes, and more than 4,294,967,295 of them.
    pub fn build(boxes: &[BoxN<D>]) -> Result<Self> {
        Index::build_on(boxes, 1)
    }

    /// The same on `threads` threads; the bytes do not depend on them.
    pub fn build_on(boxes: &[BoxN<D>], threads: usize) -> Result<Self> {
        const { assert!(D >= 2 && D <= 4, "an index has two, three or four axes") };
        let isa = Isa::detect();
        let arranged = arrange(boxes, isa, threads)?;
        let chunk = fast::build(&arranged, 0, isa, threads);
        drop(arranged);
        let plan = Plan::read(&chunk, chunk.len())?;
        let fast = Some(Fast { chunk: 0..chunk.len(), plan, proof: Proof::sound() });
        let (bytes, contents) = (Arc::new(chunk), Contents::default());
        Ok(Index { bytes, fast, origin: None, contents, isa })
    }

    /// Builds an index in memory with payloads and whatever else items have: what opening the file
    /// gives that [`write_index`](super::write_index) would write.
    pub fn build_items(items: &Items<'_, D>, options: WriteOptions) -> Result<Self> {
        let mut bytes = Large::zeroed(0);
        write_index(items, options, &mut bytes)?;
        Index::open(Arc::new(bytes))
    }

    /// Opens the bytes of a file in the PSINDEX format, with the tree of the format, ours, or both.
    ///
    /// Refuses a file of another number of axes, and what contradicts itself at once. What is
    /// damaged further in is found by the question that comes upon it, or by
    /// [`verify`](Self::verify).
    pub fn open(bytes: Bytes) -> Result<Self> {
        const { assert!(D >= 2 && D <= 4, "an index has two, three or four axes") };
        let all = (*bytes).as_ref();
        let directory = Directory::parse(all, all.len() as u64)?;
        let place = |tag: Tag| {
            let chunk = directory.contents(all, tag)?;
            // Where it is found from where the file begins; both are parts of one slice.
            let start = chunk.as_ptr().addr() - all.as_ptr().addr();
            Some(start..start + chunk.len())
        };
        let origin = place(tag::TREE).map(|chunk| {
            let plan = OriginPlan::read(&all[chunk.clone()])?;
            Ok::<_, Error>(Origin { chunk, plan, damage: Damage::default() })
        });
        let origin = origin.transpose()?;
        let fast = place(tag::FAST).map(|chunk| {
            let plan = Plan::read(&all[chunk.clone()], chunk.len())?;
            let proof = Proof::unknown(plan.parts());
            Ok::<_, Error>(Fast { chunk, plan, proof })
        });
        let fast = fast.transpose()?;
        let items = match (&fast, &origin) {
            (None, None) => return Err(refused("the file has no tree")),
            (Some(fast), Some(origin)) if fast.plan.items() != origin.plan.shape().items() => {
                return Err(refused("its two trees have not the same number of items"));
            }
            (Some(fast), _) => fast.plan.items(),
            (None, Some(origin)) => origin.plan.shape().items(),
        };
        // Summaries are those of the format's tree, or of its groups as ours has them.
        let shape = match &origin {
            Some(origin) if origin.plan.precision() == Precision::Single => None,
            Some(origin) => Some(origin.plan.shape().clone()),
            None => Shape::new(items as u64, LANES as u16),
        };
        let contents = Contents::open(all, place, items, shape)?;
        Ok(Index { bytes, fast, origin, contents, isa: Isa::detect() })
    }

    /// Leaves our own layout unused, so that the tree of the format is asked; for comparisons. An
    /// index that has no other keeps it.
    #[must_use]
    pub fn without_fast(mut self) -> Self {
        if self.origin.is_some() {
            self.fast = None;
        }
        self
    }

    /// Whether questions are asked of our own layout.
    pub fn has_fast(&self) -> bool {
        self.fast.is_some()
    }

    /// The trees that it has.
    pub fn trees(&self) -> Trees {
        match (&self.fast, &self.origin) {
            (Some(_), Some(_)) => Trees::Both,
            (None, Some(_)) => Trees::Origin,
            (_, None) => Trees::Fast,
        }
    }

    /// How the tree of the format stores coordinates, if there is one.
    pub fn precision(&self) -> Option<Precision> {
        self.origin.as_ref().map(|origin| origin.plan.precision())
    }

    /// Uses other instructions than the widest there are, for tests and measurements; those that
    /// the processor lacks give way to the portable ones.
    #[must_use]
    pub fn with_isa(mut self, isa: Isa) -> Self {
        self.isa = isa;
        self
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.ask(Len).unwrap_or_default()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The box of all items; empty if there is none.
    pub fn extent(&self) -> BoxN<D> {
        self.ask(Extent).unwrap_or(BoxN::EMPTY)
    }

    /// How many bytes it takes, with all that stands beside the tree.
    pub fn byte_len(&self) -> usize {
        self.bytes().len()
    }

    /// Its bytes: what [`open`](Self::open) was given, or of [`build`](Self::build) the tree alone.
    pub fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// Looks through every byte that says of itself whether it is right: the checksums of our own
    /// layout, the structure of the format's tree, the table of the payloads, the metadata.
    pub fn verify(&self) -> Result<()> {
        if let Some(fast) = &self.fast {
            fast.tree(self).verify()?;
        }
        if let Some(origin) = &self.origin {
            match origin.plan.precision() {
                Precision::Double => origin.tree::<f64>(self).verify()?,
                Precision::Single => origin.tree::<f32>(self).verify()?,
            }
        }
        self.verify_contents()
    }

    /// Some of the bytes; none where they end too early.
    pub(super) fn part(&self, range: &Range<usize>) -> &[u8] {
        (*self.bytes).as_ref().get(range.clone()).unwrap_or_default()
    }

    /// Asks a question of the tree.
    #[inline]
    pub(crate) fn ask<Q: Question<D>>(&self, question: Q) -> Result<Q::Answer> {
        let Some(fast) = &self.fast else { return self.ask_origin(question) };
        let tree = fast.tree(self);
        let answer = run(self.isa, Asked { question, tree: &tree });
        tree.check().map(|()| answer)
    }

    /// Asks a question that only hands the tree on, to one that chooses the instructions itself, or
    /// that wide instructions gain nothing for.
    pub(super) fn hand_over<Q: Question<D>>(&self, question: Q) -> Result<Q::Answer> {
        let answer = match (&self.fast, self.origin_trees()) {
            (Some(fast), _) => question.ask(Portable, &fast.tree(self)),
            (None, (Some(tree), _)) => question.ask(Portable, &tree),
            (None, (_, Some(tree))) => question.ask(Portable, &tree),
            (None, (None, None)) => return Err(refused("the file has no tree")),
        };
        self.check().map(|()| answer)
    }

    /// Asks a question of the tree of the format.
    pub(super) fn ask_origin<Q: Question<D>>(&self, question: Q) -> Result<Q::Answer> {
        let Some(origin) = self.origin() else {
            let message = "the file has no tree of the format";
            return Err(Error::new(ErrorKind::Unsupported, "packed index", message));
        };
        // Its boxes are read one by one, which wide instructions do not gain on.
        let answer = match origin.plan.precision() {
            Precision::Double => question.ask(Portable, &origin.tree::<f64>(self)),
            Precision::Single => question.ask(Portable, &origin.tree::<f32>(self)),
        };
        origin.damage.check().map(|()| answer)
    }

    /// The tree of the format, which has two or three axes: for four no question is compiled.
    #[inline(always)]
    fn origin(&self) -> Option<&Origin<D>> {
        if D > 3 { None } else { self.origin.as_ref() }
    }

    /// Our own tree, if it is asked.
    pub(super) fn fast_tree(&self) -> Option<FastTree<'_, D>> {
        self.fast.as_ref().map(|fast| fast.tree(self))
    }

    /// The tree of the format, in the precision that it has.
    pub(super) fn origin_trees(
        &self,
    ) -> (Option<OriginTree<'_, D, f64>>, Option<OriginTree<'_, D, f32>>) {
        match self.origin() {
            Some(origin) if origin.plan.precision() == Precision::Double => {
                (Some(origin.tree(self)), None)
            }
            Some(origin) => (None, Some(origin.tree(self))),
            None => (None, None),
        }
    }

    /// An error, if damage was met.
    pub(super) fn check(&self) -> Result<()> {
        match (&self.fast, &self.origin) {
            (Some(fast), _) => fast.tree(self).check(),
            (None, Some(origin)) => origin.damage.check(),
            (None, None) => Ok(()),
        }
    }
}

impl<const D: usize> Fast<D> {
    #[inline]
    fn tree<'a>(&'a self, index: &'a Index<D>) -> FastTree<'a, D> {
        FastTree::new(index.part(&self.chunk), &self.plan, &self.proof)
    }
}

impl<const D: usize> Origin<D> {
    #[inline]
    fn tree<'a, C: Coordinate>(&'a self, index: &'a Index<D>) -> OriginTree<'a, D, C> {
        OriginTree::new(index.part(&self.chunk), &self.plan, &self.damage)
    }
}

impl<const D: usize> std::fmt::Debug for Index<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index<{D}> of {} items in {} bytes", self.len(), self.byte_len())
    }
}

/// A question and the tree that it is asked of.
struct Asked<'a, Q, T, const D: usize> {
    question: Q,
    tree: &'a T,
}

impl<Q: Question<D>, T: Tree<D>, const D: usize> Work for Asked<'_, Q, T, D> {
    type Answer = Q::Answer;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Q::Answer {
        self.question.ask(kernel, self.tree)
    }
}

struct Len;

impl<const D: usize> Question<D> for Len {
    type Answer = usize;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> usize {
        tree.len()
    }
}

struct Extent;

impl<const D: usize> Question<D> for Extent {
    type Answer = BoxN<D>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> BoxN<D> {
        tree.extent()
    }
}
