//! Guards the order, the ties, the limits and the borders of answers as the documentation states
//! them, each as one small example: nearest first, ties by id, the origin's own object before all,
//! a limit that keeps the nearest, and borders that belong to what they border.

use std::sync::Arc;
use std::time::Duration;

use spatio::clock::{Clock, ManualClock};
use spatio::{
    Box3, Database, Namespace, NamespaceOptions, Options, Origin, Point, Polygon, Query, Rect,
    Rows, Upsert,
};

/// A namespace in the plane with objects at the given places.
fn plane(objects: &[(&str, f64, f64)]) -> Namespace {
    let db = Database::memory();
    let plane = db.create_namespace("plane", &NamespaceOptions::cartesian()).unwrap();
    for &(id, x, y) in objects {
        plane.upsert(id, Point::new(x, y), None).unwrap();
    }
    plane
}

fn ids(rows: &Rows) -> Vec<&str> {
    rows.iter().map(|row| row.id).collect()
}

fn sorted_ids(rows: &Rows) -> Vec<&str> {
    let mut ids = ids(rows);
    ids.sort_unstable();
    ids
}

#[test]
fn answers_with_a_distance_are_told_nearest_first_and_ties_by_id() {
    let plane = plane(&[("d", 3.0, 0.0), ("b", 0.0, 2.0), ("c", -2.0, 0.0), ("a", 2.0, 0.0)]);
    let center = Point::new(0.0, 0.0);
    let rows = plane.query_radius(center, 10.0, 9).unwrap();
    assert_eq!(ids(&rows), ["a", "b", "c", "d"]);
    assert_eq!(rows.distance(), [2.0, 2.0, 2.0, 3.0]);
    assert_eq!(ids(&plane.query_radius(center, 10.0, 2).unwrap()), ["a", "b"]);
    assert_eq!(ids(&plane.knn(center, 3).unwrap()), ["a", "b", "c"]);
    let cylinder = plane.query_within_cylinder(center, -1.0, 1.0, 2.5, 9).unwrap();
    assert_eq!(ids(&cylinder), ["a", "b", "c"]);
    let around = plane.query(&Query::rect_around(center, 4.0, 4.0)).unwrap();
    assert_eq!(ids(&around), ["a", "b", "c"]);
}

#[test]
fn the_origin_comes_first_among_equals_unless_it_is_left_out() {
    let plane = plane(&[("a", 1.0, 1.0), ("z", 1.0, 1.0), ("b", 1.0, 1.0), ("c", 5.0, 1.0)]);
    assert_eq!(ids(&plane.query_near("z", 1.0, 9).unwrap()), ["z", "a", "b"]);
    assert_eq!(ids(&plane.knn_near_object("z", 1).unwrap()), ["z"]);
    assert_eq!(ids(&plane.knn_near_object("z", 4).unwrap()), ["z", "a", "b", "c"]);
    assert_eq!(plane.query_near("z", 1.0, 9).unwrap().distance(), [0.0; 3]);
    assert_eq!(ids(&plane.query_bbox_near_object("z", 8.0, 8.0, 9).unwrap())[0], "z");
    let cylinder = plane.query_cylinder_near_object("z", -1.0, 1.0, 1.0, 2).unwrap();
    assert_eq!(ids(&cylinder), ["z", "a"]);
    let box3 = plane.query_bbox_3d_near_object("z", 8.0, 8.0, 1.0, 9).unwrap();
    assert_eq!(ids(&box3), ["z", "a", "b", "c"]);

    let others = Query::nearest(2, "z").exclude_origin();
    assert_eq!(ids(&plane.query(&others).unwrap()), ["a", "b"], "the limit counts others");
    let handle = plane.handle("z").unwrap().unwrap();
    let by_handle = Query::sphere(Origin::Handle(handle), 1.0);
    assert_eq!(ids(&plane.query(&by_handle).unwrap()), ["z", "a", "b"]);
    let without = plane.query(&by_handle.exclude_origin()).unwrap();
    assert_eq!(ids(&without), ["a", "b"]);
}

#[test]
fn a_limit_keeps_the_nearest_where_there_is_a_distance_and_any_where_there_is_none() {
    let objects: Vec<(String, f64)> = (0..500).map(|n| (format!("{n:03}"), f64::from(n))).collect();
    let plane = plane(&[]);
    for (id, x) in objects.iter().rev() {
        plane.upsert(id, Point::new(*x, 0.0), None).unwrap();
    }
    let center = Point::new(-1.0, 0.0);
    let all = Rect::new(-1.0, -1.0, 1e3, 1.0);
    for limit in [0, 1, 7, 499, 500, 501, usize::MAX] {
        let kept = limit.min(500);
        let nearest: Vec<&str> = objects.iter().take(kept).map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids(&plane.query_radius(center, 1e6, limit).unwrap()), nearest);
        assert_eq!(ids(&plane.knn(center, limit).unwrap()), nearest);
        let any = plane.query_bbox(all, limit).unwrap();
        assert_eq!(any.len(), kept);
        let mut distinct = sorted_ids(&any);
        distinct.dedup();
        assert_eq!(distinct.len(), kept);
        assert!(any.distance().is_empty(), "a box has no origin");
    }
}

