//! Skewed worlds against the uniform one, ourselves against ourselves: no worse than half.
//!
//! Owns the pairs. In the city 90 % of the objects are in 1 % of the area; at one coordinate all of
//! them are at one place, so what is compared there has the same number of hits in both worlds.

use crate::Outcome;
use crate::context::Context;
use crate::measure::{Side, interleave};
use crate::peer::{Form, Ids, Question};
use crate::report::{By, Row, Target};
use crate::workload::data::{Gait, K, Scene, Spread};
use crate::workload::stage::{Actor, Engine, Work};
use ::ours::{Point, Space};

const HALF: Target = Target::Ratio(0.5);
const QUESTIONS: usize = 1_000;
const SEED: u64 = 11;
/// Enough to reach every object of a world, in metres.
const WHOLE_WORLD_M: f64 = 200_000.0;
/// How far beside the objects a circle is laid that has none of them, in degrees.
const BESIDE: f64 = 0.1;

/// One comparison: the work and its questions in the skewed world, and in the uniform one.
struct Pair {
    name: &'static str,
    skewed: (Work, Vec<Question>),
    uniform: (Work, Vec<Question>),
}

/// Compares the city, then the one coordinate, with the uniform world.
pub fn run(context: &Context) -> Outcome<()> {
    let scene = |spread| {
        let count = context.count();
        Scene { space: Space::Geographic, spread, altitudes: false, count }
    };
    let (uniform, city, pile) =
        (scene(Spread::Uniform), scene(Spread::City), scene(Spread::OneCoordinate));
    play(context, city, uniform, city_pairs(city, uniform))?;
    play(context, pile, uniform, pile_pairs(uniform))
}

fn city_pairs(city: Scene, uniform: Scene) -> Vec<Pair> {
    let same = |work: Work| {
        let form = if let Work::Ask(form) = work { form } else { Form::Circle };
        let questions = |scene: Scene| scene.questions(form, QUESTIONS, SEED);
        let (skewed, uniform) = ((work, questions(city)), (work, questions(uniform)));
        Pair { name: work.name(), skewed, uniform }
    };
    [
        Work::Move(Gait::Small),
        Work::Move(Gait::Jump),
        Work::MoveBatch(Gait::Small),
        Work::MoveBatch(Gait::Jump),
        Work::Ask(Form::Circle),
        Work::Ask(Form::Box),
        Work::Ask(Form::Nearest),
        Work::Mixed,
    ]
    .map(same)
    .into()
}

fn pile_pairs(uniform: Scene) -> Vec<Pair> {
    let moves =
        |name, skewed, even| Pair { name, skewed: (skewed, vec![]), uniform: (even, vec![]) };
    let extent = uniform.extent();
    let middle = extent.side / 2.0;
    let pile = Point { x: extent.x + middle, y: extent.y + middle, z: 0.0 };
    let circle = |center, radius| Question::Circle { center, radius };
    // As large as circles of the uniform world are, but beside what there is: without a hit.
    let typical = uniform.questions(Form::Circle, QUESTIONS, SEED);
    let beside = |y: f64| -> Vec<Question> {
        let moved = typical.iter().map(|question| match *question {
            Question::Circle { radius, .. } => circle(Point { y, ..pile }, radius),
            other => other,
        });
        moved.collect()
    };
    let (beside_pile, beside_all) = (beside(pile.y + BESIDE), beside(extent.y - BESIDE));
    let ask = Work::Ask(Form::Circle);
    let all = vec![circle(pile, WHOLE_WORLD_M)];
    let nearest = vec![Question::Nearest { center: pile, k: K }];
    let everywhere = uniform.questions(Form::Nearest, QUESTIONS, SEED);
    let near = Work::Ask(Form::Nearest);
    vec![
        // First of all, while the pile is whole: the moves out and back leave half of its objects
        // around it, and what is asked beside it would then have six times the hits of a circle in
        // the uniform world. So neither has any, and the same work is compared.
        Pair { name: "radius beside it", skewed: (ask, beside_pile), uniform: (ask, beside_all) },
        moves("move, staying", Work::Move(Gait::Jump), Work::Move(Gait::Small)),
        moves("move, out and back", Work::Move(Gait::Commute), Work::Move(Gait::Commute)),
        Pair { name: "radius over everything", skewed: (ask, all.clone()), uniform: (ask, all) },
        Pair { name: "k = 10", skewed: (near, nearest), uniform: (near, everywhere) },
    ]
}

fn play(context: &Context, skewed: Scene, uniform: Scene, pairs: Vec<Pair>) -> Outcome<()> {
    let label = |pair: &Pair| format!("{}, {skewed}", pair.name);
    if !pairs.iter().any(|pair| context.wants(&label(pair))) {
        return Ok(());
    }
    context.say(&format!("loading {skewed} and {uniform}"));
    let ids = Ids::plain(skewed.count);
    let (mut crowd, _) = Actor::load(context, Engine::Ours, skewed, &ids)?;
    let (mut even, _) = Actor::load(context, Engine::Ours, uniform, &ids)?;
    for pair in pairs.iter().filter(|pair| context.wants(&label(pair))) {
        let sides: Vec<Side<'_>> = vec![
            Box::new(|n| crowd.work(pair.skewed.0, &pair.skewed.1, n)),
            Box::new(|n| even.work(pair.uniform.0, &pair.uniform.1, n)),
        ];
        let figures = interleave(context.plan(), sides)?;
        let (ours, theirs) = (figures[0], figures[1]);
        let peer = "ours, uniform";
        context.put(Row::rate(&label(pair), By::Cpu, ours, peer, theirs, Some(HALF)));
    }
    crowd.verify_positions()?;
    even.verify_positions()
}
