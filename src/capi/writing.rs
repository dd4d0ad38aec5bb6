//! Saying where things are, and that they are gone.

use std::ffi::c_char;
use std::time::Duration;

use crate::db::{Moves, Outcome, Upsert};
use crate::geom::Point;

use super::border::{Failure, Fallible, Out, Texts, column, offsets, optional_column, text};
use super::error::spatio_error;
use super::namespace::{on_namespace, spatio_namespace};
use super::status::spatio_status;

/// The object was not there before.
pub const SPATIO_OUTCOME_CREATED: u32 = 1;
/// The object was there, and is now where the update says.
pub const SPATIO_OUTCOME_MOVED: u32 = 2;
/// The update is older than what is known: it went to history and moved nothing.
pub const SPATIO_OUTCOME_LATE: u32 = 3;

fn number_of(outcome: Outcome) -> u32 {
    match outcome {
        Outcome::Created => SPATIO_OUTCOME_CREATED,
        Outcome::Moved => SPATIO_OUTCOME_MOVED,
        Outcome::Late => SPATIO_OUTCOME_LATE,
    }
}

/// The time of an update, if it says one; the least number stands for now.
fn timed(with: Upsert<'_>, time_us: i64) -> Upsert<'_> {
    if time_us == i64::MIN { with } else { with.time_us(time_us) }
}

fn living(with: Upsert<'_>, ttl_us: i64) -> Fallible<Upsert<'_>> {
    match u64::try_from(ttl_us) {
        Ok(0) => Ok(with),
        Ok(ttl_us) => Ok(with.ttl(Duration::from_micros(ttl_us))),
        Err(_) => Err(Failure::invalid(format!("ttl_us is {ttl_us}, expected 0 or more"))),
    }
}

/// Says where an object is. An object that is new is made.
///
/// ```c
/// spatio_upsert(ns, "bus:100", 7, 13.3694, 52.5251, 0, INT64_MIN, NULL, 0, 0, NULL, NULL,
///               &error);
/// ```
///
/// @param ns              a namespace
/// @param id              UTF-8, 1 to 255 bytes
/// @param id_length       its bytes
/// @param x               longitude in degrees, or x
/// @param y               latitude in degrees, or y
/// @param z               altitude in metres, or z
/// @param time_us         event time in microseconds since 1970-01-01 UTC; INT64_MIN: now
/// @param payload         up to 65,536 bytes that belong to the object; NULL: what it has stays
/// @param payload_length  its bytes; 0 with a payload that is not NULL removes what it has
/// @param ttl_us          how long from now the object lives without another update, in
///                        microseconds; 0: as the namespace says
/// @param handle          receives the object's handle; may be NULL
/// @param outcome         receives SPATIO_OUTCOME_...; may be NULL
/// @param error           may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_upsert(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    x: f64,
    y: f64,
    z: f64,
    time_us: i64,
    payload: *const u8,
    payload_length: usize,
    ttl_us: i64,
    handle: *mut u64,
    outcome: *mut u32,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_upsert", |ns| {
            let given = Out::optional(handle, 1, "handle")?;
            let out = Out::optional(outcome, 1, "outcome")?;
            let id = text(id, id_length, "id")?;
            if payload.is_null() && payload_length > 0 {
                return Err(Failure::null("payload"));
            }
            let mut with = living(timed(Upsert::new(), time_us), ttl_us)?;
            if let Some(payload) = optional_column(payload, payload_length, "payload")? {
                with = with.payload(payload);
            }
            let written = ns.ns.upsert_with(id, Point::new_3d(x, y, z), &with)?;
            given.set(0, written.handle);
            out.set(0, number_of(written.outcome));
            Ok(())
        })
    }
}

/// The same for an object whose handle is known, without payload: the quickest single call.
///
/// @param ns       a namespace
/// @param handle   an object's handle
/// @param x        longitude in degrees, or x
/// @param y        latitude in degrees, or y
/// @param z        altitude in metres, or z
/// @param time_us  event time in microseconds since 1970-01-01 UTC; INT64_MIN: now
/// @param outcome  receives SPATIO_OUTCOME_...; may be NULL
/// @param error    may be NULL
///
/// SPATIO_NOT_FOUND if the handle was not given out by this namespace. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_move(
    ns: *const spatio_namespace,
    handle: u64,
    x: f64,
    y: f64,
    z: f64,
    time_us: i64,
    outcome: *mut u32,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_move", |ns| {
            let out = Out::optional(outcome, 1, "outcome")?;
            let with = timed(Upsert::new(), time_us);
            let written = ns.ns.upsert_handle(handle, Point::new_3d(x, y, z), &with)?;
            out.set(0, number_of(written.outcome));
            Ok(())
        })
    }
}

