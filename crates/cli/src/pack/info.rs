//! `spatio pack info`: what a file holds and how it is laid out.

use std::io::Write;

use serde_json::{Value, json};
use spatio::packed::{ChunkPlace, Description, Index, PayloadKind, Precision, describe};

use crate::args::PackInfoArgs;
use crate::failure::Outcome;
use crate::output::{self, Align, Table, number, write_facts, write_json};
use crate::pack::open::{PackedFile, Task, with_index};

/// Runs the command.
pub(crate) fn run(args: &PackInfoArgs) -> Outcome<()> {
    with_index(&args.file, Info { as_json: args.json })
}

struct Info {
    as_json: bool,
}

impl Task for Info {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let told = file.told(describe(file.bytes(), index.len()))?;
        let mut out = output::stdout();
        if self.as_json {
            return write_json(&mut out, &value(file, index, &told)?);
        }
        facts(&mut out, file, index, &told)?;
        chunks(&mut out, file, &told)
    }
}

fn bytes_per_item(bytes: usize, items: usize) -> Option<f64> {
    (items > 0).then(|| bytes as f64 / items as f64)
}

/// What the tree of the format stores of a coordinate.
fn precision_bits(precision: Precision) -> u8 {
    match precision {
        Precision::Double => 64,
        Precision::Single => 32,
    }
}

fn layouts(told: &Description, has_fast: bool) -> String {
    let origin = told.form.map(|form| {
        let order = if form.interleaved { ", interleaved" } else { "" };
        let bits = precision_bits(form.precision);
        format!("origin ({bits} bits a coordinate, {} a node{order})", form.node_size)
    });
    let fast = has_fast.then(|| "fast".to_owned());
    origin.into_iter().chain(fast).collect::<Vec<_>>().join(" and ")
}

fn payloads(kind: PayloadKind) -> String {
    match kind {
        PayloadKind::None => "none".to_owned(),
        PayloadKind::Blobs => "of any length".to_owned(),
        PayloadKind::Records { stride, is_declared: true } => format!("records of {stride} bytes"),
        PayloadKind::Records { stride, is_declared: false } => format!("all of {stride} bytes"),
    }
}

fn facts<const D: usize>(
    out: &mut dyn Write,
    file: &PackedFile<'_>,
    index: &Index<D>,
    told: &Description,
) -> Outcome<()> {
    let side = |side: [f64; D]| side.map(number::exact).join(",");
    let extent = index.extent();
    let bytes = file.bytes().len();
    let mut facts = vec![
        ("items", number::grouped(index.len() as u64)),
        ("axes", D.to_string()),
        ("layout", layouts(told, index.has_fast())),
        ("size", format!("{} bytes", number::grouped(bytes as u64))),
    ];
    if let Some(each) = bytes_per_item(bytes, index.len()) {
        facts.push(("per item", format!("{each:.1} bytes")));
        facts.push(("extent", format!("{} to {}", side(extent.min), side(extent.max))));
    }
    facts.push(("payloads", payloads(told.payloads)));
    let metadata = file.told(index.metadata())?;
    let fields = [
        ("crs", metadata.crs),
        ("content type", metadata.content_type),
        ("attribution", metadata.attribution),
    ];
    let known = fields.iter().filter_map(|(name, text)| Some((*name, (*text)?.to_owned())));
    facts.extend(known);
    let facts: Vec<_> = facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    write_facts(out, &facts)
}

fn chunks(out: &mut dyn Write, file: &PackedFile<'_>, told: &Description) -> Outcome<()> {
    let head = [
        ("chunk", Align::Left),
        ("offset", Align::Right),
        ("bytes", Align::Right),
        ("share", Align::Right),
    ];
    let mut table = Table::new(&head);
    for chunk in &told.chunks {
        let share = 100.0 * chunk.bytes as f64 / file.bytes().len() as f64;
        table.push(vec![
            chunk.name.clone(),
            number::grouped(chunk.offset),
            number::grouped(chunk.bytes),
            format!("{share:.1} %"),
        ]);
    }
    writeln!(out)?;
    table.write(out)?;
    out.flush()?;
    Ok(())
}

fn value<const D: usize>(
    file: &PackedFile<'_>,
    index: &Index<D>,
    told: &Description,
) -> Outcome<Value> {
    let metadata = file.told(index.metadata())?;
    let extent = index.extent();
    let extent =
        (!index.is_empty()).then(|| json!({ "min": &extent.min[..], "max": &extent.max[..] }));
    let payloads = match told.payloads {
        PayloadKind::None => Value::Null,
        PayloadKind::Blobs => json!({ "kind": "blobs" }),
        PayloadKind::Records { stride, is_declared } => {
            json!({ "kind": "records", "stride": stride, "declared": is_declared })
        }
    };
    let origin = told.form.map(|form| {
        json!({
            "node_size": form.node_size,
            "coordinate_bits": precision_bits(form.precision),
            "interleaved": form.interleaved,
        })
    });
    Ok(json!({
        "items": index.len(),
        "axes": D,
        "fast": index.has_fast(),
        "origin": origin,
        "bytes": file.bytes().len(),
        "bytes_per_item": bytes_per_item(file.bytes().len(), index.len()),
        "extent": extent,
        "payloads": payloads,
        "crs": metadata.crs,
        "content_type": metadata.content_type,
        "attribution": metadata.attribution,
        "chunks": told.chunks.iter().map(chunk_value).collect::<Vec<_>>(),
    }))
}

fn chunk_value(chunk: &ChunkPlace) -> Value {
    json!({ "name": chunk.name, "offset": chunk.offset, "bytes": chunk.bytes })
}
