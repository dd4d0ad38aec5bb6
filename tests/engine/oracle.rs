//! The obvious answer to every question: a scan over all objects with the formulas as they stand
//! in the documentation.

use std::collections::BTreeMap;

use spatio::{Box3, Point, Polygon, Query, Rect, Space};

/// What the model knows of a live object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) position: Point,
    pub(crate) time_us: i64,
}

/// Live objects by id.
pub(crate) type Objects = BTreeMap<String, Known>;

/// A question in a form that both the engine and the scan understand.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    Circle(Point, f64),
    Sphere(Point, f64),
    Cylinder(Point, f64, f64, f64),
    Rect(Rect),
    Box3(Box3),
    Polygon(Polygon),
    Everywhere,
    Nearest(usize, Point),
    NearestWithin(usize, Point, f64),
    NearestTo(usize, String),
    Near(String, f64),
    OthersNear(String, f64),
    RectAround(String, f64, f64),
    Box3Around(String, f64, f64, f64),
}

impl Question {
    pub(crate) fn query(&self) -> Query {
        match self {
            Question::Circle(center, radius) => Query::circle(*center, *radius),
            Question::Sphere(center, radius) => Query::sphere(*center, *radius),
            Question::Cylinder(center, radius, min_z, max_z) => {
                Query::cylinder(*center, *radius, *min_z, *max_z)
            }
            Question::Rect(rect) => Query::rect(*rect),
            Question::Box3(box3) => Query::box3(*box3),
            Question::Polygon(polygon) => Query::polygon(polygon.clone()),
            Question::Everywhere => Query::everywhere(),
            Question::Nearest(k, center) => Query::nearest(*k, *center),
            Question::NearestWithin(k, center, within) => {
                Query::nearest(*k, *center).within(*within)
            }
            Question::NearestTo(k, id) => Query::nearest(*k, id.as_str()),
            Question::Near(id, radius) => Query::sphere(id.as_str(), *radius),
            Question::OthersNear(id, radius) => {
                Query::sphere(id.as_str(), *radius).exclude_origin()
            }
            Question::RectAround(id, width, height) => {
                Query::rect_around(id.as_str(), *width, *height)
            }
            Question::Box3Around(id, width, height, depth) => {
                Query::box3_around(id.as_str(), *width, *height, *depth)
            }
        }
    }

    /// The object it is laid around.
    pub(crate) fn object(&self) -> Option<&str> {
        match self {
            Question::NearestTo(_, id)
            | Question::Near(id, _)
            | Question::OthersNear(id, _)
            | Question::RectAround(id, ..)
            | Question::Box3Around(id, ..) => Some(id),
            _ => None,
        }
    }
}

fn in_rect(space: Space, rect: Rect, x: f64, y: f64) -> bool {
    let on_y = rect.min_y <= y && y <= rect.max_y;
    let between = |x: f64| match rect.min_x <= rect.max_x {
        true => rect.min_x <= x && x <= rect.max_x,
        false => x >= rect.min_x || x <= rect.max_x,
    };
    // Longitude 180 and -180 are one meridian.
    let twin = space == Space::Geographic && x.abs() == 180.0;
    on_y && (between(x) || (twin && between(-x)))
}

fn around(space: Space, center: Point, width: f64, height: f64) -> Rect {
    let (min_x, max_x) = (center.x - width / 2.0, center.x + width / 2.0);
    let (min_y, max_y) = (center.y - height / 2.0, center.y + height / 2.0);
    match space {
        Space::Cartesian => Rect::new(min_x, min_y, max_x, max_y),
        Space::Geographic if width >= 360.0 => Rect::new(-180.0, min_y, 180.0, max_y),
        Space::Geographic => {
            let west = if min_x < -180.0 { min_x + 360.0 } else { min_x };
            let east = if max_x > 180.0 { max_x - 360.0 } else { max_x };
            Rect::new(west, min_y, east, max_y)
        }
    }
}

