//! Ships: up and down the river on the right-hand side, and into the harbour to lie at a berth.

use crate::demo::land::{self, BERTHS, HARBOUR_WAY, Spot};
use crate::demo::rng::Rng;

/// Where ships turn round, beyond the edge of the map.
const TURN_X_M: f64 = 5200.0;
const ENTER_CHANCE: f64 = 0.6;
const DRIFT_M_S: f64 = 1.5;

enum Course {
    /// Along the river; 1 is eastward. A ship off its lane drifts over to it.
    River { x: f64, sign: f64, offset_m: f64 },
    /// In or out of the harbour, through these spots.
    Harbour { way: Vec<Spot>, next: usize, berth: usize, is_leaving: bool },
    /// At a berth.
    Lying { berth: usize, left_s: f64 },
}

/// One ship.
pub(crate) struct Ship {
    course: Course,
    spot: Spot,
    speed_m_s: f64,
    /// How far to the right of the middle of the river.
    side_m: f64,
}

impl Ship {
    pub(crate) fn new(index: usize, rng: &mut Rng) -> Self {
        let side_m = rng.between(35.0, 105.0);
        let sign = if rng.chance(0.5) { 1.0 } else { -1.0 };
        // Some begin near the harbour, so that there is something to see soon.
        let x = match index < BERTHS.len() {
            true => HARBOUR_WAY[0].0 - sign * rng.between(20.0, 1000.0),
            false => rng.between(-TURN_X_M, TURN_X_M),
        };
        let (course, spot) = if index < BERTHS.len() / 2 {
            let left_s = rng.between(5.0, 300.0);
            (Course::Lying { berth: index * 2, left_s }, BERTHS[index * 2])
        } else {
            let offset_m = -sign * side_m;
            (Course::River { x, sign, offset_m }, land::river_spot(x, offset_m))
        };
        Ship { course, spot, speed_m_s: rng.between(3.6, 6.4), side_m }
    }

    /// `taken` says which berths are spoken for.
    pub(crate) fn step(&mut self, seconds: f64, taken: &mut [bool], rng: &mut Rng) {
        let step_m = self.speed_m_s * seconds;
        match &mut self.course {
            Course::River { x, sign, offset_m } => {
                let before = *x;
                *x += *sign * step_m * land::river_direction(*x).0;
                let drift_m = DRIFT_M_S * seconds;
                *offset_m += (-*sign * self.side_m - *offset_m).clamp(-drift_m, drift_m);
                self.spot = land::river_spot(*x, *offset_m);
                let entrance = HARBOUR_WAY[0].0;
                let passed = (before - entrance) * (*x - entrance) <= 0.0;
                if x.abs() > TURN_X_M {
                    *sign = -x.signum();
                } else if passed && rng.chance(ENTER_CHANCE) {
                    self.enter(taken, rng);
                }
            }
            Course::Harbour { way, next, berth, is_leaving } => {
                let mut left_m = step_m * 0.8;
                while let Some(&target) = way.get(*next) {
                    let (dx, dy) = (target.0 - self.spot.0, target.1 - self.spot.1);
                    let rest_m = dx.hypot(dy);
                    if rest_m > left_m {
                        self.spot.0 += dx / rest_m * left_m;
                        self.spot.1 += dy / rest_m * left_m;
                        return;
                    }
                    left_m -= rest_m;
                    self.spot = target;
                    *next += 1;
                }
                let (berth, is_leaving) = (*berth, *is_leaving);
                self.course = if is_leaving {
                    let sign = if rng.chance(0.5) { 1.0 } else { -1.0 };
                    let x = HARBOUR_WAY[0].0 + sign * 5.0;
                    Course::River { x, sign, offset_m: -self.side_m }
                } else {
                    Course::Lying { berth, left_s: rng.between(120.0, 500.0) }
                };
            }
            Course::Lying { berth, left_s } => {
                *left_s -= seconds;
                if *left_s <= 0.0 {
                    taken[*berth] = false;
                    let river = land::river_spot(HARBOUR_WAY[0].0, -self.side_m);
                    let way = vec![HARBOUR_WAY[1], HARBOUR_WAY[0], river];
                    let berth = *berth;
                    self.course = Course::Harbour { way, next: 0, berth, is_leaving: true };
                }
            }
        }
    }

    fn enter(&mut self, taken: &mut [bool], rng: &mut Rng) {
        let start = rng.below(BERTHS.len());
        let free = (0..BERTHS.len()).map(|i| (start + i) % BERTHS.len()).find(|&i| !taken[i]);
        let Some(berth) = free else { return };
        taken[berth] = true;
        let way = vec![HARBOUR_WAY[0], HARBOUR_WAY[1], BERTHS[berth]];
        self.course = Course::Harbour { way, next: 0, berth, is_leaving: false };
    }

    /// The berth that it lies at from the start.
    pub(crate) fn berth(&self) -> Option<usize> {
        match self.course {
            Course::Lying { berth, .. } => Some(berth),
            _ => None,
        }
    }

    pub(crate) fn spot(&self) -> Spot {
        self.spot
    }
}
