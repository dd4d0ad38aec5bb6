//! Tables of Arrow: what a query found goes out, is bent here and there within its memory, and
//! comes in again.

use std::ffi::CStr;

use spatio::capi::arrow::export::spatio_result_export_arrow;
use spatio::capi::arrow::import::spatio_upsert_arrow;
use spatio::capi::arrow::{ArrowArray, ArrowSchema};

use super::call::{call, run};
use super::world::World;
use crate::input::Input;

/// Formats that a column may be said to have; none reads more bytes than those we give.
const FORMATS: [&CStr; 10] =
    [c"g", c"f", c"L", c"l", c"tsu:UTC", c"tss:", c"tsn:UTC", c"u", c"z", c"+s"];

impl World {
    pub(super) fn trade(&mut self, input: &mut Input<'_>) {
        let ns = self.ns(input);
        let result = self.results[usize::from(input.number(2))];
        let (mut schema, mut array) = (blank_schema(), blank_array());
        let (kind, rows) = (&raw mut schema, &raw mut array);
        if call!(input, spatio_result_export_arrow, result, kind, rows) != 0 {
            return;
        }
        run!(bend, input, &mut schema, &mut array);
        let (mut applied, mut late) = (0, 0);
        let told = (&raw mut applied, &raw mut late);
        call!(input, spatio_upsert_arrow, ns, kind, rows, told.0, told.1);
        let release_schema = schema.release.expect("a table can be released");
        let release_array = array.release.expect("a table can be released");
        run!(release_schema, kind);
        run!(release_array, rows);
        // What was released is refused.
        call!(input, spatio_upsert_arrow, ns, kind, rows, told.0, told.1);
    }
}

fn blank_schema() -> ArrowSchema {
    ArrowSchema {
        format: std::ptr::null(),
        name: std::ptr::null(),
        metadata: std::ptr::null(),
        flags: 0,
        n_children: 0,
        children: std::ptr::null_mut(),
        dictionary: std::ptr::null_mut(),
        release: None,
        private_data: std::ptr::null_mut(),
    }
}

fn blank_array() -> ArrowArray {
    ArrowArray {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: std::ptr::null_mut(),
        children: std::ptr::null_mut(),
        dictionary: std::ptr::null_mut(),
        release: None,
        private_data: std::ptr::null_mut(),
    }
}

/// Says less rows, later ones, and other types.
///
/// # Safety
///
/// Both are a table as the interface asks.
#[expect(unsafe_code, reason = "this target plays a C program")]
unsafe fn bend(input: &mut Input<'_>, schema: &mut ArrowSchema, array: &mut ArrowArray) {
    if input.number(2) == 0 {
        let cut = i64::from(input.number(4)).min(array.length);
        array.length -= cut;
        array.offset += i64::from(input.number(4)).min(cut);
    }
    for at in 0..schema.n_children as usize {
        if input.number(6) != 0 {
            continue;
        }
        // SAFETY: the table has so many columns.
        let (kind, column) =
            unsafe { (&mut **schema.children.add(at), &mut **array.children.add(at)) };
        match input.number(3) {
            0 => kind.format = FORMATS[usize::from(input.number(10))].as_ptr(),
            1 => column.length = (column.length - 1).max(0),
            _ => kind.name = c"other".as_ptr(),
        }
    }
}
