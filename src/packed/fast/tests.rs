//! The fast layout against brute force, and bytes that were tampered with.

use proptest::prelude::*;

use super::check::Proof;
use super::plan::Plan;
use super::{FastTree, SharedBoxes, build};
use crate::packed::arranged::Arranged;
use crate::packed::bounds::Bounds;
use crate::packed::boxes::BoxN;
use crate::packed::simd::{Isa, Kernel, Work, run};
use crate::packed::tree::{Lanes, Tree, Window, bits};

/// Everything about a tree, walked in the plain way.
struct Walk<'a, const D: usize> {
    tree: &'a FastTree<'a, D>,
    window: Window<D>,
}

impl<const D: usize> Work for Walk<'_, D> {
    /// The ids of the hits, and every item with its id.
    type Answer = (Vec<u32>, Vec<(u32, BoxN<D>)>);

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Answer {
        let (mut hits, mut items) = (Vec::new(), Vec::new());
        let mut stack: Vec<_> = self.tree.root().into_iter().collect();
        while let Some(group) = stack.pop() {
            let mut lanes = Lanes::EMPTY;
            self.tree.lanes(kernel, group, &mut lanes);
            if self.tree.level(group) > 0 {
                let (maybe, inside) = self.tree.nodes_in(kernel, group, &self.window);
                assert_eq!(inside & !maybe, 0, "what lies inside also intersects");
                stack.extend(
                    bits(self.tree.present(group)).map(|lane| self.tree.child(group, lane)),
                );
                continue;
            }
            let mask = self.tree.items_in(kernel, group, &self.window);
            self.tree.push_ids(kernel, group, mask, &mut hits);
            for lane in bits(self.tree.present(group)) {
                let item = self.tree.item(group, lane);
                assert!(lanes.get(lane).contains(&item), "{lanes:?} {item:?}");
                let rank = self.tree.ranks(group, lane).start;
                items.push((self.tree.id(rank), item));
            }
        }
        hits.sort_unstable();
        items.sort_unstable_by_key(|item| item.0);
        (hits, items)
    }
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -180.0..180.0,
        1 => Just(0.0), 1 => Just(-0.0), 1 => Just(1.0),
        1 => any::<f64>().prop_filter("a number", |x| !x.is_nan()),
        1 => (-8i32..8).prop_map(f64::from),
    ]
}

fn boxes<const D: usize>(count: usize) -> impl Strategy<Value = Vec<BoxN<D>>> {
    let side = prop_oneof![Just(0.0), 0.0..1.0];
    let one = prop::collection::vec((coordinate(), side), D).prop_map(|axes| BoxN {
        min: std::array::from_fn(|k| axes[k].0),
        max: std::array::from_fn(|k| (axes[k].0 + axes[k].1).max(axes[k].0)),
    });
    prop::collection::vec(one, 0..count)
}

fn same_bits<const D: usize>(a: &BoxN<D>, b: &BoxN<D>) -> bool {
    let bits = |b: &BoxN<D>| (b.min.map(f64::to_bits), b.max.map(f64::to_bits));
    bits(a) == bits(b)
}

/// The chunk of boxes in the order in which they are given, or in the other one.
fn chunk<const D: usize>(
    boxes: &[BoxN<D>],
    is_reversed: bool,
    lead: usize,
    (isa, threads): (Isa, usize),
) -> Vec<u8> {
    let mut order: Vec<u32> = (0..boxes.len() as u32).collect();
    if is_reversed {
        order.reverse();
    }
    let bounds = order.iter().map(|&id| Bounds::of(&boxes[id as usize]));
    let arranged = Arranged::in_order(bounds, order.iter().copied(), isa, threads);
    build(&arranged, lead, isa, threads).to_vec()
}

