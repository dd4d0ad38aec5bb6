//! Questions about the present: every kind of query, the calls with names of their own, and what
//! needs no namespace.

use std::time::Duration;

use serde_json::{Value, json};
use spatio::{
    Box3, Cancel, Error, Metric, Namespace, Origin, Pack, Point, Query, Rect, Rows, Space,
    geodesic_m,
};

use crate::answer::{self, number as show};
use crate::args::{
    Found, each, limit, metric, number, optional, point, polygon, space, text, whole,
};
use crate::stage::{Answer, Stage};

/// Polygons and distances of bare coordinates, if the step is about them.
pub(crate) fn shapes(_: &mut Stage, op: &str, args: &Value) -> Option<Answer> {
    Some(match op {
        "polygon" => polygon(&args["polygon"]).map(|made| made.map(|_| json!({}))),
        "polygon_contains" => polygon_contains(args),
        "distance" => distance(args),
        _ => return None,
    })
}

fn polygon_contains(args: &Value) -> Answer {
    let points = each(&args["points"], point)?;
    let polygon = polygon(&args["polygon"])?;
    Ok(polygon.map(|polygon| {
        let inside = points.iter().map(|point| polygon.contains(point.x, point.y));
        json!({"inside": inside.collect::<Vec<bool>>()})
    }))
}

fn distance(args: &Value) -> Answer {
    let (space, metric) = (space(&args["space"])?, metric(&args["metric"])?);
    let (from, to) = (point(&args["from"])?, point(&args["to"])?);
    let checked = [from, to].into_iter().try_for_each(|end| space.validate("distance", end));
    let measured = checked.and_then(|()| space.distance_by(metric, from, to));
    if let (Space::Geographic, Metric::Geodesic, Ok(_)) = (space, metric, &measured) {
        // The function of its own says the same where there is no altitude.
        let (a, b) = (Point::new(from.x, from.y), Point::new(to.x, to.y));
        let flat = space.distance_by(metric, a, b);
        if flat.ok() != Some(geodesic_m(a, b)) {
            return Err("geodesic_m and distance_by differ".to_owned());
        }
    }
    Ok(measured.map(|distance| json!({"distance": show(distance)})))
}

/// Plays a step if it is one of this room.
pub(crate) fn play(stage: &Stage, ns: &Namespace, op: &str, args: &Value) -> Option<Answer> {
    Some(match op {
        "query" => query(stage, ns, args),
        "query_run" => query_run(stage, ns, args),
        "query_radius" | "query_box" | "query_polygon" | "query_near" | "knn" => {
            named(stage, ns, op, args)
        }
        "convex_hull" => Ok(ns.convex_hull().map(|ring| {
            let ring: Vec<Value> = ring.iter().map(|&(x, y)| json!([show(x), show(y)])).collect();
            json!({"ring": ring})
        })),
        "bounds" => Ok(ns.bounding_box().map(|bounds| match bounds {
            None => json!({"empty": true}),
            Some(bounds) => json!({
                "empty": false,
                "min": answer::place(bounds.min),
                "max": answer::place(bounds.max),
            }),
        })),
        _ => return None,
    })
}

/// A query as a case writes it down, or the refusal of its polygon.
fn read(handle: impl Fn(&Value) -> Found<u64>, args: &Value) -> Found<spatio::Result<Query>> {
    let origin = || -> Found<Origin> {
        match args.get("around") {
            Some(around) => Ok(Origin::Handle(handle(around)?)),
            None => Ok(Origin::Point(point(&args["at"])?)),
        }
    };
    let radius = || number(&args["radius"]);
    let corners = || -> Found<_> { Ok((each(&args["min"], number)?, each(&args["max"], number)?)) };
    let size = || each(&args["size"], number);
    let made = match text(&args["kind"])? {
        "circle" => Query::circle(origin()?, radius()?),
        "sphere" => Query::sphere(origin()?, radius()?),
        "cylinder" => {
            let (low, high) = (number(&args["min_z"])?, number(&args["max_z"])?);
            Query::cylinder(origin()?, radius()?, low, high)
        }
        "nearest" => {
            let within = optional(args, "radius", number)?.unwrap_or(f64::INFINITY);
            Query::nearest(limit(args)?, origin()?).within(within)
        }
        "box" => {
            let (min, max) = corners()?;
            Query::rect(Rect::new(min[0], min[1], max[0], max[1]))
        }
        "box_3d" => {
            let (min, max) = corners()?;
            Query::box3(Box3::new((min[0], min[1], min[2]), (max[0], max[1], max[2])))
        }
        "box_around" => Query::rect_around(origin()?, size()?[0], size()?[1]),
        "box_3d_around" => Query::box3_around(origin()?, size()?[0], size()?[1], size()?[2]),
        "everywhere" => Query::everywhere(),
        "polygon" => match polygon(&args["polygon"])? {
            Ok(polygon) => Query::polygon(polygon),
            Err(error) => return Ok(Err(error)),
        },
        other => return Err(format!("kind {other:?}")),
    };
    filtered(made, args).map(Ok)
}