/// Moves many objects in one call: the way for a game's frame or a feed's packet. The rows are
/// checked before the first is written, and take effect in their order. Payloads stay.
///
/// @param ns       a namespace
/// @param n        how many rows
/// @param handles  n handles
/// @param x        n longitudes in degrees, or x
/// @param y        n latitudes in degrees, or y
/// @param z        n altitudes in metres, or z; NULL: all 0
/// @param time_us  n event times, taken as they are; NULL: all now
/// @param applied  receives how many rows set the present state; may be NULL
/// @param late     receives how many were older than what is known; may be NULL
/// @param error    may be NULL; its row is the one that was refused
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_move_batch(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    x: *const f64,
    y: *const f64,
    z: *const f64,
    time_us: *const i64,
    applied: *mut u64,
    late: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_move_batch", |ns| {
            let moves = Moves {
                handles: column(handles, n, "handles")?,
                x: column(x, n, "x")?,
                y: column(y, n, "y")?,
                z: optional_column(z, n, "z")?,
                time_us: optional_column(time_us, n, "time_us")?,
            };
            let applied = Out::optional(applied, 1, "applied")?;
            let late = Out::optional(late, 1, "late")?;
            let done = ns.ns.upsert_columns(&moves)?;
            applied.set(0, done.applied as u64);
            late.set(0, done.late as u64);
            Ok(())
        })
    }
}

/// The columns of a batch by id.
pub(super) struct Batch<'a> {
    pub(super) ids: Texts<'a>,
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) z: Option<&'a [f64]>,
    pub(super) time_us: Option<&'a [i64]>,
    pub(super) payload_offsets: Option<&'a [u64]>,
    pub(super) payloads: &'a [u8],
    /// Whether a row has a payload at all; absent, the offsets say it alone.
    pub(super) has_payload: Option<Vec<bool>>,
    pub(super) ttl_us: Option<&'a [i64]>,
}

impl<'a> Batch<'a> {
    fn with(&self, row: usize) -> Upsert<'a> {
        let mut with = Upsert::new();
        if let Some(time_us) = self.time_us {
            with = with.time_us(time_us[row]);
        }
        if let Some(&ttl_us) = self.ttl_us.and_then(|ttl_us| ttl_us.get(row))
            && ttl_us > 0
        {
            with = with.ttl(Duration::from_micros(ttl_us.unsigned_abs()));
        }
        match self.payload_offsets {
            _ if self.has_payload.as_ref().is_some_and(|has| !has[row]) => with,
            Some(at) if at[row] < at[row + 1] => {
                with.payload(&self.payloads[at[row] as usize..at[row + 1] as usize])
            }
            _ => with,
        }
    }

    /// Writes the rows; their handles go to `handles`.
    pub(super) fn write(&self, ns: &spatio_namespace, handles: Out<u64>) -> Fallible<(u64, u64)> {
        let negative = |column: &&[i64]| column.iter().position(|&ttl_us| ttl_us < 0);
        if let Some(row) = self.ttl_us.as_ref().and_then(negative) {
            return Err(Failure::invalid("ttl_us is below 0".to_owned()).in_row(row));
        }
        let rows = self.ids.iter().enumerate().map(|(row, id)| {
            let z = self.z.map_or(0.0, |z| z[row]);
            (id, Point::new_3d(self.x[row], self.y[row], z), self.with(row))
        });
        let (mut applied, mut late) = (0, 0);
        ns.ns.upsert_each(rows, |row, written| {
            handles.set(row, written.handle);
            match written.outcome {
                Outcome::Late => late += 1,
                Outcome::Created | Outcome::Moved => applied += 1,
            }
        })?;
        Ok((applied, late))
    }
}

