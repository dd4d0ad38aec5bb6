//! A pack of objects: opened, and asked the one query.
//!
//! Owns: the handle, single objects and questions. Does not own how objects are shown (`objects`).
//! Invariants: every question has the moment of the freezing as its present, so that an answer
//! never changes.

use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::format::pack::{Kind, ObjectRecord, PackHead};
use crate::geom::Space;
use crate::hot::NEVER;
use crate::packed::Bytes;
use crate::query::{Asked, Origin, Query, Rows, Source};
use crate::vfs::{RealVfs, Vfs};

use super::super::limits::check_id;
use super::super::namespace::{Object, State};
use super::file::map;
use super::items::{Items, head_of};
use super::objects::{Objects, position_of};

const OPENING: &str = "open pack";

/// The objects of a namespace as they were at one moment, in a file that never changes.
///
/// It answers the same [`Query`] as the namespace did then; only rows without a promised order may
/// come in another one. Its handles are its own: the places of objects in the order of their ids.
///
/// ```
/// use spatio::{Database, Pack, Point, Query};
/// # let dir = std::env::temp_dir().join(format!("spatio-doc-pack-{}", std::process::id()));
/// # std::fs::create_dir_all(&dir).unwrap();
/// # let path = dir.join("fleet.psindex");
/// let db = Database::memory();
/// db.upsert("fleet", "truck:1", Point::new(13.40, 52.52), Some(b"red"))?;
/// db.freeze("fleet", &path)?;
///
/// let pack = Pack::open(&path)?;
/// let near = pack.query(&Query::circle(Point::new(13.41, 52.52), 1_000.0))?;
/// assert_eq!((near.id(0), near.payload(0)), ("truck:1", Some(&b"red"[..])));
/// # std::fs::remove_dir_all(&dir).unwrap();
/// # Ok::<(), spatio::Error>(())
/// ```
#[derive(Clone)]
pub struct Pack(Form);

/// Objects that all have altitude 0 need no third dimension.
#[derive(Clone)]
enum Form {
    Flat(Arc<Objects<2>>),
    Solid(Arc<Objects<3>>),
}

impl Pack {
    /// Opens a file that [`Namespace::freeze`](crate::Namespace::freeze) wrote; it is mapped, not
    /// read.
    pub fn open(path: impl AsRef<Path>) -> Result<Pack> {
        Pack::open_on(&RealVfs, path)
    }

    /// The same on other files than those of this machine.
    pub fn open_on(vfs: &dyn Vfs, path: impl AsRef<Path>) -> Result<Pack> {
        let path = path.as_ref();
        let bytes = map(vfs, path, OPENING)?;
        Pack::from_bytes(bytes).map_err(|error| error.in_file(path))
    }

    /// Opens the bytes of such a file.
    ///
    /// Refuses what is no pack of objects, and what contradicts itself at once. What is damaged
    /// further in is found by the question that comes upon it, or by [`verify`](Self::verify).
    pub fn from_bytes(bytes: Bytes) -> Result<Pack> {
        let opened = |bytes| {
            let head = head_of(&bytes)?;
            if head.kind != Kind::Objects {
                let message = "the file holds fences, open it as such";
                return Err(Error::new(ErrorKind::Unsupported, OPENING, message));
            }
            Ok(Pack(match head.dimensions {
                2 => Form::Flat(Arc::new(Objects(Items::open(bytes, head)?))),
                _ => Form::Solid(Arc::new(Objects(Items::open(bytes, head)?))),
            }))
        };
        opened(bytes).map_err(|error: Error| error.during(OPENING))
    }

    fn head(&self) -> &PackHead {
        match &self.0 {
            Form::Flat(objects) => &objects.0.head,
            Form::Solid(objects) => &objects.0.head,
        }
    }

