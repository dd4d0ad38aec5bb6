//! `spatio export`: positions and tracks as CSV in the import's form, or as GeoJSON.
//!
//! Objects come sorted by id, the positions of one oldest first, so that two exports of the same
//! state are the same bytes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};
use spatio::{Interval, Namespace, Order, Point, Query, Space};

use crate::args::{DatabaseArgs, ExportArgs, FileFormat, What};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::object::interval;
use crate::output::{self, number, payload_value, point_feature, time_number};
use crate::track;

/// Runs the command.
pub(crate) fn run(args: &ExportArgs, database: &DatabaseArgs) -> Outcome<()> {
    let format = format(args);
    let what = args.what.unwrap_or(match format {
        FileFormat::Csv => What::History,
        FileFormat::GeoJson => What::Latest,
    });
    if what == What::Tracks && format == FileFormat::Csv {
        return Err(Failure::usage("tracks are lines, which CSV has not: --format geojson"));
    }
    if args.payload && what != What::Latest {
        return Err(Failure::usage("the payload is the current one: --what latest"));
    }
    let interval = interval(args.from.as_deref(), args.to.as_deref())?;
    let db = engine::open_to_read(database)?;
    let namespace = engine::namespace(&db, database)?;
    if format == FileFormat::GeoJson && namespace.space() == Space::Cartesian {
        let reason = "GeoJSON is longitude and latitude, but the namespace is Cartesian";
        return Err(Failure::usage(reason));
    }
    let objects = objects(&namespace, args, interval, what)?;
    let mut out = open(args.output.as_deref())?;
    let export = Export { namespace: &namespace, args, interval, what };
    let rows = match format {
        FileFormat::Csv => export.csv(&objects, &mut *out)?,
        FileFormat::GeoJson => export.geojson(&objects, &mut *out)?,
    };
    out.flush()?;
    if let Some(path) = &args.output {
        let (rows, count) = (number::grouped(rows), number::grouped(objects.len() as u64));
        writeln!(output::stdout(), "{rows} positions of {count} objects in {}", path.display())?;
    }
    Ok(())
}

fn format(args: &ExportArgs) -> FileFormat {
    if args.geojson {
        return FileFormat::GeoJson;
    }
    let name = args.output.as_ref().map(|path| path.to_string_lossy().to_lowercase());
    let name = name.unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    args.format.unwrap_or(match name.ends_with(".geojson") || name.ends_with(".json") {
        true => FileFormat::GeoJson,
        false => FileFormat::Csv,
    })
}

/// The output, gzipped where its name says so. Written to the end by dropping it.
fn open(path: Option<&Path>) -> Outcome<Box<dyn Write>> {
    let Some(path) = path else { return Ok(Box::new(output::stdout())) };
    let file = File::create(path).map_err(|error| Failure::file(path, &error))?;
    let file = BufWriter::new(file);
    Ok(match path.extension().is_some_and(|extension| extension == "gz") {
        true => Box::new(Gzip(Some(GzEncoder::new(file, Compression::default())))),
        false => Box::new(file),
    })
}

/// Ends the gzip stream when it is flushed, so that an error is told and not lost in a drop.
struct Gzip(Option<GzEncoder<BufWriter<File>>>);

impl Write for Gzip {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Some(encoder) => encoder.write(buffer),
            None => Err(io::Error::other("written to after its end")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.take().map_or(Ok(()), |encoder| encoder.finish()?.flush())
    }
}

/// One object that is exported.
struct Exported {
    id: String,
    position: Point,
    time_us: i64,
    payload: Option<Vec<u8>>,
}

fn objects(
    namespace: &Namespace,
    args: &ExportArgs,
    interval: Interval,
    what: What,
) -> Outcome<Vec<Exported>> {
    let mut query = Query::everywhere();
    if let Some(prefix) = &args.prefix {
        query = query.id_prefix(prefix);
    }
    let rows = namespace.query(&query)?;
    let mut objects: Vec<Exported> = rows
        .iter()
        .filter(|row| what != What::Latest || interval.contains(row.time_us))
        .map(|row| Exported {
            id: row.id.to_owned(),
            position: row.position,
            time_us: row.time_us,
            payload: row.payload.map(<[u8]>::to_vec),
        })
        .collect();
    objects.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(objects)
}

