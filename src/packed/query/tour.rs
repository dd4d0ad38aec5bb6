//! Showing a visitor the items of some windows with rank, id and box, near ones first if it likes.
//!
//! Owns: the walk, and finding one item by its rank. Does not own what the visitor does with an
//! item. Invariants: an item is shown once and only if it shares a point with a window; windows
//! that the visitor made smaller leave out what has not been reached yet.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::walk::DEPTH;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Mask, Question, Tree, Window, bits};

/// What takes the items.
pub(crate) trait Visitor<const D: usize> {
    /// Where it looks; asked again and again, as it may have learnt.
    fn windows(&self) -> &[Window<D>];

    /// How near a box is, if what is near is to be shown first.
    fn nearness(&self, bounds: &BoxN<D>) -> Option<f64>;

    /// Takes the item of a rank.
    fn item(&mut self, rank: usize, id: u32, bounds: &BoxN<D>) -> ControlFlow<()>;

    /// Told after up to 16 items.
    fn pause(&mut self) -> ControlFlow<()>;
}

impl<const D: usize> Index<D> {
    /// Shows a visitor the items of its windows.
    pub(crate) fn tour(&self, visitor: &mut impl Visitor<D>) -> Result<()> {
        self.ask(Tour { visitor })
    }

    /// The id of the item of a rank; `None` beyond the last.
    pub(crate) fn id_at(&self, rank: usize) -> Result<Option<u32>> {
        self.ask(IdAt { rank })
    }

    /// The box of the item of a rank; `None` beyond the last.
    pub(crate) fn box_at(&self, rank: usize) -> Result<Option<BoxN<D>>> {
        self.ask(BoxAt { rank })
    }
}

struct Tour<'a, V> {
    visitor: &'a mut V,
}

/// A node that is still to be opened.
struct Waiting<G, const D: usize> {
    group: G,
    /// Its box and how near that is, if near ones come first.
    place: Option<(f64, BoxN<D>)>,
}

impl<const D: usize, V: Visitor<D>> Question<D> for Tour<'_, V> {
    type Answer = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) {
        let visitor = self.visitor;
        let mut stack: SmallVec<[Waiting<T::Group, D>; DEPTH]> = SmallVec::new();
        stack.extend(tree.root().map(|group| Waiting { group, place: None }));
        while let Some(Waiting { group, place }) = stack.pop() {
            let reaches =
                |bounds: &BoxN<D>| visitor.windows().iter().any(|w| w.bounds.intersects(bounds));
            if place.is_some_and(|(_, bounds)| !reaches(&bounds)) {
                continue;
            }
            let first = stack.len();
            let mut rest = Some(group);
            while let Some(group) = rest {
                rest = tree.rest(group);
                if tree.level(group) > 0 {
                    open(kernel, tree, group, visitor, &mut stack);
                } else if show(kernel, tree, group, visitor).is_break() {
                    return;
                }
            }
            // What was put down last is taken first.
            let nearness = |waiting: &Waiting<T::Group, D>| waiting.place.map_or(0.0, |at| at.0);
            stack[first..].sort_unstable_by(|a, b| nearness(b).total_cmp(&nearness(a)));
        }
    }
}

/// Puts the children down that a window reaches.
#[cfg_attr(not(debug_assertions), inline(always))]
fn open<const D: usize, K: Kernel, T: Tree<D>>(
    kernel: K,
    tree: &T,
    group: T::Group,
    visitor: &impl Visitor<D>,
    stack: &mut SmallVec<[Waiting<T::Group, D>; DEPTH]>,
) {
    let reached = |mask: Mask, window| mask | tree.nodes_in(kernel, group, window).0;
    let mask = visitor.windows().iter().fold(0, reached);
    let is_ordered = visitor.nearness(&BoxN::EVERYWHERE).is_some();
    let mut lanes = Lanes::EMPTY;
    if is_ordered && mask != 0 {
        tree.lanes(kernel, group, &mut lanes);
    }
    for lane in bits(mask) {
        let bounds = lanes.get(lane);
        let nearness = if is_ordered { visitor.nearness(&bounds) } else { None };
        let place = nearness.map(|nearness| (nearness, bounds));
        tree.prefetch(group, lane);
        stack.push(Waiting { group: tree.child(group, lane), place });
    }
}

