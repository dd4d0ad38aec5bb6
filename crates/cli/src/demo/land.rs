//! The ground of the demo: a river, basins, a lake and parks, drawn by hand after Rotterdam.
//!
//! Everything is in metres east and north of an origin. The river runs roughly where it does, the
//! rest is invented; nothing is copied from a map. Invariant: the river is a function of x.

use spatio::Point;

/// East and north of the origin, in metres.
pub(crate) type Spot = (f64, f64);

/// The origin: the middle of the city.
pub(crate) const ORIGIN: Point = Point::new(4.4705, 51.9075);
const METRES_PER_DEGREE_LAT: f64 = 111_229.0;

/// Half the width and height of the map.
pub(crate) const HALF_WIDTH_M: f64 = 4800.0;
pub(crate) const HALF_HEIGHT_M: f64 = 3500.0;

/// The river's middle and half its width, from west to east.
const RIVER: [(f64, f64, f64); 13] = [
    (-6600.0, 160.0, 240.0),
    (-5200.0, -420.0, 230.0),
    (-4100.0, -640.0, 220.0),
    (-2950.0, -520.0, 215.0),
    (-1850.0, -760.0, 225.0),
    (-900.0, -830.0, 205.0),
    (-50.0, -520.0, 185.0),
    (800.0, 60.0, 180.0),
    (1600.0, 560.0, 190.0),
    (2350.0, 520.0, 185.0),
    (3150.0, -40.0, 170.0),
    (4300.0, -620.0, 160.0),
    (6600.0, -500.0, 160.0),
];

/// The harbour basin that is watched: ships enter it from the river at its north.
pub(crate) const HARBOUR: [Spot; 11] = [
    (-2520.0, -760.0),
    (-1360.0, -800.0),
    (-1480.0, -1290.0),
    (-1130.0, -1420.0),
    (-980.0, -1980.0),
    (-1260.0, -2460.0),
    (-1900.0, -2620.0),
    (-2560.0, -2420.0),
    (-2880.0, -1900.0),
    (-2760.0, -1400.0),
    (-2400.0, -1270.0),
];

/// The harbour begins to the south of this; ships in the river pass to the north.
const HARBOUR_MOUTH_Y_M: f64 = -1010.0;

/// Piers in the harbour: from the shore into the water.
pub(crate) const PIERS: [[Spot; 2]; 4] = [
    [(-2860.0, -1800.0), (-2300.0, -1700.0)],
    [(-2700.0, -2180.0), (-2240.0, -1960.0)],
    [(-1010.0, -1760.0), (-1560.0, -1640.0)],
    [(-1150.0, -2240.0), (-1640.0, -1990.0)],
];

/// Where ships lie in the harbour.
pub(crate) const BERTHS: [Spot; 10] = [
    (-2420.0, -1660.0),
    (-2620.0, -1700.0),
    (-2400.0, -1790.0),
    (-2330.0, -2090.0),
    (-2480.0, -2170.0),
    (-1480.0, -1590.0),
    (-1290.0, -1640.0),
    (-1480.0, -1740.0),
    (-1480.0, -2130.0),
    (-1880.0, -2440.0),
];

/// The way from the river into the harbour.
pub(crate) const HARBOUR_WAY: [Spot; 2] = [(-1940.0, -1000.0), (-1930.0, -1480.0)];

const SMALL_BASIN: [Spot; 7] = [
    (620.0, -250.0),
    (860.0, -240.0),
    (1120.0, -560.0),
    (1820.0, -900.0),
    (1760.0, -1110.0),
    (960.0, -820.0),
    (620.0, -460.0),
];

const LAKE: [Spot; 9] = [
    (2620.0, 1730.0),
    (3120.0, 1640.0),
    (3620.0, 1790.0),
    (3900.0, 2140.0),
    (3740.0, 2480.0),
    (3240.0, 2620.0),
    (2760.0, 2520.0),
    (2500.0, 2260.0),
    (2470.0, 1960.0),
];

const LAKE_PARK: [Spot; 8] = [
    (2240.0, 1600.0),
    (2900.0, 1420.0),
    (3760.0, 1500.0),
    (4200.0, 1980.0),
    (4060.0, 2640.0),
    (3300.0, 2860.0),
    (2540.0, 2740.0),
    (2160.0, 2200.0),
];

const RIVER_PARK: [Spot; 6] = [
    (-640.0, -180.0),
    (-180.0, -60.0),
    (-20.0, 180.0),
    (-260.0, 380.0),
    (-660.0, 260.0),
    (-780.0, 10.0),
];

const SOUTH_PARK: [Spot; 7] = [
    (320.0, -1880.0),
    (900.0, -1640.0),
    (1420.0, -1760.0),
    (1520.0, -2260.0),
    (1080.0, -2560.0),
    (480.0, -2480.0),
    (240.0, -2200.0),
];

const WEST_PARK: [Spot; 5] =
    [(-3900.0, 1300.0), (-3150.0, 1180.0), (-2960.0, 1700.0), (-3350.0, 2140.0), (-3940.0, 1960.0)];

/// A named area of the map.
pub(crate) struct Area {
    pub(crate) name: &'static str,
    /// The ring, without its first point again at the end.
    pub(crate) ring: Vec<Spot>,
    /// Where its name stands, and how it is turned, in radians.
    pub(crate) label: Spot,
    pub(crate) label_angle: f64,
}

