//! The commands about a whole database: what is in it, how large, and whether it is sound.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spatio::log::{self, CheckReport, FileCheck, SalvageReport};
use spatio::vfs::RealVfs;
use spatio::{Namespace, RecoveryReport, Space, Stats};

use crate::args::{CheckArgs, DatabaseArgs, NamespacesArgs, SalvageArgs, StatsArgs};
use crate::engine;
use crate::failure::{Failure, Outcome, exit};
use crate::output::{self, Align, Table, number, write_facts, write_json, write_json_rows};

/// `spatio namespaces`.
pub(crate) fn namespaces(args: &NamespacesArgs, database: &DatabaseArgs) -> Outcome<()> {
    let db = engine::open_to_read(database)?;
    let names = db.namespaces();
    let all = names.iter().map(|name| Ok(db.namespace(name)?)).collect::<Outcome<Vec<_>>>()?;
    let mut out = output::stdout();
    if args.json {
        return write_json_rows(&mut out, &all.iter().map(namespace_value).collect::<Vec<_>>());
    }
    let mut table = Table::new(&[
        ("namespace", Align::Left),
        ("space", Align::Left),
        ("objects", Align::Right),
        ("history", Align::Left),
        ("bounds", Align::Left),
    ]);
    for namespace in &all {
        let bounds = namespace.bounding_box()?.map_or_else(String::new, |bounds| {
            let place = |x: f64, y: f64| format!("{x:.4},{y:.4}");
            let (min, max) = (bounds.min, bounds.max);
            format!("{} .. {}", place(min.x, min.y), place(max.x, max.y))
        });
        table.push(vec![
            namespace.name().to_owned(),
            space_name(namespace.space()).to_owned(),
            number::grouped(namespace.len() as u64),
            if namespace.has_history() { "yes" } else { "no" }.to_owned(),
            bounds,
        ]);
    }
    table.write(&mut out)?;
    out.flush()?;
    Ok(())
}

fn namespace_value(namespace: &Namespace) -> Value {
    json!({
        "name": namespace.name(),
        "space": space_name(namespace.space()),
        "objects": namespace.len(),
        "history": namespace.has_history(),
    })
}

fn space_name(space: Space) -> &'static str {
    match space {
        Space::Geographic => "geographic",
        Space::Cartesian => "cartesian",
    }
}

/// `spatio stats`.
pub(crate) fn stats(args: &StatsArgs, database: &DatabaseArgs) -> Outcome<()> {
    let db = engine::open_to_read(database)?;
    let stats = db.stats()?;
    let mut out = output::stdout();
    if args.json {
        return write_json(&mut out, &stats_value(&stats, db.recovery()));
    }
    let grouped = |value: u64| number::grouped(value);
    let per_record = stats.disk_bytes as f64 / stats.records.max(1) as f64;
    let mut facts = vec![
        ("namespaces", grouped(stats.namespaces as u64)),
        ("objects", grouped(stats.objects as u64)),
        ("records", grouped(stats.records)),
        ("segments", grouped(stats.segments as u64)),
        ("on disk", format!("{}, {per_record:.1} bytes a record", number::bytes(stats.disk_bytes))),
        ("in memory", number::bytes(stats.memory_bytes as u64)),
        ("last change", grouped(stats.last_seq)),
    ];
    facts.push(("opening", db.recovery().to_string()));
    let facts: Vec<_> = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    write_facts(&mut out, &facts)?;
    out.flush()?;
    Ok(())
}

fn stats_value(stats: &Stats, recovery: &RecoveryReport) -> Value {
    json!({
        "namespaces": stats.namespaces,
        "objects": stats.objects,
        "records": stats.records,
        "segments": stats.segments,
        "disk_bytes": stats.disk_bytes,
        "memory_bytes": stats.memory_bytes,
        "last_seq": stats.last_seq,
        "durable_seq": stats.durable_seq,
        "recovery": recovery_value(recovery),
    })
}

fn recovery_value(report: &RecoveryReport) -> Value {
    json!({
        "segments": report.segments,
        "records_kept": report.records_kept,
        "bytes_dropped": report.bytes_dropped,
        "first_bad": report.first_bad.as_ref().map(damage_value),
        "checkpoint_seq": report.checkpoint_seq,
        "notes": report.notes,
    })
}

