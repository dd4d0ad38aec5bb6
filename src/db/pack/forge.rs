//! Packs and fences made out of a fuzzer's bytes, and right checksums round changed ones: what
//! somebody who means harm writes, and chance does not.
//!
//! Compiled for tests and fuzzing only. Owns no layout: files are written as users write them, and
//! sealed by the encoders.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::ManualClock;
use crate::error::Result;
use crate::format::pack::{PackHead, seal};
use crate::format::psindex::{Directory, PayloadTable, tag};
use crate::geom::{Point, Polygon, Space};
use crate::packed::{Bytes, StreamIndex, Trees};
use crate::vfs::{MemoryVfs, OpenMode, Vfs};

use super::super::database::Database;
use super::super::namespace::Namespace;
use super::super::options::{NamespaceOptions, Options};
use super::super::write::Upsert;
use super::fences::{Fence, Fences};
use super::items::Items;
use super::options::FreezeOptions;

/// When every pack is frozen.
const NOW_US: i64 = 1_000;
const PATH: &str = "/file";

/// What a file is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe<'a> {
    pub(super) space: Space,
    pub(super) trees: Trees,
    pub(super) is_flat: bool,
    /// Items for each quad.
    pub(super) repeated: u8,
    pub(super) quads: &'a [[u8; 4]],
}

impl Recipe<'_> {
    /// The quads, each as often as it is repeated, with numbers of their own.
    fn items(&self) -> impl Iterator<Item = (usize, [u8; 4])> {
        let all = (0..self.repeated).flat_map(|_| self.quads.iter().copied());
        all.enumerate()
    }

    /// A place within all of the space, or beside a quad's other copies.
    fn place(&self, number: usize, [x, y, ..]: [u8; 4]) -> (f64, f64) {
        let off = (number / self.quads.len().max(1)) as f64 / 64.0;
        let (x, y) = (f64::from(x) - 127.0 + off, f64::from(y) - 127.0 + off);
        match self.space {
            Space::Geographic => (x * 180.0 / 129.0, y * 90.0 / 129.0),
            Space::Cartesian => (x, y),
        }
    }

    /// Live objects.
    fn objects(&self) -> Result<(Database, Namespace, Arc<MemoryVfs>)> {
        let (clock, vfs) = (Arc::new(ManualClock::new(NOW_US)), Arc::new(MemoryVfs::new()));
        let db = Options::new().clock(clock).vfs(vfs.clone()).background(false).memory()?;
        let options = match self.space {
            Space::Geographic => NamespaceOptions::geographic(),
            Space::Cartesian => NamespaceOptions::cartesian(),
        };
        let live = db.create_namespace("n", &options)?;
        for (number, quad) in self.items() {
            let (x, y) = self.place(number, quad);
            let z = if self.is_flat { 0.0 } else { f64::from(quad[2]) - 9.0 };
            let with = Upsert::new().time_us(number as i64);
            let with = if quad[3] & 1 == 0 { with } else { with.payload(&quad) };
            let ttl = Duration::from_micros(2 * NOW_US as u64);
            let with = if quad[3] & 2 == 0 { with } else { with.ttl(ttl) };
            live.upsert_with(&id(number), Point::new_3d(x, y, z), &with)?;
        }
        Ok((db, live, vfs))
    }

    /// A pack, and what is in it.
    pub(super) fn pack(&self) -> Result<(Vec<u8>, Namespace)> {
        let (_, live, vfs) = self.objects()?;
        live.freeze_with(PATH, FreezeOptions::new().trees(self.trees))?;
        Ok((bytes_of(&vfs), live))
    }

    /// The polygons of fences: triangles, some with a hole, some round and long.
    pub(super) fn polygons(&self) -> Vec<(String, Polygon)> {
        let polygon = |(number, quad): (usize, [u8; 4])| {
            let (x, y) = self.place(number, quad);
            let size = 0.1 + f64::from(quad[2]) / 64.0;
            let corner = |count: u32, size: f64| {
                let at = move |n| f64::from(n) * std::f64::consts::TAU / f64::from(count);
                (0..count).map(move |n| (x + size * at(n).cos(), y + size * at(n).sin())).collect()
            };
            let outside: Vec<_> = corner(3 + u32::from(quad[3] / 4), size);
            let hole = if quad[3] & 1 == 0 { vec![] } else { vec![corner(4, size / 4.0)] };
            let polygon = Polygon::multi_unchecked(vec![(outside, hole)]).ok()?;
            polygon.validate(self.space, "forge").ok()?;
            Some((id(number), polygon))
        };
        self.items().filter_map(polygon).collect()
    }

    /// Fences with these polygons.
    pub(super) fn fences(&self, polygons: &[(String, Polygon)]) -> Result<Vec<u8>> {
        let fences: Vec<Fence<'_>> = polygons
            .iter()
            .map(|(id, polygon)| Fence { id, polygon, payload: Some(id.as_bytes()) })
            .collect();
        let vfs = MemoryVfs::new();
        let options = FreezeOptions::new().trees(self.trees);
        Fences::write_on(&vfs, PATH, self.space, &fences, options)?;
        Ok(bytes_of(&vfs))
    }
}

/// The id of an item.
fn id(number: usize) -> String {
    format!("{}:{number}", if number.is_multiple_of(3) { "bus" } else { "tram" })
}

fn bytes_of(vfs: &MemoryVfs) -> Vec<u8> {
    let mapped = vfs.open(Path::new(PATH), OpenMode::Read).and_then(|file| file.map());
    mapped.map(|bytes| bytes.to_vec()).unwrap_or_default()
}

/// Puts the checksums of a file right, as far as it says where they are.
pub(super) fn reseal(file: &mut [u8]) {
    let directory = Directory::parse(file, file.len() as u64).ok();
    let Some(range) = directory.and_then(|directory| directory.range(tag::PACK)) else { return };
    let Some(chunk) = file.get_mut(range.start as usize..range.end as usize) else { return };
    PackHead::reseal(chunk);
    let Ok(head) = PackHead::decode(chunk) else { return };
    match head.dimensions {
        2 => reseal_items::<2>(file, head),
        _ => reseal_items::<3>(file, head),
    }
}

/// Those of the tree, and that of each record for the item at whose rank it stands.
fn reseal_items<const D: usize>(file: &mut [u8], head: PackHead) {
    StreamIndex::<D>::reseal(file);
    let bytes: Bytes = Arc::new(file.to_vec());
    let Ok(items) = Items::<D>::open(Bytes::clone(&bytes), head) else { return };
    let chunk = &(*bytes).as_ref()[items.records.clone()];
    let Ok(records) = PayloadTable::decode(chunk, items.len()) else { return };
    for rank in 0..items.len() {
        let (Ok(Some(index)), Ok(Some(bounds)), Ok(record)) =
            (items.index.id_at(rank), items.index.box_at(rank), records.get(rank))
        else {
            continue;
        };
        let start = items.records.start + record.as_ptr().addr() - chunk.as_ptr().addr();
        if record.len() >= size_of::<u32>() {
            seal(&mut file[..start + record.len()], start, index, (&bounds.min, &bounds.max));
        }
    }
}
