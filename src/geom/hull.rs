//! The convex hull of points in the plane.
//!
//! Owns: Andrew's monotone chain, with exact turns. Does not own anything of the globe: the
//! antimeridian is not special, as for polygons.
//!
//! Source: A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions",
//! Information Processing Letters 9 (1979); exact turns by J. R. Shewchuk (crate `robust`).

use robust::{Coord, orient2d};

/// The convex hull as a closed ring, counter-clockwise, from the leftmost lowest point, with
/// corners only.
///
/// Less than three corners make no ring: no point gives an empty list, one point (however often)
/// gives that point, and points on one line give the two ends of it. Points that are not finite
/// are left out.
pub fn convex_hull(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> =
        points.filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    // Finite numbers compare; -0 and 0 are the same coordinate.
    points.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = chain(points.iter().copied());
    let upper = chain(points.iter().rev().copied());
    if hull.len() == 2 && upper.len() == 2 {
        return hull;
    }
    // The upper chain begins where the lower ends, and ends where it began: a closed ring.
    hull.extend_from_slice(&upper[1..]);
    hull
}

/// The points of one chain that turn left all along.
fn chain(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut chain: Vec<(f64, f64)> = Vec::new();
    for point in points {
        while let [.., a, b] = chain[..] {
            if orient2d(coord(a), coord(b), coord(point)) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

fn coord((x, y): (f64, f64)) -> Coord<f64> {
    Coord { x, y }
}
