//! The JSON and GeoJSON forms of positions and payloads.

use serde_json::{Value, json};
use spatio::Point;

/// A payload in a JSON answer: JSON as it is, other text as a string, other bytes in hexadecimal.
pub(crate) fn payload_value(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        Err(_) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!({ "hex": digits })
        }
    }
}

/// GeoJSON coordinates; the altitude only where there is one.
pub(crate) fn coordinates(point: Point) -> Value {
    if point.z == 0.0 { json!([point.x, point.y]) } else { json!([point.x, point.y, point.z]) }
}

/// A GeoJSON feature.
pub(crate) fn feature(kind: &str, coordinates: Value, properties: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": { "type": kind, "coordinates": coordinates },
        "properties": properties,
    })
}

/// A GeoJSON feature at a point.
pub(crate) fn point_feature(point: Point, properties: Value) -> Value {
    feature("Point", coordinates(point), properties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_json_text_or_hexadecimal() {
        assert_eq!(payload_value(b"{\"a\":1}"), json!({"a": 1}));
        assert_eq!(payload_value(b"hello"), json!("hello"));
        assert_eq!(payload_value(&[0xff, 0x00]), json!({"hex": "ff00"}));
    }
}
