//! `spatio import`: files of positions into a namespace, row by row, in batches.
//!
//! Owns the counting and the batches. Invariant: rows take effect in the order in which they
//! stand in the files, and a bad one never takes a good one with it.

mod bad;
mod columns;
mod csv;
mod geojson;
mod input;
mod row;
mod tally;

use std::path::Path;

use spatio::{Namespace, Space};

pub(crate) use bad::BadRows;
pub(crate) use columns::place_names;
pub(crate) use geojson::{TRACK_TIMES, TRACK_UNIT, each_feature};
pub(crate) use input::open as open_input;
pub(crate) use row::{Mark, Row, parse_number};

use crate::args::{DatabaseArgs, FileFormat, ImportArgs, SpaceName};
use crate::engine;
use crate::failure::{Failure, Outcome, exit};
use crate::import::columns::Columns;
use crate::import::row::Item;
use crate::import::tally::Tally;
use crate::output;
use crate::progress::Progress;

/// Runs the command.
pub(crate) fn run(args: &ImportArgs, database: &DatabaseArgs) -> Outcome<()> {
    let Some(name) = &database.namespace else {
        return Err(Failure::usage("into which namespace? -n NAME"));
    };
    // Opened before the database, so that a wrong name makes no directory.
    for path in args.files.iter().filter(|path| path.as_os_str() != "-") {
        std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?;
    }
    let space = args.space.map(|space| match space {
        SpaceName::Geographic => Space::Geographic,
        SpaceName::Cartesian => Space::Cartesian,
    });
    let db = engine::open_or_create(database)?;
    let namespace = engine::namespace_or_create(&db, name, space)?;
    let columns = Columns::new(args, namespace.space(), engine::now_us())?;
    let mut tally = Tally::new(namespace.len());
    let mut outcome = Ok(());
    for path in &args.files {
        outcome = read_file(path, args, &columns, &namespace, &mut tally);
        if outcome.is_err() {
            break;
        }
    }
    db.sync()?;
    tally.finish(namespace.len());
    tally.bad.write();
    if outcome.is_ok() {
        tally.write(&mut output::stdout(), args.json, &db.stats()?)?;
    }
    db.close()?;
    outcome
}

fn read_file(
    path: &Path,
    args: &ImportArgs,
    columns: &Columns,
    namespace: &Namespace,
    tally: &mut Tally,
) -> Outcome<()> {
    let mut input = open_input(path)?;
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut progress = Progress::new(file.clone(), input.total_bytes, args.quiet);
    let size = args.batch as usize;
    let mut batch = Vec::with_capacity(size);
    let read_bytes = input.read_bytes;
    let rows_before = tally.rows;
    let mut sink = |item: Item| -> Outcome<()> {
        tally.rows += 1;
        let Item { mark, row } = item;
        match row.and_then(|row| row::validate(&row, namespace.space()).map(|()| row)) {
            Ok(row) => batch.push(row),
            Err(reason) if args.strict => {
                return Err(Failure::new(exit::BAD_ROWS, format!("{file}: {mark}: {reason}")));
            }
            Err(reason) => tally.bad.add(&file, mark, &reason),
        }
        if batch.len() >= size {
            tally.add_written(engine::write_rows(namespace, &batch)?);
            batch.clear();
            progress.update(read_bytes.get(), tally.rows - rows_before);
        }
        Ok(())
    };
    let outcome = match format(path, args.format) {
        FileFormat::Csv => csv::read(&mut *input.reader, columns, &mut sink),
        FileFormat::GeoJson => geojson::read(&mut *input.reader, columns, &mut sink),
    };
    progress.clear();
    // Also after a failure: what was read before it stays.
    tally.add_written(engine::write_rows(namespace, &batch)?);
    outcome.map_err(|failure| match failure.code() {
        exit::ENGINE => Failure::new(exit::ENGINE, format!("{}: {failure}", path.display())),
        _ => failure,
    })
}

/// What a file is: as told, or by its name.
fn format(path: &Path, told: Option<FileFormat>) -> FileFormat {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    told.unwrap_or(if name.ends_with(".geojson") || name.ends_with(".json") {
        FileFormat::GeoJson
    } else {
        FileFormat::Csv
    })
}
