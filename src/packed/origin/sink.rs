//! Where a written file goes: a buffer today, anything that takes bytes at an offset.
//!
//! Owns: that interface, and cursors that gather small writes. Invariants: a cursor's bytes arrive
//! in order and without gaps; nothing is written twice.

use crate::error::Result;

/// Takes the parts of a file in any order. What no part covers is zero.
pub trait Sink {
    /// Says how long the file will be, before anything else.
    fn begin(&mut self, file_bytes: u64);

    /// Puts `bytes` at `offset`.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()>;
}

impl Sink for Vec<u8> {
    fn begin(&mut self, file_bytes: u64) {
        self.clear();
        self.reserve_exact(file_bytes as usize);
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let start = offset as usize;
        if self.len() < start {
            self.resize(start, 0);
        }
        // Most parts come one after the other.
        let (over, beyond) = bytes.split_at(bytes.len().min(self.len() - start));
        self[start..start + over.len()].copy_from_slice(over);
        self.extend_from_slice(beyond);
        Ok(())
    }
}

/// Bytes that a cursor gathers before it writes.
const GATHERED_BYTES: usize = 1 << 16;

/// A place in a sink that moves on with what is put.
pub(super) struct Cursor {
    offset: u64,
    gathered: Vec<u8>,
}

impl Cursor {
    pub(super) fn new(offset: u64) -> Self {
        Cursor { offset, gathered: Vec::with_capacity(GATHERED_BYTES + 1024) }
    }

    /// Puts what `fill` appends.
    #[inline(always)]
    pub(super) fn put<S: Sink>(
        &mut self,
        sink: &mut S,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> Result<()> {
        fill(&mut self.gathered);
        if self.gathered.len() >= GATHERED_BYTES { self.flush(sink) } else { Ok(()) }
    }

    /// Writes what is left; to be called at the end.
    pub(super) fn flush<S: Sink>(&mut self, sink: &mut S) -> Result<()> {
        sink.write_at(self.offset, &self.gathered)?;
        self.offset += self.gathered.len() as u64;
        self.gathered.clear();
        Ok(())
    }
}
