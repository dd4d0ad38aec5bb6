//! Triangles of an index, against every one of them looked at.

use std::array;
use std::sync::Arc;

use crate::error::ErrorKind;
use crate::packed::query::ray::Ray;
use crate::packed::{
    Hit, Index, Items, Payloads, Precision, Trees, Triangle, WriteOptions, put_triangle,
    write_index,
};
use crate::prng::Prng;

fn triangles<const D: usize>(prng: &mut Prng, count: usize) -> Vec<Triangle<D>> {
    let triangle = |prng: &mut Prng| {
        let at: [f64; D] = array::from_fn(|_| prng.between(0.0, 50.0));
        let corner = |prng: &mut Prng| array::from_fn(|k| at[k] + prng.between(-6.0, 6.0));
        Triangle { corners: array::from_fn(|_| corner(prng)) }
    };
    (0..count).map(|_| triangle(prng)).collect()
}

fn index<const D: usize>(triangles: &[Triangle<D>], trees: Trees) -> Index<D> {
    let boxes: Vec<_> = triangles.iter().map(|triangle| triangle.bounds().unwrap()).collect();
    let mut records = Vec::new();
    triangles.iter().for_each(|t| put_triangle(t, Precision::Double, &mut records));
    let payloads = Some(Payloads::Records { stride: 24 * D as u32, bytes: &records });
    let mut bytes = Vec::new();
    let options = WriteOptions { trees, ..WriteOptions::default() };
    write_index(&Items { payloads, ..Items::new(&boxes) }, options, &mut bytes).unwrap();
    Index::open(Arc::new(bytes)).unwrap()
}

fn met<const D: usize>(
    meets: impl Fn(&Ray<D>, [[f64; D]; 3]) -> Option<f64>,
    first: impl Fn(&Index<D>, &Ray<D>) -> Option<Hit>,
) {
    let mut prng = Prng::new(D as u64);
    let triangles = triangles::<D>(&mut prng, 600);
    for trees in [Trees::Fast, Trees::Origin, Trees::Both] {
        let index = index(&triangles, trees);
        assert!(index.has_triangles());
        let mut hits = 0;
        for _ in 0..150 {
            let origin = array::from_fn(|_| prng.between(-5.0, 55.0));
            let direction = array::from_fn(|_| prng.between(-1.0, 1.0));
            let ray = Ray::new(origin, direction, 90.0).unwrap();
            let times = (0_u32..).zip(&triangles).map(|(id, t)| (meets(&ray, t.corners), id));
            let expected = times.filter_map(|(t, id)| t.map(|t| (t, id)));
            let expected = expected.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            assert_eq!(first(&index, &ray).map(|hit| (hit.t, hit.id)), expected);
            hits += usize::from(expected.is_some());
        }
        assert!(hits > 40, "{hits}");
    }
}

#[test]
fn the_first_triangle_is_that_of_looking_at_every_one() {
    met::<2>(|ray, corners| ray.meets_triangle(corners), |i, r| i.raycast_triangles(r).unwrap());
    met::<3>(|ray, corners| ray.meets_triangle(corners), |i, r| i.raycast_triangles(r).unwrap());
}

#[test]
fn what_has_no_triangles_says_so() {
    let index = Index::<2>::build(&[]).unwrap();
    let ray = Ray::new([0.0; 2], [1.0; 2], 1.0).unwrap();
    assert!(!index.has_triangles());
    let refused = index.raycast_triangles(&ray).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    let odd = Triangle { corners: [[0.0, 1.0], [f64::NAN, 0.0], [1.0, 1.0]] };
    let message = odd.bounds().unwrap_err().to_string();
    assert!(message.contains("corner 1"), "{message}");
    let odd = Triangle { corners: [[0.0, 1.0], [1.0, 0.0], [f64::INFINITY, 1.0]] };
    assert_eq!(odd.bounds().unwrap_err().kind(), ErrorKind::InvalidArgument);
}
