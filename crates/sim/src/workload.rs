//! Workloads made from a seed.
//!
//! Owns the vocabulary of operations, the ways in which a database is set up, and the generator.
//! Invariant: a workload depends on its seed and its setup alone, never on what the engine answers.

use spatio::prng::Prng;
use std::path::PathBuf;

/// When written data is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Each write returns once it is durable.
    Always,
    /// At most this many microseconds after it was written.
    Every(u64),
    /// On request.
    Never,
}

/// A namespace of the workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceSetup {
    /// Its name.
    pub name: String,
    /// Whether coordinates are degrees, or plain numbers.
    pub geographic: bool,
    /// How long objects live.
    pub ttl_us: Option<i64>,
    /// Whether tracks are kept.
    pub history: bool,
}

/// How the database is opened, and over what the workload runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The directory.
    pub dir: PathBuf,
    /// When written data is made durable.
    pub policy: Policy,
    /// Records in the buffer.
    pub buffer_size: usize,
    /// The size of a segment.
    pub segment_bytes: u64,
    /// The namespaces.
    pub namespaces: Vec<NamespaceSetup>,
    /// How many objects each namespace has.
    pub objects: usize,
    /// Where the database takes its salts from.
    pub seed: u64,
    /// Whether damage is carried out of the way instead of refused.
    pub salvage: bool,
    /// Whether nothing is to be written.
    pub read_only: bool,
}

impl Setup {
    /// A setup picked by a seed: small buffers and segments, so that a short workload crosses every
    /// border.
    pub fn from_seed(seed: u64) -> Setup {
        let mut prng = Prng::for_part(seed, 1);
        let policy = match prng.below(4) {
            0 | 1 => Policy::Always,
            2 => Policy::Every(3_000_000),
            _ => Policy::Never,
        };
        let namespaces = vec![
            NamespaceSetup { name: "fleet".into(), geographic: true, ttl_us: None, history: true },
            NamespaceSetup {
                name: "drones".into(),
                geographic: false,
                ttl_us: Some(25_000_000),
                history: true,
            },
            NamespaceSetup { name: "now".into(), geographic: true, ttl_us: None, history: false },
        ];
        Setup {
            dir: PathBuf::from("db"),
            policy,
            buffer_size: [1, 2, 3, 8, 64][prng.index(5)],
            segment_bytes: [600, 1_500, 4_096, 1 << 20][prng.index(4)],
            namespaces,
            objects: [2, 5, 12][prng.index(3)],
            seed: prng.next_u64(),
            salvage: false,
            read_only: false,
        }
    }

    /// The id of an object.
    pub fn id(&self, object: usize) -> String {
        // Lengths differ, so that frames do.
        format!("o{}{}", object, "-long".repeat(object % 4))
    }
}

/// The moment at which workloads begin.
pub const START_US: i64 = 1_700_000_000_000_000;

/// Where and when an object is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// The object.
    pub object: usize,
    /// When.
    pub time_us: i64,
    /// Where: x, y, z.
    pub position: [f64; 3],
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Creates a namespace, or meets it with the same settings.
    Namespace(usize),
    /// Moves or creates an object.
    Upsert {
        /// The namespace.
        namespace: usize,
        /// What, when and where.
        fix: Fix,
        /// A payload; `Some` of nothing clears it.
        payload: Option<Vec<u8>>,
        /// A time-to-live of its own.
        ttl_us: Option<i64>,
    },
    /// Moves many objects by their handles.
    Columns {
        /// The namespace.
        namespace: usize,
        /// What, when and where.
        fixes: Vec<Fix>,
    },
    /// Deletes an object.
    Delete {
        /// The namespace.
        namespace: usize,
        /// The object.
        object: usize,
    },
    /// Sweeps what expired.
    Sweep,
    /// Writes the buffer to the file.
    Flush,
    /// Makes everything durable.
    Sync,
    /// Writes a checkpoint.
    Checkpoint,
    /// Sets the clock.
    Clock(i64),
    /// Closes the database and opens it again.
    Reopen,
    /// Kills the process, not the machine, and opens the database again.
    Kill,
}

/// A generator of operations.
#[derive(Clone, Debug)]
pub struct Workload {
    setup: Setup,
    prng: Prng,
    index: i64,
    /// Whether `Reopen` and `Kill` are generated, and the clock is set.
    restarts: bool,
    /// The only namespace that is spoken of, if there is one.
    only: Option<usize>,
}