fn damage_value((path, offset, reason): &(PathBuf, u64, String)) -> Value {
    json!({ "file": path.display().to_string(), "offset": offset, "reason": reason })
}

/// `spatio check`.
pub(crate) fn check(args: &CheckArgs, database: &DatabaseArgs) -> Outcome<()> {
    let dir = match &args.dir {
        Some(dir) => dir.as_path(),
        None => engine::directory(database)?,
    };
    let dir = engine::existing(dir)?;
    let report = log::check(&RealVfs, &dir)?;
    if report.files.is_empty() {
        return Err(Failure::not_found(format!("there is no database in {}", dir.display())));
    }
    let mut out = output::stdout();
    if args.json {
        write_json(&mut out, &check_value(&report))?;
    } else {
        write_check(&mut out, &report)?;
    }
    if report.sound { Ok(()) } else { Err(damaged(&report, &dir)) }
}

fn damaged(report: &CheckReport, dir: &Path) -> Failure {
    let files = report.files.iter().filter(|file| is_damaged(file)).count();
    let message = format!(
        "{}: damaged ({files} bad files); `spatio salvage` builds a new one from what is readable",
        dir.display()
    );
    Failure::new(exit::CORRUPT, message)
}

fn is_damaged(file: &FileCheck) -> bool {
    file.problem.is_some() && !file.torn_tail
}

fn write_check(out: &mut dyn Write, report: &CheckReport) -> Outcome<()> {
    let mut table = Table::new(&[
        ("file", Align::Left),
        ("kind", Align::Left),
        ("bytes", Align::Right),
        ("records", Align::Right),
        ("state", Align::Left),
    ]);
    for file in &report.files {
        let state = match &file.problem {
            None => "sound".to_owned(),
            Some((at, why)) if file.torn_tail => format!("torn tail at byte {at}: {why}"),
            Some((at, why)) => format!("DAMAGED at byte {at}: {why}"),
        };
        table.push(vec![
            file.name.clone(),
            file.kind.to_owned(),
            number::grouped(file.bytes),
            number::grouped(file.records),
            state,
        ]);
    }
    table.write(out)?;
    report.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    writeln!(out, "{}", if report.sound { "sound" } else { "damaged" })?;
    out.flush()?;
    Ok(())
}

fn check_value(report: &CheckReport) -> Value {
    let file = |file: &FileCheck| {
        json!({
            "name": file.name,
            "kind": file.kind,
            "bytes": file.bytes,
            "records": file.records,
            "problem": file.problem.as_ref().map(|(offset, reason)| {
                json!({ "offset": offset, "reason": reason, "torn_tail": file.torn_tail })
            }),
        })
    };
    json!({
        "sound": report.sound,
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
        "notes": report.notes,
    })
}

/// `spatio salvage`.
pub(crate) fn salvage(args: &SalvageArgs) -> Outcome<()> {
    let source = engine::existing(&args.source)?;
    let report = log::salvage(&RealVfs, &source, &args.target)?;
    let mut out = output::stdout();
    if args.json {
        return write_json(&mut out, &salvage_value(&report));
    }
    let facts = [
        ("records kept", number::grouped(report.records_kept)),
        ("bytes lost", number::grouped(report.bytes_dropped)),
        ("segments", number::grouped(report.segments as u64)),
        ("damaged", number::grouped(report.damaged as u64)),
    ];
    write_facts(&mut out, &facts.map(|(name, value)| (name.to_owned(), value)))?;
    for (path, offset, reason) in &report.damages {
        writeln!(out, "damage: byte {offset} of {}: {reason}", path.display())?;
    }
    report.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    out.flush()?;
    Ok(())
}

fn salvage_value(report: &SalvageReport) -> Value {
    json!({
        "records_kept": report.records_kept,
        "bytes_dropped": report.bytes_dropped,
        "segments": report.segments,
        "damaged": report.damaged,
        "damages": report.damages.iter().map(damage_value).collect::<Vec<_>>(),
        "notes": report.notes,
    })
}
