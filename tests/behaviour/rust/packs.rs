//! Packs and fences: frozen, built, written, opened, and asked.
//!
//! Owns: the steps of both. Invariants: the answers of a pack are put into words as those of a
//! namespace are; what an answer says in handles, the ids agree with.

use std::sync::Arc;

use serde_json::{Value, json};
use spatio::{
    Error, Fence, Fences, FoundFence, FreezeOptions, Frozen, Namespace, Pack, Point, Polygon, Rect,
    Space,
};

use crate::answer;
use crate::args::{Found, each, list, optional, point, polygon, space, text, whole};
use crate::indexes::{read, trees};
use crate::queries;
use crate::stage::{Answer, Stage};

fn options(args: &Value) -> Found<FreezeOptions> {
    let threads = optional(args, "threads", whole)?.unwrap_or(1) as usize;
    Ok(FreezeOptions::new().trees(trees(args)?).threads(threads))
}

fn written(frozen: Frozen) -> Value {
    json!({"objects": frozen.items, "bytes": frozen.bytes})
}

/// Freezes a namespace, if that is the step.
pub(crate) fn freeze(stage: &Stage, ns: &Namespace, op: &str, args: &Value) -> Option<Answer> {
    let frozen = || Ok(ns.freeze_with(stage.path(&args["path"])?, options(args)?).map(written));
    (op == "freeze").then(frozen)
}

/// The bytes of a file of the case, as a program has them that fetched them.
fn bytes(stage: &Stage, args: &Value) -> Found<Arc<Vec<u8>>> {
    read(&stage.path(&args["path"])?).map(Arc::new).map_err(|error| error.to_string())
}

fn name_or<'a>(args: &'a Value, key: &str, otherwise: &'a str) -> &'a str {
    args[key].as_str().unwrap_or(otherwise)
}

fn words_of(space: Space) -> &'static str {
    match space {
        Space::Geographic => "geographic",
        Space::Cartesian => "cartesian",
    }
}

