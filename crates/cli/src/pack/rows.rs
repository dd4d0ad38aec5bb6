//! Items of a packed file as rows of an answer.
//!
//! Owns: the table, JSON and GeoJSON of items. Invariants: numbers in JSON and GeoJSON read back to
//! the same bits; a stored GeoJSON feature comes out as it went in, with the item's number beside.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use spatio::packed::{BoxN, Index};

use crate::args::RowOutput;
use crate::failure::Outcome;
use crate::output::{
    Align, Table, feature, number, payload_value, write_features, write_json_rows,
};
use crate::pack::open::{AXES, PackedFile};

/// How much of a payload a table shows.
const SHOWN_CHARS: usize = 60;

/// An item of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item<const D: usize> {
    id: u32,
    /// Its box, where that is known.
    bounds: Option<BoxN<D>>,
    distance: Option<f64>,
    payload: Option<Vec<u8>>,
}

/// Fetches what is shown of items, given by number and, where there is one, distance.
pub(crate) fn fetch<const D: usize>(
    file: &PackedFile<'_>,
    index: &Index<D>,
    found: impl Iterator<Item = (u32, Option<f64>)>,
) -> Outcome<Vec<Item<D>>> {
    found
        .map(|(id, distance)| {
            let bounds = file.told(index.item(id))?.unwrap_or(BoxN::EMPTY);
            let payload = file.told(index.payload(id))?.map(<[u8]>::to_vec);
            Ok(Item { id, bounds: Some(bounds), distance, payload })
        })
        .collect()
}

/// Items of which there are numbers and payloads, but no boxes.
pub(crate) fn without_boxes<const D: usize>(
    found: impl Iterator<Item = (u32, Option<f64>)>,
    payloads: Option<Vec<Vec<u8>>>,
) -> Vec<Item<D>> {
    let mut payloads = payloads.map(Vec::into_iter);
    let item = |(id, distance)| {
        let payload = payloads.as_mut().and_then(Iterator::next);
        Item { id, bounds: None, distance, payload }
    };
    found.map(item).collect()
}

/// How many of `found` are shown under a limit, of which 0 is none.
pub(crate) fn shown(found: usize, limit: usize) -> usize {
    if limit == 0 { found } else { found.min(limit) }
}

/// Says beside a table that there is more than it shows.
pub(crate) fn tell_of_limit(shown: usize, found: usize) {
    if shown < found {
        let (shown, found) = (number::grouped(shown as u64), number::grouped(found as u64));
        // Nobody is left to be told if the standard error is gone.
        let _ = writeln!(io::stderr(), "these are {shown} of {found}; --limit 0 shows all");
    }
}

