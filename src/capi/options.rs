//! How a database is opened: the struct, its defaults, and the caller's callbacks.
//!
//! Owns: the translation into the engine's options. Does not own what the options do.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use crate::db::{Clock, Level, Options, RecoveryMode, SyncPolicy};

use super::border::{Failure, Fallible};
use super::versioned::{self, Versioned};

/// Writes become durable every sync_period_us (the default). A crash of the machine loses at most
/// what came after; a crash of the program alone loses what it had not flushed.
pub const SPATIO_SYNC_EVERY: u32 = 0;
/// A write returns once it is on disk; concurrent writers share one fsync.
pub const SPATIO_SYNC_ALWAYS: u32 = 1;
/// Only spatio_sync, spatio_checkpoint and spatio_close make writes durable.
pub const SPATIO_SYNC_NEVER: u32 = 2;

/// Damage found on opening, other than a torn end, refuses to open (the default).
pub const SPATIO_RECOVERY_STRICT: u32 = 0;
/// Damage found on opening is left out and told by spatio_get_recovery.
pub const SPATIO_RECOVERY_SALVAGE: u32 = 1;

/// Level of a message: something failed in the background.
pub const SPATIO_LEVEL_ERROR: i32 = 1;
/// Level of a message: something was lost or mended.
pub const SPATIO_LEVEL_WARNING: i32 = 2;
/// Level of a message: what was done.
pub const SPATIO_LEVEL_INFO: i32 = 3;

/// Takes messages of a database: a level (SPATIO_LEVEL_...) and a text of `length` bytes of UTF-8
/// that also ends with a NUL and lasts until the callback returns. It is called by any thread, also
/// by the database's own, and must neither call the database nor throw.
pub type spatio_log_callback = Option<
    unsafe extern "C" fn(user: *mut c_void, level: i32, message: *const c_char, length: usize),
>;

/// Tells the present moment in microseconds since 1970-01-01 UTC, for a game's or a simulation's
/// own clock. It is called by any thread and must neither call the database nor throw.
pub type spatio_clock_callback = Option<unsafe extern "C" fn(user: *mut c_void) -> i64>;

/// How a database is opened. spatio_options_init gives it the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_options {
    /// sizeof(spatio_options), set by spatio_options_init.
    pub struct_size: u32,
    /// When writes become durable: SPATIO_SYNC_...
    pub sync_policy: u32,
    /// The period of SPATIO_SYNC_EVERY in microseconds; 1,000,000 by default.
    pub sync_period_us: i64,
    /// Records gathered before they are handed to the operating system; 512 by default.
    pub buffer_records: u64,
    /// Bytes at which a segment of the log is closed and the next begun; 64 MiB by default.
    pub segment_bytes: u64,
    /// What to do with damage: SPATIO_RECOVERY_...
    pub recovery: u32,
    /// 1: opens for reading only; takes no lock, writes nothing, refuses changes.
    pub read_only: u8,
    /// 1: starts no thread. SPATIO_SYNC_EVERY is then kept by the writing calls themselves, and
    /// what expired is swept by spatio_sweep alone.
    pub no_background: u8,
    /// 0.
    pub reserved: [u8; 2],
    /// Takes messages; NULL for none.
    pub log: spatio_log_callback,
    /// Handed to `log`.
    pub log_user: *mut c_void,
    /// The clock; NULL for the system's.
    pub clock: spatio_clock_callback,
    /// Handed to `clock`.
    pub clock_user: *mut c_void,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; bytes of any value are numbers, and the
// header asks of the callbacks that they are NULL or functions.
unsafe impl Versioned for spatio_options {
    const NAME: &'static str = "spatio_options";
    const FIRST_SIZE: usize = size_of::<spatio_options>();

