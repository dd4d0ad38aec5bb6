//! A database: opening, closing, and what is done to the whole of it.

use std::ffi::c_char;
use std::sync::Arc;

use crate::db::{Database, Options};

use super::border::{self, Fallible, Out, Poison, enter, enter_sound, give, give_text, take_back};
use super::error::spatio_error;
use super::options::spatio_options;
use super::result::{Answer, spatio_columns, spatio_result};
use super::status::{SPATIO_OK, SPATIO_PANIC, spatio_status};
use super::versioned::{self, OutStruct, Versioned};

/// An open database. Any number of threads may use one handle at the same time; closing it is for
/// one thread alone, when no other call uses it.
pub struct spatio_db {
    pub(super) db: Database,
    pub(super) poison: Arc<Poison>,
}

/// Figures about a database.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_stats {
    /// sizeof(spatio_stats), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Namespaces.
    pub namespaces: u64,
    /// Objects that are here now.
    pub objects: u64,
    /// Ids that were ever given a handle.
    pub handles: u64,
    /// Leaves of all indexes.
    pub leaves: u64,
    /// Bytes of memory that the indexes hold.
    pub memory_bytes: u64,
    /// Bytes of all files.
    pub disk_bytes: u64,
    /// Segments of the log.
    pub segments: u64,
    /// Records in the log.
    pub records: u64,
    /// The number of the last record.
    pub last_seq: u64,
    /// The number of the last record that is known to be on disk.
    pub durable_seq: u64,
    /// Records not yet handed to the operating system.
    pub buffered_records: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_stats {
    const NAME: &'static str = "spatio_stats";
    const FIRST_SIZE: usize = size_of::<spatio_stats>();

    fn defaults() -> Self {
        spatio_stats {
            struct_size: size_of::<spatio_stats>() as u32,
            reserved: 0,
            namespaces: 0,
            objects: 0,
            handles: 0,
            leaves: 0,
            memory_bytes: 0,
            disk_bytes: 0,
            segments: 0,
            records: 0,
            last_seq: 0,
            durable_seq: 0,
            buffered_records: 0,
        }
    }
}

/// What opening a database found.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_recovery {
    /// sizeof(spatio_recovery), set by the caller.
    pub struct_size: u32,
    /// 1 if a checkpoint was used, so that only what came after it was read.
    pub has_checkpoint: u32,
    /// Segments of the log.
    pub segments: u64,
    /// Records that were read and kept.
    pub records_kept: u64,
    /// Bytes that were dropped: a torn end, or what salvaging could not read.
    pub bytes_dropped: u64,
    /// The number of the last record that the checkpoint holds.
    pub checkpoint_seq: u64,
    /// The first bad byte of the file that spatio_recovery_text names; UINT64_MAX if none is bad.
    pub first_bad_offset: u64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_recovery {
    const NAME: &'static str = "spatio_recovery";
    const FIRST_SIZE: usize = size_of::<spatio_recovery>();

    fn defaults() -> Self {
        spatio_recovery {
            struct_size: size_of::<spatio_recovery>() as u32,
            has_checkpoint: 0,
            segments: 0,
            records_kept: 0,
            bytes_dropped: 0,
            checkpoint_seq: 0,
            first_bad_offset: u64::MAX,
        }
    }
}

/// Runs the body of a function on a database.
///
/// # Safety
///
/// `db` is NULL or an open handle, `error` as for [`enter`].
unsafe fn on_db(
    db: *const spatio_db,
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce(&spatio_db) -> Fallible,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        match border::handle(db, "db") {
            Ok(db) => enter_sound(error, operation, &db.poison, || body(db)),
            Err(failure) => enter(error, operation, || Err(failure)),
        }
    }
}

/// Opens a database, creating it if it is missing.
///
/// ```c
/// spatio_db *db = NULL;
/// spatio_error error = {0};
/// if (spatio_open("fleet.spatio", NULL, &db, &error) != SPATIO_OK)
///     return fail(error.message);
/// ```
///
/// @param path     a directory, UTF-8 with a NUL at its end; NULL: a database in memory
/// @param options  how; NULL: the defaults
/// @param db       receives the handle, to be closed by spatio_close; NULL on failure
/// @param error    receives what went wrong; may be NULL
///
/// SPATIO_LOCKED if another process writes to it, SPATIO_CORRUPT if it is damaged,
/// SPATIO_FORMAT_VERSION if a newer version wrote it, SPATIO_IO. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_open(
    path: *const c_char,
    options: *const spatio_options,
    db: *mut *mut spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_open", || {
            let out = Out::one(db, "db")?;
            out.set(0, std::ptr::null_mut());
            let options = match options.is_null() {
                true => Options::new(),
                false => versioned::read(options, "options")?.engine()?,
            };
            let opened = match path.is_null() {
                true => options.memory()?,
                false => options.open(border::path(path, "path")?)?,
            };
            out.set(0, give(spatio_db { db: opened, poison: Arc::default() }));
            Ok(())
        })
    }
}

