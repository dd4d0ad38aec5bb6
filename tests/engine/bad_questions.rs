//! Guards every question against bad input: sizes that are negative or no numbers, boxes and
//! intervals upside down, polygons that are none, objects and namespaces that do not exist. Each
//! is refused with an error of the right kind that names the argument and its value.

use crate::refusal::{House, bad_ids, bad_places, bad_spots};
use spatio::ErrorKind::{InvalidArgument, NotFound, OutOfRange, Unsupported};
use spatio::{
    Box3, ErrorKind, Interval, Metric, Namespace, Origin, Point, Polygon, Query, Rect, Result, Rows,
};

const HERE: Point = Point::new(1.0, 2.0);
/// Sizes that are none, as an error has to name them.
const BAD_SIZES: [(f64, &str); 4] =
    [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf"), (-1.5, "-1.5")];

fn refuses_center(house: &House, namespace: &Namespace, center: Point, words: &[&str]) {
    let (db, name) = (&house.db, namespace.name());
    let no = |method: &str, result: Result<()>| house.refuses(method, OutOfRange, words, result);
    no("query_radius", namespace.query_radius(center, 1.0, 9).map(drop));
    no("query_radius", db.query_radius(name, center, 1.0, 9).map(drop));
    let cylinder = namespace.query_within_cylinder(center, 0.0, 1.0, 5.0, 9);
    no("query_within_cylinder", cylinder.map(drop));
    let cylinder = db.query_within_cylinder(name, center, 0.0, 1.0, 5.0, 9);
    no("query_within_cylinder", cylinder.map(drop));
    no("knn", namespace.knn(center, 3).map(drop));
    no("knn", db.knn(name, center, 3).map(drop));
    let metric = Metric::Euclidean;
    no("distance_to", namespace.distance_to("a", center, metric).map(drop));
    no("distance_to", db.distance_to(name, "a", center, metric).map(drop));
    for query in [
        Query::circle(center, 1.0),
        Query::sphere(center, 1.0),
        Query::cylinder(center, 1.0, 0.0, 1.0),
        Query::rect_around(center, 1.0, 1.0),
        Query::box3_around(center, 1.0, 1.0, 1.0),
        Query::nearest(3, center),
    ] {
        no("query", namespace.query(&query).map(drop));
        no("query", db.query(name, &query).map(drop));
    }
}

#[test]
fn a_center_that_is_none_is_refused() {
    let house = House::new();
    for (place, argument, value) in bad_places() {
        for namespace in [&house.globe, &house.no_past, &house.short] {
            refuses_center(&house, namespace, place, &[argument, value]);
        }
    }
    for (place, argument, value) in bad_spots() {
        refuses_center(&house, &house.plane, place, &[argument, value]);
    }
}

#[test]
fn a_size_that_is_negative_or_no_number_is_refused() {
    let house = House::new();
    let (db, globe) = (&house.db, &house.globe);
    for (size, value) in BAD_SIZES {
        let no = |method: &str, name: &str, result: Result<()>| {
            house.refuses(method, OutOfRange, &[name, value], result);
        };
        no("query_radius", "radius", globe.query_radius(HERE, size, 9).map(drop));
        no("query_radius", "radius", db.query_radius("globe", HERE, size, 9).map(drop));
        no("query_near", "radius", globe.query_near("a", size, 9).map(drop));
        no("query_near", "radius", db.query_near("globe", "a", size, 9).map(drop));
        let cylinder = globe.query_within_cylinder(HERE, 0.0, 1.0, size, 9);
        no("query_within_cylinder", "radius", cylinder.map(drop));
        let cylinder = globe.query_cylinder_near_object("a", 0.0, 1.0, size, 9);
        no("query_cylinder_near_object", "radius", cylinder.map(drop));
        for (name, width, height) in [("width", size, 1.0), ("height", 1.0, size)] {
            let near = globe.query_bbox_near_object("a", width, height, 9);
            no("query_bbox_near_object", name, near.map(drop));
            let near = db.query_bbox_near_object("globe", "a", width, height, 9);
            no("query_bbox_near_object", name, near.map(drop));
            no("query", name, globe.query(&Query::rect_around(HERE, width, height)).map(drop));
        }
        for (name, w, h, d) in
            [("width", size, 1.0, 1.0), ("height", 1.0, size, 1.0), ("depth", 1.0, 1.0, size)]
        {
            let near = globe.query_bbox_3d_near_object("a", w, h, d, 9);
            no("query_bbox_3d_near_object", name, near.map(drop));
            let near = db.query_bbox_3d_near_object("globe", "a", w, h, d, 9);
            no("query_bbox_3d_near_object", name, near.map(drop));
        }
        no("query", "radius", globe.query(&Query::circle(HERE, size)).map(drop));
        if size != f64::INFINITY {
            let nearest = Query::nearest(3, HERE).within(size);
            no("query", "within", globe.query(&nearest).map(drop));
        }
    }
    assert_eq!(globe.query_radius(HERE, 0.0, 9).unwrap().len(), 0);
    assert_eq!(globe.query(&Query::nearest(9, HERE).within(f64::INFINITY)).unwrap().len(), 2);
}

#[test]
fn altitudes_upside_down_or_no_numbers_are_refused() {
    let house = House::new();
    let (db, globe) = (&house.db, &house.globe);
    let bad = [
        (5.0, 1.0, InvalidArgument, ["min_z", "5.0"]),
        (f64::NAN, 1.0, OutOfRange, ["min_z", "NaN"]),
        (1.0, f64::NAN, OutOfRange, ["max_z", "NaN"]),
        (f64::INFINITY, 0.0, InvalidArgument, ["min_z", "inf"]),
    ];
    for (low, high, kind, words) in bad {
        let no = |method: &str, result: Result<Rows>| house.refuses(method, kind, &words, result);
        no("query_within_cylinder", globe.query_within_cylinder(HERE, low, high, 1.0, 9));
        no("query_within_cylinder", db.query_within_cylinder("globe", HERE, low, high, 1.0, 9));
        no("query_cylinder_near_object", globe.query_cylinder_near_object("a", low, high, 1.0, 9));
        let near = db.query_cylinder_near_object("globe", "a", low, high, 1.0, 9);
        no("query_cylinder_near_object", near);
        let box3 = Box3::new((0.0, 0.0, low), (3.0, 3.0, high));
        no("query_within_bbox_3d", globe.query_within_bbox_3d(box3, 9));
        no("query_within_bbox_3d", db.query_within_bbox_3d("globe", box3, 9));
        no("query", globe.query(&Query::everywhere().altitude(low, high)));
    }
    let all = Box3::new((0.0, 0.0, f64::NEG_INFINITY), (3.0, 3.0, f64::INFINITY));
    assert_eq!(globe.query_within_bbox_3d(all, 9).unwrap().len(), 2);
}

#[test]
fn a_box_upside_down_or_out_of_range_is_refused() {
    let house = House::new();
    let (globe, plane) = (&house.globe, &house.plane);
    let good = Rect::new(0.0, 0.0, 3.0, 3.0);
    let bad = [
        (globe, Rect { min_y: 4.0, ..good }, InvalidArgument, ["min_y", "4.0"]),
        (plane, Rect { min_y: 4.0, ..good }, InvalidArgument, ["min_y", "4.0"]),
        (plane, Rect { min_x: 4.0, ..good }, InvalidArgument, ["min_x", "4.0"]),
        (globe, Rect { min_x: -181.0, ..good }, OutOfRange, ["min_x", "-181"]),
        (globe, Rect { max_x: 180.5, ..good }, OutOfRange, ["max_x", "180.5"]),
        (globe, Rect { max_y: 90.5, ..good }, OutOfRange, ["max_y", "90.5"]),
        (globe, Rect { min_y: f64::NAN, ..good }, OutOfRange, ["min_y", "NaN"]),
        (plane, Rect { max_x: f64::NAN, ..good }, OutOfRange, ["max_x", "NaN"]),
        (plane, Rect { max_y: f64::INFINITY, ..good }, OutOfRange, ["max_y", "inf"]),
    ];
    for (namespace, rect, kind, words) in bad {
        let (db, name) = (&house.db, namespace.name());
        let no = |method: &str, result: Result<Rows>| house.refuses(method, kind, &words, result);
        no("query_bbox", namespace.query_bbox(rect, 9));
        no("query_bbox", db.query_bbox(name, rect, 9));
        no("query", namespace.query(&Query::rect(rect)));
        let Rect { min_x, min_y, max_x, max_y } = rect;
        let box3 = Box3::new((min_x, min_y, 0.0), (max_x, max_y, 9.0));
        no("query_within_bbox_3d", namespace.query_within_bbox_3d(box3, 9));
    }
    let over = Rect { min_x: 170.0, max_x: 2.0, ..good };
    assert_eq!(globe.query_bbox(over, 9).unwrap().len(), 2, "this one crosses the antimeridian");
}

#[test]
fn a_polygon_that_is_none_is_refused_when_it_is_made() {
    type Ring = Vec<(f64, f64)>;
    let bad: [(Ring, ErrorKind, &str); 6] = [
        (vec![], InvalidArgument, "0 distinct"),
        (vec![(0.0, 0.0), (1.0, 1.0)], InvalidArgument, "no area"),
        (vec![(0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1.0, 1.0)], InvalidArgument, "one line"),
        (vec![(0.0, 0.0), (2.0, 2.0), (5.0, 5.0)], InvalidArgument, "one line"),
        (vec![(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)], InvalidArgument, "(1.0, 1.0)"),
        (vec![(0.0, 0.0), (2.0, f64::NAN), (2.0, 0.0)], OutOfRange, "NaN"),
    ];
    for (ring, kind, words) in bad {
        let error = Polygon::new(ring.clone(), vec![]).unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, "polygon"), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        let square = vec![(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)];
        let error = Polygon::new(square, vec![ring]).unwrap_err();
        assert_eq!(error.kind(), kind, "as a hole: {error}");
    }
    let outside = vec![(7.0, 7.0), (8.0, 7.0), (8.0, 8.0)];
    let error = Polygon::new(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], vec![outside]).unwrap_err();
    assert!(error.to_string().contains("hole 0"), "{error}");
    assert_eq!(Polygon::multi(vec![]).unwrap_err().kind(), InvalidArgument);
}

