//! Upstream's own benchmark, as its `bench_core` has it: a sorted grid, small steps, one hit a
//! query.
//!
//! Owns the two sides of it. It is the kindest workload to upstream: ids and moves come in order,
//! and neighbours are far enough apart that its tree does not degenerate.

use crate::Outcome;
use crate::check;
use crate::clock::Spent;
use crate::context::Context;
use crate::measure::{Figure, Side, interleave};
use crate::peer::{Moves, Peer, Question, Slack, Wanted, ours, upstream};
use crate::report::{By, Row, Target};
use crate::workload::data::{K, UpstreamGrid, short};
use crate::workload::stage::timed;
use ::ours::{Point, Space};

const QUERIES: usize = 1_000;
/// Of their radius query, in metres: each finds exactly one object.
const RADIUS_M: f64 = 0.05;
const LOADS: usize = 3;

/// An engine that walks along the grid, and where its objects are.
pub struct Lapper<'g> {
    pub peer: Box<dyn Peer>,
    grid: &'g UpstreamGrid,
    positions: Vec<Point>,
    next: usize,
}

impl<'g> Lapper<'g> {
    /// An engine with every object of the grid put into it, in order, and what that cost.
    pub fn load(grid: &'g UpstreamGrid, mut peer: Box<dyn Peer>) -> Outcome<(Self, Spent)> {
        let steps = (0..grid.positions.len()).map(|object| grid.step(object, 0));
        let all = Moves::of(&grid.ids, steps.collect());
        let spent = timed(&mut *peer, |peer| peer.apply(&all))?;
        Ok((Lapper::resume(grid, peer), spent))
    }

    /// An engine that holds every object of the grid already.
    pub fn resume(grid: &'g UpstreamGrid, peer: Box<dyn Peer>) -> Self {
        Lapper { peer, grid, positions: grid.positions.clone(), next: 0 }
    }

    /// The next `n` moves along the grid.
    pub fn moves(&mut self, n: usize) -> Moves {
        let count = self.positions.len();
        let mut step = |index: usize| {
            let step = self.grid.step(index % count, index / count + 1);
            self.positions[index % count] = step.to;
            step
        };
        let steps = (self.next..self.next + n).map(&mut step).collect();
        self.next += n;
        Moves::of(&self.grid.ids, steps)
    }

    fn work(&mut self, work: &Work, n: usize) -> Outcome<Spent> {
        match work {
            Work::Move => {
                let moves = self.moves(n);
                timed(&mut *self.peer, |peer| peer.apply(&moves))
            }
            Work::Get => {
                let objects: Vec<u32> =
                    (0..n).map(|index| (index % self.positions.len()) as u32).collect();
                let wanted = Wanted::of(&self.grid.ids, objects);
                timed(&mut *self.peer, |peer| {
                    std::hint::black_box(peer.get(&wanted)?);
                    Ok(())
                })
            }
            Work::Ask(pool) => {
                let questions: Vec<Question> = pool.iter().copied().cycle().take(n).collect();
                timed(&mut *self.peer, |peer| peer.ask(&questions).map(drop))
            }
        }
    }

    fn verify(&mut self, questions: &[Question]) -> Outcome<()> {
        for question in questions {
            let expected = check::scan(Space::Geographic, &self.positions, question);
            let answer = self.peer.answer(question)?;
            check::compare(
                Space::Geographic,
                &self.positions,
                question,
                Slack::ROUNDING,
                (self.peer.name(), &answer),
                ("a scan", &expected),
            )?;
        }
        Ok(())
    }
}

enum Work {
    Move,
    Get,
    Ask(Vec<Question>),
}

/// Runs it on ours and on theirs.
pub fn run(context: &Context) -> Outcome<()> {
    let grid = UpstreamGrid::new(context.count());
    let count = grid.positions.len();
    let centers = || (0..QUERIES).map(|index| grid.positions[index % count]);
    let circles: Vec<Question> =
        centers().map(|center| Question::Circle { center, radius: RADIUS_M }).collect();
    let nearest: Vec<Question> =
        centers().map(|center| Question::Nearest { center, k: K }).collect();
    let works = [
        ("move", Work::Move, Some(15.0)),
        ("get", Work::Get, Some(1.5)),
        ("radius, one hit", Work::Ask(circles.clone()), None),
        ("k = 10", Work::Ask(nearest.clone()), None),
    ];
    let label = |what: &str| format!("{what}, upstream's own benchmark {}", short(context.count()));
    if !context.wants(&label("insert")) && !works.iter().any(|work| context.wants(&label(work.0))) {
        return Ok(());
    }
    context.say("loading upstream's own benchmark");
    let (mut ours_loads, mut their_loads, mut sides) = (Vec::new(), Vec::new(), None);
    for _ in 0..LOADS {
        let ours = ours::Ours::memory(Space::Geographic, grid.ids.clone())?;
        let (ours, spent) = Lapper::load(&grid, Box::new(ours))?;
        ours_loads.push((spent, count));
        let theirs = upstream::Upstream::memory(grid.ids.clone())?;
        let (theirs, spent) = Lapper::load(&grid, Box::new(theirs))?;
        their_loads.push((spent, count));
        sides = Some((ours, theirs));
    }
    let Some((mut ours, mut theirs)) = sides else { return Ok(()) };
    let put = |what: &str, ours: Figure, theirs: Figure, target: Option<f64>| {
        if context.wants(&label(what)) {
            let target = target.map(Target::Ratio);
            context.put(Row::rate(&label(what), By::Cpu, ours, "upstream", theirs, target));
        }
    };
    put("insert", Figure::of(&ours_loads), Figure::of(&their_loads), Some(5.0));
    for (what, work, target) in works {
        if !context.wants(&label(what)) {
            continue;
        }
        let (our_side, their_side): (Side<'_>, Side<'_>) =
            (Box::new(|n| ours.work(&work, n)), Box::new(|n| theirs.work(&work, n)));
        let figures = interleave(context.plan(), vec![our_side, their_side])?;
        put(what, figures[0], figures[1], target);
    }
    let sample: Vec<Question> = circles.into_iter().chain(nearest).step_by(QUERIES / 10).collect();
    ours.verify(&sample)?;
    theirs.verify(&sample)
}
