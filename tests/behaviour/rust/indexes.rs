//! Packed indexes: built, written, opened, and asked.
//!
//! Owns: the steps of an index of any number of axes. Invariants: ids and pairs that an answer has
//! in no order are sorted; of several questions in one step the first that is refused is the row.

use std::any::Any;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use spatio::packed::{
    BoxN, Form, Hit, Index, Items, Metadata, Neighbour, Payloads, PolygonRegion, Precision, Ray,
    Trees, WriteOptions, axes, write_index,
};
use spatio::{Error, ErrorKind};

use crate::answer::number as show;
use crate::args::{Found, each, list, number, optional, polygon, text, whole};
use crate::regions;
use crate::stage::{Answer, Stage};

/// An index of some number of axes.
pub(crate) trait Asked: Any {
    fn ask(&self, stage: &Stage, op: &str, args: &Value) -> Answer;
}

pub(crate) type Refusable<T> = spatio::Result<T>;

pub(crate) fn play(stage: &mut Stage, op: &str, args: &Value) -> Answer {
    let named = args["as"].as_str().unwrap_or("index").to_owned();
    let asked = args["index"].as_str().unwrap_or("index");
    let bytes = match op {
        "index_build" => made(args)?,
        "index_build_triangles" => regions::build_triangles(args, metadata(args)?)?,
        "index_write" => {
            let path = stage.path(&args["path"])?;
            return Ok(made(args)?.and_then(|bytes| keep(&path, &bytes)));
        }
        "index_open" => read(&stage.path(&args["path"])?),
        "index_open_bytes" => match optional(args, "from", text)? {
            None => Ok(each(&args["bytes"], whole)?.iter().map(|&byte| byte as u8).collect()),
            Some(name) => bytes_of(stage, name),
        },
        "index_close" => {
            let is_there = stage.indexes.remove(asked).is_some();
            return if is_there { Ok(Ok(json!({}))) } else { Err("no such index".to_owned()) };
        }
        _ => {
            let index = stage.indexes.get(asked).ok_or_else(|| format!("no index {asked:?}"))?;
            return index.ask(stage, op, args);
        }
    };
    Ok(bytes.and_then(open).map(|index| {
        stage.indexes.insert(named, index);
        json!({})
    }))
}

fn open(bytes: Vec<u8>) -> Refusable<Box<dyn Asked>> {
    Ok(match axes(&bytes)? {
        2 => Box::new(Index::<2>::open(Arc::new(bytes))?),
        3 => Box::new(Index::<3>::open(Arc::new(bytes))?),
        _ => Box::new(Index::<4>::open(Arc::new(bytes))?),
    })
}

pub(crate) fn bytes_of(stage: &Stage, name: &str) -> Refusable<Vec<u8>> {
    let index: &dyn Any = &**stage.indexes.get(name).expect("a case names what it has");
    let bytes = |index: &dyn Any| -> Option<Vec<u8>> {
        let two = index.downcast_ref::<Index<2>>().map(|index| index.bytes().to_vec());
        let three = || index.downcast_ref::<Index<3>>().map(|index| index.bytes().to_vec());
        let four = || index.downcast_ref::<Index<4>>().map(|index| index.bytes().to_vec());
        two.or_else(three).or_else(four)
    };
    Ok(bytes(index).expect("an index of two to four axes"))
}

fn told(path: &Path, error: &std::io::Error) -> Error {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => ErrorKind::NotFound,
        _ => ErrorKind::Io,
    };
    Error::new(kind, "file of an index", format!("{}: {error}", path.display()))
}

pub(crate) fn read(path: &Path) -> Refusable<Vec<u8>> {
    fs::read(path).map_err(|error| told(path, &error))
}

/// Replaces the file as a whole, so that one who has the old one keeps it.
fn keep(path: &Path, bytes: &[u8]) -> Refusable<Value> {
    let beside = path.with_extension("new");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map(|()| json!({"bytes": bytes.len()})).map_err(|error| told(path, &error))
}

fn made(args: &Value) -> Found<Refusable<Vec<u8>>> {
    match whole(&args["dims"])? {
        2 => build::<2>(args),
        3 => build::<3>(args),
        4 => build::<4>(args),
        other => Err(format!("{other} axes")),
    }
}

