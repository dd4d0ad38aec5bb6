//! A namespace: objects that share a space and settings.

use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

use crate::db::{Namespace, NamespaceOptions};
use crate::geom::Space;

use super::answering::Spare;
use super::border::{
    self, Failure, Fallible, Out, Poison, enter, enter_sound, give, take_back, text,
};
use super::database::spatio_db;
use super::error::spatio_error;
use super::status::spatio_status;
use super::versioned::{self, OutStruct, Versioned};

/// Longitudes and latitudes in degrees (WGS84), altitudes and distances in metres.
pub const SPATIO_GEOGRAPHIC: u32 = 0;
/// x, y and z in any one unit, distances in that unit.
pub const SPATIO_CARTESIAN: u32 = 1;

/// Accepted positions are kept as trajectories in a directory, and are not in memory.
pub const SPATIO_HISTORY_DEFAULT: u32 = 0;
/// Every accepted position is kept.
pub const SPATIO_HISTORY_ON: u32 = 1;
/// Only the last position of each object is kept.
pub const SPATIO_HISTORY_OFF: u32 = 2;

/// A namespace of an open database. Any number of threads may use one handle at the same time;
/// closing it is for one thread alone, when no other call uses it.
pub struct spatio_namespace {
    pub(super) ns: Namespace,
    pub(super) poison: Arc<Poison>,
    pub(super) spare: Spare,
}

impl spatio_namespace {
    fn give(ns: Namespace, db: &spatio_db) -> *mut spatio_namespace {
        give(spatio_namespace { ns, poison: Arc::clone(&db.poison), spare: Spare::new() })
    }
}

/// How a namespace is made; also what it was made with. spatio_namespace_options_init gives it the
/// defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_namespace_options {
    /// sizeof(spatio_namespace_options), set by spatio_namespace_options_init.
    pub struct_size: u32,
    /// What coordinates mean: SPATIO_GEOGRAPHIC (the default) or SPATIO_CARTESIAN.
    pub space: u32,
    /// Whether trajectories are kept: SPATIO_HISTORY_...
    pub history: u32,
    /// 0.
    pub reserved: u32,
    /// How long an object lives after its last update, in microseconds; 0: for ever.
    pub ttl_us: i64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_namespace_options {
    const NAME: &'static str = "spatio_namespace_options";
    const FIRST_SIZE: usize = size_of::<spatio_namespace_options>();

    fn defaults() -> Self {
        spatio_namespace_options {
            struct_size: size_of::<spatio_namespace_options>() as u32,
            space: SPATIO_GEOGRAPHIC,
            history: SPATIO_HISTORY_DEFAULT,
            reserved: 0,
            ttl_us: 0,
        }
    }
}

/// Gives options of a namespace their defaults.
///
/// @param options  to be filled
/// @param size     sizeof(spatio_namespace_options) as the caller's header has it
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespace_options_init(
    options: *mut spatio_namespace_options,
    size: usize,
) {
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(options, size, &spatio_namespace_options::defaults()) };
}

/// The number of the header that stands for a space.
pub(super) fn number_of(space: Space) -> u32 {
    match space {
        Space::Geographic => SPATIO_GEOGRAPHIC,
        Space::Cartesian => SPATIO_CARTESIAN,
    }
}

/// The space that a number of the header stands for.
pub(super) fn space_of(number: u32) -> Fallible<Space> {
    match number {
        SPATIO_GEOGRAPHIC => Ok(Space::Geographic),
        SPATIO_CARTESIAN => Ok(Space::Cartesian),
        other => Err(Failure::invalid(format!("space is {other}, expected 0 or 1"))),
    }
}

impl spatio_namespace_options {
    fn engine(&self) -> Fallible<NamespaceOptions> {
        let options = match space_of(self.space)? {
            Space::Geographic => NamespaceOptions::geographic(),
            Space::Cartesian => NamespaceOptions::cartesian(),
        };
        let options = match self.history {
            SPATIO_HISTORY_DEFAULT => options,
            SPATIO_HISTORY_ON => options.history(true),
            SPATIO_HISTORY_OFF => options.history(false),
            other => return Err(Failure::invalid(format!("history is {other}, expected 0 to 2"))),
        };
        match u64::try_from(self.ttl_us) {
            Ok(0) => Ok(options),
            Ok(ttl_us) => Ok(options.ttl(Duration::from_micros(ttl_us))),
            Err(_) => {
                Err(Failure::invalid(format!("ttl_us is {}, expected 0 or more", self.ttl_us)))
            }
        }
    }
}

