//! Reading the arguments of a step.
//!
//! Owns: how numbers, places and polygons stand in a case. Invariant: what is missing or of
//! another form is an error of the case, never a default.

use serde_json::Value;
use spatio::{Metric, Order, Point, Polygon, PolygonRings, Space};

pub(crate) type Found<T> = Result<T, String>;

/// A number, which may be written as a word or, if it is large, as a string.
pub(crate) fn number(value: &Value) -> Found<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(word) => match word.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            digits => digits.parse().ok(),
        },
        _ => None,
    }
    .ok_or_else(|| format!("{value} is no number"))
}

/// A whole number of 64 bits, with or without quotes.
pub(crate) fn whole(value: &Value) -> Found<i64> {
    let digits = value.as_str().map(str::parse);
    let found = digits.map_or(value.as_i64(), Result::ok);
    found.ok_or_else(|| format!("{value} is no whole number"))
}

pub(crate) fn text(value: &Value) -> Found<&str> {
    value.as_str().ok_or_else(|| format!("{value} is no text"))
}

pub(crate) fn list(value: &Value) -> Found<&[Value]> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("{value} is no list"))
}

/// A list whose elements are all of one form.
pub(crate) fn each<'v, T>(value: &'v Value, of: fn(&'v Value) -> Found<T>) -> Found<Vec<T>> {
    list(value)?.iter().map(of).collect()
}

/// The argument of that name, if it is there.
pub(crate) fn optional<'v, T>(
    args: &'v Value,
    name: &str,
    of: fn(&'v Value) -> Found<T>,
) -> Found<Option<T>> {
    args.get(name).map(of).transpose()
}

/// `limit`, without one there is none.
pub(crate) fn limit(args: &Value) -> Found<usize> {
    let limit = optional(args, "limit", whole)?;
    Ok(limit.map_or(usize::MAX, |limit| limit as usize))
}

/// A position of two or three numbers.
pub(crate) fn point(value: &Value) -> Found<Point> {
    match each(value, number)?[..] {
        [x, y] => Ok(Point::new(x, y)),
        [x, y, z] => Ok(Point::new_3d(x, y, z)),
        _ => Err(format!("{value} is no position")),
    }
}

fn pair(value: &Value) -> Found<(f64, f64)> {
    match each(value, number)?[..] {
        [x, y] => Ok((x, y)),
        _ => Err(format!("{value} is no pair")),
    }
}

/// The columns `x`, `y` and perhaps `z` as positions.
pub(crate) fn points(args: &Value) -> Found<Vec<Point>> {
    let (x, y) = (each(&args["x"], number)?, each(&args["y"], number)?);
    let z = args.get("z").map(|z| each(z, number)).transpose()?;
    let at = |row: usize| Point::new_3d(x[row], y[row], z.as_ref().map_or(0.0, |z| z[row]));
    Ok((0..x.len()).map(at).collect())
}

/// A polygon as GeoJSON nests it, made or refused.
pub(crate) fn polygon(value: &Value) -> Found<spatio::Result<Polygon>> {
    let parts: Vec<PolygonRings> = list(value)?
        .iter()
        .map(|part| {
            let mut rings =
                list(part)?.iter().map(|ring| each(ring, pair)).collect::<Found<Vec<_>>>()?;
            let border = rings.remove(0);
            Ok((border, rings))
        })
        .collect::<Found<_>>()?;
    Ok(Polygon::multi(parts))
}

pub(crate) fn space(value: &Value) -> Found<Space> {
    match text(value)? {
        "geographic" => Ok(Space::Geographic),
        "cartesian" => Ok(Space::Cartesian),
        other => Err(format!("space {other:?}")),
    }
}

pub(crate) fn metric(value: &Value) -> Found<Metric> {
    text(value)?.parse().map_err(|error| format!("{error}"))
}

pub(crate) fn order(value: &Value) -> Found<Order> {
    match text(value)? {
        "oldest_first" => Ok(Order::OldestFirst),
        "newest_first" => Ok(Order::NewestFirst),
        other => Err(format!("order {other:?}")),
    }
}
