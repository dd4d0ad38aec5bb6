//! Crossing the border: pointers checked, panics caught, failures told.
//!
//! Owns: how each function enters and leaves, and the views of the caller's columns. Does not own
//! what a function does. Invariants: no panic leaves; a view is no longer than the call.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::Error;

use super::error::spatio_error;
use super::status::{self, SPATIO_OK, SPATIO_PANIC, spatio_status};
use super::versioned::check_pointer;

/// Why a call did not do what it should.
pub(super) enum Failure {
    /// The engine says so.
    Engine(Error),
    /// The border says so: a code and a sentence, and the row it is about.
    Border(spatio_status, String, Option<usize>),
}

pub(super) type Fallible<T = ()> = Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Engine(error)
    }
}

impl Failure {
    pub(super) fn null(name: &str) -> Self {
        Failure::Border(status::SPATIO_NULL_POINTER, format!("{name} is NULL"), None)
    }

    pub(super) fn invalid(message: String) -> Self {
        Failure::Border(status::SPATIO_INVALID_ARGUMENT, message, None)
    }

    pub(super) fn unsupported(message: String) -> Self {
        Failure::Border(status::SPATIO_UNSUPPORTED, message, None)
    }

    pub(super) fn not_found(message: String) -> Self {
        Failure::Border(status::SPATIO_NOT_FOUND, message, None)
    }

    pub(super) fn too_small(needed: usize, capacity: usize) -> Self {
        let message = format!("{needed} bytes are needed, capacity is {capacity}");
        Failure::Border(status::SPATIO_BUFFER_TOO_SMALL, message, None)
    }

    fn utf8(name: &str, row: Option<usize>) -> Self {
        Failure::Border(status::SPATIO_INVALID_UTF8, format!("{name} is not UTF-8"), row)
    }

    pub(super) fn in_row(self, row: usize) -> Self {
        match self {
            Failure::Engine(error) => Failure::Engine(error.in_row(row)),
            Failure::Border(code, message, _) => Failure::Border(code, message, Some(row)),
        }
    }
}

/// What all handles of one database share, so that a panic in one closes the others too.
pub(super) type Poison = AtomicBool;

/// Handles and results that were given out and not freed.
static LIVE: AtomicU64 = AtomicU64::new(0);

pub(super) fn live() -> u64 {
    LIVE.load(Ordering::SeqCst)
}

/// Gives a value to the caller, who frees it by [`take_back`].
pub(super) fn give<T>(value: T) -> *mut T {
    LIVE.fetch_add(1, Ordering::SeqCst);
    Box::into_raw(Box::new(value))
}

/// Takes back what [`give`] gave; NULL is nothing.
///
/// # Safety
///
/// `given` is NULL or came from [`give`], and is not used again.
pub(super) unsafe fn take_back<T>(given: *mut T) -> Option<Box<T>> {
    if given.is_null() {
        return None;
    }
    LIVE.fetch_sub(1, Ordering::SeqCst);
    // SAFETY: it came from `Box::into_raw` in `give`, and nobody else has it.
    Some(unsafe { Box::from_raw(given) })
}

/// Runs the body of a function and tells what came of it.
///
/// # Safety
///
/// `error` is NULL or points to a `spatio_error` of the caller's.
#[inline]
pub(super) unsafe fn enter(
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce() -> Fallible,
) -> spatio_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => SPATIO_OK,
        // SAFETY: what the caller of this function vouches for.
        Ok(Err(failure)) => unsafe { tell(error, operation, &failure) },
        Err(panic) => {
            let failure = Failure::Border(SPATIO_PANIC, panic_message(&*panic), None);
            // What it carries may panic again when it is dropped, which must not leave either.
            if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(panic))) {
                std::mem::forget(again);
            }
            // SAFETY: what the caller of this function vouches for.
            unsafe { tell(error, operation, &failure) }
        }
    }
}

/// The same for a function that works on a database: one that panicked is refused, and one that
/// panics is marked.
///
/// # Safety
///
/// As for [`enter`].
#[inline]
pub(super) unsafe fn enter_sound(
    error: *mut spatio_error,
    operation: &'static str,
    poison: &Poison,
    body: impl FnOnce() -> Fallible,
) -> spatio_status {
    if poison.load(Ordering::Relaxed) {
        let message = "an earlier call met a bug in the library; close the database".to_owned();
        // SAFETY: what the caller of this function vouches for.
        return unsafe { tell(error, operation, &Failure::Border(SPATIO_PANIC, message, None)) };
    }
    // SAFETY: what the caller of this function vouches for.
    let status = unsafe { enter(error, operation, body) };
    if status == SPATIO_PANIC {
        poison.store(true, Ordering::SeqCst);
    }
    status
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a bug in the library: {}", text.unwrap_or("it panicked"))
}

