//! This engine, as its users use it: the named methods, by string id, or by handle in columns.
//!
//! Owns a database with one namespace, in memory or in a directory. A clone is another handle of
//! the same database, for another thread. In memory a namespace keeps no history, on disk it does:
//! these are the defaults.

use super::{Batch, Durability, Form, Ids, Moves, Peer, Question, Wanted};
use crate::Outcome;
use ::ours::{
    Database, Interval, Moves as Columns, Namespace, NamespaceOptions, Options, Point, Query, Rect,
    Rows, Space, SyncPolicy, Upsert,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const NAMESPACE: &str = "bench";
const NO_LIMIT: usize = usize::MAX;

/// A database of ours.
#[derive(Clone)]
pub struct Ours {
    database: Database,
    namespace: Namespace,
    ids: Arc<Ids>,
}

impl Ours {
    /// In memory.
    pub fn memory(space: Space, ids: Arc<Ids>) -> Outcome<Self> {
        Ours::of(Database::memory(), space, ids)
    }

    /// In the directory `path`, created where it is missing.
    pub fn open(path: &Path, durability: Durability, space: Space, ids: Arc<Ids>) -> Outcome<Self> {
        let policy = match durability {
            Durability::Always => SyncPolicy::Always,
            Durability::EverySecond => SyncPolicy::Every(Duration::from_secs(1)),
            Durability::Never => SyncPolicy::Never,
        };
        Ours::of(Options::new().sync(policy).open(path)?, space, ids)
    }

    fn of(database: Database, space: Space, ids: Arc<Ids>) -> Outcome<Self> {
        let options = match space {
            Space::Geographic => NamespaceOptions::geographic(),
            Space::Cartesian => NamespaceOptions::cartesian(),
        };
        let namespace = database.create_namespace(NAMESPACE, &options)?;
        Ok(Ours { database, namespace, ids })
    }

    /// Waits until everything is on the disk.
    pub fn sync(&self) -> Outcome<()> {
        Ok(self.database.sync()?)
    }

    /// Writes out and closes, for all clones.
    pub fn close(self) -> Outcome<()> {
        Ok(self.database.close()?)
    }

    /// New objects in one batch.
    pub fn insert_all(&mut self, moves: &Moves) -> Outcome<()> {
        let rows: Vec<_> = moves.iter().map(|(id, step)| (id, step.to, Upsert::new())).collect();
        self.namespace.upsert_batch(&rows)?;
        Ok(())
    }

    /// One upsert with a time of its own.
    pub fn upsert_at(&self, id: &str, to: Point, time_us: i64) -> Outcome<()> {
        self.namespace.upsert_with(id, to, &Upsert::new().time_us(time_us))?;
        Ok(())
    }

    /// How many points of an object's track lie in an interval.
    pub fn trajectory(&self, object: u32, from_us: i64, to_us: i64) -> Outcome<usize> {
        let interval = Interval::new(from_us, to_us);
        let id = self.ids.name(object);
        Ok(self.namespace.query_trajectory(id, interval, NO_LIMIT)?.len())
    }
}

fn query(question: &Question) -> Query {
    match *question {
        Question::Circle { center, radius } => Query::sphere(center, radius),
        Question::Nearest { center, k } => Query::nearest(k, center),
        Question::Box { min_x, min_y, max_x, max_y } => {
            Query::rect(Rect::new(min_x, min_y, max_x, max_y))
        }
    }
}

impl Peer for Ours {
    fn name(&self) -> &'static str {
        "ours"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        for (id, step) in moves.iter() {
            self.namespace.upsert(id, step.to, None)?;
        }
        Ok(())
    }

    fn apply_batch(&mut self, batch: &Batch) -> Outcome<()> {
        let columns = Columns {
            handles: &batch.handles,
            x: &batch.x,
            y: &batch.y,
            z: Some(&batch.z),
            time_us: None,
        };
        self.namespace.upsert_columns(&columns)?;
        Ok(())
    }

    fn handle(&self, object: u32) -> u64 {
        self.namespace.handle(self.ids.name(object)).ok().flatten().unwrap_or(u64::MAX)
    }

    fn get(&mut self, wanted: &Wanted) -> Outcome<f64> {
        let mut sum = 0.0;
        for (id, _) in wanted.iter() {
            let found = self.namespace.get(id)?;
            sum += found.ok_or("ours lost an object")?.position.x;
        }
        Ok(sum)
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        Ok(self.namespace.get(self.ids.name(object))?.map(|found| found.position))
    }

    fn can_ask(&self, _form: Form) -> bool {
        true
    }

    fn ask(&mut self, questions: &[Question]) -> Outcome<usize> {
        // The rows are used again, which is how a loop that asks for speed uses the library; the
        // peers that build no rows at all, but lend theirs one by one, do not allocate either.
        let (mut hits, mut sum, mut rows) = (0, 0u64, Rows::new());
        for question in questions {
            self.namespace.query_into(&query(question), &mut rows)?;
            hits += rows.len();
            sum = rows.handles().iter().fold(sum, |sum, handle| sum.wrapping_add(*handle));
        }
        std::hint::black_box(sum);
        Ok(hits)
    }

    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>> {
        let rows = self.namespace.query(&query(question))?;
        rows.iter().map(|row| self.ids.number(row.id)).collect()
    }
}
