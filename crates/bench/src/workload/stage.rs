//! A stage: one scene, played by several engines with the same data, checked and then measured.
//!
//! Owns loading, the check that all answer alike, and one measurement for each kind of work. Does
//! not own which scenes are played and what they have to reach (`hot`).
//!
//! Invariants: the first actor is ours. All actors get the same objects and the same first moves,
//! are compared, answer the questions, and only then move apart: an engine moves as far as it gets
//! in its time, and its own walker knows what it must say afterwards.

use crate::check;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Figure, Plan, Side, interleave};
use crate::peer::{Batch, Form, Ids, Moves, Peer, Question, Wanted};
use crate::peer::{grid, ours, redis, rstar, rtree_sqlite, upstream};
use crate::workload::data::{Gait, Scene, Spread, Walker};
use crate::{Outcome, peer};
use std::sync::Arc;

/// Moves that every engine makes before it is compared.
const SETTLING_MOVES: usize = 1_000;
const QUESTIONS: usize = 1_000;
const COMPARED: usize = 100;
const SCANNED: usize = 5;
const BATCH: usize = 1_000;
/// Operations of one group of the mixed work.
const GROUP: usize = 100;
const SEED: u64 = 20_260_101;

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Ours,
    Upstream,
    Redis,
    Rstar,
    Sqlite,
    Grid,
}

impl Engine {
    /// An empty engine for the objects of a scene.
    pub fn make(self, context: &Context, scene: Scene, ids: &Arc<Ids>) -> Outcome<Box<dyn Peer>> {
        let (ids, count) = (ids.clone(), scene.count);
        Ok(match self {
            Engine::Ours => Box::new(ours::Ours::memory(scene.space, ids)?),
            Engine::Upstream => Box::new(upstream::Upstream::memory(ids)?),
            Engine::Redis => Box::new(redis::Redis::start(&context.fresh_directory()?, ids)?),
            Engine::Rstar if scene.altitudes => Box::new(rstar::Tree::<3>::new(count)),
            Engine::Rstar => Box::new(rstar::Tree::<2>::new(count)),
            Engine::Sqlite => {
                let extent = scene.extent();
                let coordinate_max = extent.x.max(extent.y) + extent.side;
                Box::new(rtree_sqlite::RtreeSqlite::memory(count, coordinate_max)?)
            }
            Engine::Grid => Box::new(grid::Grid::new(scene.extent(), count)),
        })
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Insert,
    /// One at a time, by string id.
    Move(Gait),
    /// By handle, in batches.
    MoveBatch(Gait),
    Get,
    Ask(Form),
    /// Nine moves to one circle.
    Mixed,
}

impl Work {
    /// The first half of a workload's name.
    pub fn name(self) -> &'static str {
        match self {
            Work::Insert => "insert",
            Work::Move(Gait::Small) => "move, small steps",
            Work::Move(Gait::Jump) => "move, jumps",
            Work::Move(Gait::Commute) => "move, out and back",
            Work::MoveBatch(Gait::Small) => "move by handle, small steps",
            Work::MoveBatch(Gait::Jump) => "move by handle, jumps",
            Work::MoveBatch(Gait::Commute) => "move by handle, out and back",
            Work::Get => "get",
            Work::Ask(Form::Circle) => "radius",
            Work::Ask(Form::Box) => "box",
            Work::Ask(Form::Nearest) => "k = 10",
            Work::Mixed => "mixed 90/10",
        }
    }
}

/// Runs a piece of work on an engine and says what it cost, wherever the engine lives.
pub fn timed(
    peer: &mut dyn Peer,
    work: impl FnOnce(&mut dyn Peer) -> Outcome<()>,
) -> Outcome<Spent> {
    let before = peer.foreign_cpu();
    let watch = Stopwatch::start(Whose::Thread);
    work(peer)?;
    let mut spent = watch.stop();
    if let (Some(before), Some(after)) = (before, peer.foreign_cpu()) {
        spent.cpu = after.saturating_sub(before);
    }
    Ok(spent)
}

/// Work that is ready to be done.
pub enum Prepared {
    Moves(Moves),
    Batches(Vec<Batch>),
    Wanted(Wanted),
    Questions(Vec<Question>),
    /// Nine moves to one question, in groups.
    Mixed(Vec<(Moves, Vec<Question>)>),
}

