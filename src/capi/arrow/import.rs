//! Writing the rows of an Arrow array.
//!
//! Owns: finding the columns by name and reading them in the types that are taken. Does not own
//! what a row does. Invariants: nothing is written before all columns were understood.

use std::borrow::Cow;
use std::ffi::{CStr, c_void};

use super::super::border::{self, Failure, Fallible, Out, Texts};
use super::super::error::spatio_error;
use super::super::namespace::{on_namespace, spatio_namespace};
use super::super::status::spatio_status;
use super::super::writing::Batch;
use super::layout::{ArrowArray, ArrowSchema};

/// The columns of a struct array.
struct Table<'a> {
    schema: &'a ArrowSchema,
    array: &'a ArrowArray,
    rows: usize,
}

/// One of them: its type and where its rows begin.
#[derive(Clone, Copy)]
struct Field<'a> {
    name: &'a str,
    format: &'a str,
    array: &'a ArrowArray,
    start: usize,
    rows: usize,
}

fn size(value: i64, what: &str) -> Fallible<usize> {
    usize::try_from(value).map_err(|_| Failure::invalid(format!("{what} is {value}")))
}

/// Text of the interface's, ending with a NUL.
///
/// # Safety
///
/// `text` is NULL or ends with a NUL and lasts as long as the schema.
unsafe fn words<'a>(text: *const std::ffi::c_char) -> &'a str {
    match text.is_null() {
        true => "",
        // SAFETY: what the caller of this function vouches for.
        false => unsafe { CStr::from_ptr(text) }.to_str().unwrap_or(""),
    }
}

impl<'a> Table<'a> {
    /// Looks at the two structs.
    ///
    /// # Safety
    ///
    /// They are NULL or as the interface asks, and not released during the call.
    unsafe fn new(schema: *const ArrowSchema, array: *const ArrowArray) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        let (schema, array) =
            unsafe { (border::handle(schema, "schema")?, border::handle(array, "array")?) };
        if schema.release.is_none() || array.release.is_none() {
            return Err(Failure::invalid("the array was released".to_owned()));
        }
        // SAFETY: as before.
        let format = unsafe { words(schema.format) };
        if format != "+s" || schema.n_children != array.n_children {
            let message = format!("the array has format {format:?}, expected a struct (\"+s\")");
            return Err(Failure::invalid(message));
        }
        Ok(Table { schema, array, rows: size(array.length, "array.length")? })
    }

    /// The column that has one of these names.
    fn find(&self, names: &[&str]) -> Fallible<Option<Field<'a>>> {
        for at in 0..size(self.schema.n_children, "schema.n_children")? {
            // SAFETY: both structs have so many children by the interface's rules.
            let (schema, array) =
                unsafe { (&**self.schema.children.add(at), &**self.array.children.add(at)) };
            // SAFETY: names and formats end with a NUL by the interface's rules.
            let (name, format) = unsafe { (words(schema.name), words(schema.format)) };
            if !names.contains(&name) {
                continue;
            }
            if !schema.dictionary.is_null() {
                return Err(Failure::unsupported(format!("column {name} is a dictionary")));
            }
            let start = size(self.array.offset, "array.offset")?
                .checked_add(size(array.offset, "offset")?)
                .ok_or_else(|| Failure::invalid(format!("column {name} begins too far")))?;
            let field = Field { name, format, array, start, rows: self.rows };
            let end = size(array.length, "length")?.saturating_add(size(array.offset, "offset")?);
            if start.saturating_add(self.rows) > end {
                let message = format!("column {name} has less rows than the array");
                return Err(Failure::invalid(message));
            }
            return Ok(Some(field));
        }
        Ok(None)
    }

    fn need(&self, names: &[&str]) -> Fallible<Field<'a>> {
        let missing =
            || Failure::invalid(format!("the array has no column {}", names.join(" or ")));
        let field = self.find(names)?.ok_or_else(missing)?;
        field.check_nulls().map(|()| field)
    }

    /// The column that has one of these names, whose rows all have a value, if there is one.
    fn find_whole(&self, names: &[&str]) -> Fallible<Option<Field<'a>>> {
        let field = self.find(names)?;
        field.map_or(Ok(()), |field| field.check_nulls()).map(|()| field)
    }
}

