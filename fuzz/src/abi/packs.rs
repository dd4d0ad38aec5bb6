//! Packs and fences: opened from bytes of any sort, fences built from columns of any sort, both
//! asked anything.

use std::sync::LazyLock;

use spatio::capi::pack::asking::*;
use spatio::capi::pack::fences::*;
use spatio::capi::pack::finding::*;
use spatio::capi::pack::open::*;
use spatio::capi::result::spatio_columns;
use spatio::{Database, Fence, Fences, FreezeOptions, Point, Polygon, Space};

use super::call::{call, run};
use super::columns::{Column, Texts, choice, id, sort_of_numbers};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

/// The bytes of a sound pack and of sound fences, from files as they are only made there.
static SOUND: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let path = std::env::temp_dir().join(format!("spatio-fuzz-abi-{}", std::process::id()));
    let taken = || std::fs::read(&path).expect("the file was just written");
    let db = Database::memory();
    for n in 0..20_u8 {
        let (id, at) = ((b'a' + n) as char, Point::new_3d(n.into(), 2.0, f64::from(n % 3)));
        db.upsert("sample", &id.to_string(), at, Some(&[n, n])).expect("a sound object");
    }
    db.freeze("sample", &path).expect("the folder for temporary files is writable");
    let pack = taken();
    let ring = vec![(0.0, 0.0), (9.0, 1.0), (5.0, 8.0)];
    let polygon = Polygon::new(ring, vec![]).expect("a sound polygon");
    let fences = ["a", "b", "c"].map(|id| Fence { id, polygon: &polygon, payload: Some(b"p") });
    Fences::write(&path, Space::Geographic, &fences, FreezeOptions::new()).expect("as before");
    let fences = taken();
    std::fs::remove_file(&path).expect("it was there");
    [pack, fences]
});

/// A file with some of its bytes changed, or its end cut off.
fn bent(input: &mut Input<'_>, sound: &[u8]) -> Column<u8> {
    let mut copy = sound.to_vec();
    for _ in 0..input.number(4) {
        let at = usize::from(u16::from_le_bytes(input.bytes())) % copy.len();
        copy[at] ^= 1 << input.number(8);
    }
    copy.truncate(copy.len() - usize::from(input.number(3)));
    Column::holding(copy)
}

impl World {
    pub(super) fn pack(&mut self, input: &mut Input<'_>) {
        match input.number(8) {
            0 => self.open_pack(input),
            1 => self.open_fences(input),
            2 => self.build_fences(input),
            3 | 4 => self.ask_pack(input),
            5 => self.look_at_pack(input),
            _ => self.ask_fences(input),
        }
    }

    pub(super) fn open_pack(&mut self, input: &mut Input<'_>) {
        let sound = &SOUND[usize::from(input.number(16) == 1)];
        let copy = bent(input, sound);
        let (bytes, length, mut made) = (copy.pointer(), copy.values().len(), std::ptr::null_mut());
        call!(input, spatio_pack_open_bytes, bytes, length, &raw mut made);
        if !made.is_null() {
            run!(spatio_pack_free, std::mem::replace(&mut self.pack, made));
        }
    }

    fn keep_fences(&mut self, made: *mut spatio_fences) {
        if !made.is_null() {
            run!(spatio_fences_free, std::mem::replace(&mut self.fences, made));
        }
    }

    pub(super) fn open_fences(&mut self, input: &mut Input<'_>) {
        let sound = &SOUND[usize::from(input.number(16) != 1)];
        let copy = bent(input, sound);
        let (bytes, length, mut made) = (copy.pointer(), copy.values().len(), std::ptr::null_mut());
        call!(input, spatio_fences_open_bytes, bytes, length, &raw mut made);
        self.keep_fences(made);
    }

