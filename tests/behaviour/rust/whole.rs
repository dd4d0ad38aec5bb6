//! The database as a whole: namespaces, durability, figures, and what the library says of itself.

use std::time::Duration;

use serde_json::{Value, json};
use spatio::{Database, NamespaceOptions, Space};

use crate::args::{Found, optional, space, text, whole};
use crate::stage::{Answer, Stage};

/// Plays a step if it is one of this room.
pub(crate) fn play(stage: &mut Stage, op: &str, args: &Value) -> Option<Answer> {
    if op == "version" {
        let parts = env!("CARGO_PKG_VERSION").split('.').count();
        return Some(Ok(Ok(json!({"parts": parts}))));
    }
    let wanted: fn(&Database, &Value) -> Answer = match op {
        "close" => |db, _| Ok(db.close().map(|()| json!({}))),
        "flush" => |db, _| Ok(db.flush().map(|()| json!({}))),
        "sync" => |db, _| Ok(db.sync().map(|()| json!({}))),
        "checkpoint" => |db, _| Ok(db.checkpoint().map(|()| json!({}))),
        "sweep" => |db, _| Ok(db.sweep().map(|removed| json!({"removed": removed}))),
        "stats" => |db, _| Ok(stats(db)),
        "recovery" => |db, _| Ok(Ok(recovery(db))),
        "recovery_text" => |db, _| Ok(Ok(json!({"text": db.recovery().to_string()}))),
        "namespaces" => |db, _| Ok(Ok(json!({"names": db.namespaces()}))),
        "create_namespace" => create,
        "open_namespace" => |db, args| {
            let name = text(&args["name"])?;
            Ok(db.namespace(name).map(|_| json!({})))
        },
        _ => return None,
    };
    Some(stage.database(args).and_then(|db| wanted(&db, args)))
}

fn create(db: &Database, args: &Value) -> Answer {
    Ok(db.create_namespace(text(&args["name"])?, &settings(args)?).map(|_| json!({})))
}

fn settings(args: &Value) -> Found<NamespaceOptions> {
    let mut options = match space(&args["space"])? {
        Space::Geographic => NamespaceOptions::geographic(),
        Space::Cartesian => NamespaceOptions::cartesian(),
    };
    if let Some(ttl_us) = optional(args, "ttl_us", whole)? {
        options = options.ttl(Duration::from_micros(ttl_us.unsigned_abs()));
    }
    match optional(args, "history", text)? {
        None => Ok(options),
        Some("on") => Ok(options.history(true)),
        Some("off") => Ok(options.history(false)),
        Some(other) => Err(format!("history {other:?}")),
    }
}

fn stats(db: &Database) -> spatio::Result<Value> {
    let stats = db.stats()?;
    Ok(json!({
        "namespaces": stats.namespaces,
        "objects": stats.objects,
        "handles": stats.handles,
        "leaves": stats.leaves,
        "memory_bytes": stats.memory_bytes,
        "disk_bytes": stats.disk_bytes,
        "segments": stats.segments,
        "records": stats.records,
        "last_seq": stats.last_seq,
        "durable_seq": stats.durable_seq,
        "buffered_records": stats.buffered_records,
    }))
}

fn recovery(db: &Database) -> Value {
    let report = db.recovery();
    json!({
        "has_checkpoint": report.checkpoint_seq.is_some(),
        "segments": report.segments,
        "records_kept": report.records_kept,
        "bytes_dropped": report.bytes_dropped,
        "first_bad_offset": report.first_bad.as_ref().map(|bad| bad.1),
    })
}