impl<'a> Field<'a> {
    /// The values of a buffer from the first row on, `more` beyond the rows.
    fn values<T>(&self, buffer: usize, more: usize) -> Fallible<&'a [T]> {
        if buffer as i64 >= self.array.n_buffers {
            return Err(Failure::invalid(format!("column {} lacks a buffer", self.name)));
        }
        if self.rows == 0 {
            return Ok(&[]);
        }
        // SAFETY: there are so many buffers, and this one holds a value for each row, by the
        // interface's rules.
        unsafe {
            let values = (*self.array.buffers.add(buffer)).cast::<T>();
            let whole = border::column(values, self.start + self.rows + more, self.name)?;
            Ok(&whole[self.start..])
        }
    }

    /// Refuses rows without a value.
    fn check_nulls(&self) -> Fallible {
        match self.validity().and_then(|valid| valid.iter().position(|is_valid| !is_valid)) {
            None => Ok(()),
            Some(row) => {
                let message = format!("column {} has no value", self.name);
                Err(Failure::invalid(message).in_row(row))
            }
        }
    }

    /// Which rows have a value, unless all have one.
    fn validity(&self) -> Option<Vec<bool>> {
        if self.array.null_count == 0 || self.rows == 0 || self.array.n_buffers == 0 {
            return None;
        }
        // SAFETY: the first buffer is the validity, NULL or a bit for each row.
        let bits = unsafe { (*self.array.buffers).cast::<u8>() };
        if bits.is_null() {
            return None;
        }
        // SAFETY: the bits reach to the last row.
        let is_valid = |row: usize| unsafe { bits.add(row / 8).read() >> (row % 8) & 1 == 1 };
        Some((self.start..self.start + self.rows).map(is_valid).collect())
    }

    fn refuse<T>(&self, expected: &str) -> Fallible<T> {
        let (name, format) = (self.name, self.format);
        let message = format!("column {name} has format {format:?}, expected {expected}");
        Err(Failure::unsupported(message))
    }

    fn floats(&self) -> Fallible<Cow<'a, [f64]>> {
        match self.format {
            "g" => self.values(1, 0).map(Cow::Borrowed),
            "f" => Ok(self.values::<f32>(1, 0)?.iter().map(|&value| value.into()).collect()),
            _ => self.refuse("float64 or float32"),
        }
    }

    fn times(&self) -> Fallible<Cow<'a, [i64]>> {
        let values = || self.values::<i64>(1, 0);
        let scaled = |factor: i64| -> Fallible<Cow<'a, [i64]>> {
            let scale = |(row, &time): (usize, &i64)| {
                let too_far = || Failure::invalid(format!("time {time} is too far")).in_row(row);
                time.checked_mul(factor).ok_or_else(too_far)
            };
            values()?.iter().enumerate().map(scale).collect()
        };
        match self.format.split(':').next().unwrap_or("") {
            "l" | "tsu" => values().map(Cow::Borrowed),
            "tss" => scaled(1_000_000),
            "tsm" => scaled(1_000),
            "tsn" => Ok(values()?.iter().map(|time| time.div_euclid(1_000)).collect()),
            _ => self.refuse("timestamp or int64"),
        }
    }

    fn handles(&self) -> Fallible<&'a [u64]> {
        match self.format {
            "L" | "l" => self.values(1, 0),
            _ => self.refuse("uint64"),
        }
    }

    /// Offsets into the third buffer, one more than rows.
    fn offsets(&self, small: &str, large: &str) -> Fallible<Vec<u64>> {
        if self.rows == 0 {
            return Ok(vec![0]);
        }
        let sign = || Failure::invalid(format!("column {} has a negative offset", self.name));
        let wide: Vec<i64> = match self.format {
            format if format == small => {
                self.values::<i32>(1, 1)?.iter().map(|&at| at.into()).collect()
            }
            format if format == large => self.values::<i64>(1, 1)?.to_vec(),
            _ => return self.refuse("text or bytes"),
        };
        wide.into_iter().map(|at| u64::try_from(at).map_err(|_| sign())).collect()
    }

    fn bytes(&self) -> *const c_void {
        match self.array.n_buffers > 2 {
            // SAFETY: there are so many buffers by the interface's rules.
            true => unsafe { *self.array.buffers.add(2) },
            false => std::ptr::null(),
        }
    }
}

