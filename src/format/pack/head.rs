//! The chunk `pack`: what the file holds, of which space, and since when it stands still.
//!
//! Owns: its 32 bytes. Invariants: a later version and an unknown kind are refused, never guessed.

use super::{READING, corrupt};
use crate::error::{Error, ErrorKind, Result};
use crate::format::checksum::checksum;
use crate::geom::Space;

/// The version of what stands in a pack.
const VERSION: u32 = 1;
/// Bytes of the chunk.
const HEAD_BYTES: usize = 32;
/// Bytes before the checksum.
const CHECKED_BYTES: usize = HEAD_BYTES - 4;

/// What the items are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Objects,
    Fences,
}

/// What a pack says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackHead {
    pub(crate) kind: Kind,
    pub(crate) space: Space,
    /// 2 or 3.
    pub(crate) dimensions: u8,
    /// The present moment of every question: when it was frozen.
    pub(crate) now_us: i64,
    pub(crate) items: u32,
}

impl PackHead {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let kind = match self.kind {
            Kind::Objects => 0,
            Kind::Fences => 1,
        };
        let space = match self.space {
            Space::Geographic => 0,
            Space::Cartesian => 1,
        };
        let mut bytes = VERSION.to_le_bytes().to_vec();
        bytes.extend_from_slice(&[kind, space, self.dimensions, 0]);
        bytes.extend_from_slice(&self.now_us.to_le_bytes());
        bytes.extend_from_slice(&self.items.to_le_bytes());
        bytes.resize(CHECKED_BYTES, 0);
        let sum = checksum(0, &bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Puts the checksum of a changed chunk right.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn reseal(chunk: &mut [u8]) {
        if let Some((checked, sum)) = chunk.split_at_mut_checked(CHECKED_BYTES)
            && let Some(sum) = sum.first_chunk_mut()
        {
            *sum = checksum(0, checked).to_le_bytes();
        }
    }

    pub(crate) fn decode(chunk: &[u8]) -> Result<Self> {
        let Some(version) = chunk.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) else {
            return Err(corrupt(format!("the chunk pack has {} bytes", chunk.len())));
        };
        let parts = chunk.split_at_checked(CHECKED_BYTES);
        let is_whole =
            parts.is_some_and(|(checked, sum)| sum == checksum(0, checked).to_le_bytes());
        if version != VERSION {
            // Of another version nothing is known but the number.
            let message = format!("the pack has version {version}, this library reads {VERSION}");
            return Err(Error::new(ErrorKind::FormatVersion, READING, message));
        }
        let Some((fields, _)) = parts.filter(|_| is_whole) else {
            return Err(corrupt("the chunk pack is not what was written"));
        };
        let [kind, space, dimensions, zero] = fields[4..8] else { return Err(corrupt("pack")) };
        let kind = match kind {
            0 => Kind::Objects,
            1 => Kind::Fences,
            _ => return Err(unknown("kind", kind)),
        };
        let space = match space {
            0 => Space::Geographic,
            1 => Space::Cartesian,
            _ => return Err(unknown("space", space)),
        };
        if !matches!((kind, dimensions), (_, 2) | (Kind::Objects, 3)) {
            return Err(unknown("number of dimensions", dimensions));
        }
        if zero != 0 || fields[20..] != [0; 8] {
            return Err(unknown("reserved field", zero));
        }
        let now_us = fields[8..].first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes));
        let items = fields[16..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        Ok(PackHead { kind, space, dimensions, now_us, items })
    }
}

fn unknown(what: &str, value: u8) -> Error {
    let message = format!("the pack has {what} {value}, which this library does not know");
    Error::new(ErrorKind::FormatVersion, READING, message)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_back_and_no_changed_one_does() {
        for (kind, space, dimensions) in [
            (Kind::Objects, Space::Geographic, 2),
            (Kind::Objects, Space::Cartesian, 3),
            (Kind::Fences, Space::Geographic, 2),
        ] {
            let head = PackHead { kind, space, dimensions, now_us: -7, items: 0x0102_0304 };
            let bytes = head.encode();
            assert_eq!(bytes.len(), HEAD_BYTES);
            assert_eq!(PackHead::decode(&bytes).unwrap(), head);
            for at in 0..8 * HEAD_BYTES {
                let mut changed = bytes.clone();
                changed[at / 8] ^= 1 << (at % 8);
                assert!(PackHead::decode(&changed).is_err(), "bit {at}");
            }
            for length in 0..HEAD_BYTES {
                assert!(PackHead::decode(&bytes[..length]).is_err());
            }
        }
    }

    #[test]
    fn what_is_not_known_is_refused_as_newer() {
        let head = PackHead {
            kind: Kind::Fences,
            space: Space::Cartesian,
            dimensions: 2,
            now_us: 0,
            items: 1,
        };
        for (at, value) in [(0, 2), (4, 2), (5, 2), (6, 4), (6, 3), (7, 1), (20, 1)] {
            let mut bytes = head.encode();
            bytes[at] = value;
            PackHead::reseal(&mut bytes);
            let error = PackHead::decode(&bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::FormatVersion, "{at}: {error}");
        }
    }
}
