//! What a case plays on: a directory, a clock, the databases and namespaces it has open.
//!
//! Owns: which step goes to which room, and the check of what came of it. Invariants: a step that
//! expects an error fails when there is none; a step that expects none fails when there is one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use spatio::clock::ManualClock;
use spatio::{Database, Error, Fences, Namespace, Options, Pack, RecoveryMode, SyncPolicy};

use crate::answer;
use crate::args::{Found, number, optional, text, whole};
use crate::compare::{Bound, compare};
use crate::tempdir::TempDir;
use crate::{files, indexes, objects, packs, past, queries, streams, whole as database};

/// What comes of a step: an answer or the engine's refusal, or a case that makes no sense.
pub(crate) type Answer = Found<spatio::Result<Value>>;

pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<ManualClock>,
    open: BTreeMap<String, (Database, BTreeMap<String, Namespace>)>,
    bound: Bound,
    pub(crate) indexes: BTreeMap<String, Box<dyn indexes::Asked>>,
    pub(crate) streams: BTreeMap<String, streams::Stream>,
    pub(crate) packs: BTreeMap<String, Pack>,
    pub(crate) fences: BTreeMap<String, Fences>,
}

impl Stage {
    pub(crate) fn new(case: &Value) -> Found<Stage> {
        let clock = Arc::new(ManualClock::new(whole(&case["clock_us"])?));
        let folder = TempDir::new("behaviour");
        let (open, bound, indexes) = (BTreeMap::new(), Bound::new(), BTreeMap::new());
        let (streams, packs, fences) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut stage = Stage { folder, clock, open, bound, indexes, streams, packs, fences };
        let options = case.get("options").cloned().unwrap_or(json!({}));
        let in_memory = case["where"] == "memory";
        let opened = stage.open(&json!({"options": options, "memory": in_memory}))?;
        opened.map_err(|error| format!("the case's own database: {error}"))?;
        Ok(stage)
    }

    /// Plays a step and checks what came of it.
    pub(crate) fn step(&mut self, op: &str, step: &Value) -> Found<()> {
        let none = json!({});
        let args = step.get("args").unwrap_or(&none);
        let answer = self.play(op, args)?;
        match (step.get("error"), answer) {
            (None, Err(error)) => Err(format!("refused: {error:?}")),
            (Some(status), Ok(found)) => Err(format!("expected {status}, found {found}")),
            (Some(_), Err(error)) => check_error(step, &error),
            (None, Ok(found)) => {
                if let Some(name) = step.get("bind") {
                    let handle = found["handle"].as_u64().ok_or("no handle to bind")?;
                    self.bound.insert(text(name)?.to_owned(), handle);
                }
                step.get("expect").map_or(Ok(()), |wanted| compare(wanted, &found, &self.bound))
            }
        }
    }

    fn play(&mut self, op: &str, args: &Value) -> Answer {
        match op {
            "clock" => {
                self.clock.advance(whole(&args["advance_us"])?);
                return Ok(Ok(json!({})));
            }
            "open" => return self.open(args),
            "write_file" | "write_bytes" | "flip_byte" | "remove_file" => {
                files::play(self.folder.path(), op, args)?;
                return Ok(Ok(json!({})));
            }
            _ if op.starts_with("index_") => return indexes::play(self, op, args),
            _ if op.starts_with("stream_") => return streams::play(self, op, args),
            _ if op.starts_with("pack_") => return packs::play(self, op, args),
            _ if op.starts_with("fences_") => return packs::play_fences(self, op, args),
            "check" | "salvage" => return files::inspect(self.folder.path(), op, args),
            _ => {}
        }
        let played = [database::play, queries::shapes];
        for room in played {
            if let Some(answer) = room(self, op, args) {
                return answer;
            }
        }
        let ns = match self.namespace(args)? {
            Ok(ns) => ns,
            Err(error) => return Ok(Err(error)),
        };
        let rooms = [objects::play, queries::play, past::play, packs::freeze];
        let answer = rooms.iter().find_map(|room| room(self, &ns, op, args));
        answer.unwrap_or_else(|| Err("no such operation".to_owned()))
    }