/// Writes the rows of an Arrow struct array (Arrow C data interface, version 1): column id (utf8,
/// large_utf8) or handle (uint64); x or lon, y or lat (float64, float32); and, if they are there,
/// z or alt, time (timestamp, or int64 in microseconds), payload (binary, large_binary; by id
/// only; a row without one, or with no bytes, keeps what its object has). Other columns are not
/// looked at. The rows are checked before the first is written.
///
/// @param ns       a namespace
/// @param schema   the type of the array
/// @param array    the array; like the schema it stays the caller's, who releases it
/// @param applied  receives how many rows set the present state; may be NULL
/// @param late     receives how many were older than what is known; may be NULL
/// @param error    may be NULL; its row is the one that was refused
///
/// SPATIO_UNSUPPORTED for a column of another type. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_upsert_arrow(
    ns: *const spatio_namespace,
    schema: *const ArrowSchema,
    array: *const ArrowArray,
    applied: *mut u64,
    late: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_upsert_arrow", |ns| {
            let applied = Out::optional(applied, 1, "applied")?;
            let late = Out::optional(late, 1, "late")?;
            let done = write(ns, &Table::new(schema, array)?)?;
            applied.set(0, done.0);
            late.set(0, done.1);
            Ok(())
        })
    }
}

/// Writes the rows of a table.
///
/// # Safety
///
/// The table's buffers are as the interface asks.
unsafe fn write(ns: &spatio_namespace, table: &Table<'_>) -> Fallible<(u64, u64)> {
    let n = table.rows;
    let (x, y) = (table.need(&["x", "lon"])?.floats()?, table.need(&["y", "lat"])?.floats()?);
    let z = table.find_whole(&["z", "alt"])?.map(|field| field.floats()).transpose()?;
    let times = table.find_whole(&["time", "time_us"])?.map(|field| field.times()).transpose()?;
    let of_rows = |column: &Cow<'_, [f64]>| column.len() == n;
    debug_assert!(of_rows(&x) && of_rows(&y), "a column has a value for each row");
    let Some(id) = table.find_whole(&["id"])? else {
        let moves = crate::db::Moves {
            handles: table.need(&["id", "handle"])?.handles()?,
            x: &x,
            y: &y,
            z: z.as_deref(),
            time_us: times.as_deref(),
        };
        let done = ns.ns.upsert_columns(&moves)?;
        return Ok((done.applied as u64, done.late as u64));
    };
    let id_offsets = id.offsets("u", "U")?;
    let payload = table.find(&["payload"])?;
    let payload_offsets = payload.map(|field| field.offsets("z", "Z")).transpose()?;
    let payload_end = payload_offsets.as_deref().map_or(0, |at| at[n] as usize);
    let payload_bytes = payload.map_or(std::ptr::null(), |field| field.bytes());
    // SAFETY: offsets and bytes belong together by the interface's rules.
    let (ids, payloads) = unsafe {
        if let Some(at) = &payload_offsets {
            border::offsets(at.as_ptr(), n, "payload")?;
        }
        let ids = Texts::new(id_offsets.as_ptr(), id.bytes().cast(), n, "id")?;
        (ids, border::column(payload_bytes.cast(), payload_end, "payload")?)
    };
    let batch = Batch {
        ids,
        x: &x,
        y: &y,
        z: z.as_deref(),
        time_us: times.as_deref(),
        payload_offsets: payload_offsets.as_deref(),
        payloads,
        has_payload: payload.and_then(|field| field.validity()),
        ttl_us: None,
    };
    batch.write(ns, Out::none())
}
