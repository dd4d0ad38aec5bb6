//! Putting what the engine answers into the words of the cases.

use serde_json::{Map, Value, json};
use spatio::{ErrorKind, Object, Point, Rows};

/// The greatest whole number that JSON's readers keep.
const EXACT: i64 = 1 << 53;

/// A number; what JSON has no number for is a word.
pub(crate) fn number(value: f64) -> Value {
    if value.is_nan() {
        json!("NaN")
    } else if value.is_infinite() {
        json!(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        json!(value)
    }
}

/// A whole number, as a string where JSON's readers would round it.
pub(crate) fn whole(value: i64) -> Value {
    if (-EXACT..=EXACT).contains(&value) { json!(value) } else { json!(value.to_string()) }
}

pub(crate) fn place(point: Point) -> Value {
    Value::Array([point.x, point.y, point.z].into_iter().map(number).collect())
}

fn text(payload: &[u8]) -> Value {
    json!(String::from_utf8_lossy(payload))
}

/// An object, or that it is not here.
pub(crate) fn object(object: Option<Object>) -> Value {
    let Some(object) = object else { return json!({"found": false}) };
    json!({
        "found": true,
        "at": place(object.position),
        "time_us": whole(object.time_us),
        "expires_us": object.expires_us.map(whole),
        "payload": object.payload.as_deref().map(text),
    })
}

/// The rows of an answer; a distance and a payload are there where the row has one.
pub(crate) fn rows(rows: &Rows) -> Value {
    let row = |row: spatio::FoundRow<'_>| {
        let mut fields = Map::new();
        fields.insert("id".into(), json!(row.id));
        fields.insert("at".into(), place(row.position));
        fields.insert("time_us".into(), whole(row.time_us));
        if let Some(distance) = row.distance {
            fields.insert("distance".into(), number(distance));
        }
        if let Some(payload) = row.payload {
            fields.insert("payload".into(), text(payload));
        }
        Value::Object(fields)
    };
    json!({"rows": rows.iter().map(row).collect::<Vec<_>>()})
}

/// The name of a status.
pub(crate) fn status(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidArgument => "INVALID_ARGUMENT",
        ErrorKind::OutOfRange => "OUT_OF_RANGE",
        ErrorKind::NotFound => "NOT_FOUND",
        ErrorKind::AlreadyExists => "ALREADY_EXISTS",
        ErrorKind::Closed => "CLOSED",
        ErrorKind::Locked => "LOCKED",
        ErrorKind::Unsupported => "UNSUPPORTED",
        ErrorKind::Cancelled => "CANCELLED",
        ErrorKind::LimitExceeded => "LIMIT_EXCEEDED",
        ErrorKind::ReadOnly => "READ_ONLY",
        ErrorKind::Io => "IO",
        ErrorKind::NoSpace => "NO_SPACE",
        ErrorKind::Corrupt => "CORRUPT",
        ErrorKind::FormatVersion => "FORMAT_VERSION",
        ErrorKind::Poisoned => "POISONED",
        ErrorKind::Internal => "INTERNAL",
        _ => "a kind that the cases do not know",
    }
}
