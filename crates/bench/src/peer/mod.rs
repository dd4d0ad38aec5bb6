//! What every engine under measurement can do, and the words in which it is asked.
//!
//! Owns the trait and the plain types that cross it; one adapter a file beside it. An object is a
//! dense number here, and `Ids` gives each its string id: an adapter uses whichever its engine
//! wants.
//!
//! Invariants: a call takes a slice of work, so that the dynamic call costs nothing beside it; an
//! adapter does the work of the slice one operation after the other, as its users would.

pub mod grid;
pub mod ours;
pub mod redis;
mod resp;
pub mod rstar;
pub mod rtree_sqlite;
pub mod upstream;

use crate::Outcome;
use ::ours::Point;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// One object goes to one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Which object.
    pub object: u32,
    /// Where to.
    pub to: Point,
}

/// A question about now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Question {
    /// Everything within `radius` of `center`, nearest first; the distance counts the altitude.
    Circle { center: Point, radius: f64 },
    /// Everything in a closed box of x and y, at any altitude.
    Box { min_x: f64, min_y: f64, max_x: f64, max_y: f64 },
    /// The `k` nearest to `center`, nearest first; the distance counts the altitude.
    Nearest { center: Point, k: usize },
}

/// The forms of a question, for engines that cannot answer each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Circle,
    Box,
    Nearest,
}

impl Question {
    /// The form of this question.
    pub fn form(&self) -> Form {
        match self {
            Question::Circle { .. } => Form::Circle,
            Question::Box { .. } => Form::Box,
            Question::Nearest { .. } => Form::Nearest,
        }
    }
}

/// When a change is on the disk for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When the call returns.
    Always,
    /// At most a second later.
    EverySecond,
    /// When the operating system likes.
    Never,
}

/// How far an engine's answer may be from ours for reasons of definition.
#[derive(Clone, Copy, Debug)]
pub struct Slack {
    /// A share of the distance: another Earth radius.
    pub relative: f64,
    /// In the unit of distance: rounded coordinates.
    pub absolute: f64,
}

impl Slack {
    /// Nothing but the last bits of floating point.
    pub const ROUNDING: Slack = Slack { relative: 1e-9, absolute: 1e-6 };
}

/// The string ids of objects 0..n, and the way back.
pub struct Ids {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Ids {
    /// Takes the id of every object, in their order.
    pub fn new(names: Vec<String>) -> Arc<Self> {
        let numbers = names.iter().zip(0..).map(|(name, number)| (name.clone(), number)).collect();
        Arc::new(Ids { names, numbers })
    }

    /// Ids of 16 bytes for `count` objects.
    pub fn plain(count: usize) -> Arc<Self> {
        Ids::new((0..count).map(|object| format!("vehicle-{object:08}")).collect())
    }

    /// The id of an object.
    pub fn name(&self, object: u32) -> &str {
        &self.names[object as usize]
    }

    /// The object of an id.
    pub fn number(&self, name: &str) -> Outcome<u32> {
        self.numbers.get(name).copied().ok_or_else(|| format!("unknown id {name:?}").into())
    }
}

/// Pieces of work with the ids of their objects, which lie one after the other in memory: an id
/// that has just arrived from somewhere is near, and fetching it is no part of an engine's work.
pub struct Named<T> {
    pub items: Vec<T>,
    text: String,
    ends: Vec<usize>,
}

/// Moves or insertions by id.
pub type Moves = Named<Step>;
/// Objects by id.
pub type Wanted = Named<u32>;

impl<T> Named<T> {
    /// Puts to each item the id of its object.
    fn new(ids: &Ids, items: Vec<T>, object: impl Fn(&T) -> u32) -> Self {
        let mut text = String::new();
        let mut end = |item: &T| {
            text.push_str(ids.name(object(item)));
            text.len()
        };
        let ends = items.iter().map(&mut end).collect();
        Named { items, text, ends }
    }

    /// Each item with its id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        let mut start = 0;
        self.items.iter().zip(&self.ends).map(move |(item, &end)| {
            let name = &self.text[start..end];
            start = end;
            (name, item)
        })
    }
}

impl Moves {
    /// These steps by id.
    pub fn of(ids: &Ids, steps: Vec<Step>) -> Self {
        Named::new(ids, steps, |step| step.object)
    }
}

impl Wanted {
    /// These objects by id.
    pub fn of(ids: &Ids, objects: Vec<u32>) -> Self {
        Named::new(ids, objects, |&object| object)
    }
}

/// Steps as columns, for an engine that takes batches by handle.
pub struct Batch {
    /// The same as rows, for an engine that has no columns.
    pub moves: Moves,
    /// What the engine calls each object.
    pub handles: Vec<u64>,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub z: Vec<f64>,
}

impl Batch {
    /// Columns of `moves`; the part of the work that a user has done before the call.
    pub fn new(peer: &dyn Peer, moves: Moves) -> Self {
        let steps = &moves.items;
        Batch {
            handles: steps.iter().map(|step| peer.handle(step.object)).collect(),
            x: steps.iter().map(|step| step.to.x).collect(),
            y: steps.iter().map(|step| step.to.y).collect(),
            z: steps.iter().map(|step| step.to.z).collect(),
            moves,
        }
    }
}

/// An engine under measurement.
pub trait Peer {
    /// The name in the report.
    fn name(&self) -> &'static str;

    /// Inserts or moves, one object at a time, by string id where the engine has those.
    fn apply(&mut self, moves: &Moves) -> Outcome<()>;

    /// The same by handle, all at once where the engine can.
    fn apply_batch(&mut self, batch: &Batch) -> Outcome<()> {
        self.apply(&batch.moves)
    }

    /// What the engine calls an object in a batch.
    fn handle(&self, object: u32) -> u64 {
        u64::from(object)
    }

    /// Whether the engine can look an object up by its id.
    fn can_get(&self) -> bool {
        true
    }

    /// Looks every object up and adds up the x of what it finds, so that nothing is optimised away.
    fn get(&mut self, wanted: &Wanted) -> Outcome<f64>;

    /// Where the engine says that an object is.
    fn position(&mut self, object: u32) -> Outcome<Option<Point>>;

    /// Whether the engine answers questions of this form.
    fn can_ask(&self, form: Form) -> bool;

    /// Answers every question as a user would have it answered; the number of hits.
    fn ask(&mut self, questions: &[Question]) -> Outcome<usize>;

    /// The objects of one answer, in the order of the engine.
    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>>;

    /// What definitions explain of a difference to us.
    fn slack(&self) -> Slack {
        Slack::ROUNDING
    }

    /// Processor time spent so far outside of this process on our behalf.
    fn foreign_cpu(&self) -> Option<Duration> {
        None
    }
}
