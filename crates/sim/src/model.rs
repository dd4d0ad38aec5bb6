//! The model: what a database must look like after each change that it was told.
//!
//! Owns the meaning of operations, in the plainest data structures, and the list of states that a
//! recovery may find. Invariants: `digests[i]` is the picture after the first `i` changes, at the
//! clock's present time; changes up to `floor` were promised to survive whatever happens next.

use crate::state::{Bits, Live, Picture, Seen, namespace_digest, object_digest, point_digest};
use crate::subject::{Outcome, Told};
use crate::workload::{Fix, Op, Setup};
use std::collections::BTreeMap;

/// One change as it stands in a log: recovery finds a whole number of them.
#[derive(Clone, Debug)]
enum Change {
    Namespace(usize),
    Move {
        namespace: usize,
        fix: Fix,
        payload: Option<Vec<u8>>,
        expires_us: Option<i64>,
        now_us: i64,
    },
    Delete {
        namespace: usize,
        object: usize,
        now_us: i64,
    },
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Object {
    live: Option<Live>,
    expires_us: Option<i64>,
    tombstone_us: Option<i64>,
    track: Vec<(i64, Bits)>,
    track_digest: u64,
}

impl Object {
    fn visible(&self, now_us: i64) -> Option<&Live> {
        self.live.as_ref().filter(|_| self.expires_us.is_none_or(|expires| expires > now_us))
    }

    /// Lays an object that expired before `now_us` to rest, as a deletion does.
    fn rest(&mut self, now_us: i64) {
        if self.visible(now_us).is_none()
            && let Some(live) = self.live.take()
        {
            self.tombstone_us = Some(live.time_us);
            self.expires_us = None;
        }
    }

    fn place(&mut self, fix: &Fix, payload: Option<&[u8]>, expires_us: Option<i64>) -> Outcome {
        let newest = self.live.as_ref().map(|live| live.time_us);
        let late = newest.is_some_and(|newest| fix.time_us < newest)
            || self.tombstone_us.is_some_and(|tombstone| fix.time_us <= tombstone);
        if late {
            return Outcome::Late;
        }
        let outcome = if self.live.is_some() { Outcome::Moved } else { Outcome::Created };
        let kept = self.live.take().and_then(|live| live.payload);
        let payload = match payload {
            None => kept,
            Some([]) => None,
            Some(bytes) => Some(bytes.to_vec()),
        };
        let position = fix.position.map(f64::to_bits);
        self.live = Some(Live { time_us: fix.time_us, position, payload });
        self.expires_us = expires_us;
        self.tombstone_us = None;
        outcome
    }

    fn remember(&mut self, time_us: i64, position: Bits) {
        let at = self.track.partition_point(|(time, _)| *time <= time_us);
        let first = self.track.partition_point(|(time, _)| *time < time_us);
        self.track.insert(at, (time_us, position));
        let part = point_digest(time_us, position, at - first);
        self.track_digest = self.track_digest.wrapping_add(part);
    }
}

type Objects = BTreeMap<usize, Object>;

#[derive(Clone, Debug)]
struct State {
    setup: Setup,
    now_us: i64,
    namespaces: BTreeMap<usize, Objects>,
    digest: u64,
}

impl State {
    fn count(&mut self, namespace: usize, object: usize, add: bool) {
        let Some(item) = self.namespaces.get(&namespace).and_then(|all| all.get(&object)) else {
            return;
        };
        let part = object_digest(namespace, object, item.visible(self.now_us), item.track_digest);
        self.digest =
            if add { self.digest.wrapping_add(part) } else { self.digest.wrapping_sub(part) };
    }

    fn recount(&mut self) {
        let places: Vec<(usize, usize)> = self
            .namespaces
            .iter()
            .flat_map(|(namespace, objects)| objects.keys().map(|object| (*namespace, *object)))
            .collect();
        self.digest = self
            .namespaces
            .keys()
            .fold(0, |sum: u64, namespace| sum.wrapping_add(namespace_digest(*namespace)));
        for (namespace, object) in places {
            self.count(namespace, object, true);
        }
    }