fn lossy(payload: Option<&[u8]>) -> Option<String> {
    payload.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// Plays a step of a pack.
pub(crate) fn play(stage: &mut Stage, op: &str, args: &Value) -> Answer {
    let opened = match op {
        "pack_open" => Pack::open(stage.path(&args["path"])?),
        "pack_open_bytes" => Pack::from_bytes(bytes(stage, args)?),
        "pack_close" => {
            let gone = stage.packs.remove(name_or(args, "pack", "pack"));
            return gone.map(|_| Ok(json!({}))).ok_or_else(|| "no such pack".to_owned());
        }
        _ => {
            let pack = stage.packs.get(name_or(args, "pack", "pack"));
            return ask(pack.ok_or("no such pack")?, op, args);
        }
    };
    Ok(opened.map(|pack| {
        stage.packs.insert(name_or(args, "as", "pack").to_owned(), pack);
        json!({})
    }))
}

/// The handle that a case means: `#number`, or the id of an object.
fn handle_of(value: &Value, find: impl Fn(&str) -> spatio::Result<Option<u64>>) -> Found<u64> {
    let word = text(value)?;
    if let Some(digits) = word.strip_prefix('#') {
        return digits.parse().map_err(|_| format!("{digits} is no handle"));
    }
    match find(word) {
        Ok(Some(handle)) => Ok(handle),
        other => Err(format!("{word:?} has no handle: {other:?}")),
    }
}

fn ask(pack: &Pack, op: &str, args: &Value) -> Answer {
    let handle = |value: &Value| {
        handle_of(value, |id| pack.get(id).map(|found| found.map(|object| object.handle)))
    };
    Ok(match op {
        "pack_info" => Ok(json!({
            "space": words_of(pack.space()),
            "objects": pack.count(),
            "bytes": pack.byte_len(),
            "dims": pack.dimensions(),
            "frozen_us": answer::whole(pack.frozen_us()),
        })),
        "pack_verify" => pack.verify().map(|()| json!({})),
        "pack_get" => pack.get(text(&args["id"])?).map(answer::object),
        "pack_id" => pack.id(handle(&args["handle"])?).map(|id| json!({"id": id})),
        "pack_payload" => {
            let payload = pack.payload(handle(&args["handle"])?);
            payload.map(|payload| json!({"payload": lossy(payload)}))
        }
        "pack_query" => return queries::ask(pack, handle, args),
        "pack_query_run" => {
            let mut results = Vec::new();
            for (row, args) in list(&args["queries"])?.iter().enumerate() {
                match queries::ask(pack, handle, args)? {
                    Ok(rows) => results.push(rows),
                    Err(error) => return Ok(Err(error.in_row(row))),
                }
            }
            Ok(json!({"results": results}))
        }
        _ => return Err("no such operation".to_owned()),
    })
}

/// Plays a step of fences.
pub(crate) fn play_fences(stage: &mut Stage, op: &str, args: &Value) -> Answer {
    let opened = match op {
        "fences_build" => given(args, |space, fences| Ok(Fences::build(space, fences)))?,
        "fences_write" => {
            let path = stage.path(&args["path"])?;
            let write = |space, fences: &[Fence<'_>]| {
                Ok(Fences::write(path, space, fences, options(args)?).map(written))
            };
            return given(args, write);
        }
        "fences_open" => Fences::open(stage.path(&args["path"])?),
        "fences_open_bytes" => Fences::from_bytes(bytes(stage, args)?),
        "fences_close" => {
            let gone = stage.fences.remove(name_or(args, "fences", "fences"));
            return gone.map(|_| Ok(json!({}))).ok_or_else(|| "no such fences".to_owned());
        }
        _ => {
            let fences = stage.fences.get(name_or(args, "fences", "fences"));
            return ask_fences(fences.ok_or("no such fences")?, op, args);
        }
    };
    Ok(opened.map(|fences| {
        stage.fences.insert(name_or(args, "as", "fences").to_owned(), fences);
        json!({})
    }))
}

/// Does something with the fences of a step, unless one of its polygons is refused.
fn given<T>(
    args: &Value,
    work: impl FnOnce(Space, &[Fence<'_>]) -> Found<spatio::Result<T>>,
) -> Found<spatio::Result<T>> {
    let ids = each(&args["ids"], text)?;
    let made: spatio::Result<Vec<Polygon>> =
        each(&args["polygons"], polygon)?.into_iter().collect();
    let polygons = match made {
        Ok(polygons) => polygons,
        Err(error) => return Ok(Err(error)),
    };
    let payload = |row: usize| args["payloads"][row].as_str().filter(|text| !text.is_empty());
    let fences: Vec<Fence<'_>> = ids
        .iter()
        .zip(&polygons)
        .enumerate()
        .map(|(row, (id, polygon))| Fence { id, polygon, payload: payload(row).map(str::as_bytes) })
        .collect();
    work(space(&args["space"])?, &fences)
}

fn ask_fences(fences: &Fences, op: &str, args: &Value) -> Answer {
    let fence = |found: Option<FoundFence<'_>>| match found {
        None => json!({"found": false}),
        Some(fence) => json!({"found": true, "id": fence.id, "payload": lossy(fence.payload)}),
    };
    Ok(match op {
        "fences_info" => Ok(json!({
            "space": words_of(fences.space()),
            "fences": fences.count(),
            "bytes": fences.byte_len(),
        })),
        "fences_verify" => fences.verify().map(|()| json!({})),
        "fences_get" => fences.get(text(&args["id"])?).map(fence),
        "fences_get_by_handle" => {
            let find = |id: &str| fences.get(id).map(|found| found.map(|fence| fence.handle));
            let handle = handle_of(&args["handle"], find)?;
            fences.get_handle(handle).map(|found| fence(Some(found)))
        }
        "fences_containing" => {
            let points = each(&args["points"], point)?;
            answer_each(fences, points.len(), |row| fences.containing(points[row]))
        }
        "fences_intersecting" => {
            let corners = |name: &str| -> Found<Vec<Point>> { each(&args[name], point) };
            let (min, max) = (corners("min")?, corners("max")?);
            let rect = |row: usize| Rect::new(min[row].x, min[row].y, max[row].x, max[row].y);
            answer_each(fences, min.len(), |row| fences.intersecting(rect(row)))
        }
        _ => return Err("no such operation".to_owned()),
    })
}

/// The answers of all questions of a step, or the first refusal with its row.
fn answer_each<'a>(
    fences: &Fences,
    n: usize,
    ask: impl Fn(usize) -> spatio::Result<Vec<FoundFence<'a>>>,
) -> spatio::Result<Value> {
    let (mut ids, mut payloads) = (Vec::new(), Vec::new());
    for row in 0..n {
        let found = ask(row).map_err(|error: Error| error.in_row(row))?;
        for fence in &found {
            assert_eq!(fences.get_handle(fence.handle).ok().as_ref(), Some(fence), "its handle");
        }
        ids.push(found.iter().map(|fence| fence.id.to_owned()).collect::<Vec<_>>());
        let payload = |fence: &FoundFence<'_>| lossy(fence.payload).unwrap_or_default();
        payloads.push(found.iter().map(payload).collect::<Vec<_>>());
    }
    Ok(json!({"ids": ids, "payloads": payloads}))
}
