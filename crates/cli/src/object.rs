//! The commands about single objects: where one is, was and is put, and away with it.

use std::io::Write;

use serde_json::json;
use spatio::{Interpolation, Interval, Order, Outcome as Wrote, Upsert};

use crate::args::{AtArgs, DatabaseArgs, DeleteArgs, GetArgs, TrajectoryArgs, UpsertArgs};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{self, Found, Shown, write_features, write_json, write_rows};
use crate::place::parse_point;
use crate::query::limit;
use crate::track;
use crate::when;

/// `spatio get`.
pub(crate) fn get(args: &GetArgs, database: &DatabaseArgs) -> Outcome<()> {
    let db = engine::open_to_read(database)?;
    let namespace = engine::namespace(&db, database)?;
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for id in &args.ids {
        match namespace.get(id)? {
            Some(object) => rows.push(engine::found_object(&object)),
            None => missing.push(id.as_str()),
        }
    }
    let payload = rows.iter().any(|row| row.payload.is_some());
    let shown = Shown { space: namespace.space(), payload, limit: None };
    if !rows.is_empty() || args.output.json || args.output.geojson {
        write_rows(&mut output::stdout(), &rows, shown, args.output)?;
    }
    if missing.is_empty() { Ok(()) } else { Err(absent(&missing, namespace.name())) }
}

fn absent(ids: &[&str], namespace: &str) -> Failure {
    Failure::not_found(format!("not in namespace {namespace:?}: {}", ids.join(", ")))
}

/// `spatio upsert`.
pub(crate) fn upsert(args: &UpsertArgs, database: &DatabaseArgs) -> Outcome<()> {
    let Some(name) = &database.namespace else {
        return Err(Failure::usage("into which namespace? -n NAME"));
    };
    let position = parse_point(&args.place)?;
    let time_us = when::parse_instant(&args.time, engine::now_us()).map_err(Failure::usage)?;
    let mut with = Upsert::new().time_us(time_us);
    if let Some(payload) = &args.payload {
        with = with.payload(payload.as_bytes());
    }
    let db = engine::open_or_create(database)?;
    let namespace = engine::namespace_or_create(&db, name, None)?;
    let written = namespace.upsert_with(&args.id, position, &with)?;
    db.close()?;
    let outcome = match written.outcome {
        Wrote::Created => "created",
        Wrote::Moved => "moved",
        Wrote::Late => "late",
    };
    let mut out = output::stdout();
    if args.json {
        let seq = written.seq;
        return write_json(&mut out, &json!({ "id": args.id, "outcome": outcome, "seq": seq }));
    }
    let note = match written.outcome {
        Wrote::Late => ": older than what is known, kept in its history only",
        _ => "",
    };
    writeln!(out, "{outcome}{note}")?;
    out.flush()?;
    Ok(())
}

/// `spatio delete`.
pub(crate) fn delete(args: &DeleteArgs, database: &DatabaseArgs) -> Outcome<()> {
    let db = engine::open_to_change(database)?;
    let namespace = engine::namespace(&db, database)?;
    let (mut gone, mut missing) = (0, Vec::new());
    for id in &args.ids {
        match namespace.delete(id)? {
            true => gone += 1,
            false => missing.push(id.as_str()),
        }
    }
    db.close()?;
    let mut out = output::stdout();
    if args.json {
        write_json(&mut out, &json!({ "deleted": gone, "missing": missing }))?;
    } else {
        writeln!(out, "deleted {gone}")?;
        out.flush()?;
    }
    if missing.is_empty() { Ok(()) } else { Err(absent(&missing, namespace.name())) }
}

/// `spatio trajectory`.
pub(crate) fn trajectory(args: &TrajectoryArgs, database: &DatabaseArgs) -> Outcome<()> {
    let interval = interval(args.from.as_deref(), args.to.as_deref())?;
    let db = engine::open_to_read(database)?;
    let namespace = engine::namespace(&db, database)?;
    let order = if args.oldest_first { Order::OldestFirst } else { Order::NewestFirst };
    let mut track = namespace.trajectory(&args.id, interval, order, limit(args.limit))?;
    if args.output.geojson {
        // A line is drawn in the direction of the movement, whatever the order asked for.
        if !args.oldest_first {
            track.time_us.reverse();
            track.x.reverse();
            track.y.reverse();
            track.z.reverse();
        }
        let features = track::features(&args.id, &track, namespace.space(), when::TimeUnit::Ms)?;
        return write_features(&mut output::stdout(), &features);
    }
    let rows: Vec<Found> = track
        .iter()
        .map(|(time_us, position)| Found {
            id: args.id.clone(),
            position,
            time_us,
            distance: None,
            payload: None,
        })
        .collect();
    let limit = Some(args.limit);
    let shown = Shown { space: namespace.space(), payload: false, limit };
    write_rows(&mut output::stdout(), &rows, shown, args.output)
}

/// `spatio at`.
pub(crate) fn at(args: &AtArgs, database: &DatabaseArgs) -> Outcome<()> {
    let time_us = when::parse_instant(&args.instant, engine::now_us()).map_err(Failure::usage)?;
    let db = engine::open_to_read(database)?;
    let namespace = engine::namespace(&db, database)?;
    let how = if args.last { Interpolation::Last } else { Interpolation::Linear };
    let Some(position) = namespace.position_at(&args.id, time_us, how)? else {
        let instant = when::format_instant(time_us);
        let message = format!("object {:?} was not known yet at {instant}", args.id);
        return Err(Failure::not_found(message));
    };
    let row = Found { id: args.id.clone(), position, time_us, distance: None, payload: None };
    let shown = Shown { space: namespace.space(), payload: false, limit: None };
    write_rows(&mut output::stdout(), &[row], shown, args.output)
}

/// The interval between two instants of the command line, open where one is missing.
pub(crate) fn interval(from: Option<&str>, to: Option<&str>) -> Outcome<Interval> {
    let now_us = engine::now_us();
    let parse = |text: Option<&str>, otherwise: i64| match text {
        Some(text) => when::parse_instant(text, now_us).map_err(Failure::usage),
        None => Ok(otherwise),
    };
    Ok(Interval::new(parse(from, i64::MIN)?, parse(to, i64::MAX)?))
}