#[test]
fn a_polygon_beyond_the_globe_is_refused_on_the_globe_only() {
    let house = House::new();
    let ring = vec![(0.0, 0.0), (200.0, 0.0), (200.0, 9.0), (0.0, 9.0)];
    let polygon = Polygon::new(ring, vec![]).unwrap();
    let no = |method: &str, result: Result<Rows>| {
        house.refuses(method, OutOfRange, &["200"], result);
    };
    no("query_polygon", house.globe.query_polygon(&polygon, 9));
    no("query_polygon", house.db.query_polygon("globe", &polygon, 9));
    no("query", house.globe.query(&Query::polygon(polygon.clone())));
    assert_eq!(house.plane.query_polygon(&polygon, 9).unwrap().len(), 2);
}

#[test]
fn an_interval_that_ends_before_it_starts_is_refused() {
    let house = House::new();
    let (db, globe) = (&house.db, &house.globe);
    let inverted = Interval::new(20, 10);
    let no = |method: &str, result: Result<()>| {
        house.refuses(method, InvalidArgument, &["interval", "20", "10"], result);
    };
    let order = Default::default();
    no("query_trajectory", globe.query_trajectory("a", inverted, 9).map(drop));
    no("query_trajectory", db.query_trajectory("globe", "a", inverted, 9).map(drop));
    no("trajectory", globe.trajectory("a", inverted, order, 9).map(drop));
    no("trajectory", db.trajectory("globe", "a", inverted, order, 9).map(drop));
}

