//! The regions that the demo asks about.

use spatio::Polygon;

use crate::demo::land::{self, Spot};
use crate::failure::Outcome;

/// The middle of the last circle: the north end of a bridge.
pub(crate) const CIRCLE_SPOT: Spot = (620.0, 520.0);
pub(crate) const CIRCLE_M: f64 = 420.0;

/// The inner city, on the north bank.
pub(crate) const INNER_CITY: [Spot; 9] = [
    (-820.0, 640.0),
    (-120.0, 430.0),
    (380.0, 900.0),
    (1150.0, 1010.0),
    (1720.0, 1000.0),
    (1560.0, 1620.0),
    (860.0, 2040.0),
    (-160.0, 2150.0),
    (-900.0, 1620.0),
];

/// A ring of spots as a polygon.
fn polygon(ring: &[Spot]) -> Outcome<Polygon> {
    let exterior = ring.iter().map(|&spot| land::to_point(spot, 0.0)).map(|p| (p.x, p.y));
    Ok(Polygon::new(exterior.collect(), Vec::new())?)
}

/// The inner city, whose traffic is counted.
pub(crate) fn inner_city() -> Outcome<Polygon> {
    polygon(&INNER_CITY)
}

/// The harbour, whose ships are watched.
pub(crate) fn harbour() -> Outcome<Polygon> {
    polygon(&land::harbour())
}
