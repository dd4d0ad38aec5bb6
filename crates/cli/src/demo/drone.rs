//! Drones: they rise from a pad, cross the city in a straight line and come down on another.

use crate::demo::land::Spot;
use crate::demo::rng::Rng;

/// A named pad where drones land.
pub(crate) struct Pad {
    pub(crate) name: &'static str,
    pub(crate) spot: Spot,
}

/// The pads; the first ones see more traffic.
pub(crate) const PADS: [Pad; 9] = [
    Pad { name: "Central Station", spot: (120.0, 1640.0) },
    Pad { name: "Depot North", spot: (-2500.0, 2480.0) },
    Pad { name: "Depot South", spot: (2450.0, -1900.0) },
    Pad { name: "Market", spot: (1180.0, 1290.0) },
    Pad { name: "Container Pier", spot: (-3350.0, -1850.0) },
    Pad { name: "Stadium", spot: (3350.0, -1150.0) },
    Pad { name: "University", spot: (3820.0, 980.0) },
    HOSPITAL,
    Pad { name: "Heights", spot: (-4150.0, 560.0) },
];

/// The pad that is watched.
pub(crate) const HOSPITAL: Pad = Pad { name: "Hospital", spot: (-1180.0, 560.0) };

const SPEED_M_S: f64 = 16.0;
const CLIMB_M_S: f64 = 4.0;

/// One drone.
pub(crate) struct Drone {
    spot: Spot,
    altitude_m: f64,
    target: Spot,
    cruise_m: f64,
    waiting_s: f64,
}

impl Drone {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let (a, b) = (pad(rng), pad(rng));
        let t = rng.unit();
        let spot = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let cruise_m = rng.between(45.0, 120.0);
        Drone { spot, altitude_m: cruise_m, target: b, cruise_m, waiting_s: 0.0 }
    }

    pub(crate) fn step(&mut self, seconds: f64, rng: &mut Rng) {
        if self.waiting_s > 0.0 {
            self.waiting_s -= seconds;
            return;
        }
        let (dx, dy) = (self.target.0 - self.spot.0, self.target.1 - self.spot.1);
        let rest_m = dx.hypot(dy);
        // It comes down so that it reaches the ground above the pad.
        let glide_m = rest_m / SPEED_M_S * CLIMB_M_S;
        let wanted_m = self.cruise_m.min(glide_m);
        let change_m =
            (wanted_m - self.altitude_m).clamp(-CLIMB_M_S * seconds, CLIMB_M_S * seconds);
        self.altitude_m = (self.altitude_m + change_m).max(0.0);
        let step_m = SPEED_M_S * seconds;
        if rest_m > step_m {
            self.spot = (self.spot.0 + dx / rest_m * step_m, self.spot.1 + dy / rest_m * step_m);
        } else {
            self.spot = self.target;
            self.altitude_m = 0.0;
            self.target = pad(rng);
            self.cruise_m = rng.between(45.0, 120.0);
            self.waiting_s = rng.between(8.0, 40.0);
        }
    }

    pub(crate) fn spot(&self) -> Spot {
        self.spot
    }

    pub(crate) fn altitude_m(&self) -> f64 {
        self.altitude_m
    }
}

/// A spot near a pad: not all land on the same square metre.
fn pad(rng: &mut Rng) -> Spot {
    let index = (rng.unit() * rng.unit().sqrt() * PADS.len() as f64) as usize;
    let spot = PADS[index.min(PADS.len() - 1)].spot;
    (spot.0 + rng.between(-45.0, 45.0), spot.1 + rng.between(-45.0, 45.0))
}