/// The bytes of an index of what a case says.
fn build<const D: usize>(args: &Value) -> Found<Refusable<Vec<u8>>> {
    let boxes = boxes::<D>(args)?;
    let blobs = optional(args, "payloads", |texts| each(texts, text))?;
    let blobs: Option<Vec<&[u8]>> =
        blobs.map(|texts| texts.into_iter().map(str::as_bytes).collect());
    let values = optional(args, "values", |values| each(values, number))?;
    let masks = optional(args, "masks", |masks| each(masks, whole))?;
    let masks: Option<Vec<u64>> =
        masks.map(|masks| masks.into_iter().map(|mask| mask as u64).collect());
    let prefix_bytes = optional(args, "prefix_bytes", whole)?.map(|bytes| bytes as u32);
    let metadata = metadata(args)?;
    let trees = trees(args)?;
    let precision = match optional(args, "bits", whole)? {
        None | Some(64) => Precision::Double,
        Some(32) => Precision::Single,
        Some(other) => return Err(format!("{other} bits")),
    };
    let node_size = optional(args, "node_size", whole)?.unwrap_or(16) as u16;
    let interleaved = args["interleaved"] == json!(true);
    let threads = optional(args, "threads", whole)?.unwrap_or(1) as usize;
    let options = WriteOptions { trees, form: Form { node_size, precision, interleaved }, threads };
    let payloads = blobs.as_deref().map(Payloads::Blobs);
    let (scalars, masks) = (values.as_deref(), masks.as_deref());
    let mut bytes = Vec::new();
    let items = Items { boxes: &boxes, payloads, prefix_bytes, metadata, scalars, masks };
    Ok(write_index(&items, options, &mut bytes).map(|_| bytes))
}

fn metadata(args: &Value) -> Found<Metadata<'_>> {
    let Some(said) = args.get("metadata") else { return Ok(Metadata::default()) };
    Ok(Metadata {
        crs: optional(said, "crs", text)?,
        content_type: optional(said, "content_type", text)?,
        attribution: optional(said, "attribution", text)?,
    })
}

/// The trees that a step wants.
pub(crate) fn trees(args: &Value) -> Found<Trees> {
    match optional(args, "layout", text)? {
        None | Some("fast") => Ok(Trees::Fast),
        Some("origin") => Ok(Trees::Origin),
        Some("both") => Ok(Trees::Both),
        Some(other) => Err(format!("layout {other:?}")),
    }
}

pub(crate) fn points<const D: usize>(value: &Value) -> Found<Vec<[f64; D]>> {
    let point = |value| -> Found<[f64; D]> {
        let axes = each(value, number)?;
        axes.try_into().map_err(|_| format!("{value} has not {D} axes"))
    };
    list(value)?.iter().map(point).collect()
}

/// The boxes from `min` to `max`; points without `max`.
pub(crate) fn boxes<const D: usize>(args: &Value) -> Found<Vec<BoxN<D>>> {
    let min = points::<D>(&args["min"])?;
    let max = match args.get("max") {
        None => min.clone(),
        Some(max) => points(max)?,
    };
    Ok(min.into_iter().zip(max).map(|(min, max)| BoxN::new(min, max)).collect())
}

fn ids(value: &Value) -> Found<Vec<u32>> {
    Ok(each(value, whole)?.into_iter().map(|id| id as u32).collect())
}

/// The answers of several questions, or the first refusal with its row.
pub(crate) fn each_row<Q, T>(
    questions: &[Q],
    mut ask: impl FnMut(usize, &Q) -> Refusable<T>,
) -> Refusable<Vec<T>> {
    let rows = questions.iter().enumerate();
    rows.map(|(row, question)| ask(row, question).map_err(|error| error.in_row(row))).collect()
}

pub(crate) fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

fn ranked(found: &[Vec<(u32, f64)>]) -> Value {
    let ids: Vec<Vec<u32>> =
        found.iter().map(|rows| rows.iter().map(|row| row.0).collect()).collect();
    let far = |rows: &Vec<(u32, f64)>| rows.iter().map(|row| show(row.1)).collect::<Vec<Value>>();
    json!({"ids": ids, "distances": found.iter().map(far).collect::<Vec<_>>()})
}

fn near(found: Vec<Neighbour>) -> Vec<(u32, f64)> {
    found.into_iter().map(|found| (found.id, found.distance)).collect()
}

fn numbers(args: &Value, name: &str) -> Found<Option<Vec<f64>>> {
    optional(args, name, |value| each(value, number))
}

/// The number of a row, or of none infinity.
fn reach(column: &Option<Vec<f64>>, row: usize) -> f64 {
    column.as_ref().map_or(f64::INFINITY, |column| column[row])
}