/// Runs the body of a function on a namespace.
///
/// # Safety
///
/// `ns` is NULL or an open handle, `error` as for [`enter`].
#[inline]
pub(super) unsafe fn on_namespace(
    ns: *const spatio_namespace,
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce(&spatio_namespace) -> Fallible,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        match border::handle(ns, "ns") {
            Ok(ns) => enter_sound(error, operation, &ns.poison, || body(ns)),
            Err(failure) => enter(error, operation, || Err(failure)),
        }
    }
}

/// Runs the body of a function that finds a namespace of a database.
///
/// # Safety
///
/// `db` is NULL or an open handle; `ns` is NULL or room for a handle.
unsafe fn find(
    (db, ns): (*const spatio_db, *mut *mut spatio_namespace),
    error: *mut spatio_error,
    operation: &'static str,
    body: impl FnOnce(&spatio_db) -> Fallible<Namespace>,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        match border::handle(db, "db") {
            Ok(db) => enter_sound(error, operation, &db.poison, || {
                let out = Out::one(ns, "ns")?;
                out.set(0, std::ptr::null_mut());
                out.set(0, spatio_namespace::give(body(db)?, db));
                Ok(())
            }),
            Err(failure) => enter(error, operation, || Err(failure)),
        }
    }
}

/// Makes a namespace, or opens the one of that name if its settings are the same.
///
/// @param db           an open database
/// @param name         UTF-8, 1 to 255 bytes
/// @param name_length  its bytes
/// @param options      NULL: geographic, with the default of history, without expiry
/// @param ns           receives the handle, to be closed by spatio_namespace_close; NULL on failure
/// @param error        may be NULL
///
/// SPATIO_ALREADY_EXISTS if there is one with other settings. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespace_create(
    db: *const spatio_db,
    name: *const c_char,
    name_length: usize,
    options: *const spatio_namespace_options,
    ns: *mut *mut spatio_namespace,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        find((db, ns), error, "spatio_namespace_create", |db| {
            let name = text(name, name_length, "name")?;
            let options = match options.is_null() {
                true => NamespaceOptions::geographic(),
                false => versioned::read(options, "options")?.engine()?,
            };
            Ok(db.db.create_namespace(name, &options)?)
        })
    }
}

/// Opens a namespace that exists.
///
/// @param db           an open database
/// @param name         UTF-8
/// @param name_length  its bytes
/// @param ns           receives the handle, to be closed by spatio_namespace_close; NULL on failure
/// @param error        may be NULL
///
/// SPATIO_NOT_FOUND if there is none of that name. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespace_open(
    db: *const spatio_db,
    name: *const c_char,
    name_length: usize,
    ns: *mut *mut spatio_namespace,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        find((db, ns), error, "spatio_namespace_open", |db| {
            Ok(db.db.namespace(text(name, name_length, "name")?)?)
        })
    }
}

/// What a namespace was made with; `history` is SPATIO_HISTORY_ON or SPATIO_HISTORY_OFF.
///
/// @param ns        a namespace
/// @param settings  receives it; its struct_size must be set
/// @param error     may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespace_settings(
    ns: *const spatio_namespace,
    settings: *mut spatio_namespace_options,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_namespace_settings", |ns| {
            let out = OutStruct::new(settings, "settings")?;
            let held = ns.ns.settings()?;
            out.set(&spatio_namespace_options {
                space: number_of(held.space),
                history: if held.history { SPATIO_HISTORY_ON } else { SPATIO_HISTORY_OFF },
                ttl_us: held.ttl_us.unwrap_or(0),
                ..Versioned::defaults()
            });
            Ok(())
        })
    }
}

/// How many objects are here, those that expired left out.
///
/// @param ns       a namespace
/// @param objects  receives the number
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_count(
    ns: *const spatio_namespace,
    objects: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_count", |ns| {
            let out = Out::one(objects, "objects")?;
            out.set(0, ns.ns.count()? as u64);
            Ok(())
        })
    }
}

/// Frees the handle of a namespace; the namespace itself stays. NULL is fine. One thread, when no
/// other call uses the handle. Since 0.1.
///
/// @param ns  a namespace
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_namespace_close(ns: *mut spatio_namespace) {
    // SAFETY: the caller gives the handle up. Nothing in it panics when it is dropped, but the
    // last handle of a database closes it, which is caught all the same.
    unsafe {
        enter(std::ptr::null_mut(), "spatio_namespace_close", || {
            drop(take_back(ns));
            Ok(())
        })
    };
}
