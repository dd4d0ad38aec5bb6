//! Radii, in every form.

use super::plain::Plain;
use super::{ask, brute, in_all_dimensions, items, sorted, window};
use crate::packed::query::radius::Within;
use crate::packed::query::search::{Any, Collect, Count, Search};
use crate::prng::Prng;

fn radii_are_kept<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    let mut prng = Prng::for_part(seed, 5);
    for _ in 0..4 {
        let focus = window(&items, &mut prng);
        // The exact distance of an item is a radius that it just belongs to.
        let exact = items.first().map_or(1.0, |item| focus.distance_to_box(item));
        for radius in [0.0, 3.0, 40.0, exact, f64::INFINITY, -1.0, f64::NAN] {
            let expected = brute(&items, |b| {
                let touches = radius == 0.0 && focus.intersects(b);
                touches || (radius > 0.0 && focus.distance_to_box(b) <= radius)
            });
            let filter = Within::new(focus, radius);
            let mut ids = Vec::new();
            ask(&tree, Search { filter, sink: Collect(&mut ids) });
            assert_eq!(sorted(ids), expected, "{radius} around {focus:?}");
            assert_eq!(ask(&tree, Search { filter, sink: Count::default() }), expected.len());
            assert_eq!(ask(&tree, Search { filter, sink: Any::default() }), !expected.is_empty());
        }
    }
}

in_all_dimensions! {
    radii_are_those_of_the_plain_walk => radii_are_kept;
}
