//! The directory of a sealed segment: which records belong to which object.
//!
//! A record is a numbered frame, counted from 0 in its segment; its sequence number is the
//! segment's first plus that count. Every sixteenth record has its offset noted (an anchor), from
//! where the others are reached frame by frame. Objects stand sorted by handle in blocks of 32,
//! and a table of the blocks' first handles is searched by halves. Owns these bytes. Invariants:
//! every read is bounded by the bytes there are; the caller verified the checksum over them, and
//! verifies each frame that a record number leads to.

use super::checksum::checksum;
use super::varint::{Reader, put_varint, unzigzag, zigzag};

/// Records between two anchors.
pub(crate) const ANCHOR_EVERY: usize = 16;
const BLOCK_OBJECTS: usize = 32;
/// An object with fewer records has no bounds noted; reading its frames is as fast.
const BOUNDS_FROM: u32 = 5;
const SPARSE_BYTES: usize = 12;

/// Puts a directory together, object by object, in the order of their handles.
#[derive(Debug)]
pub(crate) struct DirectoryWriter {
    base_us: i64,
    anchors: Vec<u32>,
    sparse: Vec<(u64, u32)>,
    blocks: Vec<u8>,
    list: Vec<u8>,
    objects: usize,
    previous: u64,
}

impl DirectoryWriter {
    /// Of a segment whose every sixteenth record begins at the `anchors`.
    pub(crate) fn new(base_us: i64, anchors: Vec<u32>) -> Self {
        DirectoryWriter {
            base_us,
            anchors,
            sparse: Vec::new(),
            blocks: Vec::new(),
            list: Vec::new(),
            objects: 0,
            previous: 0,
        }
    }

    /// Adds an object whose moves are the `records`, ascending, within the time `bounds`;
    /// `ordered` if their times ascend too.
    pub(crate) fn push(&mut self, handle: u64, bounds: (i64, i64), ordered: bool, records: &[u32]) {
        if self.objects.is_multiple_of(BLOCK_OBJECTS) {
            self.sparse.push((handle, self.blocks.len() as u32));
            self.previous = handle;
        }
        self.list.clear();
        let mut previous = 0;
        for &record in records {
            put_varint(&mut self.list, u64::from(record - previous));
            previous = record;
        }
        let count = records.len() as u32;
        put_varint(&mut self.blocks, handle - self.previous);
        put_varint(&mut self.blocks, u64::from(count) << 1 | u64::from(ordered));
        put_varint(&mut self.blocks, self.list.len() as u64);
        if count >= BOUNDS_FROM {
            put_varint(&mut self.blocks, zigzag(bounds.0.wrapping_sub(self.base_us)));
            put_varint(&mut self.blocks, bounds.1.wrapping_sub(bounds.0) as u64);
        }
        self.blocks.extend_from_slice(&self.list);
        self.previous = handle;
        self.objects += 1;
    }

    /// The bytes, and their checksum.
    pub(crate) fn finish(self) -> (Vec<u8>, u32) {
        let mut out = Vec::with_capacity(
            12 + self.anchors.len() * 4 + self.sparse.len() * SPARSE_BYTES + self.blocks.len(),
        );
        for count in [self.anchors.len(), self.sparse.len(), self.objects] {
            out.extend_from_slice(&(count as u32).to_le_bytes());
        }
        for anchor in &self.anchors {
            out.extend_from_slice(&anchor.to_le_bytes());
        }
        for (handle, offset) in &self.sparse {
            out.extend_from_slice(&handle.to_le_bytes());
            out.extend_from_slice(&offset.to_le_bytes());
        }
        out.extend_from_slice(&self.blocks);
        let crc = directory_checksum(&out);
        (out, crc)
    }
}

/// The checksum over a directory.
pub(crate) fn directory_checksum(bytes: &[u8]) -> u32 {
    checksum(0, bytes)
}

/// The records of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) count: u32,
    /// Whether the times ascend with the records.
    pub(crate) ordered: bool,
    /// The first and last time, where noted.
    pub(crate) bounds: Option<(i64, i64)>,
    list: &'a [u8],
}

impl Entry<'_> {
    /// The record numbers, ascending; `None` if the bytes are malformed.
    pub(crate) fn records(&self) -> Option<Vec<u32>> {
        // Each number takes a byte at least, so this cannot allocate more than four times those.
        if self.count as usize > self.list.len() {
            return None;
        }
        let mut records = Vec::with_capacity(self.count as usize);
        let mut reader = Reader(self.list);
        let mut previous = 0u32;
        for _ in 0..self.count {
            previous = previous.checked_add(u32::try_from(reader.varint()?).ok()?)?;
            records.push(previous);
        }
        reader.is_empty().then_some(records)
    }
}

/// Reads a directory in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directory<'a> {
    base_us: i64,
    objects: usize,
    anchors: &'a [u8],
    sparse: &'a [u8],
    blocks: &'a [u8],
}

