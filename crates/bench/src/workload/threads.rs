//! Two threads over one: the same work, shared out.
//!
//! Owns the sharing: each thread moves objects of its own, in the same area. The rate by wall time
//! is what counts; the rate by processor time says whether a loss comes from waiting or from more
//! work.

use crate::Outcome;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Side, interleave};
use crate::peer::ours::Ours;
use crate::peer::{Batch, Form, Ids, Moves, Peer, Question, Step};
use crate::report::{By, Row, Target};
use crate::workload::data::{Gait, Scene, Spread, Walker};
use ::ours::Space;

const THREADS: usize = 2;
const TWO_OVER_ONE: f64 = 1.6;
const BATCH: usize = 1_000;
const QUESTIONS: usize = 1_000;
const SEED: u64 = 13;

#[derive(Clone, Copy)]
enum Work {
    Move(Gait),
    MoveBatch(Gait),
    Ask,
}

/// Measures moves and queries on two threads, in one world.
pub fn run(context: &Context) -> Outcome<()> {
    let works = [
        ("move, small steps, two threads", Work::Move(Gait::Small), Some(TWO_OVER_ONE)),
        ("move, jumps, two threads", Work::Move(Gait::Jump), Some(TWO_OVER_ONE)),
        (
            "move by handle, small steps, two threads",
            Work::MoveBatch(Gait::Small),
            Some(TWO_OVER_ONE),
        ),
        ("move by handle, jumps, two threads", Work::MoveBatch(Gait::Jump), Some(TWO_OVER_ONE)),
        ("radius, two threads", Work::Ask, None),
    ];
    let (space, count) = (Space::Geographic, context.count());
    let scene = Scene { space, spread: Spread::Uniform, altitudes: false, count };
    let label = |what: &str| format!("{what}, {scene}");
    if !works.iter().any(|work| context.wants(&label(work.0))) {
        return Ok(());
    }
    context.say("loading for two threads");
    let ids = Ids::plain(count);
    let mut walker = Walker::new(scene, &ids, SEED);
    let mut ours = Ours::memory(space, ids)?;
    ours.apply(&walker.all())?;
    let questions = scene.questions(Form::Circle, QUESTIONS, SEED);
    for (what, work, target) in works {
        if !context.wants(&label(what)) {
            continue;
        }
        // The two sides take turns with one walker, so the model stays that of the one database.
        let model = std::cell::RefCell::new(&mut walker);
        let side = |threads: usize| -> Side<'_> {
            let (ours, questions, model) = (&ours, &questions, &model);
            Box::new(move |n| {
                shared_out(ours, &mut model.borrow_mut(), questions, work, n, threads)
            })
        };
        let mut plan = context.plan();
        plan.slice *= 2;
        let figures = interleave(plan, vec![side(THREADS), side(1)])?;
        let (two, one) = (figures[0], figures[1]);
        let target = target.map(Target::Ratio);
        context.put(Row::rate(&label(what), By::Wall, two, "ours, one thread", one, target));
        context.put(Row::rate(&label(what), By::Cpu, two, "ours, one thread", one, None));
    }
    for object in walker.objects(QUESTIONS) {
        if ours.position(object)? != Some(walker.positions[object as usize]) {
            return Err(format!("after two threads object {object} is in a wrong place").into());
        }
    }
    Ok(())
}

/// Does `n` operations on so many threads, objects dealt out by number, and times all of it.
fn shared_out(
    ours: &Ours,
    walker: &mut Walker,
    questions: &[Question],
    work: Work,
    n: usize,
    threads: usize,
) -> Outcome<Spent> {
    let mut shares: Vec<Share> = match work {
        Work::Ask => {
            let asked: Vec<Question> = questions.iter().copied().cycle().take(n).collect();
            asked.chunks(n.div_ceil(threads)).map(|part| Share::Ask(part.to_vec())).collect()
        }
        Work::Move(gait) => {
            let dealt = deal(walker.steps(gait, n), threads).into_iter();
            dealt.map(|steps| Share::Move(Moves::of(&walker.ids, steps))).collect()
        }
        Work::MoveBatch(gait) => {
            let ids = walker.ids.clone();
            let batches = |steps: Vec<Step>| {
                let batch = |chunk: &[Step]| Batch::new(ours, Moves::of(&ids, chunk.to_vec()));
                Share::Batches(steps.chunks(BATCH).map(batch).collect())
            };
            deal(walker.steps(gait, n), threads).into_iter().map(batches).collect()
        }
    };
    let watch = Stopwatch::start(Whose::Process);
    std::thread::scope(|scope| {
        let spawned: Vec<_> = shares
            .drain(1..)
            .map(|share| {
                let mut ours = ours.clone();
                scope.spawn(move || share.run(&mut ours))
            })
            .collect();
        let here = shares.pop().map_or(Ok(()), |share| share.run(&mut ours.clone()));
        let there = spawned
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        there.chain([here]).collect::<Outcome<()>>()
    })?;
    Ok(watch.stop())
}

/// Each object belongs to one thread, so that its moves keep their order.
fn deal(steps: Vec<Step>, threads: usize) -> Vec<Vec<Step>> {
    let mut dealt = vec![Vec::with_capacity(steps.len() / threads + 1); threads];
    for step in steps {
        dealt[step.object as usize % threads].push(step);
    }
    dealt
}

enum Share {
    Move(Moves),
    Batches(Vec<Batch>),
    Ask(Vec<Question>),
}

impl Share {
    fn run(self, ours: &mut Ours) -> Outcome<()> {
        match self {
            Share::Move(moves) => ours.apply(&moves),
            Share::Batches(batches) => batches.iter().try_for_each(|batch| ours.apply_batch(batch)),
            Share::Ask(questions) => ours.ask(&questions).map(drop),
        }
    }
}