fn missing(id: u32) -> Error {
    Error::new(ErrorKind::NotFound, "index", format!("item {id} does not exist"))
}

impl<const D: usize> Asked for Index<D> {
    fn ask(&self, stage: &Stage, op: &str, args: &Value) -> Answer {
        if let Some(answer) = regions::ask(self, stage, op, args) {
            return answer;
        }
        match op {
            "index_info" => Ok(Ok(info(self))),
            "index_metadata" => Ok(self.metadata().map(|said| {
                let (crs, attribution) = (said.crs, said.attribution);
                json!({"crs": crs, "content_type": said.content_type, "attribution": attribution})
            })),
            "index_verify" => Ok(self.verify().map(|()| json!({}))),
            "index_nearest_great_circle" | "index_search_great_circle" => globe(self, op, args),
            "index_raycast" | "index_raycast_any" | "index_raycast_closest" => rays(self, op, args),
            "index_search_polygon" => Ok(polygon(&args["polygon"])?.and_then(|polygon| {
                let found = self.search_region(&PolygonRegion::new(&polygon))?;
                Ok(json!({"ids": [sorted(found)]}))
            })),
            "index_pairs" | "index_join" => pairs(self, stage, op, args),
            "index_payload" | "index_payloads" | "index_boxes" => contents(self, op, args),
            _ => windows(self, op, args),
        }
    }
}

fn info<const D: usize>(index: &Index<D>) -> Value {
    let extent = index.extent();
    let side = |side: [f64; D]| match index.is_empty() {
        true => Value::Null,
        false => side.iter().copied().map(show).collect(),
    };
    let layout = match index.trees() {
        Trees::Fast => "fast",
        Trees::Origin => "origin",
        Trees::Both => "both",
    };
    let bits = index.precision().map_or(0, |stored| match stored {
        Precision::Double => 64,
        Precision::Single => 32,
    });
    json!({
        "dims": D, "items": index.len(), "bytes": index.byte_len(), "layout": layout, "bits": bits,
        "has_payloads": index.has_payloads(), "has_values": index.has_scalars(),
        "has_masks": index.has_masks(), "prefix_bytes": index.prefix_bytes().unwrap_or(0),
        "min": side(extent.min), "max": side(extent.max),
    })
}

fn windows<const D: usize>(index: &Index<D>, op: &str, args: &Value) -> Answer {
    let boxes = boxes::<D>(args)?;
    let far = numbers(args, "max_distance")?;
    let k = optional(args, "k", whole)?.map_or(usize::MAX, |k| k as usize);
    Ok(match op {
        "index_search" => each_row(&boxes, |_, window| index.search(window).map(sorted))
            .map(|ids| json!({"ids": ids})),
        "index_count" => each_row(&boxes, |_, window| index.count(window))
            .map(|counts| json!({"counts": counts})),
        "index_any" => {
            each_row(&boxes, |_, window| index.any(window)).map(|any| json!({"any": any}))
        }
        "index_search_within" => {
            each_row(&boxes, |row, from| index.search_within(from, reach(&far, row)).map(sorted))
                .map(|ids| json!({"ids": ids}))
        }
        "index_nearest" => each_row(&boxes, |row, from| {
            index.neighbors_of_box(from, k, reach(&far, row)).map(near)
        })
        .map(|found| ranked(&found)),
        "index_aggregate" => each_row(&boxes, |_, window| {
            let without =
                || Error::new(ErrorKind::Unsupported, "aggregate", "neither values nor masks");
            index.aggregate(window)?.ok_or_else(without)
        })
        .map(|found| {
            let column = |of: fn(&spatio::packed::Aggregate) -> f64| -> Value {
                found.iter().map(|found| show(of(found))).collect()
            };
            json!({
                "counts": found.iter().map(|found| found.count).collect::<Vec<_>>(),
                "sums": column(|found| found.sum.unwrap_or(0.0)),
                "least": column(|found| found.min.unwrap_or(f64::NAN)),
                "greatest": column(|found| found.max.unwrap_or(f64::NAN)),
                "masks": found.iter().map(|found| bits(found.mask)).collect::<Vec<_>>(),
            })
        }),
        _ => return Err("no such operation".to_owned()),
    })
}

/// The bits of a mask as a number of the cases.
fn bits(mask: Option<u64>) -> Value {
    crate::answer::whole(mask.unwrap_or(0) as i64)
}

