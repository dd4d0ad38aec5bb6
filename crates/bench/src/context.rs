//! What every workload needs to know: how long to run, which rows are wanted, where files may lie.
//!
//! Owns the rows collected so far and the scratch directory, which it removes at the end.

use crate::Outcome;
use crate::measure::Plan;
use crate::peer::redis;
use crate::report::Row;
use crate::workload::stage::Engine;
use std::cell::{Cell, RefCell};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The settings of one run and its rows.
pub struct Context {
    /// Ends in about two minutes, at smaller sizes.
    pub quick: bool,
    /// Only workloads whose name contains this.
    pub only: Option<String>,
    /// In place of 100 k objects.
    pub objects: Option<usize>,
    /// The directory of the recordings to replay.
    pub data: PathBuf,
    /// The directory of the programs that measure other languages, if there is one.
    pub languages: Option<PathBuf>,
    /// On a real disk, so that a sync is one.
    pub scratch: PathBuf,
    has_redis: bool,
    rows: RefCell<Vec<Row>>,
    directories: Cell<usize>,
    started: Instant,
}

impl Context {
    /// A run with nothing done yet; says what will be left out.
    pub fn new(
        quick: bool,
        only: Option<String>,
        objects: Option<usize>,
        data: PathBuf,
    ) -> Outcome<Self> {
        let beside = std::env::current_exe()?.with_file_name("bench-scratch");
        let scratch = beside.join(std::process::id().to_string());
        fs::create_dir_all(&scratch)?;
        let has_redis = redis::is_installed();
        if !has_redis {
            eprintln!("notice: no redis-server on this machine, its rows are left out");
        }
        Ok(Context {
            quick,
            only,
            objects,
            data,
            languages: None,
            scratch,
            has_redis,
            rows: RefCell::default(),
            directories: Cell::new(0),
            started: Instant::now(),
        })
    }

    /// Whether a workload of this name is to be run.
    pub fn wants(&self, workload: &str) -> bool {
        self.only.as_ref().is_none_or(|only| workload.contains(only.as_str()))
    }

    /// The usual number of objects.
    pub fn count(&self) -> usize {
        self.objects.unwrap_or(100_000)
    }

    /// The engines of a list that this machine has.
    pub fn available(&self, engines: &[Engine]) -> Vec<Engine> {
        engines.iter().copied().filter(|&one| one != Engine::Redis || self.has_redis).collect()
    }

    /// How long and how often the sides of a comparison run.
    pub fn plan(&self) -> Plan {
        let (slice_ms, rounds) = if self.quick { (40, 5) } else { (150, 7) };
        Plan { slice: Duration::from_millis(slice_ms), rounds, operations_max: 1_000_000 }
    }

    /// A directory that did not exist before.
    pub fn fresh_directory(&self) -> Outcome<PathBuf> {
        let number = self.directories.get();
        self.directories.set(number + 1);
        let path = self.scratch.join(number.to_string());
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Adds a row and shows it.
    pub fn put(&self, row: Row) {
        println!("{row}");
        self.rows.borrow_mut().push(row);
    }

    /// Says on the error output what is being done.
    pub fn say(&self, what: &str) {
        eprintln!("[{:>4.0} s] {what}", self.started.elapsed().as_secs_f64());
    }

    /// All rows so far.
    pub fn rows(&self) -> Vec<Row> {
        self.rows.borrow().clone()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // What cannot be removed is only scratch.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}