/// Writes a failure into the caller's error.
///
/// # Safety
///
/// As for [`enter`].
#[cold]
unsafe fn tell(
    error: *mut spatio_error,
    operation: &'static str,
    failure: &Failure,
) -> spatio_status {
    let (code, message, row, offset, os_error) = match failure {
        Failure::Engine(error) => (
            status::of_kind(error.kind()),
            error.to_string(),
            error.row(),
            error.offset(),
            error.os_error().unwrap_or(0),
        ),
        Failure::Border(code, message, row) => {
            (*code, format!("{operation}: {message}"), *row, None, 0)
        }
    };
    // SAFETY: what the caller of this function vouches for.
    unsafe { spatio_error::write(error, code, &message, row, offset, os_error) };
    code
}

/// A handle of the caller's.
///
/// # Safety
///
/// `handle` is NULL or was given out by this library as a `T` and is not freed during the call.
pub(super) unsafe fn handle<'a, T>(handle: *const T, name: &str) -> Fallible<&'a T> {
    check_pointer(handle, name)?;
    // SAFETY: not NULL, aligned, and alive by the caller's promise.
    Ok(unsafe { &*handle })
}

/// A column of the caller's: `n` values, which may be absent if there are none.
///
/// # Safety
///
/// `column` is NULL or points to `n` values that nobody writes during the call.
pub(super) unsafe fn column<'a, T>(column: *const T, n: usize, name: &str) -> Fallible<&'a [T]> {
    if n == 0 {
        return Ok(&[]);
    }
    check_pointer(column, name)?;
    check_length::<T>(n, name)?;
    // SAFETY: not NULL, aligned, of a possible length, and readable by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(column, n) })
}

/// The same for a column that may be left out.
///
/// # Safety
///
/// As for [`column`].
pub(super) unsafe fn optional_column<'a, T>(
    given: *const T,
    n: usize,
    name: &str,
) -> Fallible<Option<&'a [T]>> {
    match given.is_null() {
        true => Ok(None),
        // SAFETY: what the caller of this function vouches for.
        false => unsafe { column(given, n, name) }.map(Some),
    }
}

fn check_length<T>(n: usize, name: &str) -> Fallible {
    match n.checked_mul(size_of::<T>().max(1)).filter(|&bytes| bytes <= isize::MAX as usize) {
        Some(_) => Ok(()),
        None => Err(Failure::invalid(format!("{name} cannot have {n} values"))),
    }
}

/// Text of the caller's: so many bytes of UTF-8, without a NUL at its end.
///
/// # Safety
///
/// `text` is NULL or points to `length` bytes that nobody writes during the call.
pub(super) unsafe fn text<'a>(text: *const c_char, length: usize, name: &str) -> Fallible<&'a str> {
    // SAFETY: what the caller of this function vouches for.
    let bytes = unsafe { column(text.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|_| Failure::utf8(name, None))
}

/// A path of the caller's, ending with a NUL.
///
/// # Safety
///
/// `path` is NULL or points to bytes with a NUL at their end.
pub(super) unsafe fn path(path: *const c_char, name: &str) -> Fallible<PathBuf> {
    check_pointer(path, name)?;
    // SAFETY: not NULL, and it ends by the caller's promise.
    let bytes = unsafe { CStr::from_ptr(path) };
    let text = bytes.to_str().map_err(|_| Failure::utf8(name, None))?;
    Ok(PathBuf::from(text))
}

/// Many texts behind each other: text `i` is the bytes `offsets[i]..offsets[i + 1]`.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    offsets: &'a [u64],
    text: &'a str,
}

impl<'a> Texts<'a> {
    /// Checks offsets and text.
    ///
    /// # Safety
    ///
    /// `offsets` points to `n + 1` values and `text` to as many bytes as the last of them says.
    pub(super) unsafe fn new(
        offsets: *const u64,
        given: *const c_char,
        n: usize,
        name: &str,
    ) -> Fallible<Self> {
        if n == 0 {
            return Ok(Texts { offsets: &[], text: "" });
        }
        // SAFETY: what the caller of this function vouches for.
        let offsets = unsafe { self::offsets(offsets, n, "id_offsets") }?;
        let end = offsets[n] as usize;
        // SAFETY: as before.
        let bytes = unsafe { column(given.cast::<u8>(), end, name) }?;
        let cut = |at: usize| offsets.iter().rposition(|&offset| offset as usize <= at);
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Failure::utf8(name, cut(error.valid_up_to())))?;
        let texts = Texts { offsets, text };
        match (0..n).find(|&row| texts.get(row).is_none()) {
            Some(row) => Err(Failure::utf8(name, Some(row))),
            None => Ok(texts),
        }
    }

    fn get(self, row: usize) -> Option<&'a str> {
        self.text.get(self.offsets[row] as usize..self.offsets[row + 1] as usize)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        (0..self.offsets.len().saturating_sub(1)).map(move |row| self.get(row).unwrap_or_default())
    }
}