fn globe<const D: usize>(index: &Index<D>, op: &str, args: &Value) -> Answer {
    let (lon, lat) = (each(&args["lon"], number)?, each(&args["lat"], number)?);
    let places: Vec<(f64, f64)> = lon.into_iter().zip(lat).collect();
    let far = numbers(args, "max_distance")?;
    let k = optional(args, "k", whole)?.map_or(usize::MAX, |k| k as usize);
    Ok(if op == "index_search_great_circle" {
        let found = each_row(&places, |row, &(lon, lat)| {
            index.search_great_circle(lon, lat, reach(&far, row)).map(sorted)
        });
        found.map(|ids| json!({"ids": ids}))
    } else {
        let found = each_row(&places, |row, &(lon, lat)| {
            index.neighbors_great_circle(lon, lat, k, reach(&far, row)).map(near)
        });
        found.map(|found| ranked(&found))
    })
}

/// The ray of a row of a step.
pub(crate) fn ray<const D: usize>(args: &Value, row: usize) -> Refusable<Ray<D>> {
    let column = |name: &str| points::<D>(&args[name]).expect("a case has points");
    let far = numbers(args, "max_t").expect("a case has numbers");
    Ray::new(column("origin")[row], column("direction")[row], reach(&far, row))
}

fn rays<const D: usize>(index: &Index<D>, op: &str, args: &Value) -> Answer {
    let from = points::<D>(&args["origin"])?;
    let ray = |row: usize| ray(args, row);
    let row_of = |hits: Vec<Hit>| hits.into_iter().map(|hit| (hit.id, hit.t)).collect();
    Ok(match op {
        "index_raycast" => {
            let found = each_row(&from, |row, _| index.raycast_hits(&ray(row)?).map(row_of));
            found.map(|found| ranked(&found))
        }
        "index_raycast_any" => {
            let found = each_row(&from, |row, _| index.raycast_any(&ray(row)?));
            found.map(|any| json!({"any": any}))
        }
        _ => each_row(&from, |row, _| index.raycast_closest(&ray(row)?)).map(|found| {
            let ids: Vec<_> = found.iter().map(|hit| hit.map(|hit| hit.id)).collect();
            let far: Vec<_> = found.iter().map(|hit| hit.map(|hit| show(hit.t))).collect();
            json!({"ids": ids, "distances": far})
        }),
    })
}

/// What another language says of what the compiler refuses.
pub(crate) fn of_other_axes() -> Error {
    Error::invalid("index", "one has 2 axes, the other has 3")
}

fn pairs<const D: usize>(index: &Index<D>, stage: &Stage, op: &str, args: &Value) -> Answer {
    let far = number(&args["max_distance"])?;
    let found = if op == "index_pairs" {
        index.pairs_within(far)
    } else {
        let name = text(&args["other"])?;
        let other = stage.indexes.get(name).ok_or_else(|| format!("no index {name:?}"))?;
        let other: &dyn Any = &**other;
        match other.downcast_ref::<Index<D>>() {
            Some(other) => index.join_within(other, far),
            // The compiler refuses this one.
            None => Err(of_other_axes()),
        }
    };
    Ok(found.map(|mut found| {
        found.sort_unstable();
        json!({"pairs": found})
    }))
}

fn contents<const D: usize>(index: &Index<D>, op: &str, args: &Value) -> Answer {
    let check = |id: u32| match (id as usize) < index.len() {
        true => Ok(()),
        false => Err(missing(id)),
    };
    let words = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("cases have texts");
    if op == "index_payload" {
        let id = whole(&args["id"])? as u32;
        let found = check(id).and_then(|()| index.payload(id));
        return Ok(found.map(|bytes| json!({"payload": bytes.map(words)})));
    }
    let ids = ids(&args["ids"])?;
    if op == "index_payloads" {
        let found = each_row(&ids, |_, &id| {
            check(id)?;
            Ok(index.payload(id)?.map_or(String::new(), words))
        });
        return Ok(found.map(|payloads| json!({"payloads": payloads})));
    }
    let found = each_row(&ids, |_, &id| index.item(id)?.ok_or_else(|| missing(id)));
    Ok(found.map(|boxes| {
        let side = |of: fn(&BoxN<D>) -> [f64; D]| -> Value {
            let point = |bounds| -> Value { of(bounds).into_iter().map(show).collect() };
            boxes.iter().map(point).collect()
        };
        json!({"min": side(|bounds| bounds.min), "max": side(|bounds| bounds.max)})
    }))
}
