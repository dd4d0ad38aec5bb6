//! What can be seen of a database: its namespaces, live objects and tracks.
//!
//! Owns the picture, its digest and the description of how two pictures differ. Invariants: equal
//! pictures have equal digests; the digest of a picture is the sum of the digests of its objects,
//! so that a model can keep it up to date without looking at all of them.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

/// Coordinates as bits, so that equality is exact.
pub type Bits = [u64; 3];

/// The current state of a live object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Live {
    /// Event time.
    pub time_us: i64,
    /// Where.
    pub position: Bits,
    /// The payload, if it has one that is not empty.
    pub payload: Option<Vec<u8>>,
}

/// What is seen of one object: its current state and its track, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its state, while it lives.
    pub live: Option<Live>,
    /// Every position of its history.
    pub track: Vec<(i64, Bits)>,
}

impl Seen {
    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.live.is_none() && self.track.is_empty()
    }
}

/// What is seen of a database: for each namespace that exists, the objects that leave a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture(pub BTreeMap<usize, BTreeMap<usize, Seen>>);

impl Picture {
    /// One number for the whole picture.
    pub fn digest(&self) -> u64 {
        let mut sum = 0_u64;
        for (namespace, objects) in &self.0 {
            sum = sum.wrapping_add(namespace_digest(*namespace));
            for (object, seen) in objects {
                let track = track_digest(&seen.track);
                let part = object_digest(*namespace, *object, seen.live.as_ref(), track);
                sum = sum.wrapping_add(part);
            }
        }
        sum
    }

    /// How `self` differs from `other`, in a few lines.
    pub fn difference(&self, other: &Picture) -> String {
        let mut text = String::new();
        for namespace in self.0.keys().chain(other.0.keys().filter(|n| !self.0.contains_key(n))) {
            let (Some(ours), Some(theirs)) = (self.0.get(namespace), other.0.get(namespace)) else {
                let here = self.0.contains_key(namespace);
                let _ = writeln!(text, "  namespace {namespace}: seen {here}, expected {}", !here);
                continue;
            };
            let nothing = Seen::default();
            for object in ours.keys().chain(theirs.keys().filter(|o| !ours.contains_key(o))) {
                let seen = ours.get(object).unwrap_or(&nothing);
                let expected = theirs.get(object).unwrap_or(&nothing);
                describe(&mut text, (*namespace, *object), seen, expected);
            }
        }
        text
    }
}

fn describe(text: &mut String, place: (usize, usize), seen: &Seen, expected: &Seen) {
    if seen.live != expected.live {
        let (seen, expected) = (&seen.live, &expected.live);
        let _ = writeln!(text, "  object {place:?}: seen {seen:?}, expected {expected:?}");
    }
    if seen.track != expected.track {
        let at = seen.track.iter().zip(&expected.track).take_while(|(a, b)| a == b).count();
        let (count, wanted) = (seen.track.len(), expected.track.len());
        let (point, other) = (seen.track.get(at), expected.track.get(at));
        let _ = write!(text, "  track of {place:?}: {count} points seen, {wanted} expected, ");
        let _ = writeln!(text, "first difference at {at}: {point:?} and {other:?}");
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The digest of a namespace that exists.
pub fn namespace_digest(namespace: usize) -> u64 {
    hash(("namespace", namespace))
}

/// The digest of an object, or 0 for one that leaves no trace.
pub fn object_digest(namespace: usize, object: usize, live: Option<&Live>, track: u64) -> u64 {
    if live.is_none() && track == 0 { 0 } else { hash((namespace, object, live, track)) }
}

/// The digest of one point of a track; `rank` counts the points of equal time before it.
pub fn point_digest(time_us: i64, position: Bits, rank: usize) -> u64 {
    hash((time_us, position, rank))
}

fn track_digest(track: &[(i64, Bits)]) -> u64 {
    let mut sum = 0_u64;
    let mut rank = 0;
    for (index, (time_us, position)) in track.iter().enumerate() {
        rank = if index > 0 && track[index - 1].0 == *time_us { rank + 1 } else { 0 };
        sum = sum.wrapping_add(point_digest(*time_us, *position, rank));
    }
    // A track out of order must not have the digest of the sorted one.
    if track.is_sorted_by_key(|(time_us, _)| *time_us) { sum } else { !sum }
}