/// Every question around an object, through the namespace and through the database.
fn around(house: &House, id: &str) -> Vec<(&'static str, Result<Rows>)> {
    let (db, globe) = (&house.db, &house.globe);
    vec![
        ("query_near", globe.query_near(id, 1.0, 9)),
        ("query_near", db.query_near("globe", id, 1.0, 9)),
        ("query_bbox_near_object", globe.query_bbox_near_object(id, 1.0, 1.0, 9)),
        ("query_bbox_near_object", db.query_bbox_near_object("globe", id, 1.0, 1.0, 9)),
        ("query_cylinder_near_object", globe.query_cylinder_near_object(id, 0.0, 1.0, 1.0, 9)),
        (
            "query_cylinder_near_object",
            db.query_cylinder_near_object("globe", id, 0.0, 1.0, 1.0, 9),
        ),
        ("query_bbox_3d_near_object", globe.query_bbox_3d_near_object(id, 1.0, 1.0, 1.0, 9)),
        ("query_bbox_3d_near_object", db.query_bbox_3d_near_object("globe", id, 1.0, 1.0, 1.0, 9)),
        ("knn_near_object", globe.knn_near_object(id, 9)),
        ("knn_near_object", db.knn_near_object("globe", id, 9)),
        ("query", globe.query(&Query::circle(id, 1.0))),
        (
            "query_into",
            globe.query_into(&Query::nearest(3, id), &mut Rows::new()).map(|()| Rows::new()),
        ),
    ]
}

