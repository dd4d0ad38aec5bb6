//! Points from CSV with a header line.

use std::io::BufRead;

use csv::{ByteRecord, Position, ReaderBuilder};

use super::{Entry, Sink, Wanted, WantedPayload};
use crate::failure::{Failure, Outcome, exit};
use crate::import::{Mark, parse_number};

/// Where the wanted columns stand in one file.
struct Layout {
    /// The place, by axis, each with its name.
    place: Vec<(usize, String)>,
    payload: Option<usize>,
}

/// Hands every row to `sink`. CSV says nothing of a coordinate reference system.
pub(crate) fn read(input: &mut dyn BufRead, wanted: &Wanted, sink: &mut dyn Sink) -> Outcome<()> {
    let unreadable =
        |error: csv::Error| Failure::new(exit::ENGINE, format!("reading CSV: {error}"));
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let layout = Layout::find(&header, wanted)?;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, Position::line);
        sink.row(Mark::Line(line), layout.entry(&record))?;
    }
    Ok(())
}

impl Layout {
    fn find(header: &ByteRecord, wanted: &Wanted) -> Outcome<Layout> {
        let names: Vec<&str> = header
            .iter()
            .map(|name| std::str::from_utf8(name).unwrap_or("").trim_start_matches('\u{feff}'))
            .map(str::trim)
            .collect();
        let need = |what: &str, wanted: &[String]| {
            let find = |wanted: &String| names.iter().position(|name| name == wanted);
            let found = wanted.iter().find_map(|name| Some((find(name)?, name.clone())));
            found.ok_or_else(|| {
                let (wanted, header) = (wanted.join(" or "), names.join(", "));
                Failure::usage(format!(
                    "no column for the {what}: looked for {wanted}, the header has {header}"
                ))
            })
        };
        let axes = ["longitude or x", "latitude or y", "altitude or z"];
        let count = if wanted.with_z { 3 } else { 2 };
        let place = axes.iter().zip(&wanted.names).take(count);
        let place = place.map(|(what, names)| need(what, names)).collect::<Outcome<_>>()?;
        let payload = match &wanted.payload {
            WantedPayload::None => None,
            WantedPayload::Feature if !names.contains(&"feature") => {
                let reason = "--payload feature: a row of CSV is no feature; name a column";
                return Err(Failure::usage(reason));
            }
            WantedPayload::Feature => Some(need("payload", &["feature".to_owned()])?.0),
            WantedPayload::Column(name) => Some(need("payload", std::slice::from_ref(name))?.0),
        };
        Ok(Layout { place, payload })
    }

    fn entry(&self, record: &ByteRecord) -> Result<Entry, String> {
        let field = |at: usize| {
            let count = record.len();
            record.get(at).ok_or_else(|| format!("{count} fields, expected more than {at}"))
        };
        let mut at = [0.0; 3];
        for (axis, (column, name)) in self.place.iter().enumerate() {
            let text = std::str::from_utf8(field(*column)?);
            let text = text.map_err(|_| format!("field {} is not UTF-8", column + 1))?;
            // An altitude that is not known is 0, as an import has it.
            if axis < 2 || !text.trim().is_empty() {
                at[axis] = parse_number(text, name)?;
            }
        }
        let payload = self.payload.map_or(Ok(&[][..]), field)?.to_vec();
        Ok(Entry { min: at, max: at, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::place_names;

    struct Entries(Vec<Result<Entry, String>>);

    impl Sink for Entries {
        fn crs(&mut self, name: &str) -> Outcome<()> {
            panic!("CSV says {name}");
        }

        fn row(&mut self, _mark: Mark, entry: Result<Entry, String>) -> Outcome<()> {
            self.0.push(entry);
            Ok(())
        }
    }

    fn entries(text: &str, wanted: &Wanted) -> Vec<Result<Entry, String>> {
        let mut entries = Entries(Vec::new());
        read(&mut text.as_bytes(), wanted, &mut entries).unwrap();
        entries.0
    }

    #[test]
    fn rows_become_points_and_bad_ones_say_why() {
        let payload = WantedPayload::Column("name".into());
        let wanted = Wanted { payload, names: place_names([None; 3]), with_z: true };
        let text = "\u{feff}name,lat,lon,alt\na,1,2,\nb,1\nc,x,2,3\nd,1,-2.5,7\n";
        let found = entries(text, &wanted);
        let point = |at: [f64; 3], name: &str| Entry { min: at, max: at, payload: name.into() };
        assert_eq!(found[0], Ok(point([2.0, 1.0, 0.0], "a")));
        assert_eq!(found[1], Err("2 fields, expected more than 2".to_owned()));
        assert_eq!(found[2], Err("lat `x` is no number".to_owned()));
        assert_eq!(found[3], Ok(point([-2.5, 1.0, 7.0], "d")));
    }
}
