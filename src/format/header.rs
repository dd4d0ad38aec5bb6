//! The first bytes of a file: whose it is, of which version, and what its frames are told apart by.
//!
//! Owns the segment's header and trailer and the checkpoint's header. Invariants: every byte is
//! under a checksum; a newer major version is recognised before anything else of it is believed.

use super::checksum::{Seeds, checksum};
use super::varint::Reader;

/// The version that this code writes.
pub(crate) const VERSION_MAJOR: u16 = 1;
/// Raised when frames of a new optional kind come in.
pub(crate) const VERSION_MINOR: u16 = 0;

/// Bytes of a segment's header.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 64;
/// Bytes of a sealed segment's trailer, the last of the file.
pub(crate) const TRAILER_BYTES: usize = 96;
/// Bytes of a checkpoint's header.
pub(crate) const CHECKPOINT_HEADER_BYTES: usize = 96;

const SEGMENT_MAGIC: [u8; 8] = *b"SPATIOL\n";
const TRAILER_MAGIC: [u8; 8] = *b"SPATIOT\n";
const CHECKPOINT_MAGIC: [u8; 8] = *b"SPATIOC\n";

/// The highest number that a file may speak of, so that counting on from it never overflows.
pub(crate) const SEQ_MAX: u64 = 1 << 62;

/// The segment was rewritten by salvage: numbers may be missing behind it.
pub(crate) const FLAG_SALVAGED: u32 = 1;

/// Why the first or last bytes of a file are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderFlaw {
    /// Too short, or of another program.
    Foreign,
    /// Of a newer major version.
    Newer { major: u16, minor: u16 },
    /// The checksum is wrong.
    Damaged,
}

impl HeaderFlaw {
    /// In words.
    pub(crate) fn reason(self) -> String {
        match self {
            HeaderFlaw::Foreign => "the header is missing or of another program".to_string(),
            HeaderFlaw::Newer { major, minor } => format!(
                "the file has format {major}.{minor}, this library reads up to \
                 {VERSION_MAJOR}.{VERSION_MINOR}"
            ),
            HeaderFlaw::Damaged => "the checksum of the header is wrong".to_string(),
        }
    }
}

/// The header of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    /// Its place in the row of segments, from 1.
    pub(crate) number: u32,
    /// `FLAG_SALVAGED` or nothing.
    pub(crate) flags: u32,
    /// What its checksums are seeded with.
    pub(crate) salt: u64,
    /// The number of its first frame that has one.
    pub(crate) first_seq: u64,
    /// What times in it are counted from.
    pub(crate) base_us: i64,
    /// The salt of the segment before, so that one of another database does not join; 0 in the
    /// first.
    pub(crate) before_salt: u64,
}

impl SegmentHeader {
    pub(crate) fn seeds(&self) -> Seeds {
        Seeds::new(self.salt)
    }

    pub(crate) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        put_version(&mut bytes, SEGMENT_MAGIC);
        bytes[12..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.flags.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.salt.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.first_seq.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.base_us.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.before_salt.to_le_bytes());
        put_checksum(&mut bytes);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<SegmentHeader, HeaderFlaw> {
        let mut rest = check_version::<SEGMENT_HEADER_BYTES>(bytes, SEGMENT_MAGIC)?;
        let mut read = || {
            let (number, flags) = (rest.u32()?, rest.u32()?);
            rest.take(4)?;
            let (salt, first_seq, base_us) = (rest.u64()?, rest.u64()?, rest.i64()?);
            let before_salt = rest.u64()?;
            (1..=SEQ_MAX).contains(&first_seq).then_some(())?;
            Some(SegmentHeader { number, flags, salt, first_seq, base_us, before_salt })
        };
        read().ok_or(HeaderFlaw::Damaged)
    }
}

/// The last bytes of a sealed segment. It repeats the header, so that a segment whose header was
/// damaged can be salvaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trailer {
    pub(crate) header: SegmentHeader,
    /// Where the seal begins, which ends the frames.
    pub(crate) seal_offset: u64,
    /// Where the directory begins; it ends where the trailer begins.
    pub(crate) directory_offset: u64,
    /// The number that the next segment begins with.
    pub(crate) next_seq: u64,
    /// The span of event time that the directory's moves cover; inverted if there are none.
    pub(crate) min_us: i64,
    pub(crate) max_us: i64,
    pub(crate) directory_crc: u32,
}