/// Everything that is water, the river first.
pub(crate) fn waters() -> Vec<Area> {
    let area =
        |name, ring: &[Spot], label| Area { name, ring: rounded(ring), label, label_angle: 0.0 };
    vec![
        Area {
            name: "Nieuwe Maas",
            ring: river_ring(),
            label: (-3350.0, river(-3350.0).0),
            label_angle: river_direction(-3350.0).1.asin(),
        },
        area("Waalhaven", &HARBOUR, (-1950.0, -2230.0)),
        area("", &SMALL_BASIN, (0.0, 0.0)),
        area("Kralingse Plas", &LAKE, (3180.0, 2130.0)),
    ]
}

/// The harbour that is watched: the basin as it is drawn, without its mouth in the river.
pub(crate) fn harbour() -> Vec<Spot> {
    rounded(&HARBOUR).into_iter().map(|(x, y)| (x, y.min(HARBOUR_MOUTH_Y_M))).collect()
}

/// The parks; the lake lies in the first.
pub(crate) fn parks() -> Vec<Area> {
    let area =
        |name, ring: &[Spot], label| Area { name, ring: rounded(ring), label, label_angle: 0.0 };
    vec![
        area("", &LAKE_PARK, (0.0, 0.0)),
        area("Het Park", &RIVER_PARK, (-400.0, 90.0)),
        area("Zuiderpark", &SOUTH_PARK, (890.0, -2110.0)),
        area("", &WEST_PARK, (0.0, 0.0)),
    ]
}

/// The middle of the river at `x`, and half its width there.
pub(crate) fn river(x: f64) -> (f64, f64) {
    let last = RIVER.len() - 2;
    let at = RIVER.windows(2).position(|pair| x < pair[1].0).unwrap_or(last);
    let knot = |index: usize| RIVER[index];
    let (a, b) = (knot(at), knot(at + 1));
    let (before, after) = (knot(at.saturating_sub(1)), knot((at + 2).min(last + 1)));
    let span = b.0 - a.0;
    let t = ((x - a.0) / span).clamp(0.0, 1.0);
    // Hermite with the slopes of the neighbours, so the bank has no corners.
    let slope = |p: (f64, f64, f64), q: (f64, f64, f64)| (q.1 - p.1) / (q.0 - p.0).max(1.0);
    let (slope_a, slope_b) = (slope(before, b) * span, slope(a, after) * span);
    let (t2, t3) = (t * t, t * t * t);
    let y = a.1 * (2.0 * t3 - 3.0 * t2 + 1.0)
        + slope_a * (t3 - 2.0 * t2 + t)
        + b.1 * (3.0 * t2 - 2.0 * t3)
        + slope_b * (t3 - t2);
    let smooth = t2 * (3.0 - 2.0 * t);
    (y, a.2 + (b.2 - a.2) * smooth)
}

/// The direction of the river at `x`, eastward, of length 1.
pub(crate) fn river_direction(x: f64) -> Spot {
    let rise = river(x + 20.0).0 - river(x - 20.0).0;
    let length = (rise * rise + 1600.0).sqrt();
    (40.0 / length, rise / length)
}

/// A place in the river: `x` along it and `side_m` metres to the north of its middle line.
pub(crate) fn river_spot(x: f64, side_m: f64) -> Spot {
    let (dx, dy) = river_direction(x);
    (x - dy * side_m, river(x).0 + dx * side_m)
}

fn river_ring() -> Vec<Spot> {
    let xs: Vec<f64> = (0..=106).map(|step| -5300.0 + 100.0 * f64::from(step)).collect();
    let north = xs.iter().map(|&x| river_spot(x, river(x).1));
    let south = xs.iter().rev().map(|&x| river_spot(x, -river(x).1));
    north.chain(south).collect()
}

/// Cuts the corners of a ring twice (Chaikin), which makes a shore of a few points look grown.
fn rounded(ring: &[Spot]) -> Vec<Spot> {
    let mut ring = ring.to_vec();
    for _ in 0..2 {
        let next = ring.iter().cycle().skip(1);
        ring = ring
            .iter()
            .zip(next)
            .flat_map(|(&(ax, ay), &(bx, by))| {
                let mix = |t: f64| (ax + (bx - ax) * t, ay + (by - ay) * t);
                [mix(0.25), mix(0.75)]
            })
            .collect();
    }
    ring
}

/// Whether a spot lies in a ring (even-odd rule).
pub(crate) fn inside(ring: &[Spot], (x, y): Spot) -> bool {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .filter(|&(&(ax, ay), &(bx, by))| {
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        })
        .count()
        % 2
        == 1
}

/// Metres in a degree of longitude and of latitude, here.
pub(crate) fn metres_per_degree() -> (f64, f64) {
    (METRES_PER_DEGREE_LAT * ORIGIN.y.to_radians().cos(), METRES_PER_DEGREE_LAT)
}

/// Longitude and latitude of a spot.
pub(crate) fn to_point((x, y): Spot, altitude_m: f64) -> Point {
    let (east, north) = metres_per_degree();
    Point::new_3d(ORIGIN.x + x / east, ORIGIN.y + y / north, altitude_m)
}

/// The spot of a longitude and latitude.
pub(crate) fn to_spot(point: Point) -> Spot {
    let (east, north) = metres_per_degree();
    ((point.x - ORIGIN.x) * east, (point.y - ORIGIN.y) * north)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_go_to_degrees_and_back() {
        let (x, y) = to_spot(to_point((1234.5, -987.6), 0.0));
        assert!((x - 1234.5).abs() < 1e-6 && (y + 987.6).abs() < 1e-6);
    }

    #[test]
    fn the_river_has_no_steps_and_the_berths_lie_in_water() {
        for step in 0..1200 {
            let x = -6000.0 + 10.0 * f64::from(step);
            assert!((river(x).0 - river(x + 10.0).0).abs() < 25.0, "at {x}");
        }
        let harbour = harbour();
        assert!(BERTHS.iter().all(|&berth| inside(&harbour, berth)));
    }
}
