//! Freezing a namespace: its live objects, each as one update left it, in one file.
//!
//! Owns: collecting them beside writers, and their order. Does not own bytes or files. Invariants:
//! what is live throughout the call is in the file once; what had expired at the one present of
//! the call is not.

use std::ops::ControlFlow;
use std::path::Path;

use crate::error::Result;
use crate::format::pack::{Kind, ObjectRecord, PackHead, encode_by_id};
use crate::format::psindex::tag;
use crate::geom::Space;
use crate::hot::{Cell, Collector, DIMS, HotIndex, Leaf, NEVER, Row};
use crate::packed::{BoxN, Items, Metadata, Payloads, Sink, write_index_with};

use super::super::database::Database;
use super::super::namespace::Namespace;
use super::file::write_whole;
use super::options::{FreezeOptions, Frozen};

const OPERATION: &str = "freeze";
/// Longitude before latitude, in degrees.
pub(super) const DEGREES: &str = "OGC:CRS84";

impl Namespace {
    /// Writes all live objects with ids, positions, times and payloads into one file, for
    /// [`Pack::open`](crate::Pack::open).
    ///
    /// The file appears under `path` whole and durable, or not at all, replacing what was there;
    /// who has the former one open keeps it, but on Windows nothing is replaced while it is open.
    /// It is written to a temporary name beside it, which a crash may leave behind. Writers go on
    /// meanwhile: as in the answer of a query, each object is as one update left it, and one that
    /// comes or goes during the call may be in it or not.
    pub fn freeze(&self, path: impl AsRef<Path>) -> Result<Frozen> {
        self.freeze_with(path, FreezeOptions::new())
    }

    /// The same with settings.
    pub fn freeze_with(&self, path: impl AsRef<Path>, options: FreezeOptions) -> Result<Frozen> {
        self.core.check_open(OPERATION)?;
        let now_us = self.core.clock.now_us();
        let rows = live_rows(&self.place.hot, now_us);
        let named = sorted_by_id(&self.place.hot, rows);
        let write = |sink: &mut super::file::FileSink<'_>| {
            // A negative zero is kept too, so the bits decide.
            match named.iter().all(|(_, row)| row.position.z.to_bits() == 0) {
                true => write_objects::<2, _>((&named, self.space(), now_us), options, sink),
                false => write_objects::<3, _>((&named, self.space(), now_us), options, sink),
            }
        };
        let bytes = write_whole(&*self.core.vfs, path.as_ref(), OPERATION, write)?;
        Ok(Frozen { items: named.len(), bytes })
    }
}

impl Database {
    /// [`Namespace::freeze`] of the namespace of that name.
    pub fn freeze(&self, namespace: &str, path: impl AsRef<Path>) -> Result<Frozen> {
        self.space(OPERATION, namespace)?.freeze(path)
    }

    /// [`Namespace::freeze_with`] of the namespace of that name.
    pub fn freeze_with(
        &self,
        namespace: &str,
        path: impl AsRef<Path>,
        options: FreezeOptions,
    ) -> Result<Frozen> {
        self.space(OPERATION, namespace)?.freeze_with(path, options)
    }
}

/// The rows of all objects that have not expired, each once.
fn live_rows(hot: &HotIndex, now_us: i64) -> Vec<Row> {
    let mut taking = Taking { now_us, rows: Vec::with_capacity(hot.len()), is_repeated: false };
    hot.walk(&mut taking);
    let Taking { mut rows, is_repeated, .. } = taking;
    if is_repeated {
        // Of an object that was met twice either row is what some update left.
        rows.sort_by_key(|row| row.index);
        rows.dedup_by_key(|row| row.index);
    }
    rows
}

/// Takes everything that is live.
struct Taking {
    now_us: i64,
    rows: Vec<Row>,
    is_repeated: bool,
}

impl Collector for Taking {
    fn reaches(&self, _cell: &Cell) -> bool {
        true
    }

    fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]) {
        ([f64::NEG_INFINITY; DIMS], [f64::INFINITY; DIMS])
    }

    fn focus(&self) -> Option<[f64; DIMS]> {
        None
    }

    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()> {
        let columns = leaf.columns();
        let live = (0..columns.len()).filter(|&row| self.now_us < columns.expires_us(row));
        self.rows.extend(live.map(|row| columns.row(row)));
        ControlFlow::Continue(())
    }

    fn read_moved(&mut self, row: &Row) {
        if self.now_us < row.expires_us {
            self.rows.push(row.clone());
            self.is_repeated = true;
        }
    }

    fn drop_repeated(&mut self) -> bool {
        self.is_repeated = true;
        true
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.is_repeated = false;
    }
}

fn sorted_by_id(hot: &HotIndex, rows: Vec<Row>) -> Vec<(&str, Row)> {
    let name = |row: Row| (hot.ids.name(row.index).unwrap_or_default(), row);
    let mut named: Vec<(&str, Row)> = rows.into_iter().map(name).collect();
    named.sort_unstable_by_key(|(id, _)| *id);
    named
}

/// Writes a pack of objects that are sorted by id.
fn write_objects<const D: usize, S: Sink>(
    (named, space, now_us): (&[(&str, Row)], Space, i64),
    options: FreezeOptions,
    sink: &mut S,
) -> Result<u64> {
    let mut boxes = Vec::with_capacity(named.len());
    let (mut records, mut ends) = (Vec::new(), Vec::with_capacity(named.len()));
    for (index, (id, row)) in (0..).zip(named) {
        let all = [row.position.x, row.position.y, row.position.z];
        let position: [f64; D] = std::array::from_fn(|axis| all[axis]);
        let object = ObjectRecord {
            id,
            time_us: row.time_us,
            expires_us: Some(row.expires_us).filter(|&at| at != NEVER),
            payload: row.payload.as_deref(),
        };
        object.encode(index, &position, &mut records);
        ends.push(records.len());
        boxes.push(BoxN::point(position));
    }
    let head = PackHead {
        kind: Kind::Objects,
        space,
        dimensions: D as u8,
        now_us,
        items: boxes.len() as u32,
    };
    write_pack((&boxes, &records, &ends), head, options, sink)
}

/// Writes a pack: boxes, records one after the other with where each ends, and what they are.
pub(super) fn write_pack<const D: usize, S: Sink>(
    (boxes, records, ends): (&[BoxN<D>], &[u8], &[usize]),
    head: PackHead,
    options: FreezeOptions,
    sink: &mut S,
) -> Result<u64> {
    let starts = std::iter::once(&0).chain(ends);
    let blobs: Vec<&[u8]> = starts.zip(ends).map(|(&start, &end)| &records[start..end]).collect();
    let crs = (head.space == Space::Geographic).then_some(DEGREES);
    let metadata = Metadata { crs, ..Metadata::default() };
    let items = Items { payloads: Some(Payloads::Blobs(&blobs)), metadata, ..Items::new(boxes) };
    let own = |order: &[u32]| vec![(tag::PACK, head.encode()), (tag::BY_ID, encode_by_id(order))];
    write_index_with(&items, options.writing(), own, sink)
}
