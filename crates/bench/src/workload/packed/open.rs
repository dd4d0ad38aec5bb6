//! Opening a large file that is mapped: how long it takes, and how much of it is touched.
//!
//! Owns these rows. The file is made by the library's writer, which wants all boxes in memory, so
//! that there are only as many as fit. The peer opens a file of its own with fewer items, as its
//! time grows with them and its writer takes more memory; its row says how many.

use super::data;
use super::theirs::Psi;
use crate::Outcome;
use crate::context::Context;
use crate::measure::median;
use crate::report::{Row, Target};
use crate::workload::data::short;
use ::ours::packed::{BoxN, FileSink, Index, Items, WriteOptions, write_index};
use ::ours::vfs::{Mapping, OpenMode, RealVfs, Vfs};
use packed_spatial_index::{Index2D, Index2DView};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const ITEMS: usize = 100_000_000;
const QUICK_ITEMS: usize = 4_000_000;
const THEIR_ITEMS: usize = 1_000_000;
/// What writing takes for each item at most: the boxes, the keys twice, the order, the chunk.
const WRITING_BYTES: usize = 110;
const OPENED_TIMES: usize = 101;
const OPEN_US_MAX: f64 = 1_000.0;
const TOUCHED_BYTES_MAX: f64 = 65_536.0;

/// Writes, maps, opens.
pub fn run(context: &Context) -> Outcome<()> {
    let wanted = if context.quick { QUICK_ITEMS } else { ITEMS };
    let fitting = available_bytes()? / WRITING_BYTES / MILLIONS * MILLIONS;
    let count = wanted.min(fitting);
    let label = format!("open, mapped, 2D, {}", short(count));
    if !context.wants(&label) {
        return Ok(());
    }
    if count < wanted {
        eprintln!("notice: {} items fit into memory, {} were wanted", short(count), short(wanted));
    }
    context.say(&format!("{label}: writing"));
    let directory = context.fresh_directory()?;
    let path = directory.join("large.psindex");
    write(&path, count)?;
    context.say(&format!("{label}: opening"));
    let touched = touched_bytes(&path, count)?;
    let ours = time_us(|| open(&path).map(|index| drop(black_box(index))))?;
    let their_path = directory.join("theirs.psindex");
    fs::write(&their_path, Index2D::build(&data::boxes(THEIR_ITEMS), None, false)?.to_bytes())?;
    let theirs = time_us(|| {
        let bytes = map(&their_path)?;
        black_box(&Index2DView::from_bytes(&bytes)?);
        Ok(())
    })?;
    let peer = format!("psi view, {}", short(THEIR_ITEMS));
    let target = Some(Target::AtMost(OPEN_US_MAX));
    context.put(Row::cost(&label, ("mapping and opening", "us"), ours, peer, theirs, target));
    let bytes = fs::metadata(&path)?.len() as f64;
    let target = Some(Target::AtMost(TOUCHED_BYTES_MAX));
    context.put(Row::cost(&label, ("bytes in memory", "B"), touched, "the file", bytes, target));
    Ok(fs::remove_dir_all(directory)?)
}

const MILLIONS: usize = 1_000_000;

fn write(path: &Path, count: usize) -> Outcome<()> {
    let boxes: Vec<BoxN<2>> = data::boxes(count);
    let mut sink = FileSink::create(&RealVfs, path)?;
    write_index(&Items::new(&boxes), WriteOptions::default(), &mut sink)?;
    Ok(sink.finish()?)
}

fn map(path: &Path) -> Outcome<Mapping> {
    Ok(RealVfs.open(path, OpenMode::Read)?.map()?)
}

/// A mapping as the index wants its bytes.
struct Mapped(Mapping);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn open(path: &Path) -> Outcome<Index<2>> {
    Ok(Index::open(Arc::new(Mapped(map(path)?)))?)
}

/// The median wall time of many openings, in microseconds, with the mapping and its end.
fn time_us(mut open: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let mut one = || {
        let start = Instant::now();
        open()?;
        Ok(start.elapsed().as_nanos() as f64 / 1e3)
    };
    Ok(median((0..OPENED_TIMES).map(|_| one()).collect::<Outcome<_>>()?))
}

/// How much of the mapping is in memory after opening it. The system maps pages around the touched
/// one as well if they are cached, so that it is an upper bound.
fn touched_bytes(path: &Path, count: usize) -> Outcome<f64> {
    let index = open(path)?;
    let name = path.to_string_lossy();
    let smaps = fs::read_to_string("/proc/self/smaps")?;
    let mut lines = smaps.lines().skip_while(|line| !line.ends_with(&*name));
    let resident = lines.find_map(|line| line.strip_prefix("Rss:"));
    let kilobytes = resident.and_then(|rest| rest.split_whitespace().next());
    let kilobytes: f64 = kilobytes.ok_or("the mapping is not in /proc/self/smaps")?.parse()?;
    // It is an index, and the right one.
    let hits = index.count(&BoxN::EVERYWHERE)?;
    if hits != count {
        return Err(format!("the file has {hits} items, {count} were written").into());
    }
    Ok(kilobytes * 1024.0)
}

/// What may still be allocated on this machine.
fn available_bytes() -> Outcome<usize> {
    let text = fs::read_to_string("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next());
    let kilobytes: usize = kilobytes.ok_or("no MemAvailable in /proc/meminfo")?.parse()?;
    Ok(kilobytes * 1024)
}
