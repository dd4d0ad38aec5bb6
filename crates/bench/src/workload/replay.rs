//! The replay of real recordings: every point file, row by row, with its own times.
//!
//! Owns reading them and the model of what must be there at the end: for each object the newest
//! row, the later one of equals. Ours and upstream are both held to it.

use crate::Outcome;
use crate::check;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::Figure;
use crate::peer::ours::Ours;
use crate::peer::upstream::Upstream;
use crate::peer::{Durability, Ids, Peer, Question, Slack};
use crate::report::{By, Row};
use crate::workload::data::{K, Random};
use ::ours::{Point, Space};
use flate2::read::GzDecoder;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ENDING: &str = ".csv.gz";
const HEADER: &str = "object_id,timestamp_ms_utc,lon,lat,alt_m";
/// As many rows of each file when quick.
const QUICK_ROWS: usize = 20_000;
const QUESTIONS: usize = 20;
const RADIUS_M: f64 = 5_000.0;
const SEED: u64 = 23;

/// A recording: its rows in their order, and the last place of each object.
struct Recording {
    ids: Arc<Ids>,
    rows: Vec<(u32, i64, Point)>,
    last: Vec<Point>,
}

/// Replays every point file of the data directory, in memory and on disk.
pub fn run(context: &Context) -> Outcome<()> {
    for path in files(context) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(ENDING);
        for on_disk in [false, true] {
            let place = if on_disk { "on disk" } else { "in memory" };
            let label = format!("replay {place}, {name}");
            if context.wants(&label) {
                replay(context, &path, &label, on_disk)?;
            }
        }
    }
    Ok(())
}

/// Every point file of the data directory; says so if there is none.
fn files(context: &Context) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(&context.data) else {
        eprintln!("notice: no recordings at {}, nothing to replay", context.data.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ENDING));
    files.sort();
    files
}

/// The place of every row of every recording, those that occur more than once as often.
pub fn places(context: &Context) -> Outcome<Vec<Point>> {
    let rows_max = if context.quick { QUICK_ROWS } else { usize::MAX };
    let mut places = Vec::new();
    for path in files(context) {
        places.extend(read(&path, rows_max)?.rows.into_iter().map(|(_, _, at)| at));
    }
    Ok(places)
}

fn replay(context: &Context, path: &Path, label: &str, on_disk: bool) -> Outcome<()> {
    let rows_max = if context.quick { QUICK_ROWS } else { usize::MAX };
    let recording = read(path, rows_max)?;
    let (ids, rows) = (&recording.ids, &recording.rows);
    let directory = context.fresh_directory()?;
    let (space, every) = (Space::Geographic, Durability::EverySecond);
    let mut ours = match on_disk {
        true => Ours::open(&directory.join("ours"), every, space, ids.clone())?,
        false => Ours::memory(space, ids.clone())?,
    };
    let mut theirs = match on_disk {
        true => Upstream::open(&directory.join("upstream.log"), every, ids.clone())?,
        false => Upstream::memory(ids.clone())?,
    };
    let (mut our_time, mut their_time) = (Spent::default(), Spent::default());
    // In turns, so that both meet the same state of the machine.
    for chunk in rows.chunks(5_000) {
        our_time +=
            timed(chunk, |(object, time_us, to)| ours.upsert_at(ids.name(object), to, time_us))?;
        their_time +=
            timed(chunk, |(object, time_us, to)| theirs.upsert_at(ids.name(object), to, time_us))?;
    }
    verify(&recording, &mut ours)?;
    verify(&recording, &mut theirs)?;
    let figure = |spent| Figure::of(&[(spent, rows.len())]);
    let (we, they) = (figure(our_time), figure(their_time));
    let by = if on_disk { By::Wall } else { By::Cpu };
    context.put(Row::rate(label, by, we, "upstream", they, None));
    drop((ours, theirs));
    Ok(fs::remove_dir_all(directory)?)
}

fn timed(
    rows: &[(u32, i64, Point)],
    mut upsert: impl FnMut((u32, i64, Point)) -> Outcome<()>,
) -> Outcome<Spent> {
    let watch = Stopwatch::start(Whose::Thread);
    rows.iter().try_for_each(|&row| upsert(row))?;
    Ok(watch.stop())
}

/// Fails unless every object is where its newest row puts it, and questions find just that.
fn verify(recording: &Recording, peer: &mut dyn Peer) -> Outcome<()> {
    let last = &recording.last;
    for (object, &expected) in (0..).zip(last) {
        let found = peer.position(object)?;
        if found != Some(expected) {
            let (name, id) = (peer.name(), recording.ids.name(object));
            return Err(format!("{name} has {id} at {found:?}, not {expected:?}").into());
        }
    }
    let mut random = Random::new(SEED);
    for index in 0..QUESTIONS {
        let center = last[random.below(last.len())];
        let question = match index % 2 {
            0 => Question::Circle { center, radius: RADIUS_M },
            _ => Question::Nearest { center, k: K },
        };
        let expected = check::scan(Space::Geographic, last, &question);
        let answer = peer.answer(&question)?;
        let (name, slack) = (peer.name(), Slack::ROUNDING);
        let (found, scanned) = ((name, answer.as_slice()), ("a scan", expected.as_slice()));
        check::compare(Space::Geographic, last, &question, slack, found, scanned)?;
    }
    Ok(())
}

fn read(path: &Path, rows_max: usize) -> Outcome<Recording> {
    let mut lines = BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    if lines.next().transpose()?.as_deref() != Some(HEADER) {
        return Err(format!("{} does not begin with {HEADER:?}", path.display()).into());
    }
    let (mut names, mut numbers) = (Vec::new(), HashMap::new());
    let (mut rows, mut last) = (Vec::new(), Vec::<(i64, Point)>::new());
    for line in lines.take(rows_max) {
        let line = line?;
        let fields: Vec<&str> = line.split(',').collect();
        let [id, time_ms, lon, lat, altitude] = fields.as_slice() else {
            return Err(format!("{}: a row of {} fields", path.display(), fields.len()).into());
        };
        let z = if altitude.is_empty() { 0.0 } else { altitude.parse()? };
        let to = Point { x: lon.parse()?, y: lat.parse()?, z };
        let time_us = time_ms.parse::<i64>()? * 1_000;
        let object = *numbers.entry(id.to_string()).or_insert_with(|| {
            names.push(id.to_string());
            last.push((i64::MIN, to));
            names.len() as u32 - 1
        });
        if time_us >= last[object as usize].0 {
            last[object as usize] = (time_us, to);
        }
        rows.push((object, time_us, to));
    }
    let last = last.into_iter().map(|(_, at)| at).collect();
    Ok(Recording { ids: Ids::new(names), rows, last })
}