#[test]
fn what_lies_on_a_border_is_inside() {
    let plane = plane(&[("corner", 2.0, 2.0), ("side", 2.0, 1.0), ("out", 2.0000001, 1.0)]);
    let found = |query: Query| sorted_ids(&plane.query(&query).unwrap()).join(" ");
    assert_eq!(found(Query::rect(Rect::new(0.0, 0.0, 2.0, 2.0))), "corner side");
    assert_eq!(found(Query::rect(Rect::new(2.0, 2.0, 2.0, 2.0))), "corner");
    let box3 = Box3::new((0.0, 0.0, 0.0), (2.0, 2.0, 0.0));
    assert_eq!(found(Query::box3(box3)), "corner side");
    let ring = vec![(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
    assert_eq!(found(Query::polygon(Polygon::new(ring, vec![]).unwrap())), "corner side");
    let hole = vec![(1.0, 0.5), (2.0, 0.5), (2.0, 1.5), (1.0, 1.5)];
    let far = vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)];
    let with_hole = Polygon::new(far, vec![hole]).unwrap();
    assert_eq!(found(Query::polygon(with_hole)), "corner out side", "so is the border of a hole");
    assert_eq!(found(Query::circle(Point::new(0.0, 1.0), 2.0)), "side");
    assert_eq!(found(Query::sphere(Point::new(2.0, 1.0), 0.0)), "side");
    assert_eq!(found(Query::nearest(9, Point::new(2.0, 1.0)).within(1.0)), "corner out side");
    let thin = Query::cylinder(Point::new(2.0, 1.0), 1.0, 0.0, 0.0);
    assert_eq!(found(thin), "corner out side");
    assert_eq!(found(Query::everywhere().altitude(0.0, 0.0)), "corner out side");
}

#[test]
fn longitude_180_is_one_meridian_from_both_sides() {
    let db = Database::memory();
    let globe = db.create_namespace("globe", &NamespaceOptions::geographic()).unwrap();
    for (id, x) in [("east", 180.0), ("west", -180.0), ("before", 179.9), ("after", -179.9)] {
        globe.upsert(id, Point::new(x, 10.0), None).unwrap();
    }
    let found = |min_x, max_x| {
        let rows = globe.query_bbox(Rect::new(min_x, 0.0, max_x, 20.0), 9).unwrap();
        sorted_ids(&rows).join(" ")
    };
    assert_eq!(found(170.0, 180.0), "before east west");
    assert_eq!(found(-180.0, -170.0), "after east west");
    assert_eq!(found(179.95, -179.95), "east west");
    assert_eq!(found(179.0, -179.0), "after before east west");
    assert_eq!(found(-170.0, 170.0), "");
    let near = globe.query_radius(Point::new(180.0, 10.0), 1.0, 9).unwrap();
    assert_eq!(ids(&near), ["east", "west"]);
    assert_eq!(near.distance(), [0.0, 0.0]);
}

#[test]
fn filters_take_prefix_time_age_and_altitude_together() {
    let clock = Arc::new(ManualClock::new(1_000_000_000));
    let db = Options::new().clock(Arc::clone(&clock) as Arc<dyn Clock>).memory().unwrap();
    let city = db.create_namespace("city", &NamespaceOptions::geographic()).unwrap();
    let put = |id: &str, z: f64, age_us: i64| {
        let with = Upsert::new().time_us(clock.now_us() - age_us);
        city.upsert_with(id, Point::new_3d(1.0, 1.0, z), &with).unwrap();
    };
    put("bus:1", 0.0, 0);
    put("bus:2", 50.0, 5_000_000);
    put("bus:3", 0.0, 5_000_001);
    put("tram:1", 0.0, 0);
    let found = |query: Query| sorted_ids(&city.query(&query).unwrap()).join(" ");
    let all = Query::everywhere;
    assert_eq!(found(all().id_prefix("bus:")), "bus:1 bus:2 bus:3");
    assert_eq!(found(all().id_prefix("")), "bus:1 bus:2 bus:3 tram:1");
    assert_eq!(found(all().max_age(Duration::from_secs(5))), "bus:1 bus:2 tram:1");
    assert_eq!(found(all().since(1_000_000_000)), "bus:1 tram:1");
    assert_eq!(found(all().altitude(0.0, 10.0)), "bus:1 bus:3 tram:1");
    let both = all().id_prefix("bus:").max_age(Duration::from_secs(5)).altitude(0.0, 10.0);
    assert_eq!(found(both), "bus:1");
    // A filter lets the nearest reach further, it does not cost them places.
    let two = Query::nearest(2, Point::new(1.0, 1.0)).id_prefix("bus:");
    assert_eq!(city.query(&two).unwrap().len(), 2);
    clock.advance(1);
    assert_eq!(found(all().max_age(Duration::from_secs(5))), "bus:1 tram:1", "age is by the clock");
}
