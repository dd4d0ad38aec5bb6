//! Fences: polygons with ids in one file, asked which of them hold a place.
//!
//! Owns: building and opening, and the questions. Does not own the exact tests (`refine`).
//! Invariants: answers are exact and in the order of ids.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::format::pack::{FenceRecord, Kind, PackHead, encode_fence};
use crate::geom::{Point, Polygon, Rect, Space};
use crate::packed::{BoxN, Bytes, Sink, Visitor, Window};
use crate::vfs::{RealVfs, Vfs};

use super::super::limits::check_id;
use super::file::{map, write_whole};
use super::freeze::write_pack;
use super::items::{Items, head_of};
use super::options::{FreezeOptions, Frozen};
use super::refine;

const OPENING: &str = "open fences";
const WRITING: &str = "write fences";

/// A fence that goes into [`Fences`].
#[derive(Clone, Copy, Debug)]
pub struct Fence<'a> {
    /// Its id, which no other one has.
    pub id: &'a str,
    /// What it encloses, its border included.
    pub polygon: &'a Polygon,
    /// Bytes that belong to it.
    pub payload: Option<&'a [u8]>,
}

/// A fence of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundFence<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its place in the order of ids, counted from 0: a number that stands for the id.
    pub handle: u64,
    /// Bytes that belong to it.
    pub payload: Option<&'a [u8]>,
}

/// Polygons that never change, in memory or in a file that is mapped.
///
/// As for [`Query::polygon`](crate::Query::polygon), edges are straight in longitude and latitude,
/// and one that crosses the antimeridian is to be cut there.
///
/// ```
/// use spatio::{Fence, Fences, Point, Polygon, Space};
/// let park = Polygon::new(vec![(13.33, 52.50), (13.38, 52.51), (13.35, 52.52)], vec![])?;
/// let fences = [Fence { id: "park", polygon: &park, payload: Some(b"no cars") }];
/// let fences = Fences::build(Space::Geographic, &fences)?;
/// let found = fences.containing(Point::new(13.35, 52.51))?;
/// assert_eq!((found[0].id, found[0].payload), ("park", Some(&b"no cars"[..])));
/// # Ok::<(), spatio::Error>(())
/// ```
#[derive(Clone)]
pub struct Fences(Arc<Items<2>>);

impl Fences {
    /// Fences in memory. Refuses ids that are empty, too long, or there twice, and polygons that
    /// have no place in `space`.
    pub fn build(space: Space, fences: &[Fence<'_>]) -> Result<Fences> {
        let mut bytes = Vec::new();
        write(space, fences, FreezeOptions::new(), &mut bytes)
            .map_err(|error| error.during("build fences"))?;
        Fences::from_bytes(Arc::new(bytes))
    }

    /// Writes such fences into a file, which appears under `path` whole and durable or not at all,
    /// as one of [`Namespace::freeze`](crate::Namespace::freeze) does.
    pub fn write(
        path: impl AsRef<Path>,
        space: Space,
        fences: &[Fence<'_>],
        options: FreezeOptions,
    ) -> Result<Frozen> {
        Fences::write_on(&RealVfs, path, space, fences, options)
    }

    /// The same to other files than those of this machine.
    pub fn write_on(
        vfs: &dyn Vfs,
        path: impl AsRef<Path>,
        space: Space,
        fences: &[Fence<'_>],
        options: FreezeOptions,
    ) -> Result<Frozen> {
        let bytes =
            write_whole(vfs, path.as_ref(), WRITING, |sink| write(space, fences, options, sink))?;
        Ok(Frozen { items: fences.len(), bytes })
    }

    /// Opens a file of fences; it is mapped, not read.
    pub fn open(path: impl AsRef<Path>) -> Result<Fences> {
        Fences::open_on(&RealVfs, path)
    }

    /// The same on other files than those of this machine.
    pub fn open_on(vfs: &dyn Vfs, path: impl AsRef<Path>) -> Result<Fences> {
        let path = path.as_ref();
        let bytes = map(vfs, path, OPENING)?;
        Fences::from_bytes(bytes).map_err(|error| error.in_file(path))
    }

    /// Opens the bytes of such a file.
    ///
    /// Refuses what holds no fences, and what contradicts itself at once. What is damaged further
    /// in is found by the question that comes upon it, or by [`verify`](Self::verify).
    pub fn from_bytes(bytes: Bytes) -> Result<Fences> {
        let opened = |bytes| {
            let head = head_of(&bytes)?;
            if head.kind != Kind::Fences {
                let message = "the file holds objects, open it as a pack";
                return Err(Error::new(ErrorKind::Unsupported, OPENING, message));
            }
            Ok(Fences(Arc::new(Items::open(bytes, head)?)))
        };
        opened(bytes).map_err(|error: Error| error.during(OPENING))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// What their coordinates mean.
    pub fn space(&self) -> Space {
        self.0.head.space
    }

    /// Bytes of the file.
    pub fn byte_len(&self) -> usize {
        self.0.byte_len()
    }

    /// Looks through every byte that says of itself whether it is right, and at every ring.
    pub fn verify(&self) -> Result<()> {
        const OPERATION: &str = "verify fences";
        self.0.verify().map_err(|error| error.during(OPERATION))?;
        for index in 0..self.0.head.items {
            let rings = self.fence(index).and_then(|fence| fence.rings(|_, _| false));
            rings.map_err(|error| error.during(OPERATION))?;
        }
        Ok(())
    }

    fn fence(&self, index: u32) -> Result<FenceRecord<'_>> {
        FenceRecord::decode(self.0.record(index)?)
    }

    /// The fence with an id; `None` if there is none.
    pub fn get(&self, id: &str) -> Result<Option<FoundFence<'_>>> {
        check_id("get", "id", id)?;
        let found = self.0.find(id).and_then(|index| index.map(|at| self.found(at)).transpose());
        found.map_err(|error| error.during("get"))
    }

    /// The fence with a handle, which is an error if there is none.
    pub fn get_handle(&self, handle: u64) -> Result<FoundFence<'_>> {
        self.0
            .index_of("get", handle)
            .and_then(|index| self.found(index))
            .map_err(|error| error.during("get"))
    }

    fn found(&self, index: u32) -> Result<FoundFence<'_>> {
        self.fence(index).map(|fence| found(index, &fence))
    }

