//! One question asked of several indexes: the same answers first, then the time in turns.
//!
//! Owns the comparison of answers and which rows come of the figures. Does not own the questions.
//! An answer is a list of numbers, sorted where its order means nothing: ids, a count, squared
//! distances, a sum. Two are equal if they are equally long and no number differs by more than
//! rounding explains, for ids not at all.

use crate::Outcome;
use crate::clock::{Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Figure, Side, interleave};
use crate::report::{By, Row, Target};
use std::hint::black_box;

/// How many questions are compared at most, and how many of them with a scan.
const COMPARED: usize = 100;
const SCANNED: usize = 3;
/// What sums and distances may differ by, relatively.
const ROUNDING: f64 = 1e-12;

/// What takes part, and as what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Ours: held against the best of the exact variants, and against the inexact one.
    Ours { exact: Option<f64>, inexact: Option<f64> },
    /// A variant of `packed_spatial_index` whose answers are right.
    Exact,
    /// One whose answers have more in them.
    Inexact,
    /// Another index, and the ratio that the first of ours has to reach, if any.
    Peer(Option<f64>),
    /// Looking at every box: decides, and is not measured.
    Scan,
}

/// Answers the question of a number with how many it found; tells what, if that is wanted.
pub type Ask<'a> = Box<dyn FnMut(usize, Option<&mut Vec<f64>>) -> Outcome<usize> + 'a>;

/// One who answers.
pub struct Contender<'a> {
    name: String,
    role: Role,
    ask: Ask<'a>,
}

impl<'a> Contender<'a> {
    pub fn new(
        name: impl Into<String>,
        role: Role,
        ask: impl FnMut(usize, Option<&mut Vec<f64>>) -> Outcome<usize> + 'a,
    ) -> Self {
        Contender { name: name.into(), role, ask: Box::new(ask) }
    }

    /// The same under another name.
    pub fn named(self, name: &str) -> Self {
        Contender { name: name.to_string(), ..self }
    }

    fn answer(&mut self, question: usize) -> Outcome<Vec<f64>> {
        let mut found = Vec::new();
        (self.ask)(question, Some(&mut found))?;
        Ok(found)
    }
}

/// A question in many instances, and all who answer it; the first is ours.
pub struct Contest<'a> {
    /// The name of the row.
    pub label: String,
    /// How many instances there are.
    pub questions: usize,
    pub contenders: Vec<Contender<'a>>,
}

impl Contest<'_> {
    /// Compares, measures, and puts the rows, if they are wanted.
    pub fn run(mut self, context: &Context) -> Outcome<()> {
        if !context.wants(&self.label) {
            return Ok(());
        }
        context.say(&self.label);
        self.compare()?;
        self.contenders.retain(|contender| contender.role != Role::Scan);
        let questions = self.questions;
        let sides = self.contenders.iter_mut().map(|contender| side(&mut contender.ask, questions));
        let figures = interleave(context.plan(), sides.collect())?;
        self.report(context, &figures);
        Ok(())
    }

    /// Fails unless all answer alike.
    fn compare(&mut self) -> Outcome<()> {
        let Some((ours, others)) = self.contenders.split_first_mut() else { return Ok(()) };
        for question in 0..self.questions.min(COMPARED) {
            let expected = ours.answer(question)?;
            for other in others.iter_mut() {
                if other.role == Role::Scan && question >= SCANNED {
                    continue;
                }
                let found = other.answer(question)?;
                let agree = match other.role {
                    Role::Inexact => holds(&found, &expected),
                    _ => equal(&found, &expected),
                };
                if !agree {
                    let (ours, other, label) = (&ours.name, &other.name, &self.label);
                    let what = format!(
                        "{label}, question {question}: {ours} and {other} differ, {} and {} values",
                        expected.len(),
                        found.len(),
                    );
                    return Err(what.into());
                }
            }
        }
        Ok(())
    }

    fn report(&self, context: &Context, figures: &[Figure]) {
        let all = || self.contenders.iter().zip(figures.iter().copied());
        let exact = all().filter(|(contender, _)| contender.role == Role::Exact);
        let best = exact.min_by(|a, b| a.1.cpu_ns.total_cmp(&b.1.cpu_ns));
        let mut is_first = true;
        for (ours, figure) in all() {
            let Role::Ours { exact, inexact } = ours.role else { continue };
            let label = match ours.name.as_str() {
                "" => self.label.clone(),
                name => format!("{}, {name}", self.label),
            };
            let put = |peer: &Contender<'_>, theirs: Figure, target: Option<f64>| {
                let (name, target) = (peer.name.as_str(), target.map(Target::Ratio));
                context.put(Row::rate(&label, By::Cpu, figure, name, theirs, target));
            };
            if let Some((peer, theirs)) = best {
                put(peer, theirs, exact);
            }
            for (peer, theirs) in all() {
                match peer.role {
                    Role::Inexact => put(peer, theirs, inexact),
                    Role::Peer(target) if is_first => put(peer, theirs, target),
                    _ => {}
                }
            }
            is_first = false;
        }
    }
}

/// Goes through the questions as often as it takes, from the first.
fn side<'a>(ask: &'a mut Ask<'_>, questions: usize) -> Side<'a> {
    Box::new(move |n| {
        let watch = Stopwatch::start(Whose::Thread);
        for index in 0..n {
            black_box(ask(index % questions, None)?);
        }
        Ok(watch.stop())
    })
}

fn equal(a: &[f64], b: &[f64]) -> bool {
    let alike = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= ROUNDING * a.abs().max(b.abs());
    a.len() == b.len() && a.iter().zip(b).all(alike)
}

/// Whether all of `part` is in `whole`, both sorted.
fn holds(whole: &[f64], part: &[f64]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|wanted| whole.any(|one| one == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_compared() {
        assert!(equal(&[1.0, 2.0], &[1.0, 2.0 + 1e-13]));
        assert!(!equal(&[1.0, 2.0], &[1.0, 2.1]) && !equal(&[1.0], &[1.0, 2.0]));
        assert!(!equal(&[1e6], &[1e6 + 1.0]), "ids do not round");
        assert!(holds(&[1.0, 2.0, 3.0], &[1.0, 3.0]) && !holds(&[1.0, 3.0], &[1.0, 2.0]));
    }

    #[test]
    fn a_contest_fails_when_somebody_is_wrong() {
        let says = |numbers: [f64; 2]| {
            move |_: usize, found: Option<&mut Vec<f64>>| {
                if let Some(found) = found {
                    found.extend(numbers);
                }
                Ok(2)
            }
        };
        let contest = |theirs| {
            let ours = Role::Ours { exact: None, inexact: None };
            let ours = Contender::new("", ours, says([1.0, 2.0]));
            let contenders = vec![ours, Contender::new("peer", Role::Exact, says(theirs))];
            Contest { label: "any".into(), questions: 5, contenders }.compare()
        };
        assert!(contest([1.0, 2.0]).is_ok() && contest([1.0, 3.0]).is_err());
    }
}
