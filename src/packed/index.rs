//! An index that can be asked: bytes, what was learned of them when they were opened, and which
//! instructions to use.
//!
//! Owns: choosing the layout and the instructions for a question. Does not own the questions.
//! Invariants: what was found damaged while a question ran makes its answer an error.

use std::sync::Arc;

use crate::error::Result;

use super::boxes::BoxN;
use super::fast::{self, FastTree, Plan, Proof};
use super::order::along_curve;
use super::simd::{Isa, Kernel, Work, run};
use super::tree::{Question, Tree};

/// Bytes that an index is read from: owned, or mapped from a file.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

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
    layout: Layout<D>,
    isa: Isa,
}

/// Where in the bytes the tree lies, and in which form.
enum Layout<const D: usize> {
    Fast { start: usize, end: usize, plan: Plan<D>, proof: Proof },
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
        for (row, all) in boxes.iter().enumerate() {
            all.validate("packed build").map_err(|error| error.in_row(row))?;
        }
        let isa = Isa::detect();
        let order = along_curve(boxes, isa, threads);
        let chunk = fast::build(boxes, &order, 0, isa, threads);
        drop(order);
        let plan = Plan::read(&chunk, chunk.len())?;
        let (start, end) = (0, chunk.len());
        let layout = Layout::Fast { start, end, plan, proof: Proof::sound() };
        Ok(Index { bytes: Arc::new(chunk), layout, isa })
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

    /// How many bytes it takes.
    pub fn byte_len(&self) -> usize {
        match self.layout {
            Layout::Fast { start, end, .. } => end - start,
        }
    }

    /// Looks through every byte that has a checksum.
    pub fn verify(&self) -> Result<()> {
        match &self.layout {
            Layout::Fast { start, end, plan, proof } => {
                FastTree::new(self.part(*start, *end), plan, proof).verify()
            }
        }
    }

    fn part(&self, start: usize, end: usize) -> &[u8] {
        (*self.bytes).as_ref().get(start..end).unwrap_or_default()
    }

    /// Asks a question of the tree.
    #[inline]
    pub(crate) fn ask<Q: Question<D>>(&self, question: Q) -> Result<Q::Answer> {
        match &self.layout {
            Layout::Fast { start, end, plan, proof } => {
                let tree = FastTree::new(self.part(*start, *end), plan, proof);
                let answer = run(self.isa, Asked { question, tree: &tree });
                tree.check().map(|()| answer)
            }
        }
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