    fn build_fences(&mut self, input: &mut Input<'_>) {
        let (space, n) = (choice(input, 2), usize::from(input.number(6)));
        let ids = Texts::new(input, n);
        let polygons = Column::holding(vec![self.polygon.cast_const(); n]);
        let payloads = Texts::new(input, n);
        let (offsets, text, shapes) = (ids.offsets.pointer(), ids.text(), polygons.pointer());
        let (ends, bytes) = (payloads.offsets.pointer(), payloads.bytes.pointer());
        let mut made = std::ptr::null_mut();
        let out = &raw mut made;
        call!(input, spatio_fences_build, space, n, offsets, text, shapes, ends, bytes, out);
        self.keep_fences(made);
    }

    fn ask_pack(&mut self, input: &mut Input<'_>) {
        let (pack, prefix) = (self.pack, id(input));
        let mut query = self.query(input, &prefix);
        if input.number(4) != 0 {
            query.origin = input.number(24).into();
        }
        let mut query = Lent::holding(input, query);
        if input.number(3) == 0 {
            let (mut rows, mut x) = (0, Column::optional(input, 9, |_| 0.0));
            let mut handles = Column::optional(input, 9, |_| 0);
            let (query, handles, x, none) =
                (query.pointer(), handles.room(), x.room(), std::ptr::null_mut());
            let (times, told) = (std::ptr::null_mut(), &raw mut rows);
            let into = spatio_pack_query_into;
            call!(input, into, pack, query, 9, handles, x, none, none, times, none, told);
            return;
        }
        let mut columns = Lent::<spatio_columns>::odd(input);
        let (cancel, result) = (self.cancelling(input), self.result(input));
        let (query, views) = (query.pointer(), columns.pointer());
        call!(input, spatio_pack_query, pack, query, 1, cancel, result, views);
    }

    fn look_at_pack(&mut self, input: &mut Input<'_>) {
        let (pack, fences, name) = (self.pack, self.fences, id(input));
        let (text, length) = (name.as_ptr().cast(), name.len());
        let handle = choice(input, 24).into();
        let (mut bytes, mut id, mut count) = (std::ptr::null(), std::ptr::null(), 0);
        let (bytes, id, count) = (&raw mut bytes, &raw mut id, &raw mut count);
        let mut fence = Lent::<spatio_fence>::odd(input);
        let fence = fence.pointer();
        match input.number(9) {
            0 => call!(input, spatio_pack_get_info, pack, Lent::odd(input).pointer()),
            1 => call!(input, spatio_pack_verify, pack),
            2 => call!(input, spatio_pack_get, pack, text, length, Lent::odd(input).pointer()),
            3 => call!(input, spatio_pack_id, pack, handle, id, count),
            4 => call!(input, spatio_pack_payload, pack, handle, bytes, count),
            5 => call!(input, spatio_fences_get_info, fences, Lent::odd(input).pointer()),
            6 => call!(input, spatio_fences_verify, fences),
            7 => call!(input, spatio_fences_get, fences, text, length, fence),
            _ => call!(input, spatio_fences_get_by_handle, fences, handle, fence),
        };
    }

    fn ask_fences(&mut self, input: &mut Input<'_>) {
        let (fences, n) = (self.fences, usize::from(input.number(5)));
        let sort = sort_of_numbers(input);
        let mut corners = [(); 4].map(|()| Column::new(input, n, sort));
        let [x, y, to_x, to_y] = corners.each_mut().map(|column| column.pointer());
        let flags = if input.number(16) == 0 { 1 } else { u32::from(input.number(4)) << 2 };
        let mut columns = Lent::<spatio_columns>::odd(input);
        let (result, views) = (self.result(input), columns.pointer());
        let status = match input.number(2) {
            0 => call!(input, spatio_fences_containing, fences, n, x, y, flags, result, views),
            _ => {
                let meet = spatio_fences_intersecting;
                call!(input, meet, fences, n, x, y, to_x, to_y, flags, result, views)
            }
        };
        if let Some(columns) = columns.value().filter(|_| status == 0) {
            assert_eq!(columns.queries, n as u64);
            assert!(columns.rows == 0 || !columns.handles.is_null());
        }
    }
}