/// An engine and the model of what it holds.
pub struct Actor {
    pub peer: Box<dyn Peer>,
    pub walker: Walker,
}

impl Actor {
    /// An engine of a scene with all its objects in place, and what the insertion cost.
    pub fn load(
        context: &Context,
        engine: Engine,
        scene: Scene,
        ids: &Arc<Ids>,
    ) -> Outcome<(Self, Spent)> {
        let walker = Walker::new(scene, ids, SEED);
        let all = walker.all();
        let mut peer = engine.make(context, scene, ids)?;
        let spent = timed(&mut *peer, |peer| peer.apply(&all))?;
        if engine == Engine::Rstar {
            peer = match scene.altitudes {
                true => Box::new(rstar::Tree::<3>::packed(&walker.positions)),
                false => Box::new(rstar::Tree::<2>::packed(&walker.positions)),
            };
        }
        Ok((Actor { peer, walker }, spent))
    }

    /// Makes `n` moves.
    pub fn walk(&mut self, gait: Gait, n: usize) -> Outcome<Spent> {
        self.work(Work::Move(gait), &[], n)
    }

    /// Does `n` operations of a kind; questions are taken from `pool`, round and round.
    pub fn work(&mut self, work: Work, pool: &[Question], n: usize) -> Outcome<Spent> {
        let prepared = self.prepare(work, pool, n);
        self.run(&prepared)
    }

    /// What `n` operations need: the part that is not measured.
    pub fn prepare(&mut self, work: Work, pool: &[Question], n: usize) -> Prepared {
        let asked = |n| pool.iter().copied().cycle().take(n).collect();
        let walker = &mut self.walker;
        match work {
            Work::Insert => Prepared::Moves(walker.all()),
            Work::Move(gait) => Prepared::Moves(walker.moves(gait, n)),
            Work::Get => Prepared::Wanted(walker.wanted(n)),
            Work::Ask(_) => Prepared::Questions(asked(n)),
            Work::MoveBatch(gait) => {
                let sizes = (0..n).step_by(BATCH).map(|start| BATCH.min(n - start));
                let batch = |size| Batch::new(&*self.peer, walker.moves(gait, size));
                Prepared::Batches(sizes.map(batch).collect())
            }
            Work::Mixed => {
                let sizes = (0..n).step_by(GROUP).map(|start| GROUP.min(n - start));
                let group = |size| (walker.moves(Gait::Small, size - size / 10), asked(size / 10));
                Prepared::Mixed(sizes.map(group).collect())
            }
        }
    }

    /// Does what was prepared, and says what it cost.
    pub fn run(&mut self, prepared: &Prepared) -> Outcome<Spent> {
        timed(&mut *self.peer, |peer| match prepared {
            Prepared::Moves(moves) => peer.apply(moves),
            Prepared::Batches(batches) => batches.iter().try_for_each(|one| peer.apply_batch(one)),
            Prepared::Questions(questions) => peer.ask(questions).map(drop),
            Prepared::Wanted(wanted) => peer.get(wanted).map(|sum| {
                std::hint::black_box(sum);
            }),
            Prepared::Mixed(mixed) => mixed.iter().try_for_each(|(moves, questions)| {
                peer.apply(moves)?;
                peer.ask(questions).map(drop)
            }),
        })
    }

    /// Whether this engine can do that work.
    pub fn can(&self, work: Work) -> bool {
        match work {
            Work::Get => self.peer.can_get(),
            Work::Ask(form) => self.peer.can_ask(form),
            Work::Mixed => self.peer.can_ask(Form::Circle),
            Work::Insert | Work::Move(_) | Work::MoveBatch(_) => true,
        }
    }

    /// Fails unless a sample of the objects is where the model has them.
    pub fn verify_positions(&mut self) -> Outcome<()> {
        let space = self.walker.scene.space;
        let slack = self.peer.slack();
        for object in self.walker.objects(SETTLING_MOVES) {
            let expected = self.walker.positions[object as usize];
            let found = self.peer.position(object)?;
            let near = |at| check::distance(space, at, expected) <= slack.absolute;
            if !found.is_some_and(near) {
                let name = self.peer.name();
                let what = format!("{name} has object {object} at {found:?}, not {expected:?}");
                return Err(what.into());
            }
        }
        Ok(())
    }
}

