//! Seeded simulation of an engine over disks that lose power, fail and fill up.
//!
//! Owns: a generator of workloads, a model of what they mean, and programmes that compare an engine
//! with the model after every kind of mishap. Does not own the disk that fails; that is
//! `spatio::vfs::FaultVfs`. Invariants: a seed replays a round exactly (the `kill` programme
//! excepted, whose kills fall when they fall); a failure names the seed and what was expected.

pub mod args;
pub mod damage;
pub mod disk_full;
pub mod driver;
pub mod engine;
pub mod faults;
pub mod kill;
pub mod model;
pub mod power;
pub mod report;
pub mod state;
pub mod subject;
pub mod threads;
pub mod workload;
