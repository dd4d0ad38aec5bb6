//! Tracks as GeoJSON features, which `import` reads back.
//!
//! Invariant: no position is invented and none is left out. A track is cut where it crosses 180
//! degrees, between two positions; a piece of one position is a Point.

use serde_json::{Map, Value, json};
use spatio::{Point, Space, Trajectory};

use crate::failure::{Failure, Outcome};
use crate::import::{TRACK_TIMES, TRACK_UNIT};
use crate::output::{feature, time_number};
use crate::when::TimeUnit;

/// The features of one track, oldest position first.
pub(crate) fn features(
    id: &str,
    track: &Trajectory,
    space: Space,
    unit: TimeUnit,
) -> Outcome<Vec<Value>> {
    if space == Space::Cartesian {
        let reason = "GeoJSON is longitude and latitude, but the namespace is Cartesian";
        return Err(Failure::usage(reason));
    }
    let fixes: Vec<(i64, Point)> = track.iter().collect();
    let pieces = fixes.chunk_by(|(_, a), (_, b)| (a.x - b.x).abs() <= 180.0);
    let (lines, single): (Vec<_>, Vec<_>) = pieces.partition(|piece| piece.len() > 1);
    let has_altitude = fixes.iter().any(|(_, point)| point.z != 0.0);
    let place = |point: &Point| match has_altitude {
        true => json!([point.x, point.y, point.z]),
        false => json!([point.x, point.y]),
    };
    let line =
        |piece: &[(i64, Point)]| -> Value { piece.iter().map(|(_, at)| place(at)).collect() };
    let times = |piece: &[(i64, Point)]| -> Value {
        piece.iter().map(|(time_us, _)| time_number(*time_us, unit)).collect()
    };
    let mut features = Vec::new();
    match lines.as_slice() {
        [] => {}
        [one] => features.push(feature("LineString", line(one), properties(id, times(one), unit))),
        many => {
            let all_times = many.iter().map(|piece| times(piece)).collect();
            let all_lines = many.iter().map(|piece| line(piece)).collect();
            features.push(feature("MultiLineString", all_lines, properties(id, all_times, unit)));
        }
    }
    for piece in single {
        let (time_us, point) = piece[0];
        let time = time_number(time_us, unit);
        features.push(feature(
            "Point",
            place(&point),
            json!({ "object_id": id, unit.column(): time }),
        ));
    }
    Ok(features)
}

fn properties(id: &str, times: Value, unit: TimeUnit) -> Value {
    let mut properties = Map::new();
    properties.insert("object_id".into(), json!(id));
    properties.insert(TRACK_TIMES.into(), times);
    let name = match unit {
        TimeUnit::Ms => return Value::Object(properties),
        TimeUnit::S => "s",
        TimeUnit::Us => "us",
        TimeUnit::Rfc3339 => "rfc3339",
    };
    properties.insert(TRACK_UNIT.into(), json!(name));
    Value::Object(properties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_cut_at_the_antimeridian_and_loses_nothing() {
        let track = Trajectory {
            time_us: vec![1000, 2000, 3000, 4000, 5000],
            x: vec![178.0, 179.0, -179.0, -178.0, 179.5],
            y: vec![0.0; 5],
            z: vec![0.0; 5],
        };
        let features = features("a", &track, Space::Geographic, TimeUnit::Ms).unwrap();
        assert_eq!(features.len(), 2);
        assert_eq!(features[0]["geometry"]["type"], "MultiLineString");
        assert_eq!(features[0]["properties"]["timestamps"], json!([[1, 2], [3, 4]]));
        assert_eq!(features[1]["geometry"], json!({"type": "Point", "coordinates": [179.5, 0.0]}));
        assert_eq!(features[1]["properties"]["timestamp_ms_utc"], 5);
    }
}
