//! Guards every question about now against a linear scan: random objects and moves in both kinds
//! of space, at the antimeridian, around the poles, in heaps on one coordinate, and at scales from
//! 1e-9 to 1e9.

use crate::oracle::{Known, Objects, Question, compare};
use proptest::prelude::*;
use spatio::{Box3, Database, Namespace, NamespaceOptions, Point, Polygon, Rect, Space, Upsert};

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Upsert(usize, Point),
    Delete(usize),
    Ask(Ask),
}

/// A question whose object, if it has one, is still a number.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    kind: usize,
    a: Point,
    b: Point,
    c: Point,
    size: f64,
    pub(crate) k: usize,
    object: usize,
}

pub(crate) fn geographic_point() -> impl Strategy<Value = Point> {
    let lon = prop_oneof![
        3 => 10.0..10.2f64,
        2 => prop_oneof![179.9..=180.0f64, -180.0..=-179.9f64],
        2 => -180.0..=180.0f64,
        1 => (-4i32..=4).prop_map(|step| f64::from(step) * 45.0),
    ];
    let lat = prop_oneof![
        3 => 50.0..50.2f64,
        2 => prop_oneof![89.9..=90.0f64, -90.0..=-89.9f64],
        2 => -90.0..=90.0f64,
        1 => (-2i32..=2).prop_map(|step| f64::from(step) * 45.0),
    ];
    let alt = prop_oneof![2 => Just(0.0), 1 => -100.0..12_000.0f64];
    (lon, lat, alt).prop_map(|(x, y, z)| Point::new_3d(x, y, z))
}

pub(crate) fn cartesian_point() -> impl Strategy<Value = Point> {
    let number = || {
        prop_oneof![
            3 => -10.0..10.0f64,
            2 => (-2i32..=2).prop_map(f64::from),
            1 => -1e9..1e9f64,
            1 => -1e-9..1e-9f64,
        ]
    };
    let z = prop_oneof![2 => Just(0.0), 1 => number()];
    (number(), number(), z).prop_map(|(x, y, z)| Point::new_3d(x, y, z))
}

pub(crate) fn op(
    point: impl Strategy<Value = Point> + Clone + 'static,
    sizes: Vec<f64>,
) -> impl Strategy<Value = Op> {
    let scaled = (prop::sample::select(sizes), 0.0..1.0f64).prop_map(|(size, part)| size * part);
    let ask = (
        (0..14usize, point.clone(), point.clone(), point.clone()),
        (prop_oneof![9 => scaled, 1 => Just(0.0)], 0..12usize, 0..200usize),
    )
        .prop_map(|((kind, a, b, c), (size, k, object))| Ask {
            kind,
            a,
            b,
            c,
            size,
            k,
            object,
        });
    prop_oneof![
        6 => (0..200usize, point).prop_map(|(object, point)| Op::Upsert(object, point)),
        1 => (0..200usize).prop_map(Op::Delete),
        2 => ask.prop_map(Op::Ask),
    ]
}

fn sorted(a: f64, b: f64) -> (f64, f64) {
    (a.min(b), a.max(b))
}

/// Gives an asked question its shape; `None` where the shape cannot be.
pub(crate) fn question(ask: &Ask, space: Space, live: &Objects) -> Option<Question> {
    let Ask { kind, a, b, c, size, k, .. } = ask.clone();
    let (min_y, max_y) = sorted(a.y, b.y);
    let (min_z, max_z) = sorted(a.z, b.z);
    let (min_x, max_x) = match space {
        // West of east is a box over the antimeridian.
        Space::Geographic => (a.x, b.x),
        Space::Cartesian => sorted(a.x, b.x),
    };
    let object = || live.keys().nth(ask.object % live.len().max(1)).cloned();
    let degrees = if space == Space::Geographic { size / 50_000.0 } else { size };
    Some(match kind {
        0 => Question::Circle(a, size),
        1 => Question::Sphere(a, size),
        2 => Question::Cylinder(a, size, min_z, max_z),
        3 => Question::Rect(Rect::new(min_x, min_y, max_x, max_y)),
        4 => Question::Box3(Box3::new((min_x, min_y, min_z), (max_x, max_y, max_z))),
        5 => {
            let ring = vec![(a.x, a.y), (b.x, b.y), (c.x, c.y)];
            Question::Polygon(Polygon::new(ring, vec![]).ok()?)
        }
        6 => Question::Everywhere,
        7 => Question::Nearest(k, a),
        8 => Question::NearestWithin(k, a, size),
        9 => Question::NearestTo(k, object()?),
        10 => Question::Near(object()?, size),
        11 => Question::OthersNear(object()?, size),
        12 => Question::RectAround(object()?, degrees, degrees / 2.0),
        _ => Question::Box3Around(object()?, degrees, degrees * 2.0, size),
    })
}

