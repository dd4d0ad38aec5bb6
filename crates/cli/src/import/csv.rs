//! Reads positions from CSV with a header line.
//!
//! A line that is too short, is not UTF-8 or holds a wrong value is a bad row; only a missing
//! column and a failed read end the file.

use std::io::BufRead;

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};
use spatio::Point;

use crate::failure::{Failure, Outcome};
use crate::import::columns::{Columns, Payload};
use crate::import::row::{self, Item, Mark, Row, TimeSource};

/// Where the wanted columns stand in one file.
struct Layout {
    id: usize,
    time: Option<usize>,
    time_source: TimeSource,
    x: (usize, String),
    y: (usize, String),
    z: Option<(usize, String)>,
    payload: Vec<(usize, String)>,
    raw_payload: bool,
}

/// Hands every row to `sink`, which may end the reading by a failure.
pub(crate) fn read(
    input: &mut dyn BufRead,
    columns: &Columns,
    sink: &mut dyn FnMut(Item) -> Outcome<()>,
) -> Outcome<()> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let layout = Layout::find(&header, columns)?;
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => return Err(unreadable(error)),
        }
        let line = record.position().map_or(0, csv::Position::line);
        sink(Item { mark: Mark::Line(line), row: layout.row(&record) })?;
    }
}

fn unreadable(error: csv::Error) -> Failure {
    Failure::new(crate::failure::exit::ENGINE, format!("reading CSV: {error}"))
}

impl Layout {
    fn find(header: &ByteRecord, columns: &Columns) -> Outcome<Layout> {
        let names: Vec<&str> = header
            .iter()
            .map(|name| std::str::from_utf8(name).unwrap_or("").trim_start_matches('\u{feff}'))
            .map(str::trim)
            .collect();
        let position = |wanted: &str| names.iter().position(|name| *name == wanted);
        let find = |wanted: &[String]| {
            wanted.iter().find_map(|name| Some((position(name)?, name.clone())))
        };
        let need = |what: &str, wanted: &[String]| {
            find(wanted).ok_or_else(|| missing(what, wanted, &names))
        };
        let (time, time_source) = match columns.fixed_time {
            Some(fixed) => (None, fixed),
            None => {
                let found =
                    columns.time.iter().find_map(|(name, unit)| Some((position(name)?, *unit)));
                let wanted: Vec<_> = columns.time.iter().map(|(name, _)| name.clone()).collect();
                let (at, unit) = found.ok_or_else(|| missing("time", &wanted, &names))?;
                (Some(at), TimeSource::Column(unit))
            }
        };
        let payload_names = match &columns.payload {
            Payload::None => &[][..],
            Payload::Json(names) => names,
            Payload::Raw(name) => std::slice::from_ref(name),
        };
        let payload = payload_names
            .iter()
            .map(|name| need("payload", std::slice::from_ref(name)))
            .collect::<Outcome<_>>()?;
        Ok(Layout {
            id: need("id", &columns.id)?.0,
            time,
            time_source,
            x: need("longitude or x", &columns.x)?,
            y: need("latitude or y", &columns.y)?,
            z: match find(&columns.z) {
                None if columns.z_required => return Err(missing("altitude", &columns.z, &names)),
                found => found,
            },
            payload,
            raw_payload: matches!(columns.payload, Payload::Raw(_)),
        })
    }

    fn row(&self, record: &ByteRecord) -> Result<Row, String> {
        let field = |at: usize| -> Result<&str, String> {
            let bytes = record
                .get(at)
                .ok_or_else(|| format!("{} fields, expected more than {at}", record.len()))?;
            std::str::from_utf8(bytes).map_err(|_| format!("field {} is not UTF-8", at + 1))
        };
        let time_us = match (self.time, self.time_source) {
            (Some(at), TimeSource::Column(unit)) => row::parse_time(field(at)?, unit)?,
            (_, TimeSource::Fixed(time_us)) => time_us,
            (None, TimeSource::Column(_)) => return Err("no time".to_owned()),
        };
        let x = row::parse_number(field(self.x.0)?, &self.x.1)?;
        let y = row::parse_number(field(self.y.0)?, &self.y.1)?;
        let z = match &self.z {
            None => 0.0,
            Some((at, name)) => match field(*at)?.trim() {
                "" => 0.0,
                text => row::parse_number(text, name)?,
            },
        };
        Ok(Row {
            id: field(self.id)?.to_owned(),
            time_us,
            position: Point::new_3d(x, y, z),
            payload: self.payload(&field)?,
        })
    }