/// Writes everything down, closes the database and frees the handle, whatever it returns. The
/// database's namespaces that are still open answer SPATIO_CLOSED from then on; they are to be
/// closed too, before or after.
///
/// @param db     the handle, which is gone afterwards; NULL is fine
/// @param error  may be NULL
///
/// A failure says that the last writes did not reach the disk. One thread, when no other call uses
/// the handle. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_close(
    db: *mut spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller gives the handle up.
    let Some(given) = (unsafe { take_back(db) }) else { return SPATIO_OK };
    let poison = Arc::clone(&given.poison);
    // SAFETY: `error` is what the header asks for.
    let status = unsafe {
        enter(error, "spatio_close", || {
            let closed = given.db.close();
            drop(given);
            Ok(closed?)
        })
    };
    if status == SPATIO_PANIC {
        poison.store(true, std::sync::atomic::Ordering::SeqCst);
    }
    status
}

/// Hands what is buffered to the operating system, without waiting for the disk: it then survives
/// a crash of this program, but not of the machine. Any thread. Since 0.1.
///
/// @param db     an open database
/// @param error  may be NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_flush(
    db: *const spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { on_db(db, error, "spatio_flush", |db| Ok(db.db.flush()?)) }
}

/// Returns once everything accepted so far is on disk. Any thread. Since 0.1.
///
/// @param db     an open database
/// @param error  may be NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_sync(
    db: *const spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { on_db(db, error, "spatio_sync", |db| Ok(db.db.sync()?)) }
}

/// Writes a checkpoint, from which the next opening starts; returns once it is on disk. Writers go
/// on meanwhile. Any thread. Since 0.1.
///
/// @param db     an open database
/// @param error  may be NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_checkpoint(
    db: *const spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { on_db(db, error, "spatio_checkpoint", |db| Ok(db.db.checkpoint()?)) }
}

/// Removes the objects that have expired. They are absent from every answer anyway; this frees
/// their memory. A background thread does the same unless options.no_background is set.
///
/// @param db       an open database
/// @param removed  receives how many; may be NULL
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_sweep(
    db: *const spatio_db,
    removed: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio_sweep", |db| {
            let out = Out::optional(removed, 1, "removed")?;
            out.set(0, db.db.sweep()? as u64);
            Ok(())
        })
    }
}

/// Figures about the whole database. Costs a walk over all objects.
///
/// @param db     an open database
/// @param stats  receives them; its struct_size must be set
/// @param error  may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_stats(
    db: *const spatio_db,
    stats: *mut spatio_stats,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio_get_stats", |db| {
            let out = OutStruct::new(stats, "stats")?;
            let of = db.db.stats()?;
            out.set(&spatio_stats {
                namespaces: of.namespaces as u64,
                objects: of.objects as u64,
                handles: of.handles as u64,
                leaves: of.leaves as u64,
                memory_bytes: of.memory_bytes as u64,
                disk_bytes: of.disk_bytes,
                segments: of.segments as u64,
                records: of.records,
                last_seq: of.last_seq,
                durable_seq: of.durable_seq,
                buffered_records: of.buffered_records as u64,
                ..Versioned::defaults()
            });
            Ok(())
        })
    }
}

/// What opening this database found, in numbers.
///
/// @param db        an open database
/// @param recovery  receives them; its struct_size must be set
/// @param error     may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_recovery(
    db: *const spatio_db,
    recovery: *mut spatio_recovery,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio_get_recovery", |db| {
            let out = OutStruct::new(recovery, "recovery")?;
            let report = db.db.recovery();
            out.set(&spatio_recovery {
                has_checkpoint: report.checkpoint_seq.is_some().into(),
                segments: report.segments as u64,
                records_kept: report.records_kept,
                bytes_dropped: report.bytes_dropped,
                checkpoint_seq: report.checkpoint_seq.unwrap_or(0),
                first_bad_offset: report.first_bad.as_ref().map_or(u64::MAX, |bad| bad.1),
                ..Versioned::defaults()
            });
            Ok(())
        })
    }
}

/// What opening this database found, in words.
///
/// @param db        an open database
/// @param text      receives the words with a NUL at their end; NULL to ask for the length only
/// @param capacity  bytes that `text` has room for
/// @param length    receives the length without the NUL, in any case; may be NULL
/// @param error     may be NULL
///
/// SPATIO_BUFFER_TOO_SMALL if there is not enough room. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_recovery_text(
    db: *const spatio_db,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio_recovery_text", |db| {
            give_text(&db.db.recovery().to_string(), (text, capacity, length))
        })
    }
}

/// The names of all namespaces, in the order in which they were made.
///
/// @param db       an open database
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew; the names
///                 are its column of ids
/// @param columns  receives views of *result; may be NULL
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespaces(
    db: *const spatio_db,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio_namespaces", |db| {
            let mut answer = Answer::new(result, columns)?;
            let made = answer.begin();
            made.open_ids();
            db.db.namespaces().iter().for_each(|name| made.push_id(name));
            made.end_query();
            answer.finish();
            Ok(())
        })
    }
}

/// Panics inside the library, for its tests; exported by test builds alone.
/// cbindgen:ignore
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio__test_panic(
    db: *const spatio_db,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_db(db, error, "spatio__test_panic", |_| -> Fallible {
            std::panic::panic_any("asked for by a test")
        })
    }
}
