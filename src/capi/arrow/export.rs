//! Giving a result away as an Arrow array, without copying it.

use std::ffi::{CStr, c_void};
use std::sync::Arc;

use super::super::border::{Out, enter, handle};
use super::super::error::spatio_error;
use super::super::result::{Held, spatio_result};
use super::super::status::spatio_status;
use super::layout::{ArrowArray, ArrowSchema};

/// A column on its way out: its name, its type, and its buffers behind the validity.
struct Column {
    name: &'static CStr,
    format: &'static CStr,
    values: Vec<*const c_void>,
}

/// What the release of an array frees: its pointers, and its share of the memory.
struct OwnedArray {
    buffers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
    _memory: Arc<Held>,
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: the interface calls this once, with an array that `array_of` filled.
    unsafe {
        let owned = Box::from_raw((*array).private_data.cast::<OwnedArray>());
        for &child in &owned.children {
            // A consumer may have moved a child away, which it marks so.
            if let Some(release) = (*child).release {
                release(child);
            }
            drop(Box::from_raw(child));
        }
        (*array).release = None;
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: the interface calls this once, with a schema that `schema_of` filled.
    unsafe {
        let children = Box::from_raw((*schema).private_data.cast::<Vec<*mut ArrowSchema>>());
        for &child in children.iter() {
            if let Some(release) = (*child).release {
                release(child);
            }
            drop(Box::from_raw(child));
        }
        (*schema).release = None;
    }
}

fn array_of(
    length: usize,
    buffers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
    memory: &Arc<Held>,
) -> ArrowArray {
    let mut owned = Box::new(OwnedArray { buffers, children, _memory: Arc::clone(memory) });
    ArrowArray {
        length: length as i64,
        null_count: 0,
        offset: 0,
        n_buffers: owned.buffers.len() as i64,
        n_children: owned.children.len() as i64,
        buffers: owned.buffers.as_mut_ptr(),
        children: owned.children.as_mut_ptr(),
        dictionary: std::ptr::null_mut(),
        release: Some(release_array),
        private_data: Box::into_raw(owned).cast(),
    }
}

fn schema_of(
    name: &'static CStr,
    format: &'static CStr,
    children: Vec<ArrowSchema>,
) -> ArrowSchema {
    let children = children.into_iter().map(|child| Box::into_raw(Box::new(child)));
    let mut children: Box<Vec<*mut ArrowSchema>> = Box::new(children.collect());
    ArrowSchema {
        format: format.as_ptr(),
        name: name.as_ptr(),
        metadata: std::ptr::null(),
        flags: 0,
        n_children: children.len() as i64,
        children: children.as_mut_ptr(),
        dictionary: std::ptr::null_mut(),
        release: Some(release_schema),
        private_data: Box::into_raw(children).cast(),
    }
}

/// The columns that the answer has, also when it has no rows.
fn columns_of(held: &Held) -> Vec<Column> {
    let (views, has) = (held.columns(), held.present());
    let fixed = |name, format, values: *const c_void| Column { name, format, values: vec![values] };
    let mut columns = Vec::new();
    if has.handles {
        columns.push(fixed(c"handle", c"L", views.handles.cast()));
    }
    if has.plane {
        columns.push(fixed(c"x", c"g", views.x.cast()));
        columns.push(fixed(c"y", c"g", views.y.cast()));
    }
    if has.states {
        columns.push(fixed(c"z", c"g", views.z.cast()));
        columns.push(fixed(c"time", c"tsu:UTC", views.time_us.cast()));
    }
    if has.distance {
        columns.push(fixed(c"distance", c"g", views.distance.cast()));
    }
    if !views.id_offsets.is_null() {
        // Offsets are u64 here and i64 there, which is the same for every possible length.
        let values = vec![views.id_offsets.cast(), views.ids.cast()];
        columns.push(Column { name: c"id", format: c"U", values });
    }
    if !views.payload_offsets.is_null() {
        let values = vec![views.payload_offsets.cast(), views.payloads.cast()];
        columns.push(Column { name: c"payload", format: c"Z", values });
    }
    columns
}

/// Shows the content of a result as an Arrow struct array (Arrow C data interface, version 1),
/// without copying it. The array shares the result's memory and keeps it, whatever happens to the
/// result, which takes other memory when it is filled anew. The same result may be exported any
/// number of times.
///
/// Columns: handle (uint64), x, y, z (float64), time (timestamp in microseconds, UTC), distance
/// (float64) where a query has an origin, id (large_utf8) and payload (large_binary) where they
/// were asked for. The rows of several queries follow each other.
///
/// @param result  a result; it stays as it is, and is to be freed as ever
/// @param schema  receives the type; the caller, or who it is handed to, releases it
/// @param array   receives the array; the caller, or who it is handed to, releases it
/// @param error   may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_result_export_arrow(
    result: *const spatio_result,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_result_export_arrow", || {
            let held = &handle(result, "result")?.held;
            let (schema, array) = (Out::one(schema, "schema")?, Out::one(array, "array")?);
            let (mut types, mut arrays) = (Vec::new(), Vec::new());
            for Column { name, format, values } in columns_of(held) {
                types.push(schema_of(name, format, Vec::new()));
                let mut buffers = vec![std::ptr::null()];
                buffers.extend(values);
                let child = array_of(held.len(), buffers, Vec::new(), held);
                arrays.push(Box::into_raw(Box::new(child)));
            }
            schema.set(0, schema_of(c"", c"+s", types));
            array.set(0, array_of(held.len(), vec![std::ptr::null()], arrays, held));
            Ok(())
        })
    }
}