/// One run of the command.
struct Export<'a> {
    namespace: &'a Namespace,
    args: &'a ExportArgs,
    interval: Interval,
    what: What,
}

impl Export<'_> {
    /// Writes rows, and returns how many.
    fn csv(&self, objects: &[Exported], out: &mut dyn Write) -> Outcome<u64> {
        let unit = self.args.time_unit;
        let mut writer = csv::Writer::from_writer(out);
        let axes = match self.namespace.space() {
            Space::Geographic => ["lon", "lat", "alt_m"],
            Space::Cartesian => ["x", "y", "z"],
        };
        let mut header = vec!["object_id", unit.column(), axes[0], axes[1], axes[2]];
        header.extend(self.args.payload.then_some("payload"));
        writer.write_record(&header).map_err(written)?;
        let mut rows = 0;
        for object in objects {
            self.each_position(object, &mut |time_us, position| {
                rows += 1;
                let mut record = vec![
                    object.id.as_bytes().to_vec(),
                    unit.format(time_us).into_bytes(),
                    number::exact(position.x).into_bytes(),
                    number::exact(position.y).into_bytes(),
                    altitude(position.z).into_bytes(),
                ];
                if self.args.payload {
                    record.push(object.payload.clone().unwrap_or_default());
                }
                writer.write_record(&record).map_err(written)
            })?;
        }
        writer.flush()?;
        Ok(rows)
    }

    /// Writes features, one a line, and returns how many positions.
    fn geojson(&self, objects: &[Exported], out: &mut dyn Write) -> Outcome<u64> {
        let unit = self.args.time_unit;
        let mut rows = 0;
        let mut is_first = true;
        write!(out, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
        let mut put = |feature: &Value| -> Outcome<()> {
            out.write_all(if std::mem::take(&mut is_first) { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, feature).map_err(io::Error::from)?;
            Ok(())
        };
        for object in objects {
            if self.what == What::Tracks {
                let order = Order::OldestFirst;
                let id = object.id.as_str();
                let track = self.namespace.trajectory(id, self.interval, order, usize::MAX)?;
                rows += track.len() as u64;
                track::features(id, &track, Space::Geographic, unit)?
                    .iter()
                    .try_for_each(&mut put)?;
                continue;
            }
            self.each_position(object, &mut |time_us, position| {
                rows += 1;
                put(&point_feature(position, self.properties(object, time_us)))
            })?;
        }
        writeln!(out, "\n]}}")?;
        Ok(rows)
    }

    fn properties(&self, object: &Exported, time_us: i64) -> Value {
        let unit = self.args.time_unit;
        let mut properties = Map::new();
        properties.insert("object_id".into(), json!(object.id));
        properties.insert(unit.column().into(), time_number(time_us, unit));
        let payload = object.payload.as_deref().filter(|payload| !payload.is_empty());
        if let Some(payload) = payload.filter(|_| self.args.payload) {
            properties.insert("payload".into(), payload_value(payload));
        }
        Value::Object(properties)
    }

    /// The positions asked for of one object, oldest first.
    fn each_position(
        &self,
        object: &Exported,
        each: &mut dyn FnMut(i64, Point) -> Outcome<()>,
    ) -> Outcome<()> {
        if self.what == What::Latest {
            return each(object.time_us, object.position);
        }
        let order = Order::OldestFirst;
        let track = self.namespace.trajectory(&object.id, self.interval, order, usize::MAX)?;
        track.iter().try_for_each(|(time_us, position)| each(time_us, position))
    }
}

/// On the ground the field stays empty, as in the files that `import` reads.
fn altitude(z: f64) -> String {
    if z.to_bits() == 0 { String::new() } else { number::exact(z) }
}

fn written(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::new(crate::failure::exit::ENGINE, format!("output: {other:?}")),
    }
}