    fn apply(&mut self, change: &Change) -> Told {
        match change {
            Change::Namespace(namespace) => {
                if self.namespaces.insert(*namespace, Objects::new()).is_none() {
                    self.digest = self.digest.wrapping_add(namespace_digest(*namespace));
                }
                Told::Done
            }
            Change::Move { namespace, fix, payload, expires_us, now_us } => {
                let history = self.setup.namespaces[*namespace].history;
                self.count(*namespace, fix.object, false);
                let item = self.item(*namespace, fix.object);
                item.rest(*now_us);
                if history {
                    item.remember(fix.time_us, fix.position.map(f64::to_bits));
                }
                let outcome = item.place(fix, payload.as_deref(), *expires_us);
                self.count(*namespace, fix.object, true);
                Told::Wrote(outcome)
            }
            Change::Delete { namespace, object, now_us } => {
                self.count(*namespace, *object, false);
                let item = self.item(*namespace, *object);
                item.rest(*now_us);
                let was_there = item.live.is_some();
                // A deletion is an end like that of time, at once.
                item.expires_us = Some(i64::MIN);
                item.rest(*now_us);
                self.count(*namespace, *object, true);
                Told::Deleted(was_there)
            }
        }
    }

    fn item(&mut self, namespace: usize, object: usize) -> &mut Object {
        self.namespaces.entry(namespace).or_default().entry(object).or_default()
    }

    fn picture(&self) -> Picture {
        let seen = |objects: &Objects| {
            objects
                .iter()
                .map(|(object, item)| {
                    let live = item.visible(self.now_us).cloned();
                    (*object, Seen { live, track: item.track.clone() })
                })
                .filter(|(_, seen)| !seen.is_empty())
                .collect()
        };
        Picture(self.namespaces.iter().map(|(key, objects)| (*key, seen(objects))).collect())
    }
}

/// Every state that a workload went through.
#[derive(Clone, Debug)]
pub struct Model {
    base: State,
    current: State,
    changes: Vec<Change>,
    digests: Vec<u64>,
    floor: usize,
}

impl Model {
    /// An empty database of `setup` at the time `now_us`.
    pub fn new(setup: &Setup, now_us: i64) -> Model {
        let base = State { setup: setup.clone(), now_us, namespaces: BTreeMap::new(), digest: 0 };
        Model { current: base.clone(), base, changes: Vec::new(), digests: vec![0], floor: 0 }
    }

    /// How many changes there are.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether nothing was told yet.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes must survive.
    pub fn floor(&self) -> usize {
        self.floor
    }

    /// Promises that all changes so far survive.
    pub fn promise(&mut self) {
        self.floor = self.len();
    }

    /// Adds the changes of `op`, and gives the answer that it must get.
    pub fn tell(&mut self, op: &Op) -> Told {
        match op {
            Op::Namespace(namespace) => {
                self.need(*namespace);
                Told::Done
            }
            Op::Upsert { namespace, fix, payload, ttl_us } => {
                self.push_move(*namespace, *fix, payload.clone(), *ttl_us)
            }
            Op::Columns { namespace, fixes } => {
                let told: Vec<Told> =
                    fixes.iter().map(|fix| self.push_move(*namespace, *fix, None, None)).collect();
                let late = told.iter().filter(|t| **t == Told::Wrote(Outcome::Late)).count();
                Told::Batch { applied: told.len() - late, late }
            }
            Op::Delete { namespace, object } => {
                self.need(*namespace);
                let now_us = self.current.now_us;
                self.push(Change::Delete { namespace: *namespace, object: *object, now_us })
            }
            // What is swept was invisible before, and counts as gone either way.
            _ => Told::Done,
        }
    }

    /// A namespace is made by whoever speaks of it first.
    fn need(&mut self, namespace: usize) {
        if !self.current.namespaces.contains_key(&namespace) {
            self.push(Change::Namespace(namespace));
        }
    }

    fn push_move(
        &mut self,
        namespace: usize,
        fix: Fix,
        payload: Option<Vec<u8>>,
        ttl_us: Option<i64>,
    ) -> Told {
        self.need(namespace);
        let ttl_us = ttl_us.or(self.current.setup.namespaces[namespace].ttl_us);
        let now_us = self.current.now_us;
        let expires_us = ttl_us.map(|ttl_us| now_us + ttl_us);
        self.push(Change::Move { namespace, fix, payload, expires_us, now_us })
    }

    fn push(&mut self, change: Change) -> Told {
        let told = self.current.apply(&change);
        self.changes.push(change);
        self.digests.push(self.current.digest);
        told
    }

    /// Sets the clock, at which some objects of every state may be gone.
    pub fn set_now(&mut self, now_us: i64) {
        if self.base.now_us == now_us {
            return;
        }
        self.base.now_us = now_us;
        self.base.recount();
        self.rebuild(self.len());
    }

