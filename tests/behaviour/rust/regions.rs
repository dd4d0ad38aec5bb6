//! What else an index is asked: regions of any shape, nearness, estimates, triangles.
//!
//! Owns: these steps. Invariants: ids that an answer has in no order are sorted.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Value, json};
use spatio::packed::{
    Ball, BoxN, Capsule, ClosestPair, Cone, ConvexPolygon, Frustum, HalfSpace, Index, Items,
    Metadata, Payloads, PolygonRegion, Precision, Region, Triangle, WriteOptions, put_triangle,
    write_index,
};
use spatio::{Error, ErrorKind};

use crate::answer::number as show;
use crate::args::{Found, each, number, optional, polygon, text, whole};
use crate::indexes::{Refusable, boxes, each_row, of_other_axes, points, ray, sorted, trees};
use crate::stage::{Answer, Stage};

/// A region of a case, with as many axes as its numbers, or with any.
enum Shape {
    Of(Box<dyn Any>),
    Convex(ConvexPolygon),
    Polygon(PolygonRegion),
}

type Shared<const D: usize> = Arc<dyn Region<D> + Send + Sync>;

fn coordinates(region: &Value, name: &str) -> Found<Vec<f64>> {
    each(&region[name], number)
}

/// So many numbers as an array.
fn array<const D: usize>(numbers: &[f64]) -> Found<[f64; D]> {
    numbers.try_into().map_err(|_| format!("{numbers:?} are not {D} numbers"))
}

fn plane(value: &Value) -> Found<Refusable<HalfSpace<3>>> {
    let [x, y, z, offset] = array(&each(value, number)?)?;
    Ok(HalfSpace::new([x, y, z], offset))
}

fn row(value: &Value) -> Found<[f64; 4]> {
    array(&each(value, number)?)
}

fn shared<const D: usize, R: Region<D> + Send + Sync + 'static>(region: R) -> Shared<D> {
    Arc::new(region)
}

/// A region with so many axes.
fn of_axes<const D: usize>(region: &Value) -> Found<Refusable<Shared<D>>> {
    let at = |name| array::<D>(&coordinates(region, name)?);
    let size = |name: &str| number(&region[name]);
    Ok(match text(&region["shape"])? {
        "ball" => Ball::new(at("centre")?, size("radius")?).map(shared),
        "capsule" => Capsule::new(at("from")?, at("to")?, size("radius")?).map(shared),
        "cone" => {
            let (apex, along) = (at("apex")?, at("direction")?);
            Cone::new(apex, along, size("half_angle_rad")?, size("length")?).map(shared)
        }
        _ => HalfSpace::new(at("normal")?, size("offset")?).map(shared),
    })
}

fn any<const D: usize>(region: &Value) -> Found<Refusable<Shape>> {
    Ok(of_axes::<D>(region)?.map(|made| Shape::Of(Box::new(made))))
}

fn seen(made: Refusable<Frustum>) -> Refusable<Shape> {
    made.map(|made| Shape::Of(Box::new(shared::<3, _>(made))))
}

fn shape(region: &Value) -> Found<Refusable<Shape>> {
    let kind = text(&region["shape"])?;
    Ok(match kind {
        "convex" => {
            let points = points::<2>(&region["points"])?;
            let points: Vec<(f64, f64)> = points.into_iter().map(Into::into).collect();
            ConvexPolygon::new(&points).map(Shape::Convex)
        }
        "polygon" => {
            polygon(&region["polygon"])?.map(|polygon| Shape::Polygon(PolygonRegion::new(&polygon)))
        }
        "frustum" => {
            let planes: Refusable<Vec<_>> = each(&region["planes"], plane)?.into_iter().collect();
            seen(planes.map(|planes| Frustum::new(planes.try_into().expect("six planes"))))
        }
        "view_projection" => {
            let matrix: [[f64; 4]; 4] =
                each(&region["matrix"], row)?.try_into().map_err(|_| "four rows".to_owned())?;
            let from_zero = region["depth_from_zero"] == json!(true);
            seen(Frustum::from_view_projection(&matrix, from_zero))
        }
        _ => {
            let first = match kind {
                "ball" => "centre",
                "capsule" => "from",
                "cone" => "apex",
                _ => "normal",
            };
            return match coordinates(region, first)?.len() {
                2 => any::<2>(region),
                3 => any::<3>(region),
                _ => any::<4>(region),
            };
        }
    })
}

/// A region of a case that has as many axes, for who keeps it.
pub(crate) fn region_of<const D: usize>(region: &Value) -> Found<Refusable<Shared<D>>> {
    Ok(shape(region)?.and_then(|shape| match shape {
        Shape::Convex(convex) => Ok(shared(convex)),
        Shape::Polygon(polygon) => Ok(shared(polygon)),
        // The compiler refuses one of other axes.
        Shape::Of(of) => of.downcast::<Shared<D>>().map(|of| *of).map_err(|_| of_other_axes()),
    }))
}

fn asked<const D: usize>(index: &Index<D>, region: &impl Region<D>) -> Refusable<Value> {
    let ids = sorted(index.search_region(region)?);
    let (count, any) = (index.count_region(region)?, index.search_region_any(region)?);
    Ok(json!({"ids": [ids], "counts": [count], "any": [any]}))
}

