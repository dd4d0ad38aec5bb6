//! Kills a process that writes to a real directory, again and again.
//!
//! Owns the supervisor and the child. The child's threads write one namespace each and report every
//! answer through a pipe; the supervisor kills at a random moment, opens the directory itself, and
//! finds, namespace by namespace, a state that the thread went through: under `Always` nothing
//! reported is missing, under every policy nothing that was flushed is, and nothing in the middle.

use crate::driver::was_logged;
use crate::model::Model;
use crate::report::{Failure, Tally};
use crate::state::Picture;
use crate::subject::Subject;
use crate::workload::{NamespaceSetup, Op, Policy, START_US, Setup, Workload};
use spatio::clock::ManualClock;
use spatio::prng::Prng;
use spatio::vfs::RealVfs;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// How many kills one directory sees before a new one is begun.
const KILLS_PER_DIRECTORY: u64 = 40;
/// Event time that one child may use, in steps.
const STEPS_PER_CHILD: i64 = 1_000_000;

/// What a child does, and what its supervisor knows of it.
#[derive(Clone, Debug)]
pub struct Child {
    /// The directory.
    pub dir: PathBuf,
    /// The seed of this child's workloads.
    pub seed: u64,
    /// Which child of its directory it is.
    pub number: u64,
}

impl Child {
    fn setup(&self) -> Setup {
        let mut prng = Prng::for_part(self.seed, 11);
        let policy = match prng.below(4) {
            0 | 1 => Policy::Always,
            2 => Policy::Every(20_000),
            _ => Policy::Never,
        };
        let namespace = |index: u64| NamespaceSetup {
            name: format!("thread{index}"),
            geographic: index.is_multiple_of(2),
            ttl_us: None,
            history: true,
        };
        Setup {
            dir: self.dir.clone(),
            policy,
            buffer_size: [1, 4, 64, 512][prng.index(4)],
            segment_bytes: [4_096, 30_000, 1 << 20][prng.index(3)],
            namespaces: (0..4).map(namespace).collect(),
            objects: 40,
            seed: prng.next_u64(),
            salvage: false,
            read_only: false,
        }
    }

    fn workload(&self, setup: &Setup, thread: usize) -> Workload {
        Workload::new(self.seed ^ ((thread as u64) << 32), setup, false)
            .only(thread)
            .from_index(self.number as i64 * STEPS_PER_CHILD)
    }

    /// Writes until it is killed, or until `most` operations of each thread are done.
    ///
    /// # Errors
    /// The first answer that a sound disk does not explain.
    pub fn run<S: Subject + Sync>(&self, most: usize) -> Result<(), String> {
        let setup = self.setup();
        let clock = Arc::new(ManualClock::new(START_US));
        let subject = S::open(Arc::new(RealVfs), clock, &setup)
            .map_err(|error| format!("the child cannot open the database: {error:?}"))?;
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..setup.namespaces.len())
                .map(|thread| {
                    let (subject, workload) = (&subject, self.workload(&setup, thread));
                    scope.spawn(move || write(subject, workload.take(most), thread))
                })
                .collect();
            threads.into_iter().try_for_each(|thread| match thread.join() {
                Ok(done) => done,
                Err(_) => Err("a thread of the child panicked".to_owned()),
            })
        })
    }
}

