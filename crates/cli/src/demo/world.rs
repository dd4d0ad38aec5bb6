//! Everything that moves in the demo, and where it is after each step.
//!
//! Knows nothing of a database: it fills columns of coordinates, in the order of the objects.

use crate::demo::drone::Drone;
use crate::demo::land;
use crate::demo::rng::Rng;
use crate::demo::ship::Ship;
use crate::demo::streets::Streets;
use crate::demo::vehicle::Vehicle;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Car,
    Bus,
    Drone,
    Ship,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Car, Kind::Bus, Kind::Drone, Kind::Ship];

    /// The part of the id before the colon.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Car => "car",
            Kind::Bus => "bus",
            Kind::Drone => "drone",
            Kind::Ship => "ship",
        }
    }

    /// The kind of an object, by its id.
    pub(crate) fn of(id: &str) -> Option<Kind> {
        let (name, _) = id.split_once(':')?;
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How many there are of each kind, out of a hundred and more.
fn count(kind: Kind, objects: usize) -> usize {
    let ships = (objects * 6 / 1000).clamp(12, 90);
    let drones = (objects * 25 / 1000).max(8);
    let buses = (objects * 6 / 100).max(6);
    match kind {
        Kind::Ship => ships,
        Kind::Drone => drones,
        Kind::Bus => buses,
        Kind::Car => objects - ships - drones - buses,
    }
}

/// The city and its traffic.
pub(crate) struct World {
    pub(crate) streets: Streets,
    vehicles: Vec<Vehicle>,
    drones: Vec<Drone>,
    ships: Vec<Ship>,
    berths_taken: Vec<bool>,
    rng: Rng,
}

/// Longitudes, latitudes and altitudes, one of each for every object.
#[derive(Default)]
pub(crate) struct Positions {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    pub(crate) z: Vec<f64>,
}

impl World {
    pub(crate) fn new(objects: usize, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let streets = Streets::new(&mut rng);
        let (cars, buses) = (count(Kind::Car, objects), count(Kind::Bus, objects));
        let vehicles =
            (0..cars + buses).map(|i| Vehicle::new(&streets, i >= cars, &mut rng)).collect();
        let drones = (0..count(Kind::Drone, objects)).map(|_| Drone::new(&mut rng)).collect();
        let ships: Vec<Ship> =
            (0..count(Kind::Ship, objects)).map(|i| Ship::new(i, &mut rng)).collect();
        let mut berths_taken = vec![false; land::BERTHS.len()];
        for berth in ships.iter().filter_map(Ship::berth) {
            berths_taken[berth] = true;
        }
        World { streets, vehicles, drones, ships, berths_taken, rng }
    }

    /// The ids, in the order of the columns.
    pub(crate) fn ids(&self) -> Vec<String> {
        let objects = self.vehicles.len() + self.drones.len() + self.ships.len();
        Kind::ALL
            .into_iter()
            .flat_map(|kind| (0..count(kind, objects)).map(move |i| format!("{}:{i}", kind.name())))
            .collect()
    }

    /// How many there are of each kind.
    pub(crate) fn counts(&self) -> [(Kind, usize); 4] {
        let objects = self.vehicles.len() + self.drones.len() + self.ships.len();
        Kind::ALL.map(|kind| (kind, count(kind, objects)))
    }

    /// Lets `seconds` of the city's time pass.
    pub(crate) fn step(&mut self, seconds: f64) {
        for vehicle in &mut self.vehicles {
            vehicle.step(&self.streets, seconds, &mut self.rng);
        }
        for drone in &mut self.drones {
            drone.step(seconds, &mut self.rng);
        }
        for ship in &mut self.ships {
            ship.step(seconds, &mut self.berths_taken, &mut self.rng);
        }
    }

    /// Fills the columns with where everything is now.
    pub(crate) fn positions(&self, out: &mut Positions) {
        out.x.clear();
        out.y.clear();
        out.z.clear();
        let vehicles = self.vehicles.iter().map(|vehicle| (vehicle.spot(&self.streets), 0.0));
        let drones = self.drones.iter().map(|drone| (drone.spot(), drone.altitude_m()));
        let ships = self.ships.iter().map(|ship| (ship.spot(), 0.0));
        for (spot, altitude_m) in vehicles.chain(drones).chain(ships) {
            let point = land::to_point(spot, altitude_m);
            out.x.push(point.x);
            out.y.push(point.y);
            out.z.push(point.z);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spatio::Point;

    #[test]
    fn nothing_jumps_and_the_same_seed_is_the_same_city() {
        let (mut world, mut twin) = (World::new(500, 3), World::new(500, 3));
        let (mut before, mut after) = (Positions::default(), Positions::default());
        world.positions(&mut before);
        assert_eq!(before.x.len(), 500);
        assert_eq!(world.ids().len(), 500);
        for _ in 0..400 {
            world.step(1.5);
            twin.step(1.5);
            world.positions(&mut after);
            for i in 0..500 {
                let a = land::to_spot(Point::new(before.x[i], before.y[i]));
                let b = land::to_spot(Point::new(after.x[i], after.y[i]));
                let moved_m = (a.0 - b.0).hypot(a.1 - b.1);
                assert!(moved_m < 60.0, "object {i} moved {moved_m} m from {a:?} to {b:?}");
                assert!((0.0..=130.0).contains(&after.z[i]));
            }
            std::mem::swap(&mut before, &mut after);
        }
        twin.positions(&mut after);
        assert_eq!(before.x, after.x);
    }

    #[test]
    fn ids_tell_the_kind() {
        let world = World::new(100, 1);
        for (kind, count) in world.counts() {
            let of_kind = world.ids().iter().filter(|id| Kind::of(id) == Some(kind)).count();
            assert_eq!(of_kind, count, "{kind:?}");
        }
    }
}
