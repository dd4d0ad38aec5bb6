//! The record of one object: what it has besides its position, which is its box in the tree.
//!
//! Owns: the fields, each way. Invariants: what is decoded is what was encoded, or an error.

use super::{CHECKSUM_BYTES, Parts, corrupt, seal};
use crate::error::Result;

/// The object expires; the moment stands behind its time.
const EXPIRES: u8 = 1;
/// The object has a payload, be it empty.
const PAYLOAD: u8 = 2;

/// An object without its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ObjectRecord<'a> {
    pub(crate) id: &'a str,
    pub(crate) time_us: i64,
    pub(crate) expires_us: Option<i64>,
    pub(crate) payload: Option<&'a [u8]>,
}

impl<'a> ObjectRecord<'a> {
    /// Appends the record of item `index` at a position.
    pub(crate) fn encode(&self, index: u32, position: &[f64], bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend_from_slice(&[0; CHECKSUM_BYTES]);
        let expires = if self.expires_us.is_some() { EXPIRES } else { 0 };
        let payload = if self.payload.is_some() { PAYLOAD } else { 0 };
        // Ids are no longer than a byte can say.
        bytes.extend_from_slice(&[expires | payload, self.id.len() as u8]);
        bytes.extend_from_slice(&self.time_us.to_le_bytes());
        bytes.extend(self.expires_us.iter().flat_map(|at| at.to_le_bytes()));
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(self.payload.unwrap_or_default());
        seal(bytes, start, index, (position, position));
    }

    /// Reads a record whose checksum was looked at before.
    pub(crate) fn decode(record: &'a [u8]) -> Result<Self> {
        let mut parts = Parts(record);
        parts.take(CHECKSUM_BYTES)?;
        let [flags, id_bytes] = parts.array()?;
        if flags & !(EXPIRES | PAYLOAD) != 0 {
            return Err(corrupt(format!("an object has flags {flags:#x}")));
        }
        let time_us = i64::from_le_bytes(parts.array()?);
        let expires_us = match flags & EXPIRES {
            0 => None,
            _ => Some(i64::from_le_bytes(parts.array()?)),
        };
        let id = parts.id(id_bytes)?;
        let payload = (flags & PAYLOAD != 0).then_some(parts.0);
        match (payload, parts.0) {
            (None, [_, ..]) => Err(corrupt(format!("object {id:?} has bytes that mean nothing"))),
            _ => Ok(ObjectRecord { id, time_us, expires_us, payload }),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::is_sealed;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_comes_back_and_is_nobody_elses(
            id in "[a-z]{1,9}|.{1,40}",
            time_us in any::<i64>(),
            expires_us in proptest::option::of(any::<i64>()),
            payload in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..20)),
            index in 0_u32..1_000,
            at in any::<usize>(),
        ) {
            let payload = payload.as_deref();
            let object = ObjectRecord { id: &id, time_us, expires_us, payload };
            let place = [1.0, -0.0];
            let mut bytes = b"before".to_vec();
            object.encode(index, &place, &mut bytes);
            let record = &mut bytes[6..];
            prop_assert!(is_sealed(record, index, &place, &place));
            prop_assert!(!is_sealed(record, index + 1, &place, &place));
            prop_assert!(!is_sealed(record, index, &[1.0, 0.0], &[1.0, 0.0]));
            prop_assert_eq!(ObjectRecord::decode(record).unwrap(), object);
            let bit = at % (8 * record.len());
            record[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!is_sealed(record, index, &place, &place));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(object) = ObjectRecord::decode(&bytes) {
                prop_assert!(object.id.len() < bytes.len());
            }
        }
    }
}
