//! SQLite's R*Tree module, in memory, through `rusqlite` with the bundled library.
//!
//! Owns one connection and its prepared statements. Kindly used: integer ids, two dimensions, one
//! transaction for each slice of work. It keeps 32-bit coordinates, so a hit at a border may
//! differ; a circle is a box whose rows are measured here, which is what its users write.

use super::{Form, Moves, Peer, Question, Slack, Step, Wanted};
use crate::Outcome;
use ::ours::Point;
use rusqlite::{Connection, OptionalExtension, params};

const SCHEMA: &str = "CREATE VIRTUAL TABLE objects USING rtree(id, min_x, max_x, min_y, max_y)";
const INSERT: &str = "INSERT INTO objects VALUES (?1, ?2, ?2, ?3, ?3)";
const MOVE: &str =
    "UPDATE objects SET min_x = ?2, max_x = ?2, min_y = ?3, max_y = ?3 WHERE id = ?1";
const GET: &str = "SELECT min_x, min_y FROM objects WHERE id = ?1";
const SEARCH: &str = "SELECT id, min_x, min_y FROM objects \
    WHERE min_x <= ?3 AND max_x >= ?1 AND min_y <= ?4 AND max_y >= ?2";

/// A table of points, and which of them are in it.
pub struct RtreeSqlite {
    connection: Connection,
    known: Vec<bool>,
    slack: f64,
}

impl RtreeSqlite {
    /// An empty table for `count` objects whose coordinates do not exceed `coordinate_max`.
    pub fn memory(count: usize, coordinate_max: f64) -> Outcome<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        connection.set_prepared_statement_cache_capacity(8);
        let slack = coordinate_max * 4.0 * f64::from(f32::EPSILON);
        Ok(RtreeSqlite { connection, known: vec![false; count], slack })
    }

    fn each_hit(&self, question: &Question, mut found: impl FnMut(u32)) -> Outcome<()> {
        let (corners, circle) = match *question {
            Question::Box { min_x, min_y, max_x, max_y } => ([min_x, min_y, max_x, max_y], None),
            Question::Circle { center: Point { x, y, .. }, radius } => {
                let corners = [x - radius, y - radius, x + radius, y + radius];
                (corners, Some((x, y, radius * radius)))
            }
            Question::Nearest { .. } => return Err("SQLite has no k nearest".into()),
        };
        let mut statement = self.connection.prepare_cached(SEARCH)?;
        let mut rows = statement.query(corners)?;
        while let Some(row) = rows.next()? {
            if let Some((x, y, square)) = circle {
                let (dx, dy) = (row.get::<_, f64>(1)? - x, row.get::<_, f64>(2)? - y);
                if dx * dx + dy * dy > square {
                    continue;
                }
            }
            found(row.get(0)?);
        }
        Ok(())
    }
}

impl Peer for RtreeSqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(INSERT)?;
            let mut update = transaction.prepare_cached(MOVE)?;
            for &Step { object, to } in &moves.items {
                let known = std::mem::replace(&mut self.known[object as usize], true);
                let statement = if known { &mut update } else { &mut insert };
                statement.execute(params![object, to.x, to.y])?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn get(&mut self, wanted: &Wanted) -> Outcome<f64> {
        let mut statement = self.connection.prepare_cached(GET)?;
        let mut sum = 0.0;
        for &object in &wanted.items {
            sum += statement.query_row([object], |row| row.get::<_, f64>(0))?;
        }
        Ok(sum)
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        let mut statement = self.connection.prepare_cached(GET)?;
        let place = statement
            .query_row([object], |row| Ok(Point { x: row.get(0)?, y: row.get(1)?, z: 0.0 }));
        Ok(place.optional()?)
    }

    fn can_ask(&self, form: Form) -> bool {
        form != Form::Nearest
    }

    fn ask(&mut self, questions: &[Question]) -> Outcome<usize> {
        let (mut hits, mut sum) = (0, 0u64);
        for question in questions {
            self.each_hit(question, |object| {
                hits += 1;
                sum += u64::from(object);
            })?;
        }
        std::hint::black_box(sum);
        Ok(hits)
    }

    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>> {
        let mut objects = Vec::new();
        self.each_hit(question, |object| objects.push(object))?;
        Ok(objects)
    }

    fn slack(&self) -> Slack {
        Slack { absolute: self.slack, ..Slack::ROUNDING }
    }
}
