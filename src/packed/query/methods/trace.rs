//! Queries that are watched.
//!
//! Owns: the methods, which ask the layout that the index answers from. Does not own the watching
//! (`trace`). Invariants: the answer is that of the query that is not watched.

use super::check_distance;
use super::windows::window;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::measure::Euclidean;
use crate::packed::query::nearest::Nearest;
use crate::packed::query::search::{Collect, Search};
use crate::packed::query::trace::{Notes, Visited, watched};
use crate::packed::query::workspace::Workspace;
use crate::packed::tree::Question;

impl<const D: usize> Index<D> {
    /// The boxes that the search for a window looks at, from the root down, and what becomes of
    /// each; for pictures and for learning. It allocates for every box.
    ///
    /// ```
    /// use spatio::packed::{BoxN, Fate, Index};
    /// let points: Vec<_> = (0..1000).map(|n| BoxN::point([f64::from(n), 0.0])).collect();
    /// let index = Index::build(&points)?;
    /// let seen = index.trace_search(&BoxN::new([3.0, 0.0], [5.0, 0.0]))?;
    /// let items = seen.iter().filter(|visited| visited.level == 0);
    /// assert_eq!(items.clone().filter(|visited| visited.fate == Fate::Found).count(), 3);
    /// assert!(items.count() <= 48, "the boxes of a few nodes, of the 1000 that there are");
    /// # Ok::<(), spatio::Error>(())
    /// ```
    pub fn trace_search(&self, bounds: &BoxN<D>) -> Result<Vec<Visited<D>>> {
        let mut ids = Vec::new();
        let filter = window(bounds)?;
        let notes = self.watch(Search { filter, sink: Collect(&mut ids) })?;
        Ok(notes.map_or_else(Vec::new, |notes| notes.finish(ids.into_iter())))
    }

    /// The boxes that the search for the `k` items nearest to a point looks at, none further than
    /// `max_distance`; as [`trace_search`](Self::trace_search).
    pub fn trace_neighbors(
        &self,
        point: [f64; D],
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Visited<D>>> {
        let focus = BoxN::point(point);
        focus.validate("packed trace")?;
        check_distance("packed trace", max_distance)?;
        let (mut found, workspace) = (Vec::new(), &mut Workspace::new());
        let measure = Euclidean(focus);
        let notes =
            self.watch(Nearest { measure, k, max_distance, workspace, found: &mut found })?;
        let ids = found.iter().map(|neighbour| neighbour.id);
        Ok(notes.map_or_else(Vec::new, |notes| notes.finish(ids)))
    }

    fn watch<Q: Question<D, Answer = ()>>(&self, question: Q) -> Result<Option<Notes<D>>> {
        let notes = match (self.fast_tree(), self.origin_trees()) {
            (Some(tree), _) => Some(watched(&tree, question).1),
            (None, (Some(tree), _)) => Some(watched(&tree, question).1),
            (None, (_, Some(tree))) => Some(watched(&tree, question).1),
            (None, (None, None)) => None,
        };
        self.check().map(|()| notes)
    }
}
