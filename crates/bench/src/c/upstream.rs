//! Upstream's C interface (crate `spatio-cabi`): a database behind it, asked as its Go package
//! asks.
//!
//! Owns: the types of its functions, and reading its answers. An answer is bytes: a count, then for
//! each neighbour x, y, z, time and distance as numbers, and id and metadata with their lengths.
#![expect(unsafe_code, reason = "every call crosses into C")]

use crate::Outcome;
use crate::c::library::{function, load};
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};

type Text = *const c_char;
type Error = *mut *mut c_char;
type Ask =
    unsafe extern "C" fn(*mut c_void, Text, f64, f64, f64, f64, usize, Bytes, Length, Error) -> i32;
type Nearest =
    unsafe extern "C" fn(*mut c_void, Text, f64, f64, f64, usize, Bytes, Length, Error) -> i32;
type Upsert =
    unsafe extern "C" fn(*mut c_void, Text, Text, f64, f64, f64, Text, Text, Error) -> i32;
type Bytes = *mut *mut u8;
type Length = *mut usize;

/// A database in memory, which lasts as long as this program.
pub struct Database {
    handle: *mut c_void,
    upsert: Upsert,
    radius: Ask,
    nearest: Nearest,
    free: unsafe extern "C" fn(*mut u8, usize),
}

const NAMESPACE: &CStr = c"bench";

fn ok(status: i32) -> Outcome<()> {
    if status == 0 { Ok(()) } else { Err(format!("upstream's C interface says {status}").into()) }
}

impl Database {
    /// An empty one.
    pub fn open() -> Outcome<Database> {
        type Open = unsafe extern "C" fn(Text, *mut *mut c_void, Error) -> i32;
        let library = load("libspatio_cabi.so")?;
        // SAFETY: the types are those of the functions in its sources, version 0.2.
        unsafe {
            let open: Open = function(library, "spatio_open_memory")?;
            let mut handle = null_mut();
            ok(open(null(), &mut handle, null_mut()))?;
            Ok(Database {
                handle,
                upsert: function(library, "spatio_upsert")?,
                radius: function(library, "spatio_query_radius")?,
                nearest: function(library, "spatio_knn")?,
                free: function(library, "spatio_buffer_free")?,
            })
        }
    }

    /// Says where an object is.
    pub fn upsert(&self, id: &CStr, x: f64, y: f64) -> Outcome<()> {
        let ns = NAMESPACE.as_ptr();
        // SAFETY: the texts end with a NUL and are lent for the call.
        ok(unsafe {
            (self.upsert)(self.handle, ns, id.as_ptr(), x, y, 0.0, null(), null(), null_mut())
        })
    }

    /// What is within a distance, handed to `read` as bytes and then freed.
    pub fn radius<T>(&self, at: (f64, f64), radius: f64, read: fn(&[u8]) -> T) -> Outcome<T> {
        let (mut bytes, mut length) = (null_mut(), 0);
        let ns = NAMESPACE.as_ptr();
        // SAFETY: the texts end with a NUL, and the room for the answer is lent for the call.
        let status = unsafe {
            let (out, count) = (&mut bytes, &mut length);
            (self.radius)(self.handle, ns, at.0, at.1, 0.0, radius, 1_000, out, count, null_mut())
        };
        self.read(status, (bytes, length), read)
    }

    /// The `k` nearest, in the same way.
    pub fn nearest<T>(&self, at: (f64, f64), k: usize, read: fn(&[u8]) -> T) -> Outcome<T> {
        let (mut bytes, mut length) = (null_mut(), 0);
        let ns = NAMESPACE.as_ptr();
        // SAFETY: as above.
        let status = unsafe {
            let (out, count) = (&mut bytes, &mut length);
            (self.nearest)(self.handle, ns, at.0, at.1, 0.0, k, out, count, null_mut())
        };
        self.read(status, (bytes, length), read)
    }

    fn read<T>(
        &self,
        status: i32,
        (bytes, length): (*mut u8, usize),
        read: fn(&[u8]) -> T,
    ) -> Outcome<T> {
        ok(status)?;
        // SAFETY: the library gave so many bytes, which are freed once, after they were read.
        unsafe {
            let value = read(std::slice::from_raw_parts(bytes, length));
            (self.free)(bytes, length);
            Ok(value)
        }
    }
}

/// How many neighbours an answer has.
pub fn count(answer: &[u8]) -> usize {
    let head = answer.first_chunk().copied().unwrap_or_default();
    u32::from_le_bytes(head) as usize
}

/// The ids of an answer, sorted.
pub fn ids(answer: &[u8]) -> Vec<String> {
    let number = |at: usize| u32::from_le_bytes(answer[at..at + 4].try_into().unwrap_or_default());
    let mut ids = Vec::new();
    let mut at = 4;
    for _ in 0..count(answer) {
        at += 5 * 8;
        let length = number(at) as usize;
        ids.push(String::from_utf8_lossy(&answer[at + 4..at + 4 + length]).into_owned());
        at += 4 + length;
        at += 4 + number(at) as usize;
    }
    ids.sort();
    ids
}