    fn defaults() -> Self {
        spatio_options {
            struct_size: size_of::<spatio_options>() as u32,
            sync_policy: SPATIO_SYNC_EVERY,
            sync_period_us: 1_000_000,
            buffer_records: 512,
            segment_bytes: 64 << 20,
            recovery: SPATIO_RECOVERY_STRICT,
            read_only: 0,
            no_background: 0,
            reserved: [0; 2],
            log: None,
            log_user: std::ptr::null_mut(),
            clock: None,
            clock_user: std::ptr::null_mut(),
        }
    }
}

/// Gives options their defaults.
///
/// ```c
/// spatio_options options;
/// spatio_options_init(&options, sizeof options);
/// options.sync_policy = SPATIO_SYNC_ALWAYS;
/// ```
///
/// @param options  to be filled
/// @param size     sizeof(spatio_options) as the caller's header has it
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_options_init(options: *mut spatio_options, size: usize) {
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(options, size, &spatio_options::defaults()) };
}

/// The caller's pointer, which it asked to be handed back to it.
struct User(*mut c_void);

// SAFETY: the pointer is never read here, and the header says that callbacks run on any thread.
unsafe impl Send for User {}
// SAFETY: as above.
unsafe impl Sync for User {}

struct CallerClock(unsafe extern "C" fn(*mut c_void) -> i64, User);

impl Clock for CallerClock {
    fn now_us(&self) -> i64 {
        // SAFETY: the caller promises a function that may be called with its pointer by any thread
        // as long as the database is open.
        unsafe { (self.0)(self.1.0) }
    }
}

impl spatio_options {
    /// The engine's options.
    pub(super) fn engine(&self) -> Fallible<Options> {
        let period = u64::try_from(self.sync_period_us).ok().filter(|&period| period > 0);
        let policy = match (self.sync_policy, period) {
            (SPATIO_SYNC_EVERY, Some(period)) => SyncPolicy::Every(Duration::from_micros(period)),
            (SPATIO_SYNC_EVERY, None) => {
                let period = self.sync_period_us;
                return Err(Failure::invalid(format!("sync_period_us is {period}, expected more")));
            }
            (SPATIO_SYNC_ALWAYS, _) => SyncPolicy::Always,
            (SPATIO_SYNC_NEVER, _) => SyncPolicy::Never,
            (other, _) => {
                return Err(Failure::invalid(format!("sync_policy is {other}, expected 0 to 2")));
            }
        };
        let recovery = match self.recovery {
            SPATIO_RECOVERY_STRICT => RecoveryMode::Strict,
            SPATIO_RECOVERY_SALVAGE => RecoveryMode::Salvage,
            other => return Err(Failure::invalid(format!("recovery is {other}, expected 0 or 1"))),
        };
        let options = Options::new()
            .sync(policy)
            .recovery(recovery)
            .buffer_size(usize::try_from(self.buffer_records).unwrap_or(usize::MAX))
            .segment_bytes(self.segment_bytes)
            .read_only(self.read_only != 0)
            .background(self.no_background == 0);
        let options = match self.clock {
            None => options,
            Some(clock) => options.clock(Arc::new(CallerClock(clock, User(self.clock_user)))),
        };
        Ok(match self.log {
            None => options,
            Some(log) => options.listener(listener(log, User(self.log_user))),
        })
    }
}

fn listener(
    log: unsafe extern "C" fn(*mut c_void, i32, *const c_char, usize),
    user: User,
) -> impl Fn(Level, &str) + Send + Sync + 'static {
    move |level, message| {
        let user: &User = &user;
        let level = match level {
            Level::Error => SPATIO_LEVEL_ERROR,
            Level::Warning => SPATIO_LEVEL_WARNING,
            Level::Info => SPATIO_LEVEL_INFO,
        };
        let mut text = message.as_bytes().to_vec();
        text.push(0);
        // SAFETY: the caller promises a function that may be called with its pointer by any thread
        // as long as the database is open; the text outlives the call.
        unsafe { log(user.0, level, text.as_ptr().cast(), message.len()) };
    }
}
