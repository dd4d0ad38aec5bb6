//! Walks over the frames of a file, in order, and finds its way again behind damage.
//!
//! Owns: the order of frames (each number follows the one before, each mark says the number that
//! follows), and what the marks say about durability. Does not own what to do about damage.
//! Invariant: after a flaw nothing is handed out until `resync` found a frame that proves itself.

use super::change::Change;
use super::checksum::Seeds;
use super::frame::{Extent, Flaw, Frame, MARK_BYTES, MARK_START, Mark, Seal, decode};

/// How far behind a flaw a frame is searched for byte by byte.
const SEARCH_BYTES: usize = 70 << 10;

/// What comes next in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step<'a> {
    /// A change, its number, and where its frame begins.
    Change { seq: u64, offset: usize, change: Change<'a> },
    /// A numbered frame of a kind that may be skipped.
    Skipped { seq: u64, offset: usize },
    /// The end of the frames of a sealed segment, and where it begins.
    Seal { seal: Seal, offset: usize },
    /// The end of a checkpoint: how many changes it claims, and where the next byte is.
    End { count: u64, next: usize },
    /// Nothing more: the bytes are used up.
    Empty,
    /// Not a frame.
    Flaw { flaw: Flaw, offset: usize },
}

/// Walks over the frames of one file.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    seq: u64,
    seeds: Seeds,
    base_us: i64,
    durable_bytes: u64,
}

impl<'a> Scanner<'a> {
    /// Over all bytes of a file, from `at`, where the frame with number `seq` or its mark begins.
    pub(crate) fn new(bytes: &'a [u8], at: usize, seq: u64, seeds: Seeds, base_us: i64) -> Self {
        Scanner { bytes, at, seq, seeds, base_us, durable_bytes: 0 }
    }

    /// Where the next frame begins.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The number that the next numbered frame must have.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    /// The most that a mark said was durable.
    pub(crate) fn durable_bytes(&self) -> u64 {
        self.durable_bytes
    }

    /// The next frame that is not a mark.
    #[inline]
    pub(crate) fn step(&mut self) -> Step<'a> {
        loop {
            let offset = self.at;
            if offset >= self.bytes.len() {
                return Step::Empty;
            }
            let rest = &self.bytes[offset..];
            match decode(rest, self.seeds, self.seq, offset as u64, self.base_us) {
                Ok((Frame::Change(change), len)) => {
                    let seq = self.seq;
                    self.at += len;
                    self.seq = seq.wrapping_add(1);
                    return Step::Change { seq, offset, change };
                }
                Ok((Frame::Mark(mark), len)) => {
                    if let Err(flaw) = self.check_mark(mark) {
                        return Step::Flaw { flaw, offset };
                    }
                    self.at += len;
                }
                Ok((Frame::Skipped, len)) => {
                    let seq = self.seq;
                    self.at += len;
                    self.seq = seq.wrapping_add(1);
                    return Step::Skipped { seq, offset };
                }
                Ok((Frame::Seal(seal), _)) if seal.next_seq == self.seq => {
                    return Step::Seal { seal, offset };
                }
                Ok((Frame::Seal(_), _)) => {
                    let flaw = Flaw::Bad("the seal names another number");
                    return Step::Flaw { flaw, offset };
                }
                Ok((Frame::End(count), len)) => return Step::End { count, next: offset + len },
                Err(flaw) => return Step::Flaw { flaw, offset },
            }
        }
    }

    fn check_mark(&mut self, mark: Mark) -> Result<(), Flaw> {
        if mark.seq != self.seq {
            return Err(Flaw::Bad("the mark names another number"));
        }
        if u64::from(mark.durable_bytes) > self.at as u64 {
            return Err(Flaw::Bad("the mark calls bytes durable that follow it"));
        }
        self.durable_bytes = self.durable_bytes.max(u64::from(mark.durable_bytes));
        Ok(())
    }

    /// The most that any sound mark from here on says was durable: what tells a torn tail from
    /// damage to bytes that were safe once.
    pub(crate) fn durable_bytes_ahead(&self) -> u64 {
        let mut most = 0;
        let mut from = self.at;
        while let Some((offset, mark)) = self.find_mark(from) {
            most = most.max(u64::from(mark.durable_bytes).min(offset as u64));
            from = offset + MARK_BYTES;
        }
        most
    }

    /// After a flaw: goes on behind the bad frame if its length leads to a sound one, else with
    /// the next number not far away, else at the next sound mark whose number is not lower. Gives
    /// the number of bytes passed over, or `None` at the end, where all the rest is lost.
    pub(crate) fn resync(&mut self) -> Option<u64> {
        let from = self.at;
        let mark = self.find_later_mark(from + 1);
        let next = self.behind_bad_frame().or_else(|| {
            let limit = mark.map_or(self.bytes.len(), |(offset, _)| offset);
            self.near_frame(limit.min(from + SEARCH_BYTES))
        });
        if let Some(next) = next {
            *self = next;
        } else if let Some((offset, mark)) = mark {
            (self.at, self.seq) = (offset, mark.seq);
        } else {
            self.at = self.bytes.len();
            return None;
        }
        Some((self.at - from) as u64)
    }

    /// A scanner behind the bad frame, if its length is right.
    fn behind_bad_frame(&self) -> Option<Self> {
        let extent = Extent::read(&self.bytes[self.at..]).ok()?;
        // A bad change used up a number, a bad mark did not.
        [1, 0].into_iter().find_map(|lost| self.proved(self.at + extent.len(), lost))
    }

    /// A scanner at the frame with the next number, if it begins before `limit`.
    fn near_frame(&self, limit: usize) -> Option<Self> {
        (self.at + 1..limit).find_map(|at| {
            let extent = Extent::read(&self.bytes[at..]).ok()?;
            if extent.len() > SEARCH_BYTES {
                return None;
            }
            self.proved(at, 1)
        })
    }

    /// A scanner at `at`, if the frame there is sound, `lost` numbers on, and so is what follows.
    fn proved(&self, at: usize, lost: u64) -> Option<Self> {
        let mut next = self.clone();
        next.at = at;
        next.seq = self.seq.wrapping_add(lost);
        let found = next.clone();
        match next.step() {
            Step::Seal { .. } => return Some(found),
            Step::Flaw { .. } | Step::Empty => return None,
            _ => {}
        }
        (!matches!(next.step(), Step::Flaw { .. })).then_some(found)
    }

    /// The next sound mark whose number is not lower than the one that is due.
    fn find_later_mark(&self, mut from: usize) -> Option<(usize, Mark)> {
        loop {
            let (offset, mark) = self.find_mark(from)?;
            if mark.seq >= self.seq {
                return Some((offset, mark));
            }
            from = offset + MARK_BYTES;
        }
    }

    /// The first sound mark at or after `from`.
    fn find_mark(&self, mut from: usize) -> Option<(usize, Mark)> {
        loop {
            let rest = self.bytes.get(from..)?;
            let offset = from + find(rest, &MARK_START)?;
            let bytes = &self.bytes[offset..];
            if let Ok((Frame::Mark(mark), _)) = decode(bytes, self.seeds, 0, offset as u64, 0) {
                return Some((offset, mark));
            }
            from = offset + 1;
        }
    }
}

/// Where `needle` first occurs in `bytes`.
fn find(bytes: &[u8], needle: &[u8; 6]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