/// `n + 1` offsets that do not descend and whose last one is a possible length.
///
/// # Safety
///
/// `offsets` is NULL or points to `n + 1` values that nobody writes during the call.
pub(super) unsafe fn offsets<'a>(offsets: *const u64, n: usize, name: &str) -> Fallible<&'a [u64]> {
    let count = n.checked_add(1).ok_or_else(|| Failure::invalid(format!("{n} rows")))?;
    // SAFETY: what the caller of this function vouches for.
    let offsets = unsafe { column(offsets, count, name) }?;
    if let Some(row) = offsets.windows(2).position(|pair| pair[0] > pair[1]) {
        let message = format!("{name} descends from {} to {}", offsets[row], offsets[row + 1]);
        return Err(Failure::invalid(message).in_row(row));
    }
    match usize::try_from(offsets[n]).ok().filter(|&end| end <= isize::MAX as usize) {
        Some(_) => Ok(offsets),
        None => Err(Failure::invalid(format!("{name} ends at {}", offsets[n]))),
    }
}

/// Payloads of the caller's, one by one: payload `i` is the bytes `offsets[i]..offsets[i + 1]`.
///
/// # Safety
///
/// `offsets` points to `n + 1` numbers and `payloads` to as many bytes as the last one says.
pub(super) unsafe fn blobs<'a>(
    offsets: *const u64,
    payloads: *const u8,
    n: usize,
) -> Fallible<Vec<&'a [u8]>> {
    // SAFETY: what the caller of this function vouches for.
    let (offsets, bytes) = unsafe {
        let offsets = self::offsets(offsets, n, "payload_offsets")?;
        (offsets, column(payloads, offsets[n] as usize, "payloads")?)
    };
    Ok(offsets.windows(2).map(|ends| &bytes[ends[0] as usize..ends[1] as usize]).collect())
}

/// Where a pointer that is given out goes, emptied for the case of failure.
///
/// # Safety
///
/// `target` is NULL or points to room for a pointer.
pub(super) unsafe fn emptied<T>(target: *mut *mut T, name: &str) -> Fallible<Out<*mut T>> {
    // SAFETY: what the caller of this function vouches for.
    let out = unsafe { Out::one(target, name) }?;
    out.set(0, std::ptr::null_mut());
    Ok(out)
}

/// Columns that are answered: `n` places for values, written one by one.
#[derive(Clone, Copy)]
pub(super) struct Out<T> {
    target: *mut T,
    n: usize,
}

impl<T> Out<T> {
    /// Room for `n` values.
    ///
    /// # Safety
    ///
    /// `target` is NULL or points to room for `n` values that nobody else uses during the call.
    pub(super) unsafe fn column(target: *mut T, n: usize, name: &str) -> Fallible<Self> {
        if n > 0 {
            check_pointer(target.cast_const(), name)?;
            check_length::<T>(n, name)?;
        }
        Ok(Out { target, n })
    }

    /// Room for one value.
    ///
    /// # Safety
    ///
    /// As for [`Out::column`].
    pub(super) unsafe fn one(target: *mut T, name: &str) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        unsafe { Out::column(target, 1, name) }
    }

    /// Room for `n` values, or none where the caller does not want them.
    ///
    /// # Safety
    ///
    /// As for [`Out::column`].
    pub(super) unsafe fn optional(target: *mut T, n: usize, name: &str) -> Fallible<Self> {
        match target.is_null() {
            true => Ok(Out { target, n: 0 }),
            // SAFETY: what the caller of this function vouches for.
            false => unsafe { Out::column(target, n, name) },
        }
    }

    /// No room: nothing is wanted.
    pub(super) fn none() -> Self {
        Out { target: std::ptr::null_mut(), n: 0 }
    }

    /// Writes value `at`; beyond the room, or where nothing is wanted, nothing.
    #[inline]
    pub(super) fn set(self, at: usize, value: T) {
        if at < self.n {
            // SAFETY: the constructor was promised room for `n` values.
            unsafe { self.target.add(at).write(value) };
        }
    }

    /// Writes values from the first place on, as many as there is room for.
    pub(super) fn copy(self, values: &[T])
    where
        T: Copy,
    {
        let count = values.len().min(self.n);
        if count > 0 {
            // SAFETY: there is room for `n` values, in memory that the engine does not own.
            unsafe { values.as_ptr().copy_to(self.target, count) };
        }
    }
}

/// Writes a text into the caller's buffer with a NUL at its end, or tells how long it is.
///
/// # Safety
///
/// `target` points to `capacity` writable bytes, `length` to one value or is NULL.
pub(super) unsafe fn give_text(
    text: &str,
    (target, capacity, length): (*mut c_char, usize, *mut usize),
) -> Fallible {
    // SAFETY: what the caller of this function vouches for.
    let (out, needed) = unsafe {
        (Out::optional(target.cast::<u8>(), capacity, "text")?, Out::optional(length, 1, "length")?)
    };
    needed.set(0, text.len());
    if target.is_null() && capacity == 0 {
        return Ok(());
    }
    if text.len() >= capacity || target.is_null() {
        return Err(Failure::too_small(text.len() + 1, capacity));
    }
    out.copy(text.as_bytes());
    out.set(text.len(), 0);
    Ok(())
}