impl<'a> Directory<'a> {
    /// Over its bytes; `None` if they are malformed.
    pub(crate) fn new(bytes: &'a [u8], base_us: i64) -> Option<Self> {
        let mut reader = Reader(bytes);
        let (anchors, blocks, objects) = (reader.u32()?, reader.u32()?, reader.u32()? as usize);
        let anchors = reader.take((anchors as usize).checked_mul(4)?)?;
        let sparse = reader.take((blocks as usize).checked_mul(SPARSE_BYTES)?)?;
        (blocks as usize == objects.div_ceil(BLOCK_OBJECTS)).then_some(())?;
        Some(Directory { base_us, objects, anchors, sparse, blocks: reader.rest() })
    }

    /// Objects in it.
    #[cfg(test)]
    pub(crate) fn objects(&self) -> usize {
        self.objects
    }

    /// Where the record `record / ANCHOR_EVERY * ANCHOR_EVERY` begins.
    pub(crate) fn anchor(&self, record: u32) -> Option<u32> {
        let at = record as usize / ANCHOR_EVERY * 4;
        Reader(self.anchors.get(at..)?).u32()
    }

    fn block(&self, index: usize) -> Option<(u64, u32)> {
        let mut reader = Reader(self.sparse.get(index * SPARSE_BYTES..)?);
        Some((reader.u64()?, reader.u32()?))
    }

    /// The entry of `handle`: `Some(None)` if it has none, `None` if the bytes are malformed.
    pub(crate) fn find(&self, handle: u64) -> Option<Option<Entry<'a>>> {
        // The last block whose first handle is not beyond.
        let (mut low, mut high) = (0, self.sparse.len() / SPARSE_BYTES);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.block(middle)?.0 <= handle {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let Some(index) = low.checked_sub(1) else {
            return Some(None);
        };
        let (mut current, offset) = self.block(index)?;
        let mut reader = Reader(self.blocks.get(offset as usize..)?);
        let in_block = BLOCK_OBJECTS.min(self.objects - index * BLOCK_OBJECTS);
        for _ in 0..in_block {
            current = current.checked_add(reader.varint()?)?;
            let entry = self.entry(&mut reader)?;
            if current >= handle {
                return Some((current == handle).then_some(entry));
            }
        }
        Some(None)
    }

    fn entry(&self, reader: &mut Reader<'a>) -> Option<Entry<'a>> {
        let counted = reader.varint()?;
        let count = u32::try_from(counted >> 1).ok()?;
        let list_bytes = usize::try_from(reader.varint()?).ok()?;
        let bounds = if count >= BOUNDS_FROM {
            let min_us = self.base_us.wrapping_add(unzigzag(reader.varint()?));
            Some((min_us, min_us.wrapping_add(reader.varint()? as i64)))
        } else {
            None
        };
        Some(Entry { count, ordered: counted & 1 == 1, bounds, list: reader.take(list_bytes)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    type Model = BTreeMap<u64, (BTreeSet<u32>, (i64, i64), bool)>;

    fn write(model: &Model, base_us: i64, anchors: Vec<u32>) -> Vec<u8> {
        let mut writer = DirectoryWriter::new(base_us, anchors);
        for (&handle, (records, bounds, ordered)) in model {
            let records: Vec<u32> = records.iter().copied().collect();
            writer.push(handle, *bounds, *ordered, &records);
        }
        writer.finish().0
    }

    fn object() -> impl Strategy<Value = (BTreeSet<u32>, (i64, i64), bool)> {
        (
            proptest::collection::btree_set(any::<u32>(), 1..12),
            (any::<i64>(), any::<i64>()).prop_map(|(a, b)| (a.min(b), a.max(b))),
            any::<bool>(),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_object_is_found_and_no_other(
            near in proptest::collection::btree_map(0u64..400, object(), 0..150),
            far in proptest::collection::btree_map(any::<u64>(), object(), 0..20),
            base_us: i64,
            asked in proptest::collection::vec(0u64..500, 20),
        ) {
            let model: Model = near.into_iter().chain(far).collect();
            let bytes = write(&model, base_us, vec![3, 9]);
            let directory = Directory::new(&bytes, base_us).unwrap();
            prop_assert_eq!(directory.objects(), model.len());
            prop_assert_eq!(directory.anchor(31), Some(9));
            prop_assert_eq!(directory.anchor(32), None);
            for (&handle, (records, bounds, ordered)) in &model {
                let entry = directory.find(handle).unwrap().unwrap();
                let found: Vec<u32> = entry.records().unwrap();
                prop_assert!(found.iter().eq(records));
                prop_assert_eq!(entry.ordered, *ordered);
                prop_assert_eq!(entry.bounds, (records.len() >= 5).then_some(*bounds));
            }
            for handle in asked.into_iter().chain([u64::MAX]) {
                let found = directory.find(handle).unwrap().is_some();
                prop_assert_eq!(found, model.contains_key(&handle));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(1)], 0..200),
            handle in prop_oneof![any::<u64>(), 0u64..3],
        ) {
            if let Some(directory) = Directory::new(&bytes, 0) {
                let _ = directory.anchor(handle as u32);
                if let Some(Some(entry)) = directory.find(handle) {
                    let _ = entry.records();
                }
            }
        }
    }
}