/// A scene and the engines that play in it, ours first.
pub struct Stage {
    pub scene: Scene,
    pub actors: Vec<Actor>,
    pub engines: Vec<Engine>,
    /// What an insertion cost each of them.
    pub insertion: Vec<Figure>,
}

impl Stage {
    /// Loads every engine `rounds` times, in turns, and keeps the last of each.
    pub fn load(
        context: &Context,
        scene: Scene,
        engines: &[Engine],
        rounds: usize,
    ) -> Outcome<Self> {
        let ids = Ids::plain(scene.count);
        let mut samples = vec![Vec::new(); engines.len()];
        let mut actors = Vec::new();
        for round in 0..rounds {
            for (index, &engine) in engines.iter().enumerate() {
                let (actor, spent) = Actor::load(context, engine, scene, &ids)?;
                samples[index].push((spent, scene.count));
                if round + 1 == rounds {
                    actors.push(actor);
                }
            }
        }
        let insertion = samples.iter().map(|of_engine| Figure::of(of_engine)).collect();
        Ok(Stage { scene, actors, engines: engines.to_vec(), insertion })
    }

    /// Makes the first moves and fails unless all engines answer alike and as a scan does.
    pub fn settle_and_compare(&mut self) -> Outcome<()> {
        for actor in &mut self.actors {
            actor.walk(Gait::Jump, SETTLING_MOVES)?;
        }
        for form in [Form::Circle, Form::Box, Form::Nearest] {
            // At one coordinate every answer is everything, and one is like the next.
            let one = self.scene.spread == Spread::OneCoordinate;
            let compared = if one { 2 } else { COMPARED };
            let questions = self.scene.questions(form, compared, SEED + 1);
            for (index, question) in questions.iter().enumerate() {
                self.compare(question, index < SCANNED)?;
            }
        }
        Ok(())
    }

    fn compare(&mut self, question: &Question, scanned: bool) -> Outcome<()> {
        let (ours, peers) = self.actors.split_first_mut().ok_or("an empty stage")?;
        let (space, positions) = (self.scene.space, &ours.walker.positions);
        let answer = ours.peer.answer(question)?;
        let we = (ours.peer.name(), answer.as_slice());
        if scanned {
            let expected = check::scan(space, positions, question);
            let slack = peer::Slack::ROUNDING;
            check::compare(space, positions, question, slack, we, ("a scan", &expected))?;
        }
        for actor in peers.iter_mut().filter(|actor| actor.peer.can_ask(question.form())) {
            let theirs = actor.peer.answer(question)?;
            let (slack, they) = (actor.peer.slack(), (actor.peer.name(), theirs.as_slice()));
            check::compare(space, positions, question, slack, we, they)?;
        }
        Ok(())
    }

    /// Measures one kind of work on all engines that can do it; their figures, by actor.
    pub fn measure(&mut self, plan: Plan, work: Work) -> Outcome<Vec<(usize, Figure)>> {
        let form = if let Work::Ask(form) = work { form } else { Form::Circle };
        let pool = &self.scene.questions(form, QUESTIONS, SEED + 2);
        let able = |(_, actor): &(usize, &mut Actor)| actor.can(work);
        let (indices, able): (Vec<usize>, Vec<&mut Actor>) =
            self.actors.iter_mut().enumerate().filter(able).unzip();
        let sides = able
            .into_iter()
            .map(|actor| -> Side<'_> { Box::new(move |n| actor.work(work, pool, n)) });
        let figures = interleave(plan, sides.collect())?;
        Ok(indices.into_iter().zip(figures).collect())
    }

    /// Fails unless every engine holds what its model says, wherever its moves have led.
    pub fn verify_end(&mut self) -> Outcome<()> {
        for actor in &mut self.actors {
            actor.verify_positions()?;
            for form in [Form::Circle, Form::Box, Form::Nearest] {
                if !actor.peer.can_ask(form) {
                    continue;
                }
                for question in self.scene.questions(form, SCANNED, SEED + 3) {
                    let (space, slack) = (self.scene.space, actor.peer.slack());
                    let positions = &actor.walker.positions;
                    let expected = check::scan(space, positions, &question);
                    let answer = actor.peer.answer(&question)?;
                    let found = (actor.peer.name(), answer.as_slice());
                    check::compare(
                        space,
                        positions,
                        &question,
                        slack,
                        found,
                        ("a scan", &expected),
                    )?;
                }
            }
        }
        Ok(())
    }
}
