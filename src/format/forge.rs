//! Sound checksums around any contents: how fuzzing and tests get past the checksums, and what
//! must hold behind them.
//!
//! Compiled for tests and fuzzing only. Owns no layout: what stands here is put together from the
//! encoders of the room. A property takes any bytes; it panics when a decoder does, when it hands
//! out what does not come back the same, or when it allocates without a bound.

use super::checksum::{Seeds, checksum};
use super::directory::{Directory, directory_checksum};
use super::frame::{Extent, Frame, Mark, Seal, decode, encode, encode_mark, encode_seal};
use super::header::{
    CHECKPOINT_HEADER_BYTES, CheckpointHeader, SEGMENT_HEADER_BYTES, SegmentHeader, TRAILER_BYTES,
    Trailer,
};
use super::scan::{Scanner, Step};
use super::varint::put_varint;
use super::{encode_end, is_numbered};

/// A file of frames with any kinds and bodies, and right checksums, numbers and marks.
#[derive(Debug)]
pub struct Forge {
    bytes: Vec<u8>,
    header: SegmentHeader,
    seq: u64,
}

impl Forge {
    /// A segment without frames.
    pub fn segment(number: u32, flags: u32, first_seq: u64, base_us: i64) -> Self {
        let (salt, before_salt) = (salt_of(number), salt_of(number.saturating_sub(1)));
        let header = SegmentHeader { number, flags, salt, first_seq, base_us, before_salt };
        Forge { bytes: header.encode().to_vec(), header, seq: first_seq }
    }

    /// A checkpoint without frames, on which the log follows at `offset` of segment `number`,
    /// which `Forge::segment` made.
    pub fn checkpoint(number: u32, next_seq: u64, offset: u64, base_us: i64) -> Self {
        let segment_salt = salt_of(number);
        let checkpoint = CheckpointHeader {
            salt: 99,
            base_us,
            next_seq,
            segment: number,
            segment_salt,
            offset,
            first_segment: 1,
        };
        let (number, flags, before_salt) = (0, 0, 0);
        let header = SegmentHeader { number, flags, salt: 99, first_seq: 0, base_us, before_salt };
        Forge { bytes: checkpoint.encode().to_vec(), header, seq: 0 }
    }

    /// The number of the next frame that has one.
    pub fn next_seq(&self) -> u64 {
        self.seq
    }

    /// Adds a frame of any kind (the first byte) and body; nothing if there is no kind.
    pub fn frame(&mut self, kind_and_body: &[u8]) {
        let Some(&kind) = kind_and_body.first() else { return };
        let seeds = self.header.seeds();
        let seed = if is_numbered(kind) {
            self.seq = self.seq.wrapping_add(1);
            seeds.of_seq(self.seq.wrapping_sub(1))
        } else {
            seeds.of_place(self.bytes.len() as u64)
        };
        put_any(&mut self.bytes, kind_and_body, seed);
    }

    /// Adds a mark that says `durable_bytes`.
    pub fn mark(&mut self, durable_bytes: u32) {
        let mark = Mark { seq: self.seq, durable_bytes };
        let bytes = encode_mark(mark, self.header.seeds(), self.bytes.len() as u64);
        self.bytes.extend_from_slice(&bytes);
    }

    /// Ends it as a sealed segment with any bytes for a directory.
    pub fn seal(mut self, directory: &[u8], bounds: (i64, i64)) -> Vec<u8> {
        let seal_offset = self.bytes.len() as u64;
        let seal = Seal { next_seq: self.seq };
        encode_seal(seal, self.header.seeds(), seal_offset, &mut self.bytes);
        let trailer = Trailer {
            header: self.header,
            seal_offset,
            directory_offset: self.bytes.len() as u64,
            next_seq: self.seq,
            min_us: bounds.0,
            max_us: bounds.1,
            directory_crc: directory_checksum(directory),
        };
        self.bytes.extend_from_slice(directory);
        self.bytes.extend_from_slice(&trailer.encode());
        self.bytes
    }

    /// Ends it as a checkpoint.
    pub fn end(mut self) -> Vec<u8> {
        encode_end(self.seq, self.header.seeds(), self.seq, &mut self.bytes);
        self.bytes
    }

    /// Leaves it open, as the active segment.
    pub fn active(self) -> Vec<u8> {
        self.bytes
    }
}

/// Segments that are made in order join.
fn salt_of(number: u32) -> u64 {
    if number == 0 { 0 } else { u64::from(number) + 1 }
}

fn put_any(out: &mut Vec<u8>, kind_and_body: &[u8], seed: u32) {
    let start = out.len();
    put_varint(out, kind_and_body.len() as u64);
    out.extend_from_slice(kind_and_body);
    let crc = checksum(seed, &out[start..]);
    out.extend_from_slice(&crc.to_le_bytes());
}

