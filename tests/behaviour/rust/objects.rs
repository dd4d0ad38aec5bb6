//! Writing and reading single objects and batches of them, ids and handles.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use spatio::{BatchOutcome, Columns, Moves, Namespace, Outcome, Point, Upsert};

use crate::answer::{self, whole as show};
use crate::args::{Found, each, list, number, optional, point, points, text, whole};
use crate::stage::{Answer, Stage, ttl};

/// Plays a step if it is one of this room.
pub(crate) fn play(stage: &Stage, ns: &Namespace, op: &str, args: &Value) -> Option<Answer> {
    Some(match op {
        "upsert" => upsert(ns, args),
        "move" => move_one(stage, ns, args),
        "move_batch" => move_batch(stage, ns, args),
        "upsert_batch" => upsert_batch(ns, args),
        "insert_trajectory" => insert_trajectory(ns, args),
        "delete" => text(&args["id"]).map(|id| Ok(json!({"deleted": ns.delete(id)?}))),
        "delete_batch" => delete_batch(stage, ns, args),
        "get" => text(&args["id"]).map(|id| ns.get(id).map(answer::object)),
        "get_by_handle" | "get_payload" => stage
            .handle(ns, &args["handle"])
            .map(|handle| ns.get_handle(handle).map(answer::object)),
        "get_batch" => get_batch(stage, ns, args),
        "intern" => text(&args["id"]).map(|id| Ok(json!({"handle": ns.intern(id)?}))),
        "intern_batch" => intern_batch(ns, args),
        "find_handle" => text(&args["id"]).map(|id| {
            let found = ns.handle(id)?;
            Ok(json!({"found": found.is_some(), "handle": found}))
        }),
        "id" => stage.handle(ns, &args["handle"]).map(|handle| Ok(json!({"id": ns.id(handle)?}))),
        "ids" => stage.handles(ns, &args["handles"]).map(|handles| {
            let ids = handles
                .iter()
                .enumerate()
                .map(|(row, &handle)| ns.id(handle).map_err(|error| error.in_row(row)));
            Ok(json!({"ids": ids.collect::<spatio::Result<Vec<_>>>()?}))
        }),
        "settings" => Ok(ns.settings().map(settings)),
        "count" => Ok(ns.count().map(|objects| json!({"objects": objects}))),
        _ => return None,
    })
}

fn settings(settings: spatio::NamespaceSettings) -> Value {
    let space = match settings.space {
        spatio::Space::Geographic => "geographic",
        spatio::Space::Cartesian => "cartesian",
    };
    let ttl_us = show(settings.ttl_us.unwrap_or(0));
    json!({"space": space, "ttl_us": ttl_us, "history": settings.history})
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "CREATED",
        Outcome::Moved => "MOVED",
        Outcome::Late => "LATE",
    }
}

fn upsert(ns: &Namespace, args: &Value) -> Answer {
    let payload = match optional(args, "payload_bytes", whole)? {
        Some(bytes) => Some("x".repeat(bytes as usize)),
        None => optional(args, "payload", text)?.map(str::to_owned),
    };
    let mut with = Upsert::new();
    if let Some(time_us) = optional(args, "time_us", whole)? {
        with = with.time_us(time_us);
    }
    if let Some(payload) = &payload {
        with = with.payload(payload.as_bytes());
    }
    if let Some(ttl) = ttl(args)? {
        with = with.ttl(ttl);
    }
    let written = ns.upsert_with(text(&args["id"])?, point(&args["at"])?, &with);
    Ok(written.map(|w| json!({"outcome": outcome(w.outcome), "handle": w.handle})))
}

fn move_one(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let handle = stage.handle(ns, &args["handle"])?;
    let mut with = Upsert::new();
    if let Some(time_us) = optional(args, "time_us", whole)? {
        with = with.time_us(time_us);
    }
    let written = ns.upsert_handle(handle, point(&args["at"])?, &with);
    Ok(written.map(|w| json!({"late": w.outcome == Outcome::Late})))
}

fn told(outcome: BatchOutcome) -> Value {
    json!({"applied": outcome.applied, "late": outcome.late})
}

fn move_batch(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let handles = stage.handles(ns, &args["handles"])?;
    let (x, y) = (each(&args["x"], number)?, each(&args["y"], number)?);
    let z = optional(args, "z", |z| each(z, number))?;
    let time_us = optional(args, "time_us", |times| each(times, whole))?;
    let moves =
        Moves { handles: &handles, x: &x, y: &y, z: z.as_deref(), time_us: time_us.as_deref() };
    Ok(ns.upsert_columns(&moves).map(told))
}

fn upsert_batch(ns: &Namespace, args: &Value) -> Answer {
    let ids = each(&args["ids"], text)?;
    let places = points(args)?;
    let times = optional(args, "time_us", |times| each(times, whole))?;
    let payloads = optional(args, "payloads", list)?;
    let ttls = optional(args, "ttl_us", |ttls| each(ttls, whole))?;
    let mut rows = Vec::new();
    for (row, (&id, &at)) in ids.iter().zip(&places).enumerate() {
        let mut with = Upsert::new();
        if let Some(times) = &times {
            with = with.time_us(times[row]);
        }
        if let Some(payload) = payloads.and_then(|payloads| payloads[row].as_str()) {
            with = with.payload(payload.as_bytes());
        }
        if let Some(&ttl_us) = ttls.as_ref().map(|ttls| &ttls[row]).filter(|&&ttl_us| ttl_us > 0) {
            with = with.ttl(Duration::from_micros(ttl_us.unsigned_abs()));
        }
        rows.push((id, at, with));
    }
    Ok(ns.upsert_batch(&rows).map(told))
}

fn insert_trajectory(ns: &Namespace, args: &Value) -> Answer {
    let times = each(&args["time_us"], whole)?;
    let points: Vec<(i64, Point)> = times.into_iter().zip(points(args)?).collect();
    let inserted = ns.insert_trajectory(text(&args["id"])?, &points);
    Ok(inserted.map(|inserted| json!({"inserted": inserted})))
}

fn delete_batch(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let handles = stage.handles(ns, &args["handles"])?;
    let mut deleted = 0;
    for (row, handle) in handles.into_iter().enumerate() {
        match ns.delete_handle(handle) {
            Ok(was_here) => deleted += usize::from(was_here),
            Err(error) => return Ok(Err(error.in_row(row))),
        }
    }
    Ok(Ok(json!({"deleted": deleted})))
}

fn get_batch(stage: &Stage, ns: &Namespace, args: &Value) -> Answer {
    let handles = stage.handles(ns, &args["handles"])?;
    let mut columns = Columns::new();
    Ok(ns.get_columns(&handles, &mut columns).map(|()| {
        let numbers = |column: &[f64]| column.iter().copied().map(answer::number).collect();
        let (x, y, z): (Value, Value, Value) =
            (numbers(&columns.x), numbers(&columns.y), numbers(&columns.z));
        let times: Vec<Value> = columns.time_us.iter().copied().map(show).collect();
        json!({"found": columns.found, "x": x, "y": y, "z": z, "time_us": times})
    }))
}

/// Ids one after the other, as many languages will have it.
fn intern_batch(ns: &Namespace, args: &Value) -> Answer {
    let ids: Found<Vec<&str>> = each(&args["ids"], text);
    let handles = ids?
        .into_iter()
        .enumerate()
        .map(|(row, id)| ns.intern(id).map_err(|error| error.in_row(row)));
    let handles: spatio::Result<BTreeSet<u64>> = handles.collect();
    Ok(handles.map(|handles| json!({"distinct": handles.len()})))
}