    /// Opens a database under a name; one that was open under it is given up.
    fn open(&mut self, args: &Value) -> Answer {
        let none = json!({});
        let options = self.options(args.get("options").unwrap_or(&none))?;
        let opened = match args["memory"] == json!(true) {
            true => options.memory(),
            false => options.open(self.path(args.get("path").unwrap_or(&json!("db")))?),
        };
        Ok(opened.map(|db| {
            let name = args["as"].as_str().unwrap_or("db");
            self.open.insert(name.to_owned(), (db, BTreeMap::new()));
            json!({})
        }))
    }

    fn options(&self, options: &Value) -> Found<Options> {
        let clock = Arc::clone(&self.clock);
        let mut made = Options::new().clock(clock).background(false);
        for (key, value) in options.as_object().ok_or("options are no object")? {
            made = match (key.as_str(), value.as_str()) {
                ("sync", Some("every")) => made.sync(SyncPolicy::Every(Duration::from_secs(1))),
                ("sync", Some("always")) => made.sync(SyncPolicy::Always),
                ("sync", Some("never")) => made.sync(SyncPolicy::Never),
                ("recovery", Some("salvage")) => made.recovery(RecoveryMode::Salvage),
                ("read_only", _) => made.read_only(*value == json!(true)),
                ("segment_bytes", _) => made.segment_bytes(whole(value)? as u64),
                ("buffer_records", _) => made.buffer_size(whole(value)? as usize),
                _ => return Err(format!("option {key} of {value}")),
            };
        }
        Ok(made)
    }

    /// A path below the case's own folder.
    pub(crate) fn path(&self, value: &Value) -> Found<PathBuf> {
        Ok(self.folder.path().join(text(value)?))
    }

    /// The database that a step is about.
    pub(crate) fn database(&self, args: &Value) -> Found<Database> {
        let name = args["db"].as_str().unwrap_or("db");
        let open = self.open.get(name).ok_or_else(|| format!("no database {name:?}"))?;
        Ok(open.0.clone())
    }

    /// The namespace that a step is about, opened when it is first named.
    fn namespace(&mut self, args: &Value) -> Found<spatio::Result<Namespace>> {
        let name = args["ns"].as_str().unwrap_or("main");
        let db = args["db"].as_str().unwrap_or("db");
        let (db, spaces) = self.open.get_mut(db).ok_or_else(|| format!("no database {db:?}"))?;
        if let Some(ns) = spaces.get(name) {
            return Ok(Ok(ns.clone()));
        }
        Ok(db.namespace(name).inspect(|ns| {
            spaces.insert(name.to_owned(), ns.clone());
        }))
    }

    /// The handle that a case means: `@name` of a bound one, `#number`, or the id of an object.
    pub(crate) fn handle(&self, ns: &Namespace, value: &Value) -> Found<u64> {
        let word = text(value)?;
        if let Some(name) = word.strip_prefix('@') {
            return self.bound.get(name).copied().ok_or_else(|| format!("{name} is not bound"));
        }
        if let Some(digits) = word.strip_prefix('#') {
            return digits.parse().map_err(|_| format!("{digits} is no handle"));
        }
        match ns.handle(word) {
            Ok(Some(handle)) => Ok(handle),
            other => Err(format!("{word:?} has no handle: {other:?}")),
        }
    }

    pub(crate) fn handles(&self, ns: &Namespace, value: &Value) -> Found<Vec<u64>> {
        crate::args::list(value)?.iter().map(|value| self.handle(ns, value)).collect()
    }
}

/// A time to live, if one is given; 0 is the namespace's.
pub(crate) fn ttl(args: &Value) -> Found<Option<Duration>> {
    let ttl_us = optional(args, "ttl_us", whole)?.filter(|&ttl_us| ttl_us > 0);
    Ok(ttl_us.map(|ttl_us| Duration::from_micros(ttl_us.unsigned_abs())))
}

fn check_error(step: &Value, error: &Error) -> Found<()> {
    if step["error"] != json!(answer::status(error.kind())) {
        return Err(format!("expected {}, found {error:?}", step["error"]));
    }
    let told = error.to_string();
    for word in step["message"].as_array().map_or(&[][..], Vec::as_slice) {
        if !told.contains(text(word)?) {
            return Err(format!("{word} is not in {told:?}"));
        }
    }
    match step.get("row").map(number).transpose()? {
        Some(row) if error.row().map(|row| row as f64) != Some(row) => {
            Err(format!("expected row {row}, found {:?}", error.row()))
        }
        _ => Ok(()),
    }
}
