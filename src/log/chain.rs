//! The index of the active segment: where each record is, and the one before it of its object.
//!
//! Owns two columns of `u32` over the records, and per object its last record, its count and its
//! span of time. Also knows which objects and namespaces the segment has introduced. Does not own
//! bytes. Invariant: a record's number is its sequence number minus the segment's first.

use ahash::RandomState;
use hashbrown::HashMap;

use crate::format::{ANCHOR_EVERY, DirectoryWriter, NamespaceSettings};

/// What the active segment knows of one object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    /// The number of the last record plus one; 0 if there is none.
    last: u32,
    /// Count of records, and the two flags below.
    count: u32,
    pub(super) min_us: i64,
    pub(super) max_us: i64,
}

/// The segment has introduced the object.
const KNOWN: u32 = 1 << 31;
/// Some move was older than one before it.
const DISORDERED: u32 = 1 << 30;

const NO_TRACK: Track = Track { last: 0, count: 0, min_us: i64::MAX, max_us: i64::MIN };

impl Track {
    pub(super) fn last(&self) -> Option<u32> {
        self.last.checked_sub(1)
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.count & DISORDERED == 0
    }

    fn count(&self) -> usize {
        (self.count & !(KNOWN | DISORDERED)) as usize
    }
}

/// The objects of one namespace, by index.
#[derive(Debug)]
struct Objects {
    namespace: u32,
    /// Whether this segment has introduced the namespace.
    known: bool,
    history: bool,
    /// By index, for indices that are not far beyond the number of objects seen.
    near: Vec<Track>,
    /// The others: so that a bad index in a file cannot take memory.
    far: HashMap<u32, Track, RandomState>,
    seen: usize,
}

impl Objects {
    fn get(&self, index: u32) -> Option<&Track> {
        match self.near.get(index as usize) {
            Some(track) => Some(track),
            None => self.far.get(&index),
        }
    }

    #[inline]
    fn get_mut(&mut self, index: u32) -> &mut Track {
        let at = index as usize;
        if at < self.near.len() {
            return &mut self.near[at];
        }
        self.reach(index)
    }

    #[cold]
    fn reach(&mut self, index: u32) -> &mut Track {
        let at = index as usize;
        if at >= self.near.capacity().max(4 * self.seen + 1024) {
            return self.far.entry(index).or_insert(NO_TRACK);
        }
        self.near.resize((at + 1).next_power_of_two(), NO_TRACK);
        let near = &mut self.near;
        self.far.retain(|&index, track| match near.get_mut(index as usize) {
            Some(place) => {
                *place = *track;
                false
            }
            None => true,
        });
        &mut self.near[at]
    }

    /// Every object with a record, by ascending index.
    fn sorted(&self) -> impl Iterator<Item = (u32, &Track)> {
        let mut far: Vec<(u32, &Track)> = self.far.iter().map(|(&i, track)| (i, track)).collect();
        far.sort_unstable_by_key(|&(index, _)| index);
        let near = self.near.iter().enumerate().map(|(index, track)| (index as u32, track));
        near.chain(far).filter(|(_, track)| track.last != 0)
    }
}

/// The index of the active segment.
#[derive(Debug)]
pub(super) struct Chain {
    offsets: Vec<u32>,
    previous: Vec<u32>,
    namespaces: Vec<Objects>,
    places: HashMap<u32, usize, RandomState>,
    /// The place of the namespace asked for last.
    recent: usize,
    pub(super) min_us: i64,
    pub(super) max_us: i64,
}

impl Chain {
    pub(super) fn new() -> Self {
        Chain {
            offsets: Vec::new(),
            previous: Vec::new(),
            namespaces: Vec::new(),
            places: HashMap::with_hasher(RandomState::new()),
            recent: 0,
            min_us: i64::MAX,
            max_us: i64::MIN,
        }
    }

    /// Forgets everything but the memory it took.
    pub(super) fn clear(&mut self) {
        self.offsets.clear();
        self.previous.clear();
        for objects in &mut self.namespaces {
            objects.known = false;
            objects.near.clear();
            objects.far.clear();
            objects.seen = 0;
        }
        (self.min_us, self.max_us) = (i64::MAX, i64::MIN);
    }

