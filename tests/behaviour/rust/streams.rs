//! Streamed indexes: opened over the bytes of an index, and asked.
//!
//! Owns: the steps of a stream of any number of axes, and counting its rounds. Invariants: items
//! that an answer has in no order are sorted.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use spatio::packed::{
    AnyStreamIndex, BoxN, Bytes, Found as Item, Limits, MemoryRanges, Nearby, RangeReader, Ray,
    StreamIndex, StreamOptions, StreamQuery,
};

use crate::answer::number as show;
use crate::args::{Found, each, list, number, optional, whole};
use crate::indexes::bytes_of;
use crate::regions::region_of;
use crate::stage::{Answer, Stage};

type Refusable<T> = spatio::Result<T>;

/// Counts its calls, of which there is one for each round.
struct Counting {
    inner: MemoryRanges,
    calls: AtomicU64,
}

impl RangeReader for Counting {
    fn total_bytes(&self) -> Refusable<u64> {
        self.inner.total_bytes()
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Refusable<Vec<Vec<u8>>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.inner.read_ranges(ranges)
    }
}

/// A stream and where its bytes come from.
pub(crate) struct Stream {
    index: AnyStreamIndex,
    reader: Counting,
}

pub(crate) fn play(stage: &mut Stage, op: &str, args: &Value) -> Answer {
    let named = args["as"].as_str().unwrap_or("stream").to_owned();
    let asked = args["stream"].as_str().unwrap_or("stream");
    match op {
        "stream_open" => {
            let bytes = match args.get("bytes") {
                Some(bytes) => Ok(each(bytes, whole)?.iter().map(|&byte| byte as u8).collect()),
                None => bytes_of(stage, args["from"].as_str().unwrap_or("index")),
            };
            let options = options(args)?;
            Ok(bytes.and_then(|bytes| open(Arc::new(bytes), options)).map(|stream| {
                let rounds = stream.reader.calls.load(Ordering::Relaxed);
                stage.streams.insert(named, stream);
                json!({"rounds": rounds})
            }))
        }
        "stream_close" => match stage.streams.remove(asked) {
            Some(_) => Ok(Ok(json!({}))),
            None => Err("no such stream".to_owned()),
        },
        _ => {
            let stream = stage.streams.get(asked).ok_or_else(|| format!("no stream {asked:?}"))?;
            match &stream.index {
                AnyStreamIndex::Two(index) => ask(index, &stream.reader, op, args),
                AnyStreamIndex::Three(index) => ask(index, &stream.reader, op, args),
                AnyStreamIndex::Four(index) => ask(index, &stream.reader, op, args),
            }
        }
    }
}

fn open(bytes: Bytes, options: StreamOptions) -> Refusable<Stream> {
    let reader = Counting { inner: MemoryRanges::new(bytes), calls: AtomicU64::new(0) };
    let index = AnyStreamIndex::opening(reader.total_bytes()?, options)?.run(&reader)?;
    Ok(Stream { index, reader })
}

fn options(args: &Value) -> Found<StreamOptions> {
    let base = StreamOptions::default();
    let number = |name: &str, otherwise: u64| -> Found<u64> {
        Ok(optional(args, name, whole)?.map_or(otherwise, |value| value as u64))
    };
    Ok(StreamOptions {
        gap_bytes: number("gap_bytes", base.gap_bytes)?,
        read_bytes: number("read_bytes", base.read_bytes)?,
        round_bytes: number("round_bytes", base.round_bytes)?,
        kept_bytes: number("kept_bytes", base.kept_bytes)?,
        without_fast: args["without_fast"] == json!(true),
        limits: Limits {
            reads: number("max_reads", base.limits.reads)?,
            bytes: number("max_bytes", base.limits.bytes)?,
            items: number("max_items", base.limits.items)?,
        },
    })
}

/// The answer of a question, and how many rounds it took.
fn run<A>(asked: Refusable<StreamQuery<A>>, reader: &Counting) -> Refusable<(A, u64)> {
    let before = reader.calls.load(Ordering::Relaxed);
    let answer = asked?.run(reader)?;
    Ok((answer, reader.calls.load(Ordering::Relaxed) - before))
}

fn point<const D: usize>(value: &Value) -> Found<[f64; D]> {
    each(value, number)?.try_into().map_err(|_| format!("{value} has not {D} axes"))
}

fn window<const D: usize>(args: &Value) -> Found<BoxN<D>> {
    let min = point(&args["min"])?;
    Ok(BoxN::new(min, args.get("max").map(point).transpose()?.unwrap_or(min)))
}

fn place(args: &Value) -> Found<(f64, f64)> {
    Ok((number(&args["lon"])?, number(&args["lat"])?))
}

fn items(asked: Refusable<StreamQuery<Vec<Item>>>, reader: &Counting) -> Refusable<Value> {
    run(asked, reader).map(|(found, rounds)| {
        let mut ids: Vec<u32> = found.iter().map(|found| found.id).collect();
        ids.sort_unstable();
        json!({"ids": ids, "rounds": rounds})
    })
}

