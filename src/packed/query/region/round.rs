//! Balls, capsules and cones: all that is within a radius of a point or of a segment.
//!
//! Owns: the shapes, and the search for the place on a segment that is nearest to a box.
//! Invariants: closed; exact but for rounding. The distance of a box from a place on a segment,
//! less a radius that grows evenly along it, is a convex function of the place; so a slope says on
//! which side its least value lies, and a tangent is never above it.

use super::{Region, corners};
use crate::error::{Error, Result};
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::query::reach::Reach;

/// How often the piece of a segment that is searched is halved: to the precision of a number.
const HALVINGS: usize = 60;

fn check<const D: usize>(name: &'static str, points: &[[f64; D]], lengths: &[f64]) -> Result<()> {
    let finite = points.iter().flatten().all(|x| x.is_finite());
    if finite && lengths.iter().all(|length| *length >= 0.0 && length.is_finite()) {
        return Ok(());
    }
    let message = format!("{points:?} and {lengths:?} must be finite, and lengths not negative");
    Err(Error::invalid(name, message))
}

/// All points within a radius of a centre: a disc, a ball.
#[derive(Clone, Copy, Debug)]
pub struct Ball<const D: usize> {
    centre: [f64; D],
    radius: f64,
    reach: Reach,
}

impl<const D: usize> Ball<D> {
    /// The ball; numbers must be finite and the radius not negative.
    pub fn new(centre: [f64; D], radius: f64) -> Result<Self> {
        check("ball", &[centre], &[radius])?;
        Ok(Ball { centre, radius, reach: Reach::new(radius) })
    }
}

impl<const D: usize> Region<D> for Ball<D> {
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        self.reach.holds(bounds.distance_squared_to_box(&BoxN::point(self.centre)))
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        let furthest = (0..D).fold(0.0, |sum, k| {
            let gap = (self.centre[k] - bounds.min[k]).max(bounds.max[k] - self.centre[k]);
            sum + gap * gap
        });
        furthest <= self.reach.inner
    }

    fn bounds(&self) -> BoxN<D> {
        around(self.centre, self.radius)
    }
}

/// A box that surely holds a ball.
fn around<const D: usize>(centre: [f64; D], radius: f64) -> BoxN<D> {
    let low = |x: f64| (x - radius).next_down();
    BoxN::new(centre.map(low), centre.map(|x| (x + radius).next_up()))
}

/// All points within a radius of a segment.
#[derive(Clone, Copy, Debug)]
pub struct Capsule<const D: usize>(Tapered<D>);

impl<const D: usize> Capsule<D> {
    /// The capsule; numbers must be finite and the radius not negative.
    pub fn new(from: [f64; D], to: [f64; D], radius: f64) -> Result<Self> {
        check("capsule", &[from, to], &[radius])?;
        Ok(Capsule(Tapered { from, to, radii: (radius, radius) }))
    }
}

impl<const D: usize> Region<D> for Capsule<D> {
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        self.0.overlaps(bounds)
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        self.0.contains(bounds)
    }

    fn bounds(&self) -> BoxN<D> {
        self.0.bounds()
    }
}

/// A cone with a round end: all balls with their centres on the axis that just touch the cone of
/// the given angle, up to the one whose centre is `length` from the apex.
#[derive(Clone, Copy, Debug)]
pub struct Cone<const D: usize>(Tapered<D>);

impl<const D: usize> Cone<D> {
    /// The cone from `apex` along `direction`, of any length but 0; `half_angle` in radians is
    /// that between the axis and the side, above 0 and under a quarter turn.
    pub fn new(apex: [f64; D], direction: [f64; D], half_angle: f64, length: f64) -> Result<Self> {
        check("cone", &[apex, direction], &[length])?;
        let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !(norm > 0.0 && norm.is_finite()) {
            return Err(Error::invalid("cone", format!("direction {direction:?} has no length")));
        }
        if !(half_angle > 0.0 && half_angle < std::f64::consts::FRAC_PI_2) {
            return Err(Error::range("cone", "half_angle", half_angle, "above 0 and under pi/2"));
        }
        let to = each(|k| apex[k] + direction[k] / norm * length);
        check("cone", &[to], &[])?;
        Ok(Cone(Tapered { from: apex, to, radii: (0.0, length * half_angle.sin()) }))
    }
}

impl<const D: usize> Region<D> for Cone<D> {
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        self.0.overlaps(bounds)
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        self.0.contains(bounds)
    }

    fn bounds(&self) -> BoxN<D> {
        self.0.bounds()
    }
}

/// The convex hull of two balls: all balls between them, whose radii grow evenly.
#[derive(Clone, Copy, Debug)]
struct Tapered<const D: usize> {
    from: [f64; D],
    to: [f64; D],
    radii: (f64, f64),
}

impl<const D: usize> Tapered<D> {
    fn bounds(&self) -> BoxN<D> {
        around(self.from, self.radii.0).union(&around(self.to, self.radii.1))
    }

    /// By how much a box is further from a place on the axis than the radius there, and how fast
    /// that grows along it.
    #[inline(always)]
    fn gap(&self, bounds: &BoxN<D>, place: f64) -> (f64, f64) {
        let (mut squares, mut slope) = (0.0, 0.0);
        for k in 0..D {
            let step = self.to[k] - self.from[k];
            let at = self.from[k] + place * step;
            let gap = (at - bounds.max[k]).max(0.0) - (bounds.min[k] - at).max(0.0);
            squares += gap * gap;
            slope += gap * step;
        }
        let distance = squares.sqrt();
        let growth = self.radii.1 - self.radii.0;
        let radius = self.radii.0 + place * growth;
        let slope = if distance > 0.0 { slope / distance } else { 0.0 };
        (distance - radius, slope - growth)
    }

    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        if self.gap(bounds, 0.0).0 <= 0.0 || self.gap(bounds, 1.0).0 <= 0.0 {
            return true;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let place = 0.5 * (low + high);
            let (gap, slope) = self.gap(bounds, place);
            if gap <= 0.0 {
                return true;
            }
            let end = if slope > 0.0 { low } else { high };
            // Clearly beyond what rounding does to either.
            if gap + slope * (end - place) > 1e-9 * gap || !slope.is_finite() {
                return false;
            }
            if slope > 0.0 { high = place } else { low = place }
        }
        false
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        self.bounds().contains(bounds)
            && corners(bounds).all(|corner| self.overlaps(&BoxN::point(corner)))
    }
}
