//! Guards `query_polygon` against published answers: the seven counts of recorded rows in real
//! countries and counties that GEOS gave, asked of namespaces in which each row is an object of
//! its own. `tests/reference_counts.rs` guards the geometry alone; this is the whole engine.
//!
//! GEOS counts strictly inside, our regions are closed: a row that lies exactly on a border, which
//! a plain walk over the edges finds, is taken off where the counts differ.

use std::collections::{BTreeMap, HashSet};

use robust::{Coord, orient2d};
use spatio::{Database, Namespace, NamespaceOptions, Point, Polygon, Rows};

struct Fence {
    name: String,
    polygon: Polygon,
}

fn open_fences(file: &str, name_of: impl Fn(String, String) -> String) -> Vec<Fence> {
    let features = crate::data::open_polygons(file).into_iter();
    let fence = |(id, name, parts)| {
        let polygon = Polygon::multi(parts).unwrap_or_else(|error| panic!("{id}: {error}"));
        Fence { name: name_of(id, name), polygon }
    };
    features.map(fence).collect()
}

/// A namespace that holds each row of a file as an object; the id is the number of the row.
fn open_rows(file: &str) -> Namespace {
    let db = Database::memory();
    let rows = db.create_namespace(file, &NamespaceOptions::geographic()).unwrap();
    for (number, (_, _, x, y, z)) in crate::data::open_points(file).enumerate() {
        let position = Point::new_3d(x, y, z.unwrap_or(0.0));
        rows.upsert(&number.to_string(), position, None).unwrap();
    }
    rows
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

/// How many rows are in at least one fence, and in each by name.
fn count(rows: &Namespace, fences: &[Fence], strictly: bool) -> (usize, BTreeMap<String, usize>) {
    let (mut inside, mut by_name) = (HashSet::new(), BTreeMap::new());
    for Fence { name, polygon } in fences {
        let found: Rows = rows.query_polygon(polygon, usize::MAX).unwrap();
        let distinct: HashSet<u64> = found.handles().iter().copied().collect();
        assert_eq!(distinct.len(), found.len(), "{name}: an object was told twice");
        let (mut last, mut is_kept) = ((f64::NAN, f64::NAN), true);
        let mut kept = 0;
        for row in 0..found.len() {
            let (x, y) = (found.x()[row], found.y()[row]);
            if strictly && (x, y) != last {
                (last, is_kept) = ((x, y), !is_on_border(polygon, x, y));
            }
            if is_kept {
                kept += 1;
                inside.insert(found.handles()[row]);
            }
        }
        if kept > 0 {
            *by_name.entry(name.clone()).or_default() += kept;
        }
    }
    (inside.len(), by_name)
}

/// The published answers for one file of points: rows, rows in at least one fence, the largest.
fn assert_counts(
    points: &str,
    fences: &[Fence],
    (rows, inside): (usize, usize),
    largest: &[(&str, usize)],
) {
    let namespace = open_rows(points);
    assert_eq!(namespace.count().unwrap(), rows, "{points}");
    let agrees = |(got, by_name): &(usize, BTreeMap<String, usize>)| {
        *got == inside && largest.iter().all(|&(name, rows)| by_name.get(name) == Some(&rows))
    };
    let closed = count(&namespace, fences, false);
    if !agrees(&closed) {
        let open = count(&namespace, fences, true);
        assert!(agrees(&open), "{points}: expected {inside} {largest:?}, got {open:?}");
        assert!(closed.0 >= open.0, "{points}: a border takes nothing away");
    }
}

#[test]
fn rows_in_countries_are_those_that_geos_counts() {
    if !crate::data::is_available() {
        return;
    }
    let countries = open_fences("geofence_countries_10m", |_, name| name);
    let count = |points, rows, largest: &[(&str, usize)]| {
        assert_counts(points, &countries, rows, largest);
    };
    count(
        "stork_migration_de_africa",
        (155_173, 155_134),
        &[
            ("Spain", 63_087),
            ("Germany", 58_705),
            ("France", 17_474),
            ("Morocco", 9_462),
            ("Switzerland", 6_402),
            ("Andorra", 4),
        ],
    );
    count(
        "aircraft_adsb_switzerland_2018-08-01",
        (139_098, 139_098),
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
    count(paris, (284_505, 284_505), &[("France", 284_505)]);
    count(
        "icebergs_antarctic_1976_2022",
        (384_558, 6_097),
        &[("Antarctica", 6_074), ("S. Geo. and the Is.", 23)],
    );
    count(
        "ais_us_coast_2022-01-03",
        (99_999, 66_884),
        &[
            ("United States of America", 62_744),
            ("Canada", 3_255),
            ("Puerto Rico", 558),
            ("U.S. Virgin Is.", 258),
        ],
    );
}

#[test]
fn rows_in_counties_are_those_that_geos_counts() {
    if !crate::data::is_available() {
        return;
    }
    let counties = open_fences("geofence_us_counties", |id, _| id);
    let buses = "bus_austin_2016-11-24_27";
    let largest = [("48453", 113_863), ("48491", 1_225)];
    assert_counts(buses, &counties, (115_088, 115_088), &largest);
    let ships = "ais_us_coast_2022-01-03";
    let largest = [("48201", 4_077), ("53033", 2_743), ("48167", 2_417)];
    assert_counts(ships, &counties, (99_999, 76_004), &largest);
}