    /// Records of every kind.
    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    fn place(&self, namespace: u32) -> Option<usize> {
        match self.namespaces.get(self.recent) {
            Some(objects) if objects.namespace == namespace => Some(self.recent),
            _ => self.places.get(&namespace).copied(),
        }
    }

    fn find(&self, namespace: u32) -> Option<&Objects> {
        self.namespaces.get(self.place(namespace)?)
    }

    #[inline]
    fn find_mut(&mut self, namespace: u32) -> Option<&mut Objects> {
        self.recent = self.place(namespace)?;
        self.namespaces.get_mut(self.recent)
    }

    /// Whether the segment has introduced the namespace.
    pub(super) fn knows_namespace(&self, number: u32) -> bool {
        self.find(number).is_some_and(|objects| objects.known)
    }

    /// Whether the segment has introduced the object.
    #[inline]
    pub(super) fn knows(&mut self, handle: u64) -> bool {
        match self.find_mut((handle >> 32) as u32) {
            Some(objects) if objects.known => {
                objects.get(handle as u32).is_some_and(|track| track.count & KNOWN != 0)
            }
            _ => false,
        }
    }

    /// Takes in a record that begins at `offset` and belongs to no track.
    pub(super) fn push_other(&mut self, offset: u32) {
        self.offsets.push(offset);
        self.previous.push(0);
    }

    /// Takes in a record that introduces a namespace.
    pub(super) fn push_namespace(&mut self, offset: u32, number: u32, settings: NamespaceSettings) {
        self.push_other(offset);
        if self.place(number).is_none() {
            self.places.insert(number, self.namespaces.len());
            self.namespaces.push(Objects {
                namespace: number,
                known: false,
                history: false,
                near: Vec::new(),
                far: HashMap::with_hasher(RandomState::new()),
                seen: 0,
            });
        }
        if let Some(objects) = self.find_mut(number) {
            (objects.known, objects.history) = (true, settings.history);
        }
    }

    /// Takes in a record that introduces an object.
    pub(super) fn push_define(&mut self, offset: u32, handle: u64) {
        self.push_other(offset);
        if let Some(objects) = self.find_mut((handle >> 32) as u32) {
            let track = objects.get_mut(handle as u32);
            let is_new = track.count & KNOWN == 0;
            track.count |= KNOWN;
            objects.seen += usize::from(is_new);
        }
    }

    /// Takes in a move. A namespace without history, or one that was not introduced, has no
    /// tracks.
    #[inline]
    pub(super) fn push_move(&mut self, offset: u32, handle: u64, time_us: i64) {
        let record = self.offsets.len() as u32;
        let mut previous = 0;
        if let Some(objects) = self.find_mut((handle >> 32) as u32)
            && objects.history
        {
            let track = objects.get_mut(handle as u32);
            previous = track.last;
            track.last = record + 1;
            track.count += 1;
            if time_us < track.max_us {
                track.count |= DISORDERED;
            }
            track.min_us = track.min_us.min(time_us);
            track.max_us = track.max_us.max(time_us);
            self.min_us = self.min_us.min(time_us);
            self.max_us = self.max_us.max(time_us);
        }
        self.offsets.push(offset);
        self.previous.push(previous);
    }

    /// What is known of an object that has records.
    pub(super) fn track(&self, handle: u64) -> Option<Track> {
        let track = self.find((handle >> 32) as u32)?.get(handle as u32)?;
        (track.last != 0).then_some(*track)
    }

    /// Where a record begins.
    pub(super) fn offset(&self, record: u32) -> Option<u32> {
        self.offsets.get(record as usize).copied()
    }

    /// The record before `record` of the same object.
    pub(super) fn previous(&self, record: u32) -> Option<u32> {
        self.previous.get(record as usize)?.checked_sub(1)
    }

    /// The segment's directory.
    pub(super) fn directory(&self, base_us: i64) -> DirectoryWriter {
        let anchors = self.offsets.iter().step_by(ANCHOR_EVERY).copied().collect();
        let mut writer = DirectoryWriter::new(base_us, anchors);
        let tracks = self.sorted();
        let mut rest = &self.lists(&tracks)[..];
        for (handle, track) in &tracks {
            let (records, others) = rest.split_at(track.count());
            writer.push(*handle, (track.min_us, track.max_us), track.is_ordered(), records);
            rest = others;
        }
        writer
    }

