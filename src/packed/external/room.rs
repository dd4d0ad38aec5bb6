//! Room for the chunk of what is added up, in a file that is written as if it had none.
//!
//! Owns: where this chunk goes, and how far it moves the others. Does not own any contents.
//! Invariants: chunks stand where the plan of the whole file puts them, as in a file from memory;
//! each other chunk is as long as it was.

use super::OPERATION;
use super::values::ValuesWriter;
use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{AggregateHead, Columns, Directory, Plan, Shape, tag};
use crate::packed::origin::Sink;

/// The values of a file.
#[derive(Clone, Debug)]
pub(super) struct Room {
    columns: Columns,
    shape: Shape,
    chunk_bytes: u64,
}

impl Room {
    /// For so many items in a tree of nodes of this size.
    pub(super) fn new(columns: Columns, items: usize, node_size: u16) -> Result<Self> {
        let shape = Shape::new(items as u64, node_size).ok_or_else(too_large)?;
        let bytes = AggregateHead { columns }.chunk_bytes(&shape).ok_or_else(too_large)?;
        Ok(Room { columns, shape, chunk_bytes: bytes as u64 })
    }

    /// How far it moves our own tree, which stands behind it.
    pub(super) fn moved_by(&self) -> u64 {
        Plan::moved_by(self.chunk_bytes)
    }
}

fn too_large() -> Error {
    Error::new(ErrorKind::LimitExceeded, OPERATION, "the index is too large")
}

/// A sink that lets the chunk in, if there is one.
pub(super) struct RoomySink<'s, S> {
    sink: &'s mut S,
    room: Option<Room>,
    /// How long the file would be without.
    file_bytes: u64,
    /// Where each other chunk would begin, and where it does, the last first; at the end of all,
    /// where the file ends.
    moved: Vec<(u64, u64)>,
    values: Option<ValuesWriter>,
}

impl<'s, S: Sink> RoomySink<'s, S> {
    pub(super) fn new(sink: &'s mut S, room: Option<Room>) -> Self {
        RoomySink { sink, room, file_bytes: 0, moved: Vec::new(), values: None }
    }

    /// What the next item has.
    pub(super) fn values(&mut self) -> Option<(&mut ValuesWriter, &mut S)> {
        Some((self.values.as_mut()?, self.sink))
    }

    /// Writes what is left of the values; how long the file is.
    pub(super) fn finish(&mut self) -> Result<u64> {
        if let Some(values) = self.values.take() {
            values.finish(self.sink)?;
        }
        Ok(self.place(self.file_bytes))
    }

    /// Lets the chunk in before our own tree, or at the end.
    fn plan(&mut self, room: &Room, head: &[u8]) -> Result<Plan> {
        let directory = Directory::parse(head, self.file_bytes)?;
        let mut chunks: Vec<_> =
            directory.chunks().iter().map(|chunk| (chunk.tag, chunk.length)).collect();
        let last = chunks.iter().position(|(tag, _)| *tag == tag::FAST).unwrap_or(chunks.len());
        chunks.insert(last, (tag::AGGREGATES, room.chunk_bytes));
        let plan = Plan::new(&chunks).ok_or_else(too_large)?;
        self.moved = vec![(self.file_bytes, plan.file_bytes())];
        let moved = directory.chunks().iter().rev();
        self.moved.extend(moved.filter_map(|chunk| Some((chunk.offset, plan.offset(chunk.tag)?))));
        Ok(plan)
    }

    /// Where an offset of the file without the chunk is.
    fn place(&self, offset: u64) -> u64 {
        let moved = self.moved.iter().find(|(before, _)| *before <= offset);
        moved.map_or(offset, |(before, now)| now + (offset - before))
    }
}

impl<S: Sink> Sink for RoomySink<'_, S> {
    fn begin(&mut self, file_bytes: u64) {
        self.file_bytes = file_bytes;
        if self.room.is_none() {
            self.sink.begin(file_bytes);
        }
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        // The head of the file comes first.
        if let Some(room) = self.room.take() {
            let plan = self.plan(&room, bytes)?;
            self.sink.begin(plan.file_bytes());
            self.sink.write_at(0, &plan.head())?;
            let at = plan.offset(tag::AGGREGATES).unwrap_or_default();
            let values = ValuesWriter::begin(at, room.columns, &room.shape, self.sink)?;
            self.values = Some(values);
            return Ok(());
        }
        self.sink.write_at(self.place(offset), bytes)
    }
}
