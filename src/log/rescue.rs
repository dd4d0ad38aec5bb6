//! A new segment from what can still be read of a damaged one.
//!
//! Owns finding the good frames and writing them anew, sealed, under a new salt, with consecutive
//! numbers. Does no I/O. Invariants: only frames whose checksum proves them are carried over; an
//! object's name stands before its first record, else the record is left out and counted.

use ahash::RandomState;
use hashbrown::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{
    Change, Extent, FLAG_SALVAGED, Flaw, MARK_BYTES, Mark, NamespaceSettings, SEGMENT_HEADER_BYTES,
    Seeds, SegmentHeader, Step, checksum, encode, encode_mark,
};

use super::chain::Chain;
use super::examine::{index, scanner};
use super::rotate::seal_bytes;
use super::survey::SegmentFile;

/// Records between two marks of a rewritten segment.
const GROUP_RECORDS: usize = 512;
/// No numbered frame is shorter.
const FRAME_BYTES_MIN: u64 = 8;

/// The names that were met so far, in earlier segments and in checkpoints.
#[derive(Debug)]
pub(super) struct Known {
    namespaces: HashMap<u32, (String, NamespaceSettings), RandomState>,
    ids: HashMap<u64, Box<str>, RandomState>,
}

impl Known {
    pub(super) fn new() -> Self {
        Known {
            namespaces: HashMap::with_hasher(RandomState::new()),
            ids: HashMap::with_hasher(RandomState::new()),
        }
    }

    pub(super) fn learn(&mut self, change: &Change<'_>) {
        match *change {
            Change::Namespace { number, name, settings } => {
                self.namespaces.insert(number, (name.to_string(), settings));
            }
            Change::Define { handle, id } => {
                self.ids.entry(handle).or_insert_with(|| id.into());
            }
            _ => {}
        }
    }

    /// Learns every name that the good frames of a segment tell.
    pub(super) fn learn_segment(&mut self, bytes: &[u8], header: &SegmentHeader) {
        let mut scanner = scanner(bytes, header);
        loop {
            match scanner.step() {
                Step::Change { change, .. } => self.learn(&change),
                Step::Skipped { .. } => {}
                _ => return,
            }
        }
    }
}

/// A rewritten segment.
#[derive(Debug)]
pub(super) struct Rescued {
    /// The whole file.
    pub(super) bytes: Vec<u8>,
    pub(super) records: u64,
    /// Bytes between good frames that could not be read.
    pub(super) bytes_lost: u64,
    /// Records that could be read, but whose object has lost its name.
    pub(super) nameless: u64,
    /// Of the new file.
    pub(super) salt: u64,
    /// The number after the last in the file.
    pub(super) next_seq: u64,
    /// No number that the damaged segment may have held is as high.
    pub(super) beyond_seq: u64,
}

/// Writes the segment anew from what can be read of its `bytes`. Its numbers begin at `first_seq`
/// or at its own first, whichever is higher.
pub(super) fn rescue(
    segment: &SegmentFile,
    bytes: &[u8],
    first_seq: u64,
    salt: u64,
    known: &mut Known,
) -> Result<Rescued> {
    let damaged = match (segment.header, segment.trailer) {
        (Ok(header), _) => Some(header),
        // The trailer repeats the header.
        (Err(_), Some(trailer)) => Some(trailer.header),
        (Err(_), None) => None,
    };
    let header = SegmentHeader {
        number: segment.number,
        flags: FLAG_SALVAGED,
        salt,
        first_seq: damaged.map_or(first_seq, |header| header.first_seq.max(first_seq)),
        base_us: damaged.map_or(0, |header| header.base_us),
        before_salt: 0,
    };
    let mut anew = Anew::new(header);
    let Some(damaged) = damaged else {
        // Without the salt no frame can prove itself.
        let (bytes_lost, next_seq) = (bytes.len() as u64, header.first_seq);
        let beyond_seq = next_seq + bytes_lost / FRAME_BYTES_MIN;
        return Ok(anew.finish(bytes_lost, beyond_seq));
    };
    let end = segment.trailer.map_or(bytes.len(), |trailer| trailer.directory_offset as usize);
    let frames = bytes.get(..end).unwrap_or(bytes);
    let mut scanner = scanner(frames, &damaged);
    let mut bytes_lost = 0;
    let mut beyond_seq = anew.next_seq;
    loop {
        let at = scanner.offset();
        match scanner.step() {
            Step::Change { change, .. } => {
                known.learn(&change);
                anew.add(&change, known);
            }
            Step::Skipped { offset, .. } => anew.copy(&frames[offset..]),
            Step::Seal { .. } | Step::Empty => break,
            Step::Flaw { flaw: flaw @ Flaw::Unknown(_), offset } => {
                let error = Error::new(ErrorKind::FormatVersion, "salvage", flaw.reason());
                return Err(error.at(&segment.path, offset as u64));
            }
            Step::Flaw { .. } | Step::End { .. } => {
                let flaw_at = scanner.offset().max(at);
                let passed = scanner.resync();
                let lost = passed.unwrap_or((frames.len() - flaw_at) as u64);
                bytes_lost += lost;
                if passed.is_none() {
                    beyond_seq = scanner.seq() + lost / FRAME_BYTES_MIN;
                    break;
                }
            }
        }
    }
    let beyond_seq = beyond_seq.max(scanner.seq());
    Ok(anew.finish(bytes_lost, beyond_seq))
}