fn run(space: Space, ops: Vec<Op>) -> Result<(), TestCaseError> {
    let db = Database::memory();
    let options = match space {
        Space::Geographic => NamespaceOptions::geographic(),
        Space::Cartesian => NamespaceOptions::cartesian(),
    };
    let namespace = db.create_namespace("n", &options).unwrap();
    let mut objects = Objects::new();
    for (step, op) in ops.into_iter().enumerate() {
        apply(&namespace, &mut objects, step as i64, op)?;
        prop_assert_eq!(namespace.len(), objects.len());
    }
    for (id, known) in &objects {
        let object = namespace.get(id).unwrap().expect("a live object is found");
        prop_assert_eq!((object.position, object.time_us), (known.position, known.time_us));
    }
    Ok(())
}

fn apply(
    namespace: &Namespace,
    objects: &mut Objects,
    time_us: i64,
    op: Op,
) -> Result<(), TestCaseError> {
    match op {
        Op::Upsert(object, position) => {
            let id = format!("{}:{object}", if object % 3 == 0 { "bus" } else { "tram" });
            let with = Upsert::new().time_us(time_us);
            namespace.upsert_with(&id, position, &with).unwrap();
            objects.insert(id, Known { position, time_us });
        }
        Op::Delete(object) => {
            let id = format!("{}:{object}", if object % 3 == 0 { "bus" } else { "tram" });
            let deleted = namespace.delete(&id).unwrap();
            prop_assert_eq!(deleted, objects.remove(&id).is_some());
        }
        Op::Ask(ask) => {
            if let Some(question) = question(&ask, namespace.space(), objects) {
                let rows = namespace.query(&question.query()).unwrap();
                compare(&question, &rows, objects, namespace.space())
                    .map_err(TestCaseError::fail)?;
                limited(namespace, objects, &question, ask.k)?;
            }
        }
    }
    Ok(())
}

/// The same question with a limit, and with filters.
fn limited(
    namespace: &Namespace,
    objects: &Objects,
    question: &Question,
    limit: usize,
) -> Result<(), TestCaseError> {
    let expected = crate::oracle::answer(namespace.space(), objects, question);
    let asked = match question {
        Question::Nearest(k, _) | Question::NearestWithin(k, ..) | Question::NearestTo(k, _) => {
            question.query().limit(limit.min(*k))
        }
        _ => question.query().limit(limit),
    };
    let rows = namespace.query(&asked).unwrap();
    prop_assert_eq!(rows.len(), expected.len().min(limit));
    if !rows.distance().is_empty() {
        let ids: Vec<&str> = rows.iter().map(|row| row.id).collect();
        let first: Vec<&str> = expected.iter().map(|row| row.0.as_str()).take(limit).collect();
        prop_assert_eq!(ids, first);
    }
    // A filter that leaves rows out would let the k nearest reach further; the shapes do not.
    if !matches!(
        question,
        Question::Nearest(..) | Question::NearestWithin(..) | Question::NearestTo(..)
    ) {
        let since = objects.values().map(|known| known.time_us).max().unwrap_or(0) / 2;
        let query = question.query().id_prefix("bus:").since(since).altitude(-5.0, 100.0);
        let mut found: Vec<String> =
            namespace.query(&query).unwrap().iter().map(|row| row.id.to_owned()).collect();
        found.sort();
        let mut wanted: Vec<String> = expected.into_iter().map(|row| row.0).collect();
        wanted.retain(|id| {
            let Known { position, time_us } = objects[id];
            id.starts_with("bus:") && time_us >= since && (-5.0..=100.0).contains(&position.z)
        });
        wanted.sort();
        prop_assert_eq!(found, wanted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn on_the_globe_every_answer_equals_a_scan(ops in proptest::collection::vec(
        op(geographic_point().boxed(), vec![10.0, 5_000.0, 300_000.0, 2e7]), 1..800,
    )) {
        run(Space::Geographic, ops)?;
    }

    #[test]
    fn in_the_plane_every_answer_equals_a_scan(ops in proptest::collection::vec(
        op(cartesian_point().boxed(), vec![1e-9, 1.0, 20.0, 2e9]), 1..800,
    )) {
        run(Space::Cartesian, ops)?;
    }
}

#[test]
fn a_heap_on_one_coordinate_is_told_in_the_order_of_ids() {
    let db = Database::memory();
    let heap = db.create_namespace("heap", &NamespaceOptions::cartesian()).unwrap();
    for n in (0..3_000).rev() {
        heap.upsert(&format!("id {n:04}"), Point::new(1.0, 1.0), None).unwrap();
    }
    heap.upsert("id 0500 beside", Point::new(1.0, 1.5), None).unwrap();
    let ids = |rows: &spatio::Rows| rows.iter().map(|row| row.id.to_owned()).collect::<Vec<_>>();
    let first: Vec<String> = (0..5).map(|n| format!("id {n:04}")).collect();
    assert_eq!(ids(&heap.knn(Point::new(1.0, 1.1), 5).unwrap()), first);
    assert_eq!(ids(&heap.query_radius(Point::new(1.0, 1.0), 0.4, 5).unwrap()), first);
    let near = heap.knn_near_object("id 0777", 3).unwrap();
    assert_eq!(ids(&near), ["id 0777", "id 0000", "id 0001"]);
    assert_eq!(heap.query_radius(Point::new(1.0, 1.0), 1.0, 9_999).unwrap().len(), 3_001);
}