    /// The fences that contain a point, borders included; its altitude plays no part.
    pub fn containing(&self, point: Point) -> Result<Vec<FoundFence<'_>>> {
        const OPERATION: &str = "containing";
        self.space().validate(OPERATION, point)?;
        let windows = [BoxN::point([point.x, point.y])];
        self.sift(&windows, |fence| refine::contains(fence, point.x, point.y))
            .map_err(|error| error.during(OPERATION))
    }

    /// The fences that share a point with a box; `min_x` above `max_x` crosses the antimeridian.
    pub fn intersecting(&self, rect: Rect) -> Result<Vec<FoundFence<'_>>> {
        const OPERATION: &str = "intersecting";
        rect.validate(self.space(), OPERATION)?;
        let rects = rect.split(self.space());
        let as_box = |rect: &Rect| BoxN::new([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]);
        let windows: Vec<BoxN<2>> = rects.iter().map(as_box).collect();
        let is_met = |fence: &FenceRecord<'_>| {
            for rect in &rects {
                if refine::intersects(fence, rect)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        self.sift(&windows, is_met).map_err(|error| error.during(OPERATION))
    }

    /// The fences of some windows that pass a test, in the order of their ids.
    fn sift(
        &self,
        windows: &[BoxN<2>],
        passes: impl Fn(&FenceRecord<'_>) -> Result<bool>,
    ) -> Result<Vec<FoundFence<'_>>> {
        let windows = windows.iter().map(|bounds| Window::new(*bounds)).collect();
        let mut candidates = Candidates { windows, met: Vec::new() };
        self.0.index.tour(&mut candidates)?;
        candidates.met.sort_unstable_by_key(|(index, ..)| *index);
        let mut found = Vec::new();
        for (index, rank, bounds) in &candidates.met {
            let fence = FenceRecord::decode(self.0.record_at(*rank, *index, Some(bounds))?)?;
            if passes(&fence)? {
                found.push(self::found(*index, &fence));
            }
        }
        Ok(found)
    }
}

fn found<'a>(index: u32, fence: &FenceRecord<'a>) -> FoundFence<'a> {
    FoundFence { id: fence.id, handle: index.into(), payload: fence.payload }
}

impl std::fmt::Debug for Fences {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fences({}, {:?})", self.count(), self.space())
    }
}

/// The items of some windows: number, rank and box.
struct Candidates {
    windows: Vec<Window<2>>,
    met: Vec<(u32, usize, BoxN<2>)>,
}

impl Visitor<2> for Candidates {
    fn windows(&self) -> &[Window<2>] {
        &self.windows
    }

    fn nearness(&self, _bounds: &BoxN<2>) -> Option<f64> {
        None
    }

    fn item(&mut self, rank: usize, id: u32, bounds: &BoxN<2>) -> ControlFlow<()> {
        self.met.push((id, rank, *bounds));
        ControlFlow::Continue(())
    }

    fn pause(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Writes fences in the order of their ids.
fn write<S: Sink>(
    space: Space,
    fences: &[Fence<'_>],
    options: FreezeOptions,
    sink: &mut S,
) -> Result<u64> {
    for (row, fence) in fences.iter().enumerate() {
        check_id(WRITING, "id", fence.id)
            .and_then(|()| fence.polygon.validate(space, WRITING))
            .map_err(|error| error.in_row(row))?;
    }
    let mut sorted: Vec<&Fence<'_>> = fences.iter().collect();
    sorted.sort_unstable_by_key(|fence| fence.id);
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].id == pair[1].id) {
        let message = format!("two fences have the id {:?}", pair[0].id);
        return Err(Error::invalid(WRITING, message));
    }
    let (mut boxes, mut records, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (index, fence) in (0..).zip(sorted) {
        let Rect { min_x, min_y, max_x, max_y } = fence.polygon.bounds();
        let bounds = BoxN::new([min_x, min_y], [max_x, max_y]);
        let what = (fence.id, fence.payload);
        let place = (index, &bounds.min[..], &bounds.max[..]);
        encode_fence(what, fence.polygon.parts(), place, &mut records)?;
        ends.push(records.len());
        boxes.push(bounds);
    }
    let items = boxes.len() as u32;
    let head = PackHead { kind: Kind::Fences, space, dimensions: 2, now_us: 0, items };
    write_pack((&boxes, &records, &ends), head, options, sink)
}