#[test]
fn an_object_that_is_not_here_is_no_origin() {
    let house = House::new();
    for (method, result) in around(&house, "nobody") {
        house.refuses(method, NotFound, &["object", "nobody"], result);
    }
    for (id, kind, words) in &bad_ids() {
        for (method, result) in around(&house, id) {
            house.refuses(method, *kind, words, result);
        }
    }
    let globe = &house.globe;
    for handle in [house.plane.handle("a").unwrap().unwrap(), 0, u64::MAX] {
        let by_handle = Query::sphere(Origin::Handle(handle), 1.0);
        let text = format!("{handle}");
        house.refuses("query", NotFound, &["Handle", &text], globe.query(&by_handle));
    }
}

#[test]
fn a_refused_question_leaves_the_rows_of_the_last_one() {
    let house = House::new();
    let mut rows = Rows::new();
    house.globe.query_into(&Query::everywhere(), &mut rows).unwrap();
    let before = format!("{rows:?}");
    for query in [Query::circle(HERE, -1.0), Query::nearest(3, "nobody")] {
        assert!(house.globe.query_into(&query, &mut rows).is_err());
        assert_eq!(format!("{rows:?}"), before);
    }
}

#[test]
fn an_object_never_seen_has_no_track_and_no_distance() {
    let house = House::new();
    let (db, globe) = (&house.db, &house.globe);
    let no = |method: &str, result: Result<()>| {
        house.refuses(method, NotFound, &["nobody", "globe"], result);
    };
    let order = Default::default();
    no("query_trajectory", globe.query_trajectory("nobody", Interval::ALL, 9).map(drop));
    no("trajectory", db.trajectory("globe", "nobody", Interval::ALL, order, 9).map(drop));
    no("position_at", globe.position_at("nobody", 1, Default::default()).map(drop));
    // Where absence is an answer, it is given as one.
    assert_eq!(globe.get("nobody").unwrap(), None);
    assert!(!globe.delete("nobody").unwrap());
    assert_eq!(globe.handle("nobody").unwrap(), None);
    assert_eq!(globe.distance_between("a", "nobody", Metric::Haversine).unwrap(), None);
    assert_eq!(globe.distance_to("nobody", HERE, Metric::Haversine).unwrap(), None);
}