fn holds<const D: usize>(boxes: &[BoxN<D>], window: BoxN<D>) {
    let bytes = chunk(boxes, true, 8, (Isa::detect(), 1));
    let others = chunk(boxes, true, 8, (Isa::Portable, 3));
    assert_eq!(bytes, others, "threads change nothing");
    let plan = Plan::<D>::read(&bytes, bytes.len()).expect("it was just written");
    let proof = Proof::unknown(plan.parts());
    let tree = FastTree::new(&bytes, &plan, &proof);
    for isa in Isa::all() {
        let (hits, items) = run(isa, Walk { tree: &tree, window: Window::new(window) });
        assert_eq!(items.len(), boxes.len());
        let kept = items.iter().zip(boxes).all(|(item, given)| same_bits(&item.1, given));
        assert!(kept, "every bit is kept");
        let brute = (0..boxes.len() as u32).filter(|&id| boxes[id as usize].intersects(&window));
        assert_eq!(hits, brute.collect::<Vec<_>>(), "{isa:?} {window:?}");
    }
    tree.verify().expect("nobody changed it");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn answers_of_two_axes_are_those_of_brute_force(all in boxes::<2>(700), w in boxes::<2>(2)) {
        holds(&all, w.first().copied().unwrap_or(BoxN::EVERYWHERE));
    }

    #[test]
    fn answers_of_three_axes_are_those_of_brute_force(all in boxes::<3>(600), w in boxes::<3>(2)) {
        holds(&all, w.first().copied().unwrap_or(BoxN::EVERYWHERE));
    }

    #[test]
    fn answers_of_four_axes_are_those_of_brute_force(all in boxes::<4>(300), w in boxes::<4>(2)) {
        holds(&all, w.first().copied().unwrap_or(BoxN::EVERYWHERE));
    }

    #[test]
    fn a_flipped_bit_is_found_and_answers_nothing(all in boxes::<2>(400), place in any::<usize>()) {
        prop_assume!(!all.is_empty());
        let mut bytes = chunk(&all, false, 0, (Isa::detect(), 1));
        let place = place % (8 * bytes.len());
        bytes[place / 8] ^= 1 << (place % 8);
        let Ok(plan) = Plan::<2>::read(&bytes, bytes.len()) else { return Ok(()) };
        let proof = Proof::unknown(plan.parts());
        let tree = FastTree::new(&bytes, &plan, &proof);
        let window = Window::new(BoxN::EVERYWHERE);
        let (hits, _) = run(Isa::detect(), Walk { tree: &tree, window });
        // The end of the table is told from the last page, padding of the head from nothing.
        prop_assert!(tree.check().is_err() || hits.len() == all.len());
    }

    #[test]
    fn any_bytes_end_well(cut in any::<usize>(), junk in any::<u64>(), all in boxes::<3>(300)) {
        let mut bytes = chunk(&all, false, 0, (Isa::detect(), 1));
        for (at, byte) in bytes.iter_mut().enumerate().skip(128) {
            *byte ^= (junk.wrapping_mul(at as u64 | 1) >> 56) as u8;
        }
        bytes.truncate(cut % (bytes.len() + 1));
        let Ok(plan) = Plan::<3>::read(&bytes, bytes.len()) else { return Ok(()) };
        // A forger makes checksums right, so here nobody looks at them.
        let proof = Proof::sound();
        let tree = FastTree::new(&bytes, &plan, &proof);
        let window = Window::new(BoxN::EVERYWHERE);
        let mut stack: Vec<_> = tree.root().into_iter().collect();
        let mut ids = Vec::new();
        while let Some(group) = stack.pop() {
            let ray = (&[0.5; 3], &[1.0, -2.0, 0.25], 1e3);
            tree.passed(crate::packed::simd::Portable, group, ray);
            if let Some(leaves) = tree.leaves(group)
                && let Some(shared) = leaves.shared_grid(&leaves)
            {
                let mut boxes = SharedBoxes::EMPTY;
                for leaf in bits(leaves.present()) {
                    leaves.take_items(leaf, &shared, &mut boxes);
                }
            }
            if tree.level(group) == 0 {
                let mask = tree.items_in(crate::packed::simd::Portable, group, &window);
                tree.push_ids(crate::packed::simd::Portable, group, mask, &mut ids);
            } else {
                stack.extend(bits(tree.present(group)).map(|lane| tree.child(group, lane)));
            }
        }
        prop_assert!(ids.len() <= all.len());
    }
}