impl Workload {
    /// The workload of `seed`, beginning with its operation `index`.
    pub fn new(seed: u64, setup: &Setup, restarts: bool) -> Workload {
        Workload {
            setup: setup.clone(),
            prng: Prng::for_part(seed, 2),
            index: 0,
            restarts,
            only: None,
        }
    }

    /// A workload that continues where the clock and the event times of another one stopped.
    pub fn continued(&self, seed: u64) -> Workload {
        Workload { prng: Prng::for_part(seed, 3), index: self.index, ..self.clone() }
    }

    /// The same workload with event times from `index` on.
    #[must_use]
    pub fn from_index(mut self, index: i64) -> Workload {
        self.index = index;
        self
    }

    /// The same workload, speaking of one namespace alone: a thread's share.
    #[must_use]
    pub fn only(mut self, namespace: usize) -> Workload {
        self.only = Some(namespace);
        self
    }

    /// How far event time is.
    pub fn index(&self) -> i64 {
        self.index
    }

    fn namespace(&mut self) -> usize {
        let any = self.prng.index(self.setup.namespaces.len());
        self.only.unwrap_or(any)
    }

    fn time_us(&mut self) -> i64 {
        let now = START_US + self.index * 1_000_000;
        match self.prng.below(12) {
            0 => now - 1_000_000 * (1 + self.prng.below(30) as i64),
            1 => now - now % 7_000_000,
            _ => now,
        }
    }

    fn position(&mut self, namespace: usize) -> [f64; 3] {
        let z = if self.prng.chance(1, 3) { self.prng.between(-50.0, 900.0) } else { 0.0 };
        if self.setup.namespaces[namespace].geographic {
            let edge = self.prng.chance(1, 20);
            let x = if edge { 180.0 } else { self.prng.between(-180.0, 180.0) };
            [x, self.prng.between(-90.0, 90.0), z]
        } else {
            [self.prng.between(-1e6, 1e6), self.prng.between(-1e6, 1e6), z]
        }
    }

    fn fix(&mut self, namespace: usize) -> Fix {
        let object = self.prng.index(self.setup.objects);
        let time_us = self.time_us();
        Fix { object, time_us, position: self.position(namespace) }
    }

    fn upsert(&mut self) -> Op {
        let namespace = self.namespace();
        let fix = self.fix(namespace);
        let payload = match self.prng.below(8) {
            0 => Some(Vec::new()),
            1 => Some(self.bytes(600)),
            2 | 3 => Some(self.bytes(20)),
            _ => None,
        };
        let own = self.setup.namespaces[namespace].ttl_us.is_some() && self.prng.chance(1, 4);
        let ttl_us = own.then(|| 1_000_000 * (1 + self.prng.below(40) as i64));
        Op::Upsert { namespace, fix, payload, ttl_us }
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.prng.below(most);
        (0..length).map(|_| self.prng.next_u64() as u8).collect()
    }

    fn columns(&mut self) -> Op {
        let namespace = self.namespace();
        let count = 1 + self.prng.index(12);
        let fixes = (0..count).map(|_| self.fix(namespace)).collect();
        Op::Columns { namespace, fixes }
    }

    fn restart(&mut self) -> Op {
        match self.prng.below(2) {
            0 if self.restarts => Op::Reopen,
            1 if self.restarts => Op::Kill,
            _ => Op::Sync,
        }
    }
}

impl Iterator for Workload {
    type Item = Op;

    fn next(&mut self) -> Option<Op> {
        self.index += 1;
        Some(match self.prng.below(100) {
            0..=54 => self.upsert(),
            55..=69 => self.columns(),
            70..=77 => {
                let namespace = self.namespace();
                Op::Delete { namespace, object: self.prng.index(self.setup.objects) }
            }
            78..=79 => Op::Namespace(self.namespace()),
            80..=81 => Op::Sweep,
            82..=84 => Op::Flush,
            85..=87 => Op::Sync,
            88..=90 => Op::Checkpoint,
            91..=95 if self.restarts => Op::Clock(START_US + self.index * 1_000_000),
            _ => self.restart(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_workloads() {
        for seed in 0..20 {
            let setup = Setup::from_seed(seed);
            assert_eq!(setup, Setup::from_seed(seed));
            let ops: Vec<Op> = Workload::new(seed, &setup, true).take(200).collect();
            let again: Vec<Op> = Workload::new(seed, &setup, true).take(200).collect();
            assert_eq!(ops, again);
            assert!(ops.contains(&Op::Checkpoint) || ops.contains(&Op::Sync));
        }
    }
}