/// Writes how many there are.
pub(crate) fn write_count(out: &mut dyn Write, count: usize, as_json: bool) -> Outcome<()> {
    if as_json {
        writeln!(out, "{}", json!({ "count": count }))?;
    } else {
        writeln!(out, "{count}")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes items in the form asked for.
pub(crate) fn write<const D: usize>(
    out: &mut dyn Write,
    items: &[Item<D>],
    form: RowOutput,
) -> Outcome<()> {
    if form.geojson {
        return write_features(out, &items.iter().map(geojson).collect::<Vec<_>>());
    }
    if form.json {
        return write_json_rows(out, &items.iter().map(object).collect::<Vec<_>>());
    }
    table(items).write(out)?;
    out.flush()?;
    Ok(())
}

const HEADS: [[&str; 3]; 4] = [
    ["x", "min_x", "max_x"],
    ["y", "min_y", "max_y"],
    ["z", "min_z", "max_z"],
    ["t", "min_t", "max_t"],
];

fn is_point<const D: usize>(bounds: &BoxN<D>) -> bool {
    bounds.min == bounds.max
}

fn table<const D: usize>(items: &[Item<D>]) -> Table {
    let with_boxes = items.iter().any(|item| item.bounds.is_some());
    let are_points = items.iter().filter_map(|item| item.bounds).all(|bounds| is_point(&bounds));
    let with_distance = items.iter().any(|item| item.distance.is_some());
    let with_payload = items.iter().any(|item| item.payload.is_some());
    let mut head = vec![("item", Align::Right)];
    if with_distance {
        head.push(("distance", Align::Right));
    }
    let axes = |at: usize| HEADS[..D].iter().map(move |names| (names[at], Align::Right));
    if with_boxes && are_points {
        head.extend(axes(0));
    } else if with_boxes {
        head.extend(axes(1).chain(axes(2)));
    }
    if with_payload {
        head.push(("payload", Align::Left));
    }
    let mut table = Table::new(&head);
    for item in items {
        let mut cells = vec![item.id.to_string()];
        if with_distance {
            cells.push(item.distance.map_or_else(String::new, number::coordinate));
        }
        if let Some(bounds) = item.bounds {
            cells.extend(bounds.min.map(number::coordinate));
            cells.extend(bounds.max.map(number::coordinate).into_iter().filter(|_| !are_points));
        }
        if with_payload {
            cells.push(item.payload.as_deref().map_or_else(String::new, shortened));
        }
        table.push(cells);
    }
    table
}

/// The beginning of a text; of other bytes, how many there are.
pub(crate) fn shortened(payload: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(payload) else {
        return format!("({} bytes)", payload.len());
    };
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn extras<const D: usize>(item: &Item<D>, object: &mut Map<String, Value>) {
    object.insert("item".into(), json!(item.id));
    if let Some(distance) = item.distance {
        object.insert("distance".into(), json!(distance));
    }
}

fn object<const D: usize>(item: &Item<D>) -> Value {
    let mut object = Map::new();
    extras(item, &mut object);
    match item.bounds {
        Some(bounds) if is_point(&bounds) => {
            for (name, value) in AXES.iter().zip(bounds.min) {
                object.insert((*name).into(), json!(value));
            }
        }
        Some(bounds) => {
            object.insert("min".into(), json!(&bounds.min[..]));
            object.insert("max".into(), json!(&bounds.max[..]));
        }
        None => {}
    }
    if let Some(payload) = &item.payload {
        object.insert("payload".into(), payload_value(payload));
    }
    Value::Object(object)
}

fn geojson<const D: usize>(item: &Item<D>) -> Value {
    let payload = item.payload.as_deref().map(payload_value);
    if let Some(Value::Object(stored)) = &payload
        && stored.get("type").is_some_and(|kind| kind == "Feature")
    {
        let mut stored = stored.clone();
        extras(item, &mut stored);
        return Value::Object(stored);
    }
    let mut properties = Map::new();
    extras(item, &mut properties);
    if let Some(payload) = payload {
        properties.insert("payload".into(), payload);
    }
    let Some(bounds) = item.bounds else {
        let mut unlocated = feature("Point", Value::Null, Value::Object(properties));
        unlocated["geometry"] = Value::Null;
        return unlocated;
    };
    let BoxN { min, max } = bounds;
    if is_point(&bounds) {
        // A fourth axis is none of GeoJSON's.
        return feature("Point", json!(min[..D.min(3)]), Value::Object(properties));
    }
    let corner = |x: f64, y: f64| json!([x, y]);
    let ring = json!([[
        corner(min[0], min[1]),
        corner(max[0], min[1]),
        corner(max[0], max[1]),
        corner(min[0], max[1]),
        corner(min[0], min[1]),
    ]]);
    let mut boxed = feature("Polygon", ring, Value::Object(properties));
    let axes = D.min(3);
    boxed["bbox"] = min[..axes].iter().chain(&max[..axes]).copied().collect();
    boxed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_cut_for_tables_only() {
        let long = "x".repeat(61);
        assert_eq!(shortened(long.as_bytes()), format!("{}...", "x".repeat(60)));
        assert_eq!(shortened(&[0xff, 1]), "(2 bytes)");
        let bounds = BoxN::new([1.0, 2.0], [3.0, 4.0]);
        let item = Item {
            id: 7,
            bounds: Some(bounds),
            distance: None,
            payload: Some(long.clone().into()),
        };
        assert_eq!(object(&item)["payload"], long);
        let told = geojson(&item);
        assert_eq!(told["bbox"], json!([1.0, 2.0, 3.0, 4.0]));
        assert_eq!(told["geometry"]["coordinates"][0][1], json!([3.0, 2.0]));
    }

    #[test]
    fn a_stored_feature_comes_out_as_it_is() {
        let stored = r#"{"type":"Feature","id":"a","properties":{"item":1},"geometry":null}"#;
        let bounds = BoxN::point([1.0, 2.0, 3.0]);
        let item =
            Item { id: 9, bounds: Some(bounds), distance: Some(0.5), payload: Some(stored.into()) };
        let told = geojson(&item);
        assert_eq!((&told["properties"]["item"], &told["item"]), (&json!(1), &json!(9)));
        assert_eq!((&told["id"], &told["distance"]), (&json!("a"), &json!(0.5)));
    }
}