fn search<const D: usize>(index: &Index<D>, args: &Value) -> Answer {
    Ok(region_of(&args["region"])?.and_then(|region| asked(index, &region)))
}

fn other<'s, const D: usize>(
    stage: &'s Stage,
    args: &Value,
) -> Found<Option<Refusable<&'s Index<D>>>> {
    let Some(name) = optional(args, "other", text)? else { return Ok(None) };
    let other = stage.indexes.get(name).ok_or_else(|| format!("no index {name:?}"))?;
    let other: &dyn Any = &**other;
    Ok(Some(other.downcast_ref::<Index<D>>().ok_or_else(of_other_axes)))
}

fn told(pair: Option<ClosestPair>) -> Value {
    let ids = pair.map(|pair| [pair.first, pair.second]);
    json!({"pair": ids, "distance": pair.map(|pair| show(pair.distance))})
}

fn near<const D: usize>(index: &Index<D>, stage: &Stage, op: &str, args: &Value) -> Answer {
    let other = other::<D>(stage, args)?;
    let far = optional(args, "max_distance", number)?.unwrap_or(0.0);
    Ok(match op {
        "index_anti_join" => other
            .ok_or("another index")?
            .and_then(|other| index.anti_join_within(other, far))
            .map(|ids| json!({"ids": [sorted(ids)]})),
        "index_components" => {
            index.pairs_within_components(far).map(|labels| json!({"labels": labels}))
        }
        _ => match other {
            None => index.closest_pair().map(told),
            Some(other) => other.and_then(|other| index.closest_pair_to(other)).map(told),
        },
    })
}

fn estimate<const D: usize>(index: &Index<D>, args: &Value) -> Answer {
    let level = whole(&args["stop_level"])? as u32;
    let windows: Vec<BoxN<D>> = boxes(args)?;
    let found = each_row(&windows, |_, window| index.estimate_count(window, level));
    Ok(found.map(|found| {
        let lower: Vec<_> = found.iter().map(|found| found.lower).collect();
        let upper: Vec<_> = found.iter().map(|found| found.upper).collect();
        let guesses: Vec<_> = found.iter().map(|found| show(found.estimate)).collect();
        json!({"lower": lower, "upper": upper, "estimates": guesses})
    }))
}

/// What an index answers to the steps of this file; nothing to others.
pub(crate) fn ask<const D: usize>(
    index: &Index<D>,
    stage: &Stage,
    op: &str,
    args: &Value,
) -> Option<Answer> {
    Some(match op {
        "index_region" => search(index, args),
        "index_anti_join" | "index_components" | "index_closest_pair" => {
            near(index, stage, op, args)
        }
        "index_estimate" => estimate(index, args),
        "index_raycast_triangles" => triangles(index, args),
        _ => return None,
    })
}

fn triangles<const D: usize>(index: &Index<D>, args: &Value) -> Answer {
    let rows: Vec<usize> = (0..points::<D>(&args["origin"])?.len()).collect();
    let any: &dyn Any = index;
    let found = if let Some(index) = any.downcast_ref::<Index<2>>() {
        each_row(&rows, |row, _| index.raycast_triangles(&ray(args, row)?))
    } else if let Some(index) = any.downcast_ref::<Index<3>>() {
        each_row(&rows, |row, _| index.raycast_triangles(&ray(args, row)?))
    } else {
        // The compiler refuses this one.
        Err(Error::new(ErrorKind::Unsupported, "raycast", "four axes have no triangles"))
    };
    Ok(found.map(|found| {
        let ids: Vec<_> = found.iter().map(|hit| hit.map(|hit| hit.id)).collect();
        let far: Vec<_> = found.iter().map(|hit| hit.map(|hit| show(hit.t))).collect();
        json!({"ids": ids, "distances": far})
    }))
}

/// The bytes of an index of the triangles of a step.
pub(crate) fn build_triangles(args: &Value, metadata: Metadata<'_>) -> Found<Refusable<Vec<u8>>> {
    match whole(&args["dims"])? {
        2 => of_triangles::<2>(args, metadata),
        3 => of_triangles::<3>(args, metadata),
        other => Err(format!("triangles of {other} axes")),
    }
}

fn of_triangles<const D: usize>(args: &Value, metadata: Metadata<'_>) -> Found<Refusable<Vec<u8>>> {
    let corners = points::<D>(&args["corners"])?;
    let triangles: Vec<Triangle<D>> = corners
        .chunks(3)
        .map(|three| Triangle { corners: [three[0], three[1], three[2]] })
        .collect();
    let options = WriteOptions { trees: trees(args)?, ..WriteOptions::default() };
    let boxes = each_row(&triangles, |_, triangle| triangle.bounds());
    Ok(boxes.and_then(|boxes| {
        let mut records = Vec::new();
        triangles.iter().for_each(|t| put_triangle(t, Precision::Double, &mut records));
        let payloads = Some(Payloads::Records { stride: 24 * D as u32, bytes: &records });
        let mut bytes = Vec::new();
        write_index(&Items { payloads, metadata, ..Items::new(&boxes) }, options, &mut bytes)?;
        Ok(bytes)
    }))
}
