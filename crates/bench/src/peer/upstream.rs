//! The crate `spatio` from its registry: the project that this one set out to replace.
//!
//! Owns one database of it, in memory or on a log file, with its defaults: metadata is null,
//! history is kept as it always is there. Distances are haversine and altitude, as ours.

use super::{Durability, Form, Ids, Moves, Peer, Question, Wanted};
use crate::Outcome;
use ::ours::Point;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use upstream::{Config, Point3d, SetOptions, Spatio, SyncPolicy};

const NAMESPACE: &str = "bench";
const NO_LIMIT: usize = 1 << 30;

/// A database of upstream's.
pub struct Upstream {
    database: Spatio,
    ids: Arc<Ids>,
}

impl Upstream {
    /// In memory.
    pub fn memory(ids: Arc<Ids>) -> Outcome<Self> {
        Ok(Upstream { database: Spatio::memory()?, ids })
    }

    /// On the log file `path`, created where it is missing.
    pub fn open(path: &Path, durability: Durability, ids: Arc<Ids>) -> Outcome<Self> {
        let policy = match durability {
            Durability::Always => SyncPolicy::Always,
            Durability::EverySecond => SyncPolicy::EverySecond,
            Durability::Never => SyncPolicy::Never,
        };
        let config = Config::default().with_sync_policy(policy);
        Ok(Upstream { database: Spatio::open_with_config(path, config)?, ids })
    }

    /// Writes out and closes.
    pub fn close(self) -> Outcome<()> {
        Ok(self.database.close()?)
    }

    /// One upsert with a time of its own.
    pub fn upsert_at(&self, id: &str, to: Point, time_us: i64) -> Outcome<()> {
        let time = UNIX_EPOCH + Duration::from_micros(time_us.unsigned_abs());
        let options = SetOptions::with_timestamp(time);
        let metadata = serde_json::Value::Null;
        Ok(self.database.upsert(NAMESPACE, id, point(to), metadata, Some(options))?)
    }

    /// How many points of an object's track lie in an interval.
    pub fn trajectory(&self, object: u32, from_us: i64, to_us: i64) -> Outcome<usize> {
        let time = |us: i64| UNIX_EPOCH + Duration::from_micros(us.unsigned_abs());
        let id = self.ids.name(object);
        let (from, to) = (time(from_us), time(to_us));
        Ok(self.database.query_trajectory(NAMESPACE, id, from, to, NO_LIMIT)?.len())
    }

    fn each_hit(&self, question: &Question, mut found: impl FnMut(&str)) -> Outcome<()> {
        let database = &self.database;
        match *question {
            Question::Circle { center, radius } => {
                let hits = database.query_radius(NAMESPACE, &point(center), radius, NO_LIMIT)?;
                hits.iter().for_each(|(hit, _)| found(&hit.object_id));
            }
            Question::Box { min_x, min_y, max_x, max_y } => {
                let hits = database.query_bbox(NAMESPACE, min_x, min_y, max_x, max_y, NO_LIMIT)?;
                hits.iter().for_each(|hit| found(&hit.object_id));
            }
            Question::Nearest { center, k } => {
                let hits = database.knn(NAMESPACE, &point(center), k)?;
                hits.iter().for_each(|(hit, _)| found(&hit.object_id));
            }
        }
        Ok(())
    }
}

fn point(of: Point) -> Point3d {
    Point3d::new(of.x, of.y, of.z)
}

impl Peer for Upstream {
    fn name(&self) -> &'static str {
        "upstream"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        for (id, step) in moves.iter() {
            let metadata = serde_json::Value::Null;
            self.database.upsert(NAMESPACE, id, point(step.to), metadata, None)?;
        }
        Ok(())
    }

    fn get(&mut self, wanted: &Wanted) -> Outcome<f64> {
        let mut sum = 0.0;
        for (id, _) in wanted.iter() {
            let found = self.database.get(NAMESPACE, id)?;
            sum += found.ok_or("upstream lost an object")?.position.x();
        }
        Ok(sum)
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        let found = self.database.get(NAMESPACE, self.ids.name(object))?;
        Ok(found.map(|found| {
            let at = &found.position;
            Point { x: at.x(), y: at.y(), z: at.z() }
        }))
    }

    fn can_ask(&self, _form: Form) -> bool {
        true
    }

    fn ask(&mut self, questions: &[Question]) -> Outcome<usize> {
        let (mut hits, mut bytes) = (0, 0);
        for question in questions {
            self.each_hit(question, |id| {
                hits += 1;
                bytes += id.len();
            })?;
        }
        std::hint::black_box(bytes);
        Ok(hits)
    }

    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>> {
        let mut objects = Vec::new();
        let mut unknown = None;
        self.each_hit(question, |id| match self.ids.number(id) {
            Ok(object) => objects.push(object),
            Err(error) => unknown = Some(error),
        })?;
        unknown.map_or(Ok(objects), Err)
    }
}