impl Trailer {
    pub(crate) fn encode(&self) -> [u8; TRAILER_BYTES] {
        let mut bytes = [0; TRAILER_BYTES];
        bytes[0..8].copy_from_slice(&self.header.salt.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.header.first_seq.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.header.base_us.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.seal_offset.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.directory_offset.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.next_seq.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.min_us.to_le_bytes());
        bytes[56..64].copy_from_slice(&self.max_us.to_le_bytes());
        bytes[64..68].copy_from_slice(&self.header.number.to_le_bytes());
        bytes[68..72].copy_from_slice(&self.header.flags.to_le_bytes());
        bytes[72..76].copy_from_slice(&self.directory_crc.to_le_bytes());
        bytes[76..84].copy_from_slice(&self.header.before_salt.to_le_bytes());
        bytes[84..92].copy_from_slice(&TRAILER_MAGIC);
        put_checksum(&mut bytes);
        bytes
    }

    /// Reads the trailer of a file of `file_bytes` bytes from its last bytes. `None` if there is
    /// none: the segment was not sealed, or not to the end.
    pub(crate) fn decode(bytes: &[u8], file_bytes: u64) -> Option<Trailer> {
        let bytes: &[u8; TRAILER_BYTES] = bytes.last_chunk()?;
        if bytes[84..92] != TRAILER_MAGIC || !checksum_is_right(bytes) {
            return None;
        }
        let mut rest = Reader(bytes);
        let (salt, first_seq, base_us) = (rest.u64()?, rest.u64()?, rest.i64()?);
        let (seal_offset, directory_offset) = (rest.u64()?, rest.u64()?);
        let next_seq = rest.u64()?;
        let (min_us, max_us) = (rest.i64()?, rest.i64()?);
        let (number, flags, directory_crc) = (rest.u32()?, rest.u32()?, rest.u32()?);
        let before_salt = rest.u64()?;
        let header = SegmentHeader { number, flags, salt, first_seq, base_us, before_salt };
        let in_order = SEGMENT_HEADER_BYTES as u64 <= seal_offset
            && seal_offset <= directory_offset
            && directory_offset <= file_bytes.checked_sub(TRAILER_BYTES as u64)?
            && (1..=next_seq).contains(&first_seq)
            && next_seq <= SEQ_MAX;
        in_order.then_some(Trailer {
            header,
            seal_offset,
            directory_offset,
            next_seq,
            min_us,
            max_us,
            directory_crc,
        })
    }
}

/// The header of a checkpoint: from where the log is to be replayed on top of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckpointHeader {
    /// What its own checksums are seeded with.
    pub(crate) salt: u64,
    /// What times in it are counted from.
    pub(crate) base_us: i64,
    /// The first number that is not certainly in it.
    pub(crate) next_seq: u64,
    /// The segment that this number is in, that segment's salt, and the offset of its frame.
    pub(crate) segment: u32,
    pub(crate) segment_salt: u64,
    pub(crate) offset: u64,
    /// The oldest segment that belongs to the log.
    pub(crate) first_segment: u32,
}

impl CheckpointHeader {
    pub(crate) fn seeds(&self) -> Seeds {
        Seeds::new(self.salt)
    }