fn counted(asked: Refusable<StreamQuery<usize>>, reader: &Counting) -> Refusable<Value> {
    run(asked, reader).map(|(count, rounds)| json!({"count": count, "rounds": rounds}))
}

fn nearest(asked: Refusable<StreamQuery<Vec<Nearby>>>, reader: &Counting) -> Refusable<Value> {
    run(asked, reader).map(|(found, rounds)| {
        let ids: Vec<u32> = found.iter().map(|found| found.id).collect();
        let far: Vec<Value> = found.iter().map(|found| show(found.distance)).collect();
        json!({"ids": ids, "distances": far, "rounds": rounds})
    })
}

fn ask<const D: usize>(
    index: &StreamIndex<D>,
    reader: &Counting,
    op: &str,
    args: &Value,
) -> Answer {
    let far = |name: &str| Ok::<_, String>(optional(args, name, number)?.unwrap_or(f64::INFINITY));
    let k = || Ok::<_, String>(optional(args, "k", whole)?.map_or(usize::MAX, |k| k as usize));
    Ok(match op {
        "stream_info" => Ok(info(index)),
        "stream_search" => items(index.search(&window(args)?), reader),
        "stream_search_region" => {
            let region = region_of(&args["region"])?;
            items(region.and_then(|region| index.search_region(region)), reader)
        }
        "stream_search_within" => {
            items(index.search_within(&window(args)?, far("max_distance")?), reader)
        }
        "stream_search_great_circle" => {
            let (lon, lat) = place(args)?;
            items(index.search_great_circle(lon, lat, far("max_distance")?), reader)
        }
        "stream_count" => counted(index.count(&window(args)?), reader),
        "stream_count_region" => {
            let region = region_of(&args["region"])?;
            counted(region.and_then(|region| index.count_region(region)), reader)
        }
        "stream_count_within" => {
            counted(index.count_within(&window(args)?, far("max_distance")?), reader)
        }
        "stream_aggregate" => {
            run(index.aggregate(&window(args)?), reader).map(|(found, rounds)| {
                json!({
                    "count": found.count, "sum": show(found.sum.unwrap_or(0.0)),
                    "least": show(found.min.unwrap_or(f64::NAN)),
                    "greatest": show(found.max.unwrap_or(f64::NAN)),
                    "mask": found.mask.unwrap_or(0), "rounds": rounds,
                })
            })
        }
        "stream_nearest" => {
            nearest(index.neighbors(point(&args["at"])?, k()?, far("max_distance")?), reader)
        }
        "stream_nearest_great_circle" => {
            let ((lon, lat), far) = (place(args)?, far("max_distance")?);
            nearest(index.neighbors_great_circle(lon, lat, k()?, far), reader)
        }
        "stream_raycast_closest" => {
            let ray = Ray::new(point(&args["origin"])?, point(&args["direction"])?, far("max_t")?);
            run(ray.and_then(|ray| index.raycast_closest(&ray)), reader).map(|(found, rounds)| {
                let (id, t) =
                    (found.first().map(|hit| hit.id), found.first().map(|hit| hit.distance));
                json!({"id": id, "distance": t.map(show), "rounds": rounds})
            })
        }
        "stream_payloads" | "stream_prefixes" => return payloads(index, reader, op, args),
        _ => return Err("no such operation".to_owned()),
    })
}

fn info<const D: usize>(index: &StreamIndex<D>) -> Value {
    let extent = index.extent();
    let side = |side: [f64; D]| match index.is_empty() {
        true => Value::Null,
        false => side.iter().copied().map(show).collect(),
    };
    json!({
        "dims": D, "items": index.len(), "asks_fast": index.has_fast(),
        "has_payloads": index.has_payloads(), "prefix_bytes": index.prefix_bytes().unwrap_or(0),
        "has_aggregates": index.has_aggregates(),
        "min": side(extent.min), "max": side(extent.max),
    })
}

/// The payloads of ranks, or of the items of a window in the order of their ids.
fn payloads<const D: usize>(
    index: &StreamIndex<D>,
    reader: &Counting,
    op: &str,
    args: &Value,
) -> Answer {
    let (mut ids, mut ranks) = (Vec::new(), Vec::new());
    if let Some(given) = args.get("ranks") {
        ranks = list(given)?.iter().map(|rank| Ok(whole(rank)? as u32)).collect::<Found<_>>()?;
    } else {
        let mut found = match run(index.search(&window(args)?), reader) {
            Ok((found, _)) => found,
            Err(error) => return Ok(Err(error)),
        };
        found.sort_unstable();
        ids.extend(found.iter().map(|found| found.id));
        ranks.extend(found.iter().map(|found| found.rank));
    }
    let asked =
        if op == "stream_payloads" { index.payloads(&ranks) } else { index.prefixes(&ranks) };
    Ok(run(asked, reader).map(|(found, rounds)| {
        let words = |bytes: Vec<u8>| String::from_utf8(bytes).expect("cases have texts");
        let payloads: Vec<String> = found.into_iter().map(words).collect();
        json!({"ids": ids, "payloads": payloads, "rounds": rounds})
    }))
}
