//! The door to the engine: opening, choosing a namespace, and carrying rows over.
//!
//! Owns how the command line's words become the engine's calls. Does not own what is written to
//! the terminal.

use std::path::{Path, PathBuf};

use spatio::clock::{Clock, SystemClock};
use spatio::{
    BatchOutcome, Database, FoundRow, Moves, Namespace, NamespaceOptions, Object, Options, Rows,
    Space, Upsert,
};

use crate::args::DatabaseArgs;
use crate::demo::world::Positions;
use crate::failure::{Failure, Outcome};
use crate::import::Row;
use crate::output::Found;

/// The present, in microseconds since 1970.
pub(crate) fn now_us() -> i64 {
    SystemClock.now_us()
}

/// The directory that the command line names.
pub(crate) fn directory(args: &DatabaseArgs) -> Outcome<&Path> {
    args.db.as_deref().ok_or_else(|| {
        Failure::usage("no database: give its directory by -d DIR, or set SPATIO_DB")
    })
}

/// Opens a database that exists, for reading only: no lock is taken and nothing is written.
pub(crate) fn open_to_read(args: &DatabaseArgs) -> Outcome<Database> {
    let dir = existing(directory(args)?)?;
    Ok(Options::new().read_only(true).open(dir)?)
}

/// Opens a database that exists, to change it.
pub(crate) fn open_to_change(args: &DatabaseArgs) -> Outcome<Database> {
    let dir = existing(directory(args)?)?;
    Ok(Database::open(dir)?)
}

/// Opens a database, or makes one.
pub(crate) fn open_or_create(args: &DatabaseArgs) -> Outcome<Database> {
    Ok(Database::open(directory(args)?)?)
}

/// A directory that is there; a command that only reads must not make one by mistake.
pub(crate) fn existing(dir: &Path) -> Outcome<PathBuf> {
    match dir.try_exists() {
        Ok(true) => Ok(dir.to_path_buf()),
        Ok(false) => Err(Failure::not_found(format!("no database at {}", dir.display()))),
        Err(error) => Err(Failure::file(dir, &error)),
    }
}

/// The namespace that the command line names; without a name the only one there is.
pub(crate) fn namespace(db: &Database, args: &DatabaseArgs) -> Outcome<Namespace> {
    if let Some(name) = &args.namespace {
        return Ok(db.namespace(name)?);
    }
    let names = db.namespaces();
    match names.as_slice() {
        [name] => Ok(db.namespace(name)?),
        [] => Err(Failure::not_found("the database has no namespace yet")),
        _ => Err(Failure::usage(format!("which namespace? -n {}", names.join(" or -n ")))),
    }
}

/// The namespace that the command line names, made if it is missing.
pub(crate) fn namespace_or_create(
    db: &Database,
    name: &str,
    space: Option<Space>,
) -> Outcome<Namespace> {
    if !db.namespaces().iter().any(|known| known == name) {
        let options = match space.unwrap_or_default() {
            Space::Geographic => NamespaceOptions::geographic(),
            Space::Cartesian => NamespaceOptions::cartesian(),
        };
        return Ok(db.create_namespace(name, &options)?);
    }
    let namespace = db.namespace(name)?;
    match space {
        Some(wanted) if wanted != namespace.space() => Err(Failure::usage(format!(
            "namespace {name:?} exists and is {:?}, not {wanted:?}",
            namespace.space()
        ))),
        _ => Ok(namespace),
    }
}

/// Writes rows of an import, in their order.
pub(crate) fn write_rows(namespace: &Namespace, rows: &[Row]) -> Outcome<BatchOutcome> {
    let batch: Vec<_> = rows
        .iter()
        .map(|row| {
            let with = Upsert::new().time_us(row.time_us);
            let with = match &row.payload {
                Some(payload) => with.payload(payload),
                None => with,
            };
            (row.id.as_str(), row.position, with)
        })
        .collect();
    Ok(namespace.upsert_batch(&batch)?)
}

/// Writes the demo's columns.
pub(crate) fn write_columns(
    namespace: &Namespace,
    handles: &[u64],
    positions: &Positions,
    times_us: &[i64],
) -> Outcome<()> {
    namespace.upsert_columns(&Moves {
        handles,
        x: &positions.x,
        y: &positions.y,
        z: Some(&positions.z),
        time_us: Some(times_us),
    })?;
    Ok(())
}

/// An answer's rows for the output.
pub(crate) fn found_rows(rows: &Rows) -> Vec<Found> {
    let found = |row: FoundRow<'_>| Found {
        id: row.id.to_owned(),
        position: row.position,
        time_us: row.time_us,
        distance: row.distance,
        payload: row.payload.map(<[u8]>::to_vec),
    };
    rows.iter().map(found).collect()
}

/// An object for the output.
pub(crate) fn found_object(object: &Object) -> Found {
    Found {
        id: object.id().to_owned(),
        position: object.position,
        time_us: object.time_us,
        distance: None,
        payload: object.payload.as_deref().map(<[u8]>::to_vec),
    }
}