    fn payload<'a>(
        &self,
        field: &dyn Fn(usize) -> Result<&'a str, String>,
    ) -> Result<Option<Vec<u8>>, String> {
        if self.raw_payload {
            let (at, _) = &self.payload[0];
            return Ok(Some(field(*at)?.as_bytes().to_vec()));
        }
        if self.payload.is_empty() {
            return Ok(None);
        }
        let mut object = Map::new();
        for (at, name) in &self.payload {
            match field(*at)? {
                "" => {}
                text => drop(object.insert(name.clone(), json_value(text))),
            }
        }
        Ok(Some(Value::Object(object).to_string().into_bytes()))
    }
}

/// A number stays a number, everything else is text: `007` is no JSON number, so it stays text.
fn json_value(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}

fn missing(what: &str, wanted: &[String], header: &[&str]) -> Failure {
    Failure::usage(format!(
        "no column for the {what}: looked for {}, the header has {}",
        wanted.join(" or "),
        header.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::when::TimeUnit;

    fn columns(payload: Payload) -> Columns {
        Columns {
            id: vec!["id".into()],
            time: vec![("t".into(), TimeUnit::S)],
            fixed_time: None,
            x: vec!["x".into()],
            y: vec!["y".into()],
            z: vec!["z".into()],
            z_required: false,
            payload,
        }
    }

    fn items(text: &str, columns: &Columns) -> Vec<Item> {
        let mut items = Vec::new();
        read(&mut text.as_bytes(), columns, &mut |item| {
            items.push(item);
            Ok(())
        })
        .unwrap();
        items
    }

    #[test]
    fn rows_are_read_and_bad_ones_told_with_their_line() {
        let text = "\u{feff}id,x,t,y,z\na,1,2,3,\nb,1,2\n\"c\n\",x,2,3,4\nd,-1.5,9.25,0,7\n";
        let items = items(text, &columns(Payload::None));
        let good: Vec<_> = items.iter().flat_map(|item| &item.row).collect();
        assert_eq!(good.len(), 2);
        assert_eq!((good[0].id.as_str(), good[0].time_us), ("a", 2_000_000));
        assert_eq!(good[1].position, Point::new_3d(-1.5, 0.0, 7.0));
        assert_eq!(good[1].time_us, 9_250_000);
        let bad: Vec<_> = items.iter().filter(|item| item.row.is_err()).collect();
        assert_eq!(bad[0].mark, Mark::Line(3));
        assert_eq!(bad[1].mark.to_string(), "line 4");
        assert_eq!(bad[1].row.as_ref().unwrap_err(), "x `x` is no number");
    }

    #[test]
    fn payload_columns_become_json() {
        let columns = columns(Payload::Json(vec!["speed".into(), "route".into(), "note".into()]));
        let text = "id,t,x,y,speed,route,note\na,1,2,3,4.5,007,\n";
        let items = items(text, &columns);
        let payload = items[0].row.as_ref().unwrap().payload.clone().unwrap();
        let value: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(value, serde_json::json!({"speed": 4.5, "route": "007"}));
    }

    #[test]
    fn a_missing_column_is_named() {
        let failure =
            read(&mut "id,t,x\n".as_bytes(), &columns(Payload::None), &mut |_| Ok(())).unwrap_err();
        assert!(failure.to_string().contains("latitude or y"), "{failure}");
    }
}
