//! `spatio pack build`: points and the boxes of features into a packed file.
//!
//! Owns: gathering what the sources read, and the writing. Does not own the sources. Invariants: a
//! bad row never takes a good one with it; items are numbered as the good rows stand in the file.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use serde_json::json;
use spatio::packed::{
    BoxN, Form, Items, Metadata, Payloads, Precision, Trees, WriteOptions, write_index,
};

use crate::args::{PackBuildArgs, PackFormat, PackLayout};
use crate::failure::{Failure, Outcome, exit};
use crate::import::{BadRows, Mark, open_input};
use crate::output::{self, number, write_facts, write_json};
use crate::pack::source::{self, Entry, Wanted};
use crate::pack::target::Target;
use crate::progress::Progress;

/// After how many rows the progress line is thought of.
const ROWS_BETWEEN: u64 = 1024;

/// Runs the command.
pub(crate) fn run(args: &PackBuildArgs) -> Outcome<()> {
    if args.f32 && args.layout == PackLayout::Fast {
        let reason = "--f32 is of the tree of the format: --layout origin or both";
        return Err(Failure::usage(reason));
    }
    if is_same_file(&args.input, &args.out) {
        let reason = format!("{} is both INPUT and OUT", args.out.display());
        return Err(Failure::usage(reason));
    }
    match args.dims {
        3 => build::<3>(args),
        _ => build::<2>(args),
    }
}

fn is_same_file(input: &Path, out: &Path) -> bool {
    match (input.canonicalize(), out.canonicalize()) {
        (Ok(input), Ok(out)) => input == out,
        _ => false,
    }
}

/// What has been read.
struct Gathered<const D: usize> {
    boxes: Vec<BoxN<D>>,
    /// All payloads, one after the other, and where each ends.
    payloads: Vec<u8>,
    ends: Vec<usize>,
    bad: BadRows,
    crs: Option<String>,
}

fn build<const D: usize>(args: &PackBuildArgs) -> Outcome<()> {
    let started = Instant::now();
    let gathered = read::<D>(args)?;
    gathered.bad.write();
    if let Some(name) = args.payload.as_deref().filter(|name| *name != "feature")
        && gathered.payloads.is_empty()
        && !gathered.boxes.is_empty()
    {
        return Err(Failure::usage(format!("--payload: no row has anything under {name:?}")));
    }
    let bytes = write(args, &gathered)?;
    let seconds = started.elapsed().as_secs_f64();
    let (items, bad) = (gathered.boxes.len() as u64, gathered.bad.count);
    let rate = (items + bad) as f64 / seconds.max(1e-9);
    let mut out = output::stdout();
    if args.json {
        let value = json!({
            "items": items,
            "bad": bad,
            "bytes": bytes,
            "payload_bytes": gathered.payloads.len(),
            "seconds": seconds,
            "rows_per_second": rate,
        });
        return write_json(&mut out, &value);
    }
    let each = if items > 0 { bytes as f64 / items as f64 } else { 0.0 };
    let size = format!("{} bytes, {each:.1} an item", number::grouped(bytes));
    let facts = [
        ("items", number::grouped(items)),
        ("bad", number::grouped(bad)),
        ("size", size),
        ("time", format!("{seconds:.2} s, {} rows/s", number::grouped(rate as u64))),
    ];
    write_facts(&mut out, &facts.map(|(name, value)| (name.to_owned(), value)))?;
    out.flush()?;
    Ok(())
}

fn read<const D: usize>(args: &PackBuildArgs) -> Outcome<Gathered<D>> {
    let mut input = open_input(&args.input)?;
    let name = args.input.file_name().unwrap_or(args.input.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let mut progress = Progress::new(name.clone(), input.total_bytes, args.quiet);
    let read_bytes = input.read_bytes;
    let (mut boxes, mut payloads, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    let mut bad = BadRows::default();
    let mut rows = 0;
    let mut sink = |mark: Mark, entry: Result<Entry, String>| -> Outcome<()> {
        rows += 1;
        if rows % ROWS_BETWEEN == 0 {
            progress.update(read_bytes.get(), rows);
        }
        match entry.and_then(|entry| Ok((bounds::<D>(&entry)?, entry.payload))) {
            Ok((bounds, payload)) => {
                boxes.push(bounds);
                payloads.extend_from_slice(&payload);
                ends.push(payloads.len());
            }
            Err(reason) if args.strict => {
                return Err(Failure::new(exit::BAD_ROWS, format!("{name}: {mark}: {reason}")));
            }
            Err(reason) => bad.add(&name, mark, &reason),
        }
        Ok(())
    };
    let wanted = Wanted::new(args);
    let outcome = match format(args) {
        PackFormat::Csv => source::csv(&mut *input.reader, &wanted, &mut sink),
        PackFormat::GeoJson => source::geojson(&mut *input.reader, &wanted, &mut sink),
        PackFormat::FlatGeobuf => source::flatgeobuf(&mut *input.reader, &wanted, &mut sink),
    };
    progress.clear();
    let crs = outcome.map_err(|failure| match failure.code() {
        exit::ENGINE => Failure::new(exit::ENGINE, format!("{}: {failure}", args.input.display())),
        _ => failure,
    })?;
    Ok(Gathered { boxes, payloads, ends, bad, crs })
}

/// What the input is: as told, or by its name.
fn format(args: &PackBuildArgs) -> PackFormat {
    let name = args.input.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let has = |ending: &&str| name.ends_with(*ending);
    args.format.unwrap_or(if [".geojson", ".json"].iter().any(has) {
        PackFormat::GeoJson
    } else if name.ends_with(".fgb") {
        PackFormat::FlatGeobuf
    } else {
        PackFormat::Csv
    })
}

/// The box of an entry on the axes that are kept.
fn bounds<const D: usize>(entry: &Entry) -> Result<BoxN<D>, String> {
    let kept = BoxN::new(
        std::array::from_fn(|axis| entry.min[axis]),
        std::array::from_fn(|axis| entry.max[axis]),
    );
    match kept.min.iter().chain(&kept.max).find(|value| !value.is_finite()) {
        Some(value) => Err(format!("a coordinate is {value}")),
        None => Ok(kept),
    }
}

fn write<const D: usize>(args: &PackBuildArgs, gathered: &Gathered<D>) -> Outcome<u64> {
    let starts = std::iter::once(&0).chain(&gathered.ends);
    let blobs: Vec<&[u8]> =
        starts.zip(&gathered.ends).map(|(start, end)| &gathered.payloads[*start..*end]).collect();
    let content_type = match args.payload.as_deref() {
        None => None,
        Some("feature") => Some("application/geo+json"),
        Some(_) => Some("text/plain; charset=utf-8"),
    };
    let crs = args.crs.as_deref().or(gathered.crs.as_deref());
    let items = Items {
        payloads: args.payload.as_ref().map(|_| Payloads::Blobs(&blobs)),
        metadata: Metadata { crs, content_type, attribution: args.attribution.as_deref() },
        ..Items::new(&gathered.boxes)
    };
    let options = WriteOptions {
        trees: match args.layout {
            PackLayout::Origin => Trees::Origin,
            PackLayout::Fast => Trees::Fast,
            PackLayout::Both => Trees::Both,
        },
        form: Form {
            precision: if args.f32 { Precision::Single } else { Precision::Double },
            ..Form::default()
        },
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let mut target = Target::create(&args.out)?;
    let bytes = write_index(&items, options, &mut target)?;
    target.finish()?;
    Ok(bytes)
}