fn write<S: Subject>(
    subject: &S,
    ops: impl Iterator<Item = Op>,
    thread: usize,
) -> Result<(), String> {
    let mut out = std::io::stdout();
    for op in ops {
        subject.apply(&op).map_err(|error| format!("{op:?} failed with {error:?}"))?;
        // One line, one write: a line that arrives is whole.
        out.write_all(format!("{thread}\n").as_bytes()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// A supervisor and the directory that its children write.
#[derive(Debug)]
pub struct Supervisor {
    /// The program to start, which must run [`Child::run`] when told `kill-child`.
    pub program: PathBuf,
    /// Where to make directories.
    pub place: PathBuf,
    /// The seed of all rounds.
    pub seed: u64,
    models: BTreeMap<usize, Model>,
    prng: Prng,
}

impl Supervisor {
    /// A supervisor that has started nothing yet.
    pub fn new(program: PathBuf, place: PathBuf, seed: u64) -> Supervisor {
        let prng = Prng::for_part(seed, 12);
        Supervisor { program, place, seed, models: BTreeMap::new(), prng }
    }

    /// Starts, kills and checks `kills` children; after the last, the directory is removed.
    ///
    /// # Errors
    /// The first recovery that is not as it must be; the directory is kept then.
    pub fn round<S: Subject>(&mut self, kills: u64) -> Result<Tally, Failure> {
        let mut tally = Tally { rounds: 1, ..Tally::default() };
        let name = format!("spatio-sim-kill-{}-{}", std::process::id(), self.seed);
        let dir = self.place.join(name);
        for kill in 0..kills {
            let number = kill % KILLS_PER_DIRECTORY;
            let seed = Prng::for_part(self.seed, kill).next_u64();
            let child = Child { dir: dir.clone(), seed, number };
            if number == 0 {
                let _ = std::fs::remove_dir_all(&dir);
                self.models.clear();
            }
            let done = self.kill_one::<S>(&child).map_err(|message| {
                let message = format!("kill {kill} in {}: {message}", dir.display());
                Failure { programme: "kill", seed: self.seed, message }
            })?;
            tally.operations += done;
            tally.recoveries += 1;
        }
        let _ = std::fs::remove_dir_all(&dir);
        Ok(tally)
    }

    fn kill_one<S: Subject>(&mut self, child: &Child) -> Result<u64, String> {
        let reported = self.start_and_kill(child)?;
        let setup = child.setup();
        let mut total = 0;
        for thread in 0..setup.namespaces.len() {
            let count = reported.get(&thread).copied().unwrap_or(0);
            self.tell(child, &setup, thread, count);
            total += count as u64;
        }
        self.check::<S>(&setup).map_err(|text| format!("{child:?} {setup:?}: {text}"))?;
        Ok(total)
    }

    /// The operations that each thread reported before the kill.
    fn start_and_kill(&mut self, child: &Child) -> Result<BTreeMap<usize, usize>, String> {
        let text = |error: std::io::Error| format!("starting the child: {error}");
        let mut process = Command::new(&self.program)
            .arg("kill-child")
            .arg("--dir")
            .arg(&child.dir)
            .args(["--seed", &child.seed.to_string(), "--number", &child.number.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(text)?;
        let out = process.stdout.take().ok_or("the child has no output")?;
        let reader = std::thread::spawn(move || count_lines(BufReader::new(out)));
        // Most kills fall into the writing, some into the opening.
        let most = [3_000, 30_000, 120_000][self.prng.index(3)];
        std::thread::sleep(Duration::from_micros(self.prng.below(most)));
        let killed = process.kill();
        let output = process.wait_with_output().map_err(text)?;
        if !output.stderr.is_empty() {
            return Err(format!("the child said: {}", String::from_utf8_lossy(&output.stderr)));
        }
        killed.map_err(text)?;
        reader.join().map_err(|_| "the reader of the pipe panicked".to_owned())
    }

    /// Tells the model what the thread reported, and the operation that it was in.
    fn tell(&mut self, child: &Child, setup: &Setup, thread: usize, count: usize) {
        let model = self.models.entry(thread).or_insert_with(|| Model::new(setup, START_US));
        for (index, op) in child.workload(setup, thread).take(count + 1).enumerate() {
            let before = model.len();
            let told = model.tell(&op);
            let logged = was_logged(setup, &op, told, model.len() > before);
            let flushed = matches!(op, Op::Flush | Op::Sync | Op::Checkpoint);
            if index < count && (flushed || (setup.policy == Policy::Always && logged)) {
                model.promise();
            }
        }
    }

    fn check<S: Subject>(&mut self, setup: &Setup) -> Result<(), String> {
        let clock = Arc::new(ManualClock::new(START_US));
        let subject = S::open(Arc::new(RealVfs), clock, setup)
            .map_err(|error| format!("opening after the kill: {error:?}"))?;
        let picture = subject.look(setup).map_err(|error| format!("reading: {error:?}"))?;
        for (thread, model) in &mut self.models {
            let share = only(&picture, *thread);
            let (low, high) = (model.floor(), model.len());
            let Some(index) = model.find(&share, low, high) else {
                let text = model.explain(&share, low, high);
                return Err(format!("thread {thread} is in no state from {low} to {high}: {text}"));
            };
            model.truncate(index);
            model.settle();
        }
        if self.prng.chance(1, 2) {
            subject.close().map_err(|error| format!("closing: {error:?}"))?;
        }
        Ok(())
    }
}

fn count_lines(out: impl BufRead) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for line in out.lines().map_while(Result::ok) {
        if let Ok(thread) = line.parse::<usize>() {
            *counts.entry(thread).or_default() += 1;
        }
    }
    counts
}

fn only(picture: &Picture, namespace: usize) -> Picture {
    let mut all = picture.0.clone();
    all.retain(|key, _| *key == namespace);
    Picture(all)
}