#[test]
fn distances_refuse_ids_and_metrics_that_make_no_sense() {
    let house = House::new();
    for (id, kind, words) in &bad_ids() {
        let no = |method: &str, result: Result<Option<f64>>| {
            house.refuses(method, *kind, words, result);
        };
        let metric = Metric::Haversine;
        no("distance_between", house.globe.distance_between(id, "a", metric));
        no("distance_between", house.globe.distance_between("a", id, metric));
        no("distance_between", house.db.distance_between("globe", "a", id, metric));
        no("distance_to", house.globe.distance_to(id, HERE, metric));
        no("distance_to", house.db.distance_to("globe", id, HERE, metric));
    }
    for metric in [Metric::Haversine, Metric::Geodesic, Metric::Rhumb] {
        let words = [metric.name(), "cartesian"];
        let between = house.plane.distance_between("a", "b", metric);
        house.refuses("distance_between", Unsupported, &words, between);
        let to = house.plane.distance_to("a", HERE, metric);
        house.refuses("distance_to", Unsupported, &words, to);
    }
    let error = "great circle".parse::<Metric>().unwrap_err();
    assert_eq!(error.kind(), InvalidArgument);
    assert!(error.to_string().contains("great circle"), "{error}");
}

#[test]
fn a_namespace_that_does_not_exist_cannot_be_asked() {
    let house = House::new();
    let db = &house.db;
    let no = |method: &str, result: Result<()>| {
        house.refuses(method, NotFound, &["namespace", "nowhere"], result);
    };
    let (n, metric, order) = ("nowhere", Metric::Haversine, Default::default());
    let ring = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)];
    let polygon = Polygon::new(ring, vec![]).unwrap();
    let (rect, box3) = (Rect::GLOBE, Box3::new((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)));
    no("count", db.count(n).map(drop));
    no("query", db.query(n, &Query::everywhere()).map(drop));
    no("query_radius", db.query_radius(n, HERE, 1.0, 9).map(drop));
    no("query_bbox", db.query_bbox(n, rect, 9).map(drop));
    no("query_polygon", db.query_polygon(n, &polygon, 9).map(drop));
    let cylinder = db.query_within_cylinder(n, HERE, 0.0, 1.0, 1.0, 9);
    no("query_within_cylinder", cylinder.map(drop));
    no("query_within_bbox_3d", db.query_within_bbox_3d(n, box3, 9).map(drop));
    no("knn", db.knn(n, HERE, 9).map(drop));
    no("query_near", db.query_near(n, "a", 1.0, 9).map(drop));
    no("query_bbox_near_object", db.query_bbox_near_object(n, "a", 1.0, 1.0, 9).map(drop));
    let cylinder = db.query_cylinder_near_object(n, "a", 0.0, 1.0, 1.0, 9);
    no("query_cylinder_near_object", cylinder.map(drop));
    let near = db.query_bbox_3d_near_object(n, "a", 1.0, 1.0, 1.0, 9);
    no("query_bbox_3d_near_object", near.map(drop));
    no("knn_near_object", db.knn_near_object(n, "a", 9).map(drop));
    no("distance_between", db.distance_between(n, "a", "b", metric).map(drop));
    no("distance_to", db.distance_to(n, "a", HERE, metric).map(drop));
    no("bounding_box", db.bounding_box(n).map(drop));
    no("convex_hull", db.convex_hull(n).map(drop));
    no("query_trajectory", db.query_trajectory(n, "a", Interval::ALL, 9).map(drop));
    no("trajectory", db.trajectory(n, "a", Interval::ALL, order, 9).map(drop));
    no("position_at", db.position_at(n, "a", 1, Default::default()).map(drop));
}