/// The segment that is being written.
struct Anew {
    header: SegmentHeader,
    seeds: Seeds,
    out: Vec<u8>,
    chain: Chain,
    next_seq: u64,
    nameless: u64,
}

impl Anew {
    fn new(header: SegmentHeader) -> Self {
        Anew {
            header,
            seeds: header.seeds(),
            out: header.encode().to_vec(),
            chain: Chain::new(),
            next_seq: header.first_seq,
            nameless: 0,
        }
    }

    /// Adds a change, behind the names that it needs.
    fn add(&mut self, change: &Change<'_>, known: &Known) {
        let introduced = match *change {
            Change::Namespace { .. } => true,
            Change::Define { handle, .. } => self.introduce_namespace(handle, known),
            Change::Move { handle, .. }
            | Change::Delete { handle, .. }
            | Change::Expire { handle, .. } => self.introduce(handle, known),
        };
        if introduced {
            self.put(change);
        } else {
            self.nameless += 1;
        }
    }

    fn introduce_namespace(&mut self, handle: u64, known: &Known) -> bool {
        let number = (handle >> 32) as u32;
        if self.chain.knows_namespace(number) {
            return true;
        }
        let Some((name, settings)) = known.namespaces.get(&number) else {
            return false;
        };
        self.put(&Change::Namespace { number, name, settings: *settings });
        true
    }

    fn introduce(&mut self, handle: u64, known: &Known) -> bool {
        if self.chain.knows(handle) {
            return true;
        }
        let Some(id) = known.ids.get(&handle) else {
            return false;
        };
        let known = self.introduce_namespace(handle, known);
        if known {
            self.put(&Change::Define { handle, id });
        }
        known
    }

    fn put(&mut self, change: &Change<'_>) {
        self.mark();
        let offset = self.out.len() as u32;
        encode(change, self.seeds, self.next_seq, self.header.base_us, &mut self.out);
        index(&mut self.chain, offset, Some(change));
        self.next_seq += 1;
    }

    /// Adds the frame that `bytes` begins with as it is, but for its checksum.
    fn copy(&mut self, bytes: &[u8]) {
        let Ok(extent) = Extent::read(bytes) else { return };
        self.mark();
        let offset = self.out.len() as u32;
        let body = &bytes[..extent.crc_at];
        self.out.extend_from_slice(body);
        let crc = checksum(self.seeds.of_seq(self.next_seq), body);
        self.out.extend_from_slice(&crc.to_le_bytes());
        index(&mut self.chain, offset, None);
        self.next_seq += 1;
    }

    fn mark(&mut self) {
        if self.chain.len().is_multiple_of(GROUP_RECORDS) {
            let offset = self.out.len() as u64;
            let mark = Mark { seq: self.next_seq, durable_bytes: SEGMENT_HEADER_BYTES as u32 };
            let bytes: [u8; MARK_BYTES] = encode_mark(mark, self.seeds, offset);
            self.out.extend_from_slice(&bytes);
        }
    }

    fn finish(mut self, bytes_lost: u64, beyond_seq: u64) -> Rescued {
        let seal_offset = self.out.len() as u64;
        let (seal, _) = seal_bytes(self.header, &self.chain, seal_offset, self.next_seq);
        self.out.extend_from_slice(&seal);
        Rescued {
            bytes: self.out,
            records: self.chain.len() as u64,
            bytes_lost,
            nameless: self.nameless,
            salt: self.header.salt,
            next_seq: self.next_seq,
            beyond_seq: beyond_seq.max(self.next_seq),
        }
    }
}