/// The rows of the answer: id and distance where there is one, in order where there is one.
pub(crate) fn answer(
    space: Space,
    objects: &Objects,
    question: &Question,
) -> Vec<(String, Option<f64>)> {
    let center = question.object().map(|id| objects[id].position);
    let mut rows: Vec<(String, Option<f64>)> = objects
        .iter()
        .filter_map(|(id, known)| {
            distance(space, question, center, known.position).map(|row| (id.clone(), row))
        })
        .collect();
    if let Question::OthersNear(origin, _) = question {
        rows.retain(|(id, _)| id != origin);
    }
    rows.sort_by(|a, b| {
        let distances = a.1.unwrap_or(0.0).total_cmp(&b.1.unwrap_or(0.0));
        let is_origin = |row: &(String, Option<f64>)| question.object() == Some(&row.0);
        distances.then(is_origin(b).cmp(&is_origin(a))).then_with(|| a.0.cmp(&b.0))
    });
    if let Question::Nearest(k, _) | Question::NearestWithin(k, _, _) | Question::NearestTo(k, _) =
        question
    {
        rows.truncate(*k);
    }
    rows
}

/// `None` if `p` is no part of the answer, else its distance if the question has one.
fn distance(
    space: Space,
    question: &Question,
    center: Option<Point>,
    p: Point,
) -> Option<Option<f64>> {
    let within = |distance: f64, radius: f64| (distance <= radius).then_some(Some(distance));
    let origin = center.unwrap_or_default();
    match question {
        Question::Circle(center, radius) => within(space.distance_2d(*center, p), *radius),
        Question::Sphere(center, radius) => within(space.distance(*center, p), *radius),
        Question::Cylinder(center, radius, min_z, max_z) => {
            let is_between = *min_z <= p.z && p.z <= *max_z;
            within(space.distance_2d(*center, p), *radius).filter(|_| is_between)
        }
        Question::Rect(rect) => in_rect(space, *rect, p.x, p.y).then_some(None),
        Question::Box3(b) => {
            let is_between = b.min_z <= p.z && p.z <= b.max_z;
            (is_between && in_rect(space, b.ground(), p.x, p.y)).then_some(None)
        }
        Question::Polygon(polygon) => polygon.contains(p.x, p.y).then_some(None),
        Question::Everywhere => Some(None),
        Question::Nearest(_, center) => Some(Some(space.distance(*center, p))),
        Question::NearestWithin(_, center, most) => within(space.distance(*center, p), *most),
        Question::NearestTo(..) => Some(Some(space.distance(origin, p))),
        Question::Near(_, radius) | Question::OthersNear(_, radius) => {
            within(space.distance(origin, p), *radius)
        }
        Question::RectAround(_, width, height) => {
            in_rect(space, around(space, origin, *width, *height), p.x, p.y)
                .then(|| Some(space.distance_2d(origin, p)))
        }
        Question::Box3Around(_, width, height, depth) => {
            let is_between = origin.z - depth / 2.0 <= p.z && p.z <= origin.z + depth / 2.0;
            (is_between && in_rect(space, around(space, origin, *width, *height), p.x, p.y))
                .then(|| Some(space.distance(origin, p)))
        }
    }
}

/// Compares an answer of the engine with that of the scan.
pub(crate) fn compare(
    question: &Question,
    rows: &spatio::Rows,
    objects: &Objects,
    space: Space,
) -> Result<(), String> {
    let mut expected = answer(space, objects, question);
    let mut found: Vec<(String, Option<f64>)> =
        rows.iter().map(|row| (row.id.to_owned(), row.distance)).collect();
    if rows.distance().is_empty() {
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        found.sort_by(|a, b| a.0.cmp(&b.0));
    }
    for row in rows.iter() {
        let known = objects.get(row.id).ok_or(format!("{} is not live", row.id))?;
        if (row.position, row.time_us) != (known.position, known.time_us) {
            return Err(format!("{row:?} is not {known:?}"));
        }
    }
    match found == expected {
        true => Ok(()),
        false => Err(format!("{question:?}\n found    {found:?}\n expected {expected:?}")),
    }
}
