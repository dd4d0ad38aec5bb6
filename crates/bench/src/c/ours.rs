//! Our own C interface: a namespace behind it, and what the workloads ask of it.
#![expect(unsafe_code, reason = "every call crosses into C")]

use crate::Outcome;
use crate::c::library::{function, load};
use ours::capi::database::spatio_db;
use ours::capi::error::spatio_error;
use ours::capi::namespace::{spatio_namespace, spatio_namespace_options};
use ours::capi::query::spatio_query;
use ours::capi::reading::spatio_object;
use ours::capi::result::{spatio_columns, spatio_result};
use std::ffi::c_char;
use std::ptr::{null, null_mut};

type Ns = *const spatio_namespace;
type Error = *mut spatio_error;

/// The functions that are measured, as the header has them.
pub struct Functions {
    pub abi_version: unsafe extern "C" fn() -> u32,
    pub count: unsafe extern "C" fn(Ns, *mut u64, Error) -> i32,
    pub get_by_handle: unsafe extern "C" fn(Ns, u64, *mut spatio_object, Error) -> i32,
    pub move_one: unsafe extern "C" fn(Ns, u64, f64, f64, f64, i64, *mut u32, Error) -> i32,
    pub move_batch: MoveBatch,
    pub upsert: Upsert,
    pub query_run: QueryRun,
    pub query_into: QueryInto,
    pub result_free: unsafe extern "C" fn(*mut spatio_result),
    pub query_radius: AskAt,
    pub knn: unsafe extern "C" fn(
        Ns,
        f64,
        f64,
        f64,
        u32,
        *mut *mut spatio_result,
        *mut spatio_columns,
        Error,
    ) -> i32,
}

type MoveBatch = unsafe extern "C" fn(
    Ns,
    usize,
    *const u64,
    *const f64,
    *const f64,
    *const f64,
    *const i64,
    *mut u64,
    *mut u64,
    Error,
) -> i32;
type Upsert = unsafe extern "C" fn(
    Ns,
    *const c_char,
    usize,
    f64,
    f64,
    f64,
    i64,
    *const u8,
    usize,
    i64,
    *mut u64,
    *mut u32,
    Error,
) -> i32;
type QueryRun = unsafe extern "C" fn(
    Ns,
    *const spatio_query,
    usize,
    *mut std::ffi::c_void,
    *mut *mut spatio_result,
    *mut spatio_columns,
    Error,
) -> i32;
type QueryInto = unsafe extern "C" fn(
    Ns,
    *const spatio_query,
    usize,
    *mut u64,
    *mut f64,
    *mut f64,
    *mut f64,
    *mut i64,
    *mut f64,
    *mut usize,
    Error,
) -> i32;
type AskAt = unsafe extern "C" fn(
    Ns,
    f64,
    f64,
    f64,
    f64,
    u32,
    *mut *mut spatio_result,
    *mut spatio_columns,
    Error,
) -> i32;
type Open =
    unsafe extern "C" fn(*const c_char, *const std::ffi::c_void, *mut *mut spatio_db, Error) -> i32;
type Create = unsafe extern "C" fn(
    *const spatio_db,
    *const c_char,
    usize,
    *const spatio_namespace_options,
    *mut *mut spatio_namespace,
    Error,
) -> i32;
type Init = unsafe extern "C" fn(*mut spatio_query, usize, u32);

/// A namespace of a database in memory, which lasts as long as this program.
pub struct Space {
    pub functions: Functions,
    pub ns: Ns,
    init: Init,
}

/// Fails on any status but OK.
pub fn ok(status: i32) -> Outcome<()> {
    if status == 0 { Ok(()) } else { Err(format!("the C interface says {status}").into()) }
}

impl Space {
    /// An empty geographic namespace behind the shared library.
    pub fn open() -> Outcome<Space> {
        let library = load("libspatio.so")?;
        // SAFETY: the types above are those of include/spatio.h; what is handed to the two calls
        // lives as long as they last.
        unsafe {
            let open: Open = function(library, "spatio_open")?;
            let create: Create = function(library, "spatio_namespace_create")?;
            let functions = Functions {
                abi_version: function(library, "spatio_abi_version")?,
                count: function(library, "spatio_count")?,
                get_by_handle: function(library, "spatio_get_by_handle")?,
                move_one: function(library, "spatio_move")?,
                move_batch: function(library, "spatio_move_batch")?,
                upsert: function(library, "spatio_upsert")?,
                query_run: function(library, "spatio_query_run")?,
                query_into: function(library, "spatio_query_into")?,
                result_free: function(library, "spatio_result_free")?,
                query_radius: function(library, "spatio_query_radius")?,
                knn: function(library, "spatio_knn")?,
            };
            let (mut db, mut ns) = (null_mut(), null_mut());
            ok(open(null(), null(), &mut db, null_mut()))?;
            ok(create(db, c"bench".as_ptr(), 5, null(), &mut ns, null_mut()))?;
            Ok(Space { functions, ns, init: function(library, "spatio_query_init")? })
        }
    }

    /// Says where an object is, by its id; its handle.
    pub fn upsert(&self, id: &str, x: f64, y: f64, time_us: i64) -> Outcome<u64> {
        let (mut handle, text) = (0, id.as_ptr().cast());
        // SAFETY: the id is lent for the call, and so is the room for the handle.
        ok(unsafe {
            (self.functions.upsert)(
                self.ns,
                text,
                id.len(),
                x,
                y,
                0.0,
                time_us,
                null(),
                0,
                0,
                &mut handle,
                null_mut(),
                null_mut(),
            )
        })?;
        Ok(handle)
    }

    /// A query with its defaults.
    pub fn query(&self, kind: u32) -> spatio_query {
        let mut query = std::mem::MaybeUninit::uninit();
        // SAFETY: the call fills as many bytes as it is told the struct has.
        unsafe {
            (self.init)(query.as_mut_ptr(), size_of::<spatio_query>(), kind);
            query.assume_init()
        }
    }
}

/// Columns to be filled with views.
pub fn columns() -> spatio_columns {
    // SAFETY: the struct is numbers and pointers, of which zeros are values.
    let mut columns: spatio_columns = unsafe { std::mem::zeroed() };
    columns.struct_size = size_of::<spatio_columns>() as u32;
    columns
}

/// An object to be filled.
pub fn object() -> spatio_object {
    // SAFETY: the struct is numbers, of which zeros are values.
    let mut object: spatio_object = unsafe { std::mem::zeroed() };
    object.struct_size = size_of::<spatio_object>() as u32;
    object
}