fn filtered(query: Query, args: &Value) -> Found<Query> {
    let mut query = query.limit(limit(args)?);
    if args["exclude_origin"] == json!(true) {
        query = query.exclude_origin();
    }
    if let Some(prefix) = optional(args, "id_prefix", text)? {
        query = query.id_prefix(prefix);
    }
    if let Some(since_us) = optional(args, "since_us", whole)? {
        query = query.since(since_us);
    }
    if let Some(age_us) = optional(args, "max_age_us", whole)? {
        query = query.max_age(Duration::from_micros(age_us.unsigned_abs()));
    }
    if let Some(altitudes) = optional(args, "altitude", |span| each(span, number))? {
        query = query.altitude(altitudes[0], altitudes[1]);
    }
    Ok(query)
}

/// Asks twice, into new rows and into used ones: both must say the same.
fn query(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    ask(ns, |value| stage.handle(ns, value), args)
}

/// Who answers queries.
pub(crate) trait Asked {
    fn query(&self, query: &Query) -> spatio::Result<Rows>;
    fn query_into(&self, query: &Query, rows: &mut Rows) -> spatio::Result<()>;
    fn query_unless(&self, cancel: &Cancel, query: &Query, rows: &mut Rows) -> spatio::Result<()>;
}

macro_rules! asked {
    ($($kind:ty),*) => {$(
        impl Asked for $kind {
            fn query(&self, query: &Query) -> spatio::Result<Rows> {
                self.query(query)
            }
            fn query_into(&self, query: &Query, rows: &mut Rows) -> spatio::Result<()> {
                self.query_into(query, rows)
            }
            fn query_unless(
                &self,
                cancel: &Cancel,
                query: &Query,
                rows: &mut Rows,
            ) -> spatio::Result<()> {
                self.query_unless(cancel, query, rows)
            }
        }
    )*};
}
asked!(Namespace, Pack);

/// Asks in each way that there is, and wants one answer.
pub(crate) fn ask(
    asked: &impl Asked,
    handle: impl Fn(&Value) -> Found<u64>,
    args: &Value,
) -> Answer {
    let query = match read(handle, args)? {
        Ok(query) => query,
        Err(error) => return Ok(Err(error)),
    };
    let mut used = Rows::new();
    if args["cancelled"] == json!(true) {
        let cancel = Cancel::new();
        cancel.fire();
        return Ok(asked.query_unless(&cancel, &query, &mut used).map(|()| answer::rows(&used)));
    }
    let fresh = asked.query(&query);
    let _ = asked.query(&Query::everywhere()).map(|rows| used = rows);
    let again = asked.query_into(&query, &mut used);
    let (fresh, again) =
        (fresh.map(|rows| answer::rows(&rows)), again.map(|()| answer::rows(&used)));
    match (&fresh, &again) {
        (Ok(a), Ok(b)) if a != b => Err(format!("new rows {a}, used rows {b}")),
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => Err(format!("only one of two: {error}")),
        _ => Ok(fresh),
    }
}

fn query_run(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let mut results = Vec::new();
    for (row, args) in crate::args::list(&args["queries"])?.iter().enumerate() {
        match query(stage, ns, args)? {
            Ok(rows) => results.push(rows),
            Err(error) => return Ok(Err(error.in_row(row))),
        }
    }
    // A closed database refuses even no question.
    let open: Result<usize, Error> = ns.count();
    Ok(open.map(|_| json!({"results": results})))
}

fn named(stage: &Stage, ns: &Namespace, op: &str, args: &Value) -> Answer {
    let limit = limit(args)?;
    let rows = match op {
        "query_radius" => ns.query_radius(point(&args["at"])?, number(&args["radius"])?, limit),
        "knn" => ns.knn(point(&args["at"])?, whole(&args["k"])? as usize),
        "query_box" => {
            let (min, max) = (each(&args["min"], number)?, each(&args["max"], number)?);
            ns.query_bbox(Rect::new(min[0], min[1], max[0], max[1]), limit)
        }
        "query_near" => {
            let origin = stage.handle(ns, &args["origin"])?;
            let near = |id: &str| ns.query_near(id, number(&args["radius"]).unwrap_or(-1.0), limit);
            match ns.id(origin) {
                Ok(id) => near(id),
                Err(error) => Err(error),
            }
        }
        _ => match polygon(&args["polygon"])? {
            Ok(polygon) => ns.query_polygon(&polygon, limit),
            Err(error) => Err(error),
        },
    };
    Ok(rows.map(|rows| answer::rows(&rows)))
}
