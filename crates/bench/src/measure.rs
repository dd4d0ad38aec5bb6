//! Repetition: every side of a comparison runs in turns (A B A B ...) and answers with its median.
//!
//! Owns calibration, interleaving and medians. Does not own the work: a side is a closure that does
//! `n` operations and says what they cost.
//!
//! Invariants: all sides of one comparison run in the same minute, in slices of about the same
//! length, so that a noisy neighbour of the machine meets all of them alike.

use crate::Outcome;
use crate::clock::Spent;
use std::time::Duration;

/// One side of a comparison: does `n` operations, returns their cost without the preparation.
pub type Side<'a> = Box<dyn FnMut(usize) -> Outcome<Spent> + 'a>;

/// How long and how often each side runs.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The wall time that one slice of one side should take.
    pub slice: Duration,
    /// How many slices each side gets.
    pub rounds: usize,
    /// The most operations of one slice.
    pub operations_max: usize,
}

/// The median cost of one operation, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// By processor time.
    pub cpu_ns: f64,
    /// By wall time.
    pub wall_ns: f64,
}

impl Figure {
    /// Operations a second by processor time.
    pub fn cpu_rate(self) -> f64 {
        1e9 / self.cpu_ns
    }

    /// Operations a second by wall time.
    pub fn wall_rate(self) -> f64 {
        1e9 / self.wall_ns
    }

    /// The figure of samples taken elsewhere: (cost, operations) pairs.
    pub fn of(samples: &[(Spent, usize)]) -> Figure {
        let each = |time: fn(&Spent) -> Duration| {
            let per = |(spent, n): &(Spent, usize)| time(spent).as_nanos() as f64 / *n as f64;
            median(samples.iter().map(per).collect()).max(1e-3)
        };
        Figure { cpu_ns: each(|spent| spent.cpu), wall_ns: each(|spent| spent.wall) }
    }
}

/// Runs all sides in turns; one figure a side, in their order.
pub fn interleave(plan: Plan, mut sides: Vec<Side<'_>>) -> Outcome<Vec<Figure>> {
    let mut sizes = Vec::with_capacity(sides.len());
    for side in &mut sides {
        sizes.push(calibrate(plan, side)?);
    }
    let mut samples = vec![Vec::with_capacity(plan.rounds); sides.len()];
    for _ in 0..plan.rounds {
        for (index, side) in sides.iter_mut().enumerate() {
            samples[index].push((side(sizes[index])?, sizes[index]));
        }
    }
    Ok(samples.iter().map(|of_side| Figure::of(of_side)).collect())
}

/// Finds the number of operations that fill a slice; this also warms the caches.
fn calibrate(plan: Plan, side: &mut Side<'_>) -> Outcome<usize> {
    let mut n = 1;
    loop {
        let wall = side(n)?.wall.max(Duration::from_nanos(1));
        let fits = plan.slice.as_secs_f64() / wall.as_secs_f64() * n as f64;
        if wall * 4 >= plan.slice || n >= plan.operations_max {
            return Ok((fits as usize).clamp(1, plan.operations_max));
        }
        n = (n * 8).min((fits as usize).max(n + 1)).min(plan.operations_max);
    }
}

/// The middle of `values`, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}
