//! Comparing an answer with what a case expects.
//!
//! Owns: which numbers may differ in their last digits. Invariant: what is expected must be there;
//! an answer may say more than is asked, but a row may not.

use serde_json::Value;
use std::collections::BTreeMap;

use crate::args::{number, whole};

/// How far a computed number may be off, relative.
const TOLERANCE: f64 = 1e-9;
/// What is computed and not stored.
const COMPUTED: [&str; 3] = ["distance", "distances", "positions"];

pub(crate) type Bound = BTreeMap<String, u64>;

/// Refuses an answer that is not what is expected.
pub(crate) fn compare(expected: &Value, found: &Value, bound: &Bound) -> Result<(), String> {
    let Some(expected) = expected.as_object() else {
        return Err(format!("expected {expected}, which is no object"));
    };
    for (key, wanted) in expected {
        let told = || format!("{key}: expected {wanted}, found {found}");
        let holds = match key.as_str() {
            "rows" => same_rows(wanted, &found["rows"]),
            "rows_by_id" => same_rows(wanted, &by_id(&found["rows"])),
            "row_count" => whole(wanted).ok() == found["rows"].as_array().map(|r| r.len() as i64),
            "among" => among(wanted, &found["rows"]),
            "contains" => contains(wanted, &found["text"]),
            "handle" => {
                let name = wanted.as_str().and_then(|name| name.strip_prefix('@'));
                name.and_then(|name| bound.get(name)) == found["handle"].as_u64().as_ref()
            }
            "results" => {
                return each_result(wanted, &found["results"], bound);
            }
            _ => same(key, wanted, &found[key]),
        };
        if !holds {
            return Err(told());
        }
    }
    Ok(())
}

fn each_result(wanted: &Value, found: &Value, bound: &Bound) -> Result<(), String> {
    let (Some(wanted), Some(found)) = (wanted.as_array(), found.as_array()) else {
        return Err("results are no lists".to_owned());
    };
    if wanted.len() != found.len() {
        return Err(format!("expected {} results, found {}", wanted.len(), found.len()));
    }
    wanted.iter().zip(found).try_for_each(|(wanted, found)| compare(wanted, found, bound))
}

/// Rows in the same order, each with the same fields and no other.
fn same_rows(wanted: &Value, found: &Value) -> bool {
    let (Some(wanted), Some(found)) = (wanted.as_array(), found.as_array()) else { return false };
    let same_row = |(wanted, found): (&Value, &Value)| {
        let (Some(wanted), Some(found)) = (wanted.as_object(), found.as_object()) else {
            return false;
        };
        wanted.len() == found.len()
            && wanted
                .iter()
                .all(|(key, value)| found.get(key).is_some_and(|found| same(key, value, found)))
    };
    wanted.len() == found.len() && wanted.iter().zip(found).all(same_row)
}

fn by_id(rows: &Value) -> Value {
    let mut rows = rows.as_array().cloned().unwrap_or_default();
    rows.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    Value::Array(rows)
}

/// Whether every row has an id of the list, and none twice.
fn among(ids: &Value, rows: &Value) -> bool {
    let mut ids = ids.as_array().cloned().unwrap_or_default();
    rows.as_array().is_some_and(|rows| {
        rows.iter().all(|row| {
            let at = ids.iter().position(|id| *id == row["id"]);
            at.map(|at| ids.swap_remove(at)).is_some()
        })
    })
}

fn contains(words: &Value, text: &Value) -> bool {
    let text = text.as_str().unwrap_or_default();
    words.as_array().is_some_and(|words| {
        words.iter().all(|word| word.as_str().is_some_and(|word| text.contains(word)))
    })
}

fn same(key: &str, wanted: &Value, found: &Value) -> bool {
    match wanted {
        Value::Object(range) => match range.get("at_least").map(whole) {
            Some(Ok(least)) => whole(found).is_ok_and(|found| found >= least),
            _ => false,
        },
        Value::Array(wanted) if key == "at" => same_place(wanted, found),
        Value::Array(wanted) => found.as_array().is_some_and(|found| {
            wanted.len() == found.len()
                && wanted.iter().zip(found).all(|(wanted, found)| same(key, wanted, found))
        }),
        Value::Null | Value::Bool(_) => wanted == found,
        Value::String(_) if wanted == found => true,
        _ => match (whole(wanted), whole(found), number(wanted), number(found)) {
            (Ok(wanted), Ok(found), _, _) => wanted == found,
            (_, _, Ok(wanted), Ok(found)) => same_number(key, wanted, found),
            _ => false,
        },
    }
}

/// A third coordinate that is not given is 0.
fn same_place(wanted: &[Value], found: &Value) -> bool {
    let Some(found) = found.as_array() else { return false };
    (0..3).all(|axis| match (wanted.get(axis), found.get(axis)) {
        (Some(wanted), Some(found)) => same("at", wanted, found),
        (None, found) => found.is_none_or(|found| number(found) == Ok(0.0)),
        (Some(_), None) => false,
    })
}

fn same_number(key: &str, wanted: f64, found: f64) -> bool {
    if COMPUTED.contains(&key) && wanted.is_finite() {
        return (wanted - found).abs() <= TOLERANCE * wanted.abs().max(1.0);
    }
    // Stored numbers come back as they were, the sign of a zero too.
    wanted.to_bits() == found.to_bits()
}

#[test]
fn a_wrong_answer_is_told_from_a_right_one() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let holds = |expected: &str, found: &str| {
        compare(&parse(expected), &parse(found), &Bound::from([("h".to_owned(), 7)])).is_ok()
    };
    let row = r#"{"rows":[{"id":"a","at":[1,2,0],"distance":5.0}]}"#;
    assert!(holds(r#"{"rows":[{"id":"a","at":[1,2],"distance":5.000000001}]}"#, row));
    assert!(!holds(r#"{"rows":[{"id":"a","at":[1,2],"distance":5.0001}]}"#, row));
    assert!(!holds(r#"{"rows":[{"id":"a","at":[1,2.000000001],"distance":5}]}"#, row));
    assert!(!holds(r#"{"rows":[{"id":"a","at":[1,2]}]}"#, row), "a distance too many");
    assert!(!holds(r#"{"rows":[]}"#, row));
    assert!(!holds(r#"{"row_count":1,"among":["b"]}"#, row));
    assert!(holds(r#"{"row_count":1,"among":["b","a"]}"#, row));
    assert!(!holds(r#"{"found":true}"#, r#"{"found":false}"#));
    assert!(!holds(r#"{"found":true}"#, "{}"));
    assert!(holds(r#"{"handle":"@h"}"#, r#"{"handle":7}"#));
    assert!(!holds(r#"{"handle":"@i"}"#, r#"{"handle":7}"#));
    assert!(!holds(r#"{"x":[0.0]}"#, r#"{"x":[-0.0]}"#));
    assert!(holds(r#"{"n":{"at_least":2}}"#, r#"{"n":2}"#));
    assert!(!holds(r#"{"n":{"at_least":3}}"#, r#"{"n":2}"#));
    assert!(!holds(r#"{"time_us":"9223372036854775807"}"#, r#"{"time_us":"9223372036854775806"}"#));
}
