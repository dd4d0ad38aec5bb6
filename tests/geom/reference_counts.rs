//! Guards containment against published answers: how many recorded points lie within how many real
//! countries and counties, as counted by GEOS (strictly within, planar in longitude and latitude).
//!
//! Our regions are closed, so a row that lies exactly on a border is taken off our count, found by
//! a plain walk over all edges; what is left has to agree to the row.

use std::collections::BTreeMap;

use robust::{Coord, orient2d};
use spatio::Polygon;

struct Fence {
    name: String,
    polygon: Polygon,
}

fn open_fences(file: &str, name_of: impl Fn(String, String) -> String) -> Vec<Fence> {
    let features = crate::data::open_polygons(file).into_iter();
    let fence = |(id, name, parts)| {
        // Every feature of these files is valid, as GEOS says, so none may be refused.
        let polygon = Polygon::multi(parts).unwrap_or_else(|error| panic!("{id}: {error}"));
        Fence { name: name_of(id, name), polygon }
    };
    features.map(fence).collect()
}

fn is_on_border(polygon: &Polygon, x: f64, y: f64) -> bool {
    let coord = |(x, y): (f64, f64)| Coord { x, y };
    let is_on = |edge: &[(f64, f64)]| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        let in_box = x >= ax.min(bx) && x <= ax.max(bx) && y >= ay.min(by) && y <= ay.max(by);
        in_box && orient2d(coord(edge[0]), coord(edge[1]), Coord { x, y }) == 0.0
    };
    polygon.parts().any(|(exterior, holes)| {
        let rings = std::iter::once(exterior).chain(holes.iter().map(|hole| &hole[..]));
        rings.flat_map(|ring| ring.windows(2)).any(is_on)
    })
}

/// How many rows lie in at least one fence, and in each by name; `strictly` leaves borders out.
fn count(points: &str, fences: &[Fence], strictly: bool) -> (usize, BTreeMap<String, usize>) {
    // Fences by whole degrees of longitude, so that a row meets a few of them only.
    let column = |x: f64| (x + 180.0) as usize;
    let mut columns = vec![Vec::new(); 361];
    for fence in fences {
        let bounds = fence.polygon.bounds();
        columns[column(bounds.min_x)..=column(bounds.max_x)]
            .iter_mut()
            .for_each(|fences| fences.push(fence));
    }
    let (mut inside, mut by_name) = (0, BTreeMap::new());
    let (mut last, mut hits) = ((f64::NAN, f64::NAN), Vec::new());
    for (_, _, x, y, _) in crate::data::open_points(points) {
        // Many rows repeat the place of the row before.
        if (x, y) != last {
            let is_in = |fence: &&&Fence| {
                fence.polygon.contains(x, y) && !(strictly && is_on_border(&fence.polygon, x, y))
            };
            hits =
                columns[column(x)].iter().filter(is_in).map(|fence| fence.name.as_str()).collect();
            last = (x, y);
        }
        inside += usize::from(!hits.is_empty());
        for &name in &hits {
            *by_name.entry(name.to_owned()).or_default() += 1;
        }
    }
    (inside, by_name)
}

/// The published answers for one file of points: rows in at least one fence, and the largest.
fn assert_counts(points: &str, fences: &[Fence], inside: usize, largest: &[(&str, usize)]) {
    let agrees = |(got, by_name): &(usize, BTreeMap<String, usize>)| {
        *got == inside && largest.iter().all(|&(name, rows)| by_name.get(name) == Some(&rows))
    };
    let closed = count(points, fences, false);
    if !agrees(&closed) {
        let open = count(points, fences, true);
        assert!(agrees(&open), "{points}: expected {inside} {largest:?}, got {open:?}");
        assert!(closed.0 >= open.0);
    }
}

#[test]
fn rows_within_countries_are_those_that_geos_counts() {
    if !crate::data::is_available() {
        return;
    }
    let countries = open_fences("geofence_countries_10m", |_, name| name);
    assert_eq!(countries.len(), 254);
    assert_counts(
        "stork_migration_de_africa",
        &countries,
        155_134,
        &[
            ("Spain", 63_087),
            ("Germany", 58_705),
            ("France", 17_474),
            ("Morocco", 9_462),
            ("Switzerland", 6_402),
            ("Andorra", 4),
        ],
    );
    assert_counts(
        "aircraft_adsb_switzerland_2018-08-01",
        &countries,
        139_098,
        &[
            ("Switzerland", 81_754),
            ("France", 33_360),
            ("Italy", 10_942),
            ("Germany", 10_053),
            ("Austria", 2_829),
            ("Liechtenstein", 160),
        ],
    );
    let paris = "aircraft_adsb_paris_2021-10-07";
    assert_counts(paris, &countries, 284_505, &[("France", 284_505)]);
    assert_counts(
        "icebergs_antarctic_1976_2022",
        &countries,
        6_097,
        &[("Antarctica", 6_074), ("S. Geo. and the Is.", 23)],
    );
    assert_counts(
        "ais_us_coast_2022-01-03",
        &countries,
        66_884,
        &[
            ("United States of America", 62_744),
            ("Canada", 3_255),
            ("Puerto Rico", 558),
            ("U.S. Virgin Is.", 258),
        ],
    );
}

#[test]
fn rows_within_counties_are_those_that_geos_counts() {
    if !crate::data::is_available() {
        return;
    }
    let counties = open_fences("geofence_us_counties", |id, _| id);
    assert_eq!(counties.len(), 3_230);
    let buses = "bus_austin_2016-11-24_27";
    assert_counts(buses, &counties, 115_088, &[("48453", 113_863), ("48491", 1_225)]);
    let ships = "ais_us_coast_2022-01-03";
    let largest = [("48201", 4_077), ("53033", 2_743), ("48167", 2_417)];
    assert_counts(ships, &counties, 76_004, &largest);
}

#[test]
fn the_vertices_of_a_coast_are_on_its_border_and_nothing_beside_them_is() {
    if !crate::data::is_available() {
        return;
    }
    let countries = open_fences("geofence_countries_10m", |_, name| name);
    let canada = countries.iter().find(|fence| fence.name == "Canada").expect("Canada is there");
    let vertices: Vec<(f64, f64)> =
        canada.polygon.parts().flat_map(|(exterior, _)| exterior.iter().copied()).collect();
    assert!(vertices.iter().all(|&(x, y)| canada.polygon.contains(x, y)));
    for &(x, y) in vertices.iter().step_by(997) {
        assert!(is_on_border(&canada.polygon, x, y));
        let (x, y) = (x + 1e-13, y);
        assert!(!is_on_border(&canada.polygon, x, y) || canada.polygon.contains(x, y));
    }
}

#[test]
fn counties_as_distributed_are_refused_where_geos_finds_them_invalid() {
    if !crate::data::is_available() {
        return;
    }
    let features = crate::data::open_polygons("geofence_us_counties_as_distributed");
    assert_eq!(features.len(), 3_231);
    let refused = |parts: &[crate::data::Part]| Polygon::multi(parts.to_vec()).is_err();
    assert_eq!(features.iter().filter(|(_, _, parts)| refused(parts)).count(), 39);
    // Without the test of crossings, only what has collapsed to a point or a line is refused.
    let collapsed = |parts: &[crate::data::Part]| Polygon::multi_unchecked(parts.to_vec()).is_err();
    assert_eq!(features.iter().filter(|(_, _, parts)| collapsed(parts)).count(), 19);
}