/// Says where many objects are, by id; those that are new are made. The rows are checked before
/// the first is written, and take effect in their order.
///
/// @param ns               a namespace
/// @param n                how many rows
/// @param id_offsets       n + 1 numbers: id i is the bytes id_offsets[i] up to, not including,
///                         id_offsets[i + 1] of ids
/// @param ids              the ids behind each other, UTF-8
/// @param x                n longitudes in degrees, or x
/// @param y                n latitudes in degrees, or y
/// @param z                n altitudes in metres, or z; NULL: all 0
/// @param time_us          n event times, taken as they are; NULL: all now
/// @param payload_offsets  n + 1 numbers that say which bytes of payloads belong to which row; a
///                         row without bytes keeps what its object has; NULL: all keep
/// @param payloads         the payloads behind each other
/// @param ttl_us           n times to live in microseconds, 0 for the namespace's; NULL: all 0
/// @param handles          receives n handles; may be NULL
/// @param applied          receives how many rows set the present state; may be NULL
/// @param late             receives how many were older than what is known; may be NULL
/// @param error            may be NULL; its row is the one that was refused
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_upsert_batch(
    ns: *const spatio_namespace,
    n: usize,
    id_offsets: *const u64,
    ids: *const c_char,
    x: *const f64,
    y: *const f64,
    z: *const f64,
    time_us: *const i64,
    payload_offsets: *const u64,
    payloads: *const u8,
    ttl_us: *const i64,
    handles: *mut u64,
    applied: *mut u64,
    late: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_upsert_batch", |ns| {
            let payload_offsets = match payload_offsets.is_null() || n == 0 {
                true => None,
                false => Some(offsets(payload_offsets, n, "payload_offsets")?),
            };
            let bytes = payload_offsets.map_or(0, |at| at[n] as usize);
            let batch = Batch {
                ids: Texts::new(id_offsets, ids, n, "ids")?,
                x: column(x, n, "x")?,
                y: column(y, n, "y")?,
                z: optional_column(z, n, "z")?,
                time_us: optional_column(time_us, n, "time_us")?,
                payload_offsets,
                payloads: column(payloads, bytes, "payloads")?,
                has_payload: None,
                ttl_us: optional_column(ttl_us, n, "ttl_us")?,
            };
            let handles = Out::optional(handles, n, "handles")?;
            let (applied, late) =
                (Out::optional(applied, 1, "applied")?, Out::optional(late, 1, "late")?);
            let done = batch.write(ns, handles)?;
            applied.set(0, done.0);
            late.set(0, done.1);
            Ok(())
        })
    }
}

/// Adds past positions to an object's track, in any order. The newest becomes its present state,
/// unless that is newer still.
///
/// @param ns         a namespace with history
/// @param id         UTF-8, 1 to 255 bytes
/// @param id_length  its bytes
/// @param n          how many positions
/// @param time_us    n event times in microseconds since 1970-01-01 UTC
/// @param x          n longitudes in degrees, or x
/// @param y          n latitudes in degrees, or y
/// @param z          n altitudes in metres, or z; NULL: all 0
/// @param inserted   receives how many there were; may be NULL
/// @param error      may be NULL; its row is the one that was refused
///
/// SPATIO_UNSUPPORTED if the namespace keeps no history. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_insert_trajectory(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    n: usize,
    time_us: *const i64,
    x: *const f64,
    y: *const f64,
    z: *const f64,
    inserted: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_insert_trajectory", |ns| {
            let out = Out::optional(inserted, 1, "inserted")?;
            let id = text(id, id_length, "id")?;
            let times = column(time_us, n, "time_us")?;
            let (x, y) = (column(x, n, "x")?, column(y, n, "y")?);
            let z = optional_column(z, n, "z")?;
            let at = |row: usize| Point::new_3d(x[row], y[row], z.map_or(0.0, |z| z[row]));
            let points: Vec<_> = (0..n).map(|row| (times[row], at(row))).collect();
            out.set(0, ns.ns.insert_trajectory(id, &points)? as u64);
            Ok(())
        })
    }
}

/// Removes an object. Its track stays; an update that is not newer than its last one does not
/// bring it back.
///
/// @param ns         a namespace
/// @param id         UTF-8
/// @param id_length  its bytes
/// @param deleted    receives 1 if it was here, 0 if not; may be NULL
/// @param error      may be NULL
///
/// An object that is not here is no failure. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_delete(
    ns: *const spatio_namespace,
    id: *const c_char,
    id_length: usize,
    deleted: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_delete", |ns| {
            let out = Out::optional(deleted, 1, "deleted")?;
            out.set(0, ns.ns.delete(text(id, id_length, "id")?)?.into());
            Ok(())
        })
    }
}

/// Removes many objects.
///
/// @param ns       a namespace
/// @param n        how many
/// @param handles  n handles
/// @param deleted  receives how many of them were here; may be NULL
/// @param error    may be NULL; its row is a handle that was not given out, and those before it are
///                 gone
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_delete_batch(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    deleted: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_delete_batch", |ns| {
            let out = Out::optional(deleted, 1, "deleted")?;
            let mut count = 0;
            for (row, &handle) in column(handles, n, "handles")?.iter().enumerate() {
                let was_here = ns.ns.delete_handle(handle).map_err(|error| error.in_row(row))?;
                count += u64::from(was_here);
            }
            out.set(0, count);
            Ok(())
        })
    }
}
