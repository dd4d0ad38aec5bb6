//! Objects and positions as rows of an answer.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use spatio::{Point, Space};

use crate::args::RowOutput;
use crate::failure::{Failure, Outcome};
use crate::output::values::{payload_value, point_feature};
use crate::output::{Align, Table, number, write_features, write_json_rows};
use crate::when::{TimeUnit, format_instant};

/// One row: an object at a place and a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) position: Point,
    pub(crate) time_us: i64,
    pub(crate) distance: Option<f64>,
    pub(crate) payload: Option<Vec<u8>>,
}

/// Which columns a table has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) space: Space,
    pub(crate) payload: bool,
    /// The limit that may have cut the rows short, if one was set for a person's sake.
    pub(crate) limit: Option<usize>,
}

/// Writes the rows in the form asked for.
pub(crate) fn write_rows(
    out: &mut dyn Write,
    rows: &[Found],
    shown: Shown,
    form: RowOutput,
) -> Outcome<()> {
    if form.geojson {
        if shown.space == Space::Cartesian {
            let reason = "GeoJSON is longitude and latitude, but the namespace is Cartesian";
            return Err(Failure::usage(reason));
        }
        let feature = |row: &Found| point_feature(row.position, properties(row));
        return write_features(out, &rows.iter().map(feature).collect::<Vec<_>>());
    }
    if form.json {
        let rows: Vec<_> = rows.iter().map(|row| object(row, shown.space)).collect();
        return write_json_rows(out, &rows);
    }
    table(rows, shown).write(out)?;
    out.flush()?;
    if shown.limit.is_some_and(|limit| limit > 0 && limit == rows.len()) {
        // Beside the table, not in it; nobody is left to be told if the standard error is gone.
        let limit = rows.len();
        let _ = writeln!(io::stderr(), "these are {limit}, the limit; --limit 0 shows all");
    }
    Ok(())
}

/// The names of the coordinates.
fn axes(space: Space) -> [&'static str; 3] {
    match space {
        Space::Geographic => ["lon", "lat", "alt_m"],
        Space::Cartesian => ["x", "y", "z"],
    }
}

fn table(rows: &[Found], shown: Shown) -> Table {
    let [x, y, z] = axes(shown.space);
    let with_z = rows.iter().any(|row| row.position.z != 0.0);
    let with_distance = rows.iter().any(|row| row.distance.is_some());
    let mut head = vec![("id", Align::Left)];
    if with_distance {
        let name = if shown.space == Space::Geographic { "distance_m" } else { "distance" };
        head.push((name, Align::Right));
    }
    head.extend([(x, Align::Right), (y, Align::Right)]);
    if with_z {
        head.push((z, Align::Right));
    }
    head.push(("time", Align::Left));
    if shown.payload {
        head.push(("payload", Align::Left));
    }
    let mut table = Table::new(&head);
    for row in rows {
        let mut cells = vec![row.id.clone()];
        if with_distance {
            cells.push(row.distance.map_or_else(String::new, number::metres));
        }
        cells.push(number::coordinate(row.position.x));
        cells.push(number::coordinate(row.position.y));
        if with_z {
            cells.push(number::metres(row.position.z));
        }
        cells.push(format_instant(row.time_us));
        if shown.payload {
            let bytes = row.payload.as_deref().unwrap_or_default();
            cells.push(String::from_utf8_lossy(bytes).into_owned());
        }
        table.push(cells);
    }
    table
}

fn object(row: &Found, space: Space) -> Value {
    let [x, y, z] = axes(space);
    let mut object = Map::new();
    object.insert("id".into(), json!(row.id));
    object.insert(x.into(), json!(row.position.x));
    object.insert(y.into(), json!(row.position.y));
    object.insert(z.into(), json!(row.position.z));
    object.insert("time".into(), json!(format_instant(row.time_us)));
    object.insert("time_us".into(), json!(row.time_us));
    extras(row, space, &mut object);
    Value::Object(object)
}

/// The properties are named as `import` reads them.
fn properties(row: &Found) -> Value {
    let mut object = Map::new();
    object.insert("object_id".into(), json!(row.id));
    object.insert(TimeUnit::Ms.column().into(), time_number(row.time_us, TimeUnit::Ms));
    object.insert("time".into(), json!(format_instant(row.time_us)));
    extras(row, Space::Geographic, &mut object);
    Value::Object(object)
}

fn extras(row: &Found, space: Space, object: &mut Map<String, Value>) {
    if let Some(distance) = row.distance {
        let name = if space == Space::Geographic { "distance_m" } else { "distance" };
        object.insert(name.into(), json!(distance));
    }
    if let Some(payload) = row.payload.as_deref().filter(|payload| !payload.is_empty()) {
        object.insert("payload".into(), payload_value(payload));
    }
}

/// An instant as a JSON value: a whole number where it is one, otherwise exact text.
pub(crate) fn time_number(time_us: i64, unit: TimeUnit) -> Value {
    let text = unit.format(time_us);
    text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
}