    /// Every object with a record, by ascending handle.
    fn sorted(&self) -> Vec<(u64, &Track)> {
        let mut namespaces: Vec<&Objects> = self.namespaces.iter().collect();
        namespaces.sort_unstable_by_key(|objects| objects.namespace);
        let of = |objects: &&Objects| u64::from(objects.namespace) << 32;
        let all = namespaces.iter().flat_map(|objects| {
            objects.sorted().map(move |(index, track)| (of(objects) | u64::from(index), track))
        });
        all.collect()
    }

    /// The records of the `tracks`, ascending, one track behind the other. Records are visited
    /// from the last to the first and each tells the one before whose it is, because following
    /// one chain after the other would wait for memory at every step.
    fn lists(&self, tracks: &[(u64, &Track)]) -> Vec<u32> {
        const NOBODY: u32 = u32::MAX;
        let mut owners = vec![NOBODY; self.len()];
        let mut ends = Vec::with_capacity(tracks.len());
        let mut end = 0;
        for (owner, (_, track)) in tracks.iter().enumerate() {
            end += track.count();
            ends.push(end);
            owners[track.last as usize - 1] = owner as u32;
        }
        let mut lists = vec![0; end];
        for record in (0..self.len()).rev() {
            let owner = owners[record];
            if owner == NOBODY {
                continue;
            }
            let end = &mut ends[owner as usize];
            *end -= 1;
            lists[*end] = record as u32;
            if let Some(previous) = self.previous[record].checked_sub(1) {
                owners[previous as usize] = owner;
            }
        }
        lists
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::format::Directory;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn settings(history: bool) -> NamespaceSettings {
        NamespaceSettings { history, ..NamespaceSettings::default() }
    }

    fn records_of(chain: &Chain, handle: u64) -> Vec<u32> {
        let mut found = Vec::new();
        let mut next = chain.track(handle).and_then(|track| track.last());
        while let Some(record) = next {
            found.push(record);
            next = chain.previous(record);
        }
        found.reverse();
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn chains_and_directory_equal_a_map_of_lists(
            moves in proptest::collection::vec(
                (1u64..4, prop_oneof![0u32..50, 900u32..5000, any::<u32>()], -9i64..9), 0..400),
        ) {
            let mut chain = Chain::new();
            let mut model: BTreeMap<u64, Vec<(u32, i64)>> = BTreeMap::new();
            for number in 1..4 {
                chain.push_namespace(number, number, settings(number != 3));
            }
            for (namespace, index, time_us) in moves {
                let handle = namespace << 32 | u64::from(index);
                if !chain.knows(handle) {
                    chain.push_define(chain.len() as u32, handle);
                    prop_assert!(chain.knows(handle));
                }
                let record = chain.len() as u32;
                chain.push_move(1000 + record, handle, time_us);
                prop_assert_eq!(chain.offset(record), Some(1000 + record));
                if namespace != 3 {
                    model.entry(handle).or_default().push((record, time_us));
                }
            }
            let (bytes, _) = chain.directory(-100).finish();
            let directory = Directory::new(&bytes, -100).unwrap();
            prop_assert_eq!(directory.objects(), model.len());
            for (&handle, moves) in &model {
                let records: Vec<u32> = moves.iter().map(|&(record, _)| record).collect();
                let track = chain.track(handle).unwrap();
                prop_assert_eq!(track.is_ordered(), moves.is_sorted_by_key(|&(_, time)| time));
                prop_assert_eq!(&records_of(&chain, handle), &records);
                let entry = directory.find(handle).unwrap().unwrap();
                prop_assert_eq!(entry.ordered, track.is_ordered());
                prop_assert_eq!(entry.records().unwrap(), records);
            }
            chain.clear();
            for &handle in model.keys() {
                prop_assert!(!chain.knows(handle) && chain.track(handle).is_none());
            }
        }
    }

    #[test]
    fn a_wild_index_takes_no_memory() {
        let mut chain = Chain::new();
        chain.push_namespace(64, 1, settings(true));
        for index in [u32::MAX, 1 << 31, 1 << 20] {
            chain.push_define(64, 1 << 32 | u64::from(index));
        }
        assert!(chain.namespaces[0].near.len() <= 2048);
        assert!(chain.knows(1 << 32 | u64::from(u32::MAX)));
    }
}