    pub(crate) fn encode(&self) -> [u8; CHECKPOINT_HEADER_BYTES] {
        let mut bytes = [0; CHECKPOINT_HEADER_BYTES];
        put_version(&mut bytes, CHECKPOINT_MAGIC);
        bytes[12..16].copy_from_slice(&self.segment.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.first_segment.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.salt.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.base_us.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.next_seq.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.segment_salt.to_le_bytes());
        bytes[56..64].copy_from_slice(&self.offset.to_le_bytes());
        put_checksum(&mut bytes);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<CheckpointHeader, HeaderFlaw> {
        let mut rest = check_version::<CHECKPOINT_HEADER_BYTES>(bytes, CHECKPOINT_MAGIC)?;
        let mut read = || {
            let (segment, first_segment) = (rest.u32()?, rest.u32()?);
            rest.take(4)?;
            let (salt, base_us, next_seq) = (rest.u64()?, rest.i64()?, rest.u64()?);
            let (segment_salt, offset) = (rest.u64()?, rest.u64()?);
            (1..=SEQ_MAX).contains(&next_seq).then_some(CheckpointHeader {
                salt,
                base_us,
                next_seq,
                segment,
                segment_salt,
                offset,
                first_segment,
            })
        };
        read().ok_or(HeaderFlaw::Damaged)
    }
}

fn put_version(bytes: &mut [u8], magic: [u8; 8]) {
    bytes[..8].copy_from_slice(&magic);
    bytes[8..10].copy_from_slice(&VERSION_MAJOR.to_le_bytes());
    bytes[10..12].copy_from_slice(&VERSION_MINOR.to_le_bytes());
}

/// The last four bytes hold the checksum of the others.
fn put_checksum(bytes: &mut [u8]) {
    let (front, last) = bytes.split_at_mut(bytes.len() - 4);
    last.copy_from_slice(&checksum(0, front).to_le_bytes());
}

fn checksum_is_right(bytes: &[u8]) -> bool {
    let (front, last) = bytes.split_at(bytes.len() - 4);
    checksum(0, front).to_le_bytes() == last
}

/// Checks magic, version and checksum; what follows the version.
fn check_version<const N: usize>(bytes: &[u8], magic: [u8; 8]) -> Result<Reader<'_>, HeaderFlaw> {
    if bytes.get(..8) != Some(&magic[..]) {
        return Err(HeaderFlaw::Foreign);
    }
    let Some(bytes) = bytes.first_chunk::<N>() else {
        return Err(HeaderFlaw::Foreign);
    };
    let major = u16::from_le_bytes([bytes[8], bytes[9]]);
    let minor = u16::from_le_bytes([bytes[10], bytes[11]]);
    if major > VERSION_MAJOR {
        return Err(HeaderFlaw::Newer { major, minor });
    }
    if major == 0 || !checksum_is_right(bytes) {
        return Err(HeaderFlaw::Damaged);
    }
    Ok(Reader(&bytes[12..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> SegmentHeader {
        let (salt, before_salt) = (0x1234_5678_9abc, 0x77);
        SegmentHeader { number: 7, flags: 1, salt, first_seq: 99, base_us: -5, before_salt }
    }

    fn trailer() -> Trailer {
        Trailer {
            header: header(),
            seal_offset: 100,
            directory_offset: 120,
            next_seq: 150,
            min_us: i64::MIN,
            max_us: i64::MAX,
            directory_crc: 77,
        }
    }

    #[test]
    fn all_three_come_back() {
        assert_eq!(SegmentHeader::decode(&header().encode()), Ok(header()));
        assert_eq!(Trailer::decode(&trailer().encode(), 300), Some(trailer()));
        let checkpoint = CheckpointHeader {
            salt: 1,
            base_us: 2,
            next_seq: 3,
            segment: 4,
            segment_salt: 5,
            offset: 6,
            first_segment: 7,
        };
        assert_eq!(CheckpointHeader::decode(&checkpoint.encode()), Ok(checkpoint));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let (good, tail) = (header().encode(), trailer().encode());
        for bit in 0..good.len() * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(SegmentHeader::decode(&bad).is_err(), "bit {bit}");
        }
        for bit in 0..tail.len() * 8 {
            let mut bad = tail;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Trailer::decode(&bad, 300), None, "bit {bit}");
        }
        for len in 0..good.len() {
            assert!(SegmentHeader::decode(&good[..len]).is_err());
        }
        assert_eq!(Trailer::decode(&tail, 215), None, "the directory would not fit");
    }

    #[test]
    fn a_newer_major_version_is_told_apart_from_damage() {
        let mut newer = header().encode();
        newer[8] = 2;
        let flaw = HeaderFlaw::Newer { major: 2, minor: 0 };
        assert_eq!(SegmentHeader::decode(&newer), Err(flaw));
        assert!(flaw.reason().contains("2.0"));
    }

    #[test]
    fn a_newer_minor_version_is_read() {
        let mut newer = header().encode();
        newer[10] = 9;
        put_checksum(&mut newer);
        assert_eq!(SegmentHeader::decode(&newer), Ok(header()));
    }
}