    /// Forgets the changes after the first `len`: what a crash took away.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.rebuild(len);
        }
    }

    /// Forgets how the present state came about; everything in it is promised.
    pub fn settle(&mut self) {
        self.base = self.current.clone();
        self.changes.clear();
        self.digests = vec![self.base.digest];
        self.floor = 0;
    }

    fn rebuild(&mut self, len: usize) {
        self.changes.truncate(len);
        self.current = self.base.clone();
        self.digests = vec![self.base.digest];
        for change in &self.changes {
            self.current.apply(change);
            self.digests.push(self.current.digest);
        }
        self.floor = self.floor.min(len);
    }

    /// The latest state from `low` to `high` that looks like `picture`.
    pub fn find(&self, picture: &Picture, low: usize, high: usize) -> Option<usize> {
        let digest = picture.digest();
        (low..=high).rev().find(|index| self.digests[*index] == digest)
    }

    /// Earlier states, from `low` on, that look like the present one and are another: what is
    /// known of an object that is gone shows in no picture, only in what it does to later updates.
    pub fn twins(&self, low: usize) -> Vec<Model> {
        let mut twins: Vec<Model> = Vec::new();
        for len in (low..self.len()).rev().filter(|len| self.digests[*len] == self.current.digest) {
            let mut twin = self.clone();
            twin.truncate(len);
            let is_known = |other: &Model| other.current.namespaces == twin.current.namespaces;
            if !is_known(self) && !twins.iter().any(is_known) {
                twins.push(twin);
            }
        }
        twins
    }

    /// What was expected and what was seen, for a message: the difference to the closest state.
    pub fn explain(&self, picture: &Picture, low: usize, high: usize) -> String {
        let mut text = String::new();
        if let Some(index) = self.find(picture, 0, self.len()) {
            let last = &self.changes[index..high.max(index).min(index + 3)];
            text += &format!("it is the state after {index} changes; lost begins with {last:?}\n");
        }
        let mut closest: Option<(usize, String)> = None;
        let mut copy = self.clone();
        for index in (low..=high).rev() {
            copy.truncate(index);
            let difference = picture.difference(&copy.current.picture());
            if closest.as_ref().is_none_or(|(_, best)| difference.len() < best.len()) {
                closest = Some((index, difference));
            }
        }
        if let Some((index, difference)) = closest {
            text += &format!("closest is the state after {index} changes:\n{difference}");
        }
        text
    }

    /// Checks that everything in `picture` was told at some time, and nothing more often than it
    /// was: what is left after damage may be little, but not wrong.
    ///
    /// # Errors
    /// A sentence that names what was never told.
    pub fn knows(&self, picture: &Picture) -> Result<(), String> {
        let nothing = Object::default();
        for (namespace, objects) in &picture.0 {
            let Some(known) = self.current.namespaces.get(namespace) else {
                return Err(format!("namespace {namespace} never was"));
            };
            for (object, seen) in objects {
                let track = &known.get(object).unwrap_or(&nothing).track;
                let mut left = track.clone();
                for point in &seen.track {
                    let place = left.iter().position(|known| known == point);
                    let place = place
                        .ok_or_else(|| format!("{point:?} of {namespace}, {object} never was"))?;
                    left.swap_remove(place);
                }
                if let Some(live) = &seen.live
                    && !self.was_told(*namespace, *object, live)
                {
                    return Err(format!("{live:?} of {namespace}, {object} never was"));
                }
            }
        }
        Ok(())
    }

    fn was_told(&self, namespace: usize, object: usize, live: &Live) -> bool {
        let moves = || {
            self.changes.iter().filter_map(move |change| match change {
                Change::Move { namespace: n, fix, payload, .. }
                    if (*n, fix.object) == (namespace, object) =>
                {
                    Some((fix, payload))
                }
                _ => None,
            })
        };
        let placed = moves().any(|(fix, _)| {
            fix.time_us == live.time_us && fix.position.map(f64::to_bits) == live.position
        });
        let carried = live.payload.is_none() || moves().any(|(_, told)| *told == live.payload);
        placed && carried
    }

    /// The present state as a picture.
    pub fn picture(&self) -> Picture {
        self.current.picture()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{START_US, Workload};

    #[test]
    fn the_digest_kept_up_to_date_is_the_digest_of_the_picture() {
        for seed in 0..30 {
            let setup = Setup::from_seed(seed);
            let mut model = Model::new(&setup, START_US);
            for op in Workload::new(seed, &setup, true).take(150) {
                match op {
                    Op::Clock(now_us) => model.set_now(now_us),
                    op => {
                        model.tell(&op);
                    }
                }
                let picture = model.picture();
                assert_eq!(picture.digest(), model.digests[model.len()]);
                assert!(model.find(&picture, 0, model.len()).is_some());
            }
            let (all, half) = (model.clone(), model.len() / 2);
            model.truncate(half);
            assert_eq!(model.digests, all.digests[..=half]);
        }
    }
}