/// A frame is handed out only whole, and says the same when it is written again.
pub fn check_frame(bytes: &[u8]) {
    let (seeds, seq, offset, base_us) = (Seeds::new(1), 7, 64, 1_700_000_000_000_000);
    if let Ok(extent) = Extent::read(bytes) {
        assert!(extent.kind_at < extent.crc_at && extent.len() <= bytes.len());
    }
    let _ = decode(bytes, seeds, seq, offset, base_us);
    let Some(&kind) = bytes.first() else { return };
    let seed = if is_numbered(kind) { seeds.of_seq(seq) } else { seeds.of_place(offset) };
    let mut sound = Vec::new();
    put_any(&mut sound, bytes, seed);
    let Ok((frame, len)) = decode(&sound, seeds, seq, offset, base_us) else { return };
    assert_eq!(len, sound.len());
    let Frame::Change(change) = frame else { return };
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    encode(&change, seeds, seq, base_us, &mut once);
    let again = match decode(&once, seeds, seq, offset, base_us) {
        Ok((Frame::Change(again), len)) if len == once.len() => again,
        other => panic!("{change:?} came back as {other:?}"),
    };
    encode(&again, seeds, seq, base_us, &mut twice);
    assert_eq!(once, twice, "{change:?} came back as {again:?}");
}

/// Headers and trailers are refused, or come back the same.
pub fn check_headers(bytes: &[u8]) {
    let _ = SegmentHeader::decode(bytes);
    let _ = CheckpointHeader::decode(bytes);
    let _ = Trailer::decode(bytes, bytes.len() as u64);
    let segment = with_checksum::<SEGMENT_HEADER_BYTES>(bytes);
    if let Ok(header) = SegmentHeader::decode(&segment) {
        assert_eq!(SegmentHeader::decode(&header.encode()), Ok(header));
    }
    let checkpoint = with_checksum::<CHECKPOINT_HEADER_BYTES>(bytes);
    if let Ok(header) = CheckpointHeader::decode(&checkpoint) {
        assert_eq!(CheckpointHeader::decode(&header.encode()), Ok(header));
    }
    let trailer = with_checksum::<TRAILER_BYTES>(bytes);
    for file_bytes in [0, 200, u64::MAX] {
        if let Some(read) = Trailer::decode(&trailer, file_bytes) {
            assert_eq!(Trailer::decode(&read.encode(), file_bytes), Some(read));
            assert!(read.directory_offset <= file_bytes);
        }
    }
}

fn with_checksum<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut sound = [0; N];
    let taken = bytes.len().min(N - 4);
    sound[..taken].copy_from_slice(&bytes[..taken]);
    let crc = checksum(0, &sound[..N - 4]);
    sound[N - 4..].copy_from_slice(&crc.to_le_bytes());
    sound
}

/// A directory of any bytes is searched without a panic, and hands out no more records than it
/// has bytes.
pub fn check_directory(bytes: &[u8]) {
    let Some(directory) = Directory::new(bytes, 0) else { return };
    let mut asked: Vec<u64> = (0..8).collect();
    asked.extend([u64::MAX, u64::from(u32::MAX)]);
    asked.extend(bytes.as_chunks::<8>().0.iter().take(8).map(|bytes| u64::from_le_bytes(*bytes)));
    for handle in asked {
        let _ = directory.anchor(handle as u32);
        let Some(Some(entry)) = directory.find(handle) else { continue };
        let Some(records) = entry.records() else { continue };
        assert!(records.len() == entry.count as usize && records.len() <= bytes.len());
        assert!(records.is_sorted());
    }
}

/// A scan goes on and ends, whatever it meets, and numbers never go back.
pub fn check_scan(bytes: &[u8]) {
    let mut forge = Forge::segment(1, 0, 1, 0);
    for chunk in bytes.chunks(24) {
        match chunk[0] % 4 {
            0 => forge.bytes.extend_from_slice(chunk),
            1 => forge.mark(u32::from(chunk[0]) * 4),
            _ => forge.frame(&chunk[1..]),
        }
    }
    let seeds = forge.header.seeds();
    let mut scanner = Scanner::new(&forge.bytes, SEGMENT_HEADER_BYTES, 1, seeds, 0);
    let mut last = (0, 0);
    loop {
        let now = (scanner.offset(), scanner.seq());
        assert!(now.0 > last.0 && now.1 >= last.1, "{last:?}, then {now:?}");
        last = now;
        assert!(scanner.durable_bytes() <= scanner.offset() as u64);
        match scanner.step() {
            Step::Change { .. } | Step::Skipped { .. } => {}
            Step::Flaw { .. } => {
                assert!(scanner.durable_bytes_ahead() <= forge.bytes.len() as u64);
                if scanner.resync().is_none() {
                    break;
                }
            }
            Step::Seal { .. } | Step::End { .. } | Step::Empty => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn the_properties_hold_of_random_bytes(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0u8..24], 0..300),
        ) {
            check_frame(&bytes);
            check_headers(&bytes);
            check_directory(&bytes);
            check_scan(&bytes);
        }
    }

    #[test]
    fn a_forged_segment_is_scanned_to_its_seal() {
        let mut forge = Forge::segment(1, 0, 1, 0);
        forge.mark(64);
        forge.frame(&[0x02, 1, 2, b'n']);
        forge.frame(&[0x90, 1, 2, 3]);
        assert_eq!(forge.next_seq(), 3);
        let bytes = forge.seal(&[], (0, 0));
        let mut scanner = Scanner::new(&bytes, SEGMENT_HEADER_BYTES, 1, Seeds::new(2), 0);
        assert!(matches!(scanner.step(), Step::Change { seq: 1, .. }));
        assert!(matches!(scanner.step(), Step::Skipped { seq: 2, .. }));
        assert!(matches!(scanner.step(), Step::Seal { seal: Seal { next_seq: 3 }, .. }));
        assert!(Trailer::decode(&bytes, bytes.len() as u64).is_some());
    }
}
