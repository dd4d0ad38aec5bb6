//! A Euclidean distance that something is within, for comparisons with squares.
//!
//! Owns: the bounds on squares. Invariants: what is within is decided by the distance that a caller
//! would be told, the root of the square; squares beyond `outer` are surely not within, squares up
//! to `inner` surely are. Nothing is within a distance that is negative or not a number.

/// A largest distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    distance: f64,
    pub(super) outer: f64,
    pub(super) inner: f64,
}

impl Reach {
    pub(super) fn new(distance: f64) -> Self {
        // Several times what the square and the root of it are rounded by.
        const SLACK: f64 = 1e-15;
        let squared = distance * distance;
        if distance.is_nan() || distance < 0.0 {
            return Reach { distance, outer: f64::NEG_INFINITY, inner: f64::NEG_INFINITY };
        }
        let outer = squared * (1.0 + SLACK) + f64::MIN_POSITIVE;
        let most = if distance < f64::INFINITY { f64::MAX } else { f64::INFINITY };
        let inner = (squared * (1.0 - SLACK) - f64::MIN_POSITIVE).clamp(0.0, most);
        Reach { distance, outer, inner }
    }

    /// The distance of a square.
    pub(super) fn of_square(squared: f64) -> Self {
        Reach::new(squared.sqrt())
    }

    /// Squares up to this one are of distances that are within even `slack` further away; none if
    /// the slack is not a number.
    #[inline(always)]
    pub(super) fn inner_but(&self, slack: f64) -> f64 {
        let rest = self.distance - slack;
        let square = rest * rest * (1.0 - 1e-14);
        match rest > 0.0 {
            true if square < self.inner => square,
            true => self.inner,
            false => f64::NEG_INFINITY,
        }
    }

    /// Whether a square is that of a distance within.
    #[inline(always)]
    pub(super) fn holds(&self, squared: f64) -> bool {
        squared <= self.inner || squared.sqrt() <= self.distance
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_distance_decides_and_the_bounds_surround_it() {
        let mut distance = 1e-170;
        while distance < 1e160 {
            let reach = Reach::new(distance);
            for squared in [distance * distance, (distance * distance).next_up()] {
                assert_eq!(reach.holds(squared), squared.sqrt() <= distance);
                assert!(squared <= reach.outer);
            }
            assert!(reach.inner <= reach.outer);
            for slack in [distance * 1e-3, distance * 0.9, distance] {
                let inner = reach.inner_but(slack);
                assert!(inner <= reach.inner && (inner < 0.0 || inner.sqrt() + slack <= distance));
            }
            assert!(reach.inner.sqrt() <= distance);
            distance *= 1.7;
        }
        assert!(Reach::new(f64::INFINITY).holds(f64::INFINITY));
        assert!(!Reach::new(1e200).holds(f64::INFINITY));
        assert!(!Reach::new(-1.0).holds(0.0) && !Reach::new(f64::NAN).holds(0.0));
    }
}
