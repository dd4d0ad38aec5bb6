//! Where a ray meets a triangle.
//!
//! Owns: the two tests. Does not own where triangles are kept. Invariants: a triangle is filled
//! and closed; one without area is met in the plane as the segment that it is, in space not at all.
//!
//! Source: T. Moeller and B. Trumbore, "Fast, minimum storage ray/triangle intersection", 1997.

use super::ray::Ray;
use crate::packed::each::each;

/// A corner.
type Corner<const D: usize> = [f64; D];

#[inline(always)]
fn minus<const D: usize>(a: Corner<D>, b: Corner<D>) -> Corner<D> {
    each(|k| a[k] - b[k])
}

#[inline(always)]
fn dot(a: Corner<3>, b: Corner<3>) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline(always)]
fn cross(a: Corner<3>, b: Corner<3>) -> Corner<3> {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[inline(always)]
fn cross_2d(a: Corner<2>, b: Corner<2>) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

impl Ray<3> {
    /// The `t` at which the ray passes through a triangle, from either side. A ray that lies in
    /// the triangle's plane does not.
    pub fn meets_triangle(&self, [a, b, c]: [[f64; 3]; 3]) -> Option<f64> {
        let (ab, ac) = (minus(b, a), minus(c, a));
        let p = cross(self.direction(), ac);
        let determinant = dot(ab, p);
        if determinant == 0.0 {
            return None;
        }
        let from_a = minus(self.origin(), a);
        let u = dot(from_a, p) / determinant;
        let q = cross(from_a, ab);
        let v = dot(self.direction(), q) / determinant;
        let t = dot(ac, q) / determinant;
        (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t >= 0.0 && t <= self.max_t()).then_some(t)
    }
}

impl Ray<2> {
    /// The least `t` at which the ray is in a triangle: 0 if it begins inside.
    pub fn meets_triangle(&self, corners: [[f64; 2]; 3]) -> Option<f64> {
        if holds(corners, self.origin()) {
            return Some(0.0);
        }
        let [a, b, c] = corners;
        let times = [(a, b), (b, c), (c, a)].map(|(from, to)| self.meets_segment(from, to));
        times.into_iter().flatten().min_by(f64::total_cmp)
    }

    /// The least `t` at which the ray is on a segment.
    pub fn meets_segment(&self, from: [f64; 2], to: [f64; 2]) -> Option<f64> {
        let (direction, along) = (self.direction(), minus(to, from));
        let away = minus(from, self.origin());
        let determinant = cross_2d(direction, along);
        let on_ray = |t: f64| t >= 0.0 && t <= self.max_t();
        if determinant != 0.0 {
            let (t, s) = (cross_2d(away, along) / determinant, cross_2d(away, direction));
            let s = s / determinant;
            return ((0.0..=1.0).contains(&s) && on_ray(t)).then_some(t);
        }
        // Parallel: only what lies on the ray's own line is met, from its nearer end on.
        if cross_2d(away, direction) != 0.0 {
            return None;
        }
        let axis = usize::from(direction[1].abs() > direction[0].abs());
        if direction[axis] == 0.0 {
            return None;
        }
        let time = |at: [f64; 2]| (at[axis] - self.origin()[axis]) / direction[axis];
        let (first, last) = (time(from).min(time(to)), time(from).max(time(to)));
        let t = first.max(0.0);
        (t <= last && on_ray(t)).then_some(t)
    }
}

/// Whether a point is inside of a triangle with an area, or on its border.
fn holds([a, b, c]: [[f64; 2]; 3], point: [f64; 2]) -> bool {
    let side = |from, to| cross_2d(minus(to, from), minus(point, from));
    let sides = [side(a, b), side(b, c), side(c, a)];
    let area = cross_2d(minus(b, a), minus(c, a));
    area != 0.0 && sides.iter().all(|side| *side * area.signum() >= 0.0)
}