    /// How many objects there are.
    pub fn count(&self) -> usize {
        self.head().items as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// What its coordinates mean.
    pub fn space(&self) -> Space {
        self.head().space
    }

    /// How many dimensions positions have: 2 if all altitudes are 0, else 3.
    pub fn dimensions(&self) -> u8 {
        self.head().dimensions
    }

    /// When it was frozen, in microseconds since 1970-01-01 UTC by the database's clock; it is the
    /// present of every question.
    pub fn frozen_us(&self) -> i64 {
        self.head().now_us
    }

    /// Bytes of the file.
    pub fn byte_len(&self) -> usize {
        match &self.0 {
            Form::Flat(objects) => objects.0.byte_len(),
            Form::Solid(objects) => objects.0.byte_len(),
        }
    }

    /// Looks through every byte that says of itself whether it is right.
    pub fn verify(&self) -> Result<()> {
        match &self.0 {
            Form::Flat(objects) => objects.0.verify(),
            Form::Solid(objects) => objects.0.verify(),
        }
        .map_err(|error| error.during("verify pack"))
    }

    /// An object; `None` if it is not here.
    pub fn get(&self, id: &str) -> Result<Option<Object>> {
        let found = self.find(id, |state, object| Object {
            id: SmolStr::new(object.id),
            handle: state.handle,
            position: state.position,
            time_us: state.time_us,
            expires_us: object.expires_us,
            payload: object.payload.map(Arc::from),
        });
        found.map_err(|error| error.during("get"))
    }

    /// The numbers of an object; `None` if it is not here.
    pub(crate) fn state(&self, id: &str) -> Result<Option<State>> {
        self.find(id, |state, _| state).map_err(|error| error.during("get"))
    }

    fn find<T>(
        &self,
        id: &str,
        of: impl FnOnce(State, &ObjectRecord<'_>) -> T,
    ) -> Result<Option<T>> {
        check_id("get", "id", id)?;
        match &self.0 {
            Form::Flat(objects) => find(objects, id, of),
            Form::Solid(objects) => find(objects, id, of),
        }
    }

    /// The id that a handle of an answer stands for.
    pub fn id(&self, handle: u64) -> Result<&str> {
        Ok(self.record("id", handle)?.id)
    }

    /// Bytes that belong to the object of a handle, where they lie; `None` if there are none.
    pub fn payload(&self, handle: u64) -> Result<Option<&[u8]>> {
        Ok(self.record("payload", handle)?.payload)
    }

    fn record(&self, operation: &'static str, handle: u64) -> Result<ObjectRecord<'_>> {
        let index = match &self.0 {
            Form::Flat(objects) => objects.0.index_of(operation, handle),
            Form::Solid(objects) => objects.0.index_of(operation, handle),
        }?;
        let record = match &self.0 {
            Form::Flat(objects) => objects.0.record(index),
            Form::Solid(objects) => objects.0.record(index),
        };
        record.and_then(ObjectRecord::decode).map_err(|error| error.during(operation))
    }

    /// Asks a question.
    pub fn query(&self, query: &Query) -> Result<Rows> {
        let mut rows = Rows::new();
        self.ask("query", query, &mut rows, None)?;
        Ok(rows)
    }

    /// The same into rows that are used again.
    pub fn query_into(&self, query: &Query, rows: &mut Rows) -> Result<()> {
        self.ask("query_into", query, rows, None)
    }

    /// The same, ended early with an error when `cancel` is fired meanwhile.
    pub fn query_unless(&self, cancel: &Cancel, query: &Query, rows: &mut Rows) -> Result<()> {
        self.ask("query_unless", query, rows, Some(cancel))
    }

    fn ask(
        &self,
        operation: &'static str,
        query: &Query,
        rows: &mut Rows,
        cancel: Option<&Cancel>,
    ) -> Result<()> {
        if let Some(Origin::Object(id)) = query.origin() {
            check_id(operation, "id", id)?;
        }
        let now_us = self.frozen_us();
        match &self.0 {
            Form::Flat(source) => {
                Asked { source, base: 0, now_us, operation, cancel }.run(query, rows)
            }
            Form::Solid(source) => {
                Asked { source, base: 0, now_us, operation, cancel }.run(query, rows)
            }
        }
    }
}

fn find<const D: usize, T>(
    objects: &Objects<D>,
    id: &str,
    of: impl FnOnce(State, &ObjectRecord<'_>) -> T,
) -> Result<Option<T>> {
    let Some(index) = objects.find(id)? else { return Ok(None) };
    let object = ObjectRecord::decode(objects.0.record(index)?)?;
    let state = State {
        handle: index.into(),
        position: position_of(&objects.0.bounds(index)?)?,
        time_us: object.time_us,
        expires_us: object.expires_us.unwrap_or(NEVER),
        payload_bytes: object.payload.map_or(0, <[u8]>::len),
    };
    Ok(Some(of(state, &object)))
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let PackHead { space, dimensions, items, .. } = self.head();
        write!(f, "Pack({items} objects, {space:?}, {dimensions} dimensions)")
    }
}
