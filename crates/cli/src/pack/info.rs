//! `spatio pack info`: what a file holds and how it is laid out.

use std::io::Write;

use serde_json::{Value, json};
use spatio::packed::{
    ChunkPlace, Description, Index, Metadata, PayloadKind, Precision, RangeReader, Remote, describe,
};

use crate::args::PackInfoArgs;
use crate::failure::Outcome;
use crate::output::{self, Align, Table, number, write_facts, write_json};
use crate::pack::open::{PackedFile, Task, with_source};
use crate::pack::remote::{HttpRanges, RemoteFile, RemoteTask};

/// Runs the command.
pub(crate) fn run(args: &PackInfoArgs) -> Outcome<()> {
    with_source(&args.source, None, Info { as_json: args.json })
}

struct Info {
    as_json: bool,
}

/// What is told, wherever the file lies.
struct Facts<'a> {
    items: u64,
    bytes: u64,
    has_fast: bool,
    /// The least and the greatest coordinates of all items, if there are any.
    extent: Option<[&'a [f64]; 2]>,
    told: &'a Description,
    metadata: Metadata<'a>,
}

impl Facts<'_> {
    fn write(&self, as_json: bool) -> Outcome<()> {
        let mut out = output::stdout();
        if as_json {
            return write_json(&mut out, &self.value());
        }
        self.table(&mut out)?;
        self.chunks(&mut out)
    }

    fn bytes_per_item(&self) -> Option<f64> {
        (self.items > 0).then(|| self.bytes as f64 / self.items as f64)
    }

    fn table(&self, out: &mut dyn Write) -> Outcome<()> {
        let side =
            |side: &[f64]| side.iter().map(|x| number::exact(*x)).collect::<Vec<_>>().join(",");
        let mut facts = vec![
            ("items", number::grouped(self.items)),
            ("axes", self.told.axes.to_string()),
            ("layout", layouts(self.told, self.has_fast)),
            ("size", format!("{} bytes", number::grouped(self.bytes))),
        ];
        if let (Some(each), Some([min, max])) = (self.bytes_per_item(), self.extent) {
            facts.push(("per item", format!("{each:.1} bytes")));
            facts.push(("extent", format!("{} to {}", side(min), side(max))));
        }
        facts.push(("payloads", payloads(self.told.payloads)));
        let fields = [
            ("crs", self.metadata.crs),
            ("content type", self.metadata.content_type),
            ("attribution", self.metadata.attribution),
        ];
        let known = fields.iter().filter_map(|(name, text)| Some((*name, (*text)?.to_owned())));
        facts.extend(known);
        let facts: Vec<_> = facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        write_facts(out, &facts)
    }

    fn chunks(&self, out: &mut dyn Write) -> Outcome<()> {
        let head = [
            ("chunk", Align::Left),
            ("offset", Align::Right),
            ("bytes", Align::Right),
            ("share", Align::Right),
        ];
        let mut table = Table::new(&head);
        for chunk in &self.told.chunks {
            let share = 100.0 * chunk.bytes as f64 / self.bytes as f64;
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

    fn value(&self) -> Value {
        let extent = self.extent.map(|[min, max]| json!({ "min": min, "max": max }));
        let payloads = match self.told.payloads {
            PayloadKind::None => Value::Null,
            PayloadKind::Blobs => json!({ "kind": "blobs" }),
            PayloadKind::Records { stride, is_declared } => {
                json!({ "kind": "records", "stride": stride, "declared": is_declared })
            }
        };
        let origin = self.told.form.map(|form| {
            json!({
                "node_size": form.node_size,
                "coordinate_bits": precision_bits(form.precision),
                "interleaved": form.interleaved,
            })
        });
        json!({
            "items": self.items,
            "axes": self.told.axes,
            "fast": self.has_fast,
            "origin": origin,
            "bytes": self.bytes,
            "bytes_per_item": self.bytes_per_item(),
            "extent": extent,
            "payloads": payloads,
            "crs": self.metadata.crs,
            "content_type": self.metadata.content_type,
            "attribution": self.metadata.attribution,
            "chunks": self.told.chunks.iter().map(chunk_value).collect::<Vec<_>>(),
        })
    }
}

impl Task for Info {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let extent = index.extent();
        let facts = Facts {
            items: index.len() as u64,
            bytes: file.bytes().len() as u64,
            has_fast: index.has_fast(),
            extent: (!index.is_empty()).then_some([&extent.min[..], &extent.max[..]]),
            told: &file.told(describe(file.bytes(), index.len()))?,
            metadata: file.told(index.metadata())?,
        };
        facts.write(self.as_json)
    }
}

impl RemoteTask for Info {
    const OF_HEAD: bool = true;

    fn run<const D: usize>(
        self,
        file: &RemoteFile<'_>,
        index: &Remote<&HttpRanges, D>,
    ) -> Outcome<()> {
        let (index, told) = (index.index(), &file.told);
        let extent = index.extent();
        let facts = Facts {
            items: told.items,
            bytes: file.told(file.reader.total_bytes())?,
            has_fast: index.has_fast(),
            extent: (!index.is_empty()).then_some([&extent.min[..], &extent.max[..]]),
            told: &told.file,
            metadata: Metadata {
                crs: told.crs.as_deref(),
                content_type: told.content_type.as_deref(),
                attribution: told.attribution.as_deref(),
            },
        };
        facts.write(self.as_json)
    }
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

fn chunk_value(chunk: &ChunkPlace) -> Value {
    json!({ "name": chunk.name, "offset": chunk.offset, "bytes": chunk.bytes })
}
