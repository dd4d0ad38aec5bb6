//! Questions about the past, and distances between objects.

use serde_json::{Value, json};
use spatio::{Interpolation, Interval, Namespace};

use crate::answer::{number, place, whole as show};
use crate::args::{limit, metric, order, point, text, whole};
use crate::stage::{Answer, Stage};

/// Plays a step if it is one of this room.
pub(crate) fn play(stage: &Stage, ns: &Namespace, op: &str, args: &Value) -> Option<Answer> {
    Some(match op {
        "trajectory" => trajectory(stage, ns, args),
        "positions_at" => positions_at(stage, ns, args),
        "distance_between" => distance_between(stage, ns, args),
        "distance_to" => distance_to(stage, ns, args),
        _ => return None,
    })
}

fn trajectory(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let interval = Interval::new(whole(&args["start_us"])?, whole(&args["end_us"])?);
    let (order, limit) = (order(&args["order"])?, limit(args)?);
    let track = |(row, handle): (usize, u64)| {
        let track = ns.trajectory_by_handle(handle, interval, order, limit);
        let track = track.map_err(|error| error.in_row(row))?;
        let points = track
            .iter()
            .map(|(time_us, at)| json!([show(time_us), number(at.x), number(at.y), number(at.z)]));
        Ok(points.collect::<Vec<_>>())
    };
    let handles = stage.handles(ns, &args["handles"])?;
    let tracks = handles.into_iter().enumerate().map(track);
    Ok(tracks.collect::<spatio::Result<Vec<_>>>().map(|tracks| json!({"tracks": tracks})))
}

fn positions_at(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let how = match text(&args["interpolation"])? {
        "linear" => Interpolation::Linear,
        "last" => Interpolation::Last,
        other => return Err(format!("interpolation {other:?}")),
    };
    let time_us = whole(&args["time_us"])?;
    let position = |(row, handle): (usize, u64)| {
        let found = ns.position_at_by_handle(handle, time_us, how);
        Ok(found.map_err(|error| error.in_row(row))?.map(place))
    };
    let handles = stage.handles(ns, &args["handles"])?;
    let found = handles.into_iter().enumerate().map(position);
    Ok(found.collect::<spatio::Result<Vec<_>>>().map(|found| json!({"positions": found})))
}

fn distance_between(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let metric = metric(&args["metric"])?;
    let (a, b) = (stage.handles(ns, &args["a"])?, stage.handles(ns, &args["b"])?);
    let measure = |(row, (a, b)): (usize, (u64, u64))| {
        let distance = || ns.distance_between(ns.id(a)?, ns.id(b)?, metric);
        distance().map(|distance| distance.map(number)).map_err(|error| error.in_row(row))
    };
    let found = a.into_iter().zip(b).enumerate().map(measure);
    Ok(found.collect::<spatio::Result<Vec<_>>>().map(|found| json!({"distances": found})))
}

fn distance_to(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let (metric, at) = (metric(&args["metric"])?, point(&args["at"])?);
    let handles = stage.handles(ns, &args["handles"])?;
    let measure = |(row, handle): (usize, u64)| {
        let distance = || ns.distance_to(ns.id(handle)?, at, metric);
        distance().map(|distance| distance.map(number)).map_err(|error| error.in_row(row))
    };
    let found = handles.into_iter().enumerate().map(measure);
    let found = found.collect::<spatio::Result<Vec<_>>>();
    Ok(found.map(|found| json!({"distances": found})))
}
