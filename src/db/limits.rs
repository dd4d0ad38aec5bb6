//! The sizes that names and payloads may have.

use crate::error::{Error, ErrorKind, Result};

/// The longest id of an object or a namespace, in bytes.
pub const MAX_ID_BYTES: usize = 255;
/// The largest payload, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024;

/// Refuses an id that is empty or too long.
pub(super) fn check_id(operation: &'static str, argument: &str, id: &str) -> Result<()> {
    if id.is_empty() {
        return Err(Error::invalid(operation, format!("{argument} is empty")));
    }
    if id.len() > MAX_ID_BYTES {
        let message = format!("{argument} has {} bytes, at most {MAX_ID_BYTES}", id.len());
        return Err(Error::new(ErrorKind::LimitExceeded, operation, message));
    }
    Ok(())
}

/// Refuses a payload that is too large.
pub(super) fn check_payload(operation: &'static str, payload: Option<&[u8]>) -> Result<()> {
    match payload {
        Some(bytes) if bytes.len() > MAX_PAYLOAD_BYTES => {
            let message = format!("payload has {} bytes, at most {MAX_PAYLOAD_BYTES}", bytes.len());
            Err(Error::new(ErrorKind::LimitExceeded, operation, message))
        }
        _ => Ok(()),
    }
}
