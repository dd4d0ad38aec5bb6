//! Stopping a call from another thread.

use crate::db::Cancel;

use super::border::{Fallible, give, handle, take_back};

/// Stops the calls that it is given to. Any number of threads may use one at the same time;
/// freeing it is for one thread alone, when no call uses it.
pub struct spatio_cancel(Cancel);

/// The flag of a cancel that may be NULL.
///
/// # Safety
///
/// `cancel` is NULL or a handle that is not freed during the call.
pub(super) unsafe fn flag<'a>(cancel: *const spatio_cancel) -> Fallible<Option<&'a Cancel>> {
    if cancel.is_null() {
        return Ok(None);
    }
    // SAFETY: what the caller of this function vouches for.
    unsafe { handle(cancel, "cancel") }.map(|cancel| Some(&cancel.0))
}

/// Makes a cancel, to be freed by spatio_cancel_free. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn spatio_cancel_new() -> *mut spatio_cancel {
    give(spatio_cancel(Cancel::new()))
}

/// Stops the calls that run with it, soon, and those that are begun with it, at once: they return
/// SPATIO_CANCELLED. NULL is fine. Any thread. Since 0.1.
///
/// @param cancel  a cancel
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_cancel_fire(cancel: *mut spatio_cancel) {
    // SAFETY: the caller gives NULL or a handle.
    if let Ok(cancel) = unsafe { handle(cancel.cast_const(), "cancel") } {
        cancel.0.fire();
    }
}

/// Makes a fired cancel fit for use again. NULL is fine. Any thread, when no call uses it. Since
/// 0.1.
///
/// @param cancel  a cancel
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_cancel_reset(cancel: *mut spatio_cancel) {
    // SAFETY: the caller gives NULL or a handle.
    if let Ok(cancel) = unsafe { handle(cancel.cast_const(), "cancel") } {
        cancel.0.reset();
    }
}

/// Frees a cancel. NULL is fine. Since 0.1.
///
/// @param cancel  a cancel
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_cancel_free(cancel: *mut spatio_cancel) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(cancel) });
}