/// Shows the items of a group that lie in a window.
#[cfg_attr(not(debug_assertions), inline(always))]
fn show<const D: usize, K: Kernel, T: Tree<D>>(
    kernel: K,
    tree: &T,
    group: T::Group,
    visitor: &mut impl Visitor<D>,
) -> ControlFlow<()> {
    let within = |mask: Mask, window| mask | tree.items_in(kernel, group, window);
    let mask = visitor.windows().iter().fold(0, within);
    for lane in bits(mask) {
        let rank = tree.ranks(group, lane).start;
        visitor.item(rank, tree.id(rank), &tree.item(group, lane))?;
    }
    if mask == 0 { ControlFlow::Continue(()) } else { visitor.pause() }
}

struct IdAt {
    rank: usize,
}

impl<const D: usize> Question<D> for IdAt {
    type Answer = Option<u32>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Option<u32> {
        (self.rank < tree.len()).then(|| tree.id(self.rank))
    }
}

struct BoxAt {
    rank: usize,
}

impl<const D: usize> Question<D> for BoxAt {
    type Answer = Option<BoxN<D>>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Option<BoxN<D>> {
        let mut group = tree.root()?;
        loop {
            let mut present = bits(tree.present(group));
            let found = present.find(|&lane| tree.ranks(group, lane).contains(&self.rank));
            group = match found {
                Some(lane) if tree.level(group) == 0 => return Some(tree.item(group, lane)),
                Some(lane) => tree.child(group, lane),
                None => tree.rest(group)?,
            };
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::prng::Prng;

    /// Takes ids, and after `enough` of them looks nowhere else.
    struct Taking {
        windows: Vec<Window<2>>,
        from: Option<[f64; 2]>,
        taken: Vec<(usize, u32, BoxN<2>)>,
        enough: usize,
    }

    impl Visitor<2> for Taking {
        fn windows(&self) -> &[Window<2>] {
            &self.windows
        }

        fn nearness(&self, bounds: &BoxN<2>) -> Option<f64> {
            self.from.map(|from| bounds.distance_squared_to_box(&BoxN::point(from)))
        }

        fn item(&mut self, rank: usize, id: u32, bounds: &BoxN<2>) -> ControlFlow<()> {
            self.taken.push((rank, id, *bounds));
            ControlFlow::Continue(())
        }

        fn pause(&mut self) -> ControlFlow<()> {
            if self.taken.len() >= self.enough {
                self.windows.clear();
            }
            ControlFlow::Continue(())
        }
    }

    #[test]
    fn items_are_shown_once_with_what_they_are_and_near_ones_first() {
        let mut prng = Prng::new(7);
        let mut number = || (prng.next_u64() % 1_000) as f64;
        let boxes: Vec<BoxN<2>> = (0..3_000).map(|_| BoxN::point([number(), number()])).collect();
        let index = Index::build(&boxes).unwrap();
        let around = |x, y, by| BoxN::new([x - by, y - by], [x + by, y + by]);
        let (near, far) = (around(500.0, 500.0, 120.0), around(590.0, 530.0, 100.0));
        let windows = vec![Window::new(near), Window::new(far)];
        for from in [None, Some([500.0, 500.0])] {
            let (taken, windows) = (Vec::new(), windows.clone());
            let mut taking = Taking { windows, from, taken, enough: usize::MAX };
            index.tour(&mut taking).unwrap();
            for &(rank, id, bounds) in &taking.taken {
                assert_eq!(index.id_at(rank).unwrap(), Some(id));
                assert_eq!(index.box_at(rank).unwrap(), Some(bounds));
                assert_eq!(bounds, boxes[id as usize]);
            }
            let mut ids: Vec<u32> = taking.taken.iter().map(|item| item.1).collect();
            ids.sort_unstable();
            let is_in = |id: &u32| {
                let bounds = &boxes[*id as usize];
                near.intersects(bounds) || far.intersects(bounds)
            };
            assert_eq!(ids, (0..3_000).filter(is_in).collect::<Vec<_>>());
        }
        let windows = vec![Window::new(BoxN::EVERYWHERE)];
        let mut taking =
            Taking { windows, from: Some([500.0, 500.0]), taken: Vec::new(), enough: 1 };
        index.tour(&mut taking).unwrap();
        let furthest =
            taking.taken.iter().map(|item| item.2.distance_to_box(&around(500.0, 500.0, 0.0)));
        assert!(!taking.taken.is_empty() && furthest.fold(0.0, f64::max) < 150.0);
        assert_eq!((index.id_at(3_000).unwrap(), index.box_at(3_000).unwrap()), (None, None));
    }
}
