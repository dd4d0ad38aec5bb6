//! Writing the chunks PYLD and PFIX.
//!
//! Owns: whether payloads are written with offsets or as records of one length, and both chunks'
//! bytes. Invariants: payloads stand in the order of the tree; equal payloads of equal length
//! become records, marked as found rather than declared.

use crate::error::{Error, Result};
use crate::format::psindex::{PayloadHead, PrefixHead};

use super::sink::{Cursor, Sink};
use super::write::{Payloads, WRITING};

impl<'a> Payloads<'a> {
    /// How many there are.
    fn count(&self) -> usize {
        match *self {
            Payloads::Blobs(blobs) => blobs.len(),
            Payloads::Records { stride, bytes } => bytes.len() / (stride.max(1) as usize),
        }
    }

    fn get(&self, id: u32) -> &'a [u8] {
        match *self {
            Payloads::Blobs(blobs) => blobs[id as usize],
            Payloads::Records { stride, bytes } => {
                &bytes[id as usize * stride as usize..][..stride as usize]
            }
        }
    }

    /// Refuses payloads that are not one for each item.
    pub(super) fn check(&self, items: usize) -> Result<()> {
        if let Payloads::Records { stride, bytes } = *self
            && (stride == 0 || !bytes.len().is_multiple_of(stride as usize))
        {
            let message = format!("{} bytes are no records of {stride}", bytes.len());
            return Err(Error::invalid(WRITING, message));
        }
        if self.count() != items {
            let message = format!("{} payloads for {items} items", self.count());
            return Err(Error::invalid(WRITING, message));
        }
        Ok(())
    }

    /// The head, and how long all payloads are together.
    pub(super) fn plan(&self) -> (PayloadHead, u64) {
        match *self {
            Payloads::Records { stride, bytes } => {
                (PayloadHead { stride, inferred: false }, bytes.len() as u64)
            }
            Payloads::Blobs(blobs) => {
                let length = blobs.first().map_or(0, |blob| blob.len());
                let is_equal = blobs.iter().all(|blob| blob.len() == length);
                let stride = u32::try_from(length).ok().filter(|_| is_equal).unwrap_or(0);
                let all = blobs.iter().map(|blob| blob.len() as u64).sum();
                (PayloadHead { stride, inferred: stride > 0 }, all)
            }
        }
    }
}

/// Writes the chunk PYLD at `offset`.
pub(super) fn write_payloads<S: Sink>(
    sink: &mut S,
    offset: u64,
    payloads: &Payloads<'_>,
    order: &[u32],
) -> Result<()> {
    let (head, _) = payloads.plan();
    let mut cursor = Cursor::new(offset);
    cursor.put(sink, |bytes| bytes.extend_from_slice(&head.encode()))?;
    if head.stride == 0 {
        let mut end = 0_u64;
        cursor.put(sink, |bytes| bytes.extend_from_slice(&end.to_le_bytes()))?;
        for &id in order {
            end += payloads.get(id).len() as u64;
            cursor.put(sink, |bytes| bytes.extend_from_slice(&end.to_le_bytes()))?;
        }
    }
    for &id in order {
        cursor.put(sink, |bytes| bytes.extend_from_slice(payloads.get(id)))?;
    }
    cursor.flush(sink)
}

/// Writes the chunk PFIX at `offset`.
pub(super) fn write_prefixes<S: Sink>(
    sink: &mut S,
    offset: u64,
    head: PrefixHead,
    payloads: &Payloads<'_>,
    order: &[u32],
) -> Result<()> {
    let mut cursor = Cursor::new(offset);
    cursor.put(sink, |bytes| bytes.extend_from_slice(&head.encode()))?;
    let stride = head.stride as usize;
    for &id in order {
        cursor.put(sink, |bytes| put_prefix(payloads.get(id), stride, bytes))?;
    }
    cursor.flush(sink)
}

/// Appends the first bytes of a payload, filled up with zeros.
pub(super) fn put_prefix(payload: &[u8], stride: usize, bytes: &mut Vec<u8>) {
    let end = bytes.len() + stride;
    bytes.extend_from_slice(&payload[..payload.len().min(stride)]);
    bytes.resize(end, 0);
}
