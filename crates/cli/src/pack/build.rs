//! `spatio pack build`: points and the boxes of features into a packed file.
//!
//! Owns: the two sides of a build, one that reads and one that sorts and writes, and what is told
//! of it. Does not own the sources, nor the way between both sides (`feed`). Invariants: a bad row
//! never takes a good one with it; items are numbered as the good rows stand in the file; memory
//! keeps to what was allowed, however many items there are.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use serde_json::json;
use spatio::packed::{
    ExternalOptions, ExternalPayloads, Form, Metadata, Precision, Stage, Trees, WriteOptions,
    write_index_external,
};
use spatio::vfs::RealVfs;

use crate::args::{PackBuildArgs, PackFormat, PackLayout};
use crate::failure::{Failure, Outcome, exit};
use crate::import::open_input;
use crate::output::{self, number, write_facts, write_json};
use crate::pack::feed::{self, Arrivals, Fed, Feeder};
use crate::pack::source::{self, Wanted};
use crate::pack::target::Target;
use crate::progress::Progress;

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

fn build<const D: usize>(args: &PackBuildArgs) -> Outcome<()> {
    let started = Instant::now();
    let mut input = open_input(&args.input)?;
    let target = Target::create(&args.out)?;
    let progress = Progress::new(input_name(args), input.total_bytes, args.quiet);
    let line = (progress, input.read_bytes);
    let (fed, bytes) = thread::scope(|scope| {
        let (gate, arrivals) = feed::channel::<D>();
        let writer = scope.spawn(|| write(args, arrivals, target));
        let mut feeder = Feeder::new(gate, input_name(args), args.strict, line);
        let read = read(args, &mut *input.reader, &mut feeder);
        let is_left = feeder.is_left;
        // The channel closes here, whereupon the other side ends too.
        let fed = feeder.into_fed();
        let written = writer.join().unwrap_or_else(|panic| resume_unwind(panic));
        match (read, written) {
            // Whoever writes knows why it took no more.
            (Err(_), Err(failure)) if is_left => Err(failure),
            (Err(failure), _) => Err(failure),
            (Ok(()), written) => Ok((fed, written?)),
        }
    })?;
    tell(args, &fed, bytes, started.elapsed().as_secs_f64())
}

fn input_name(args: &PackBuildArgs) -> String {
    let name = args.input.file_name().unwrap_or(args.input.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The side that reads.
fn read<const D: usize>(
    args: &PackBuildArgs,
    input: &mut dyn BufRead,
    feeder: &mut Feeder<D>,
) -> Outcome<()> {
    let wanted = Wanted::new(args);
    let outcome = match format(args) {
        PackFormat::Csv => source::csv(input, &wanted, feeder),
        PackFormat::GeoJson => source::geojson(input, &wanted, feeder),
        PackFormat::FlatGeobuf => source::flatgeobuf(input, &wanted, feeder),
    };
    feeder.clear();
    outcome.map_err(|failure| match failure.code() {
        exit::ENGINE => Failure::new(exit::ENGINE, format!("{}: {failure}", args.input.display())),
        _ => failure,
    })?;
    feeder.finish(args.payload.as_deref().filter(|name| *name != "feature"))
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

/// The side that sorts and writes.
fn write<const D: usize>(
    args: &PackBuildArgs,
    mut items: Arrivals<D>,
    mut target: Target<'_>,
) -> Outcome<u64> {
    let content_type = match args.payload.as_deref() {
        None => None,
        Some("feature") => Some("application/geo+json"),
        Some(_) => Some("text/plain; charset=utf-8"),
    };
    let told = items.crs();
    let crs = args.crs.as_deref().or(told.as_deref());
    let beside = args.out.parent().unwrap_or(Path::new(""));
    let folder = args.temp.as_deref().unwrap_or(beside);
    let options = ExternalOptions {
        write: write_options(args),
        memory_bytes: usize::try_from(u64::from(args.memory) << 20).unwrap_or(usize::MAX),
        payloads: match args.payload {
            None => ExternalPayloads::None,
            Some(_) => ExternalPayloads::Blobs,
        },
        metadata: Metadata { crs, content_type, attribution: args.attribution.as_deref() },
        ..ExternalOptions::new(Arc::new(RealVfs), folder)
    };
    let mut line = Progress::new(input_name(args), None, args.quiet);
    let mut progress = |now: spatio::packed::Progress| {
        // While items are taken it is told how far their file was read.
        if let (Some(stage), Some(total)) = (stage_name(now.stage), now.total) {
            line.update_stage(stage, now.done, total);
        }
        ControlFlow::Continue(())
    };
    let written = write_index_external(items, &options, &mut progress, &mut target);
    line.clear();
    let bytes = written?;
    target.finish()?;
    Ok(bytes)
}

fn stage_name(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::Take => None,
        Stage::Sort => Some("sorting"),
        Stage::Merge => Some("merging"),
        Stage::Pages => Some("making pages"),
        Stage::Write => Some("writing"),
    }
}

fn write_options(args: &PackBuildArgs) -> WriteOptions {
    WriteOptions {
        trees: match args.layout {
            PackLayout::Origin => Trees::Origin,
            PackLayout::Fast => Trees::Fast,
            PackLayout::Both => Trees::Both,
        },
        form: Form {
            precision: if args.f32 { Precision::Single } else { Precision::Double },
            ..Form::default()
        },
        threads: thread::available_parallelism().map_or(1, usize::from),
    }
}

fn tell(args: &PackBuildArgs, fed: &Fed, bytes: u64, seconds: f64) -> Outcome<()> {
    let (items, bad) = (fed.items, fed.bad.count);
    let rate = (items + bad) as f64 / seconds.max(1e-9);
    let mut out = output::stdout();
    if args.json {
        let value = json!({
            "items": items,
            "bad": bad,
            "bytes": bytes,
            "payload_bytes": fed.payload_bytes,
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
