//! Writing and reading objects, alone and in batches; ids and handles.

use spatio::capi::ids::*;
use spatio::capi::namespace::spatio_namespace;
use spatio::capi::reading::*;
use spatio::capi::writing::*;

use super::call::call;
use super::columns::{Column, Texts, id, number, sort_of_numbers, time};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

impl World {
    pub(super) fn write(&mut self, input: &mut Input<'_>) {
        let ns = self.ns(input);
        let n = usize::from(input.number(20));
        match input.number(9) {
            0..3 => self.upsert(input),
            3 => {
                let (handle, mut outcome) = (self.handle(input), 0);
                let (x, y, z) = (number(input), number(input), number(input));
                let time_us = time(input);
                call!(input, spatio_move, ns, handle, x, y, z, time_us, &mut outcome);
            }
            4 => {
                let handles = self.handle_column(input, n);
                let sort = sort_of_numbers(input);
                let [x, y] = [(); 2].map(|()| Column::new(input, n, sort));
                let z = Column::optional(input, n, sort);
                let times = Column::optional(input, n, time);
                let (mut applied, mut late) = (0, 0);
                let (handles, x, y, z) = (handles.pointer(), x.pointer(), y.pointer(), z.pointer());
                let (times, told) = (times.pointer(), (&raw mut applied, &raw mut late));
                call!(input, spatio_move_batch, ns, n, handles, x, y, z, times, told.0, told.1);
            }
            5 => self.upsert_batch(input, n),
            6 => {
                let (id, mut inserted) = (id(input), 0);
                let times = Column::new(input, n, time);
                let sort = sort_of_numbers(input);
                let [x, y] = [(); 2].map(|()| Column::new(input, n, sort));
                let z = Column::optional(input, n, sort);
                let (text, length) = (id.as_ptr().cast(), id.len());
                let (t, x, y, z) = (times.pointer(), x.pointer(), y.pointer(), z.pointer());
                let out = &raw mut inserted;
                call!(input, spatio_insert_trajectory, ns, text, length, n, t, x, y, z, out);
            }
            7 => {
                let (id, mut deleted) = (id(input), 0);
                call!(input, spatio_delete, ns, id.as_ptr().cast(), id.len(), &mut deleted);
            }
            _ => {
                let (handles, mut deleted) = (self.handle_column(input, n), 0);
                call!(input, spatio_delete_batch, ns, n, handles.pointer(), &mut deleted);
            }
        }
    }

    /// Objects to begin with, so that most questions have an answer.
    pub(super) fn populate(&mut self, input: &mut Input<'_>, ns: *mut spatio_namespace) {
        for at in 0..12u8 {
            let (x, y, z) = (f64::from(at) * 3.0, f64::from(at % 5) * 2.0, f64::from(at % 2));
            let (id, mut handle) = ([b'a' + at], 0);
            let (text, time_us) = (id.as_ptr().cast(), 1_000_000 + i64::from(at));
            let (payload, told) = (id.as_ptr(), &raw mut handle);
            let outcome = std::ptr::null_mut();
            let status = call!(
                input,
                spatio_upsert,
                ns,
                text,
                1,
                x,
                y,
                z,
                time_us,
                payload,
                1,
                0,
                told,
                outcome,
            );
            if status == 0 {
                self.learn(&[handle]);
            }
        }
    }

    fn upsert(&mut self, input: &mut Input<'_>) {
        let (ns, id) = (self.ns(input), id(input));
        let (x, y, z, time_us) = (number(input), number(input), number(input), time(input));
        let bytes = usize::from(input.number(4)) * 50;
        let payload = Column::optional(input, bytes, |_| b'p');
        let ttl_us = [0, 0, 0, 500, -1, i64::MAX][usize::from(input.number(6))];
        let (mut handle, mut outcome) = (0, 0);
        let text = id.as_ptr().cast();
        let (given, told) = (&raw mut handle, &raw mut outcome);
        let bytes = payload.pointer();
        let length = payload.values().len();
        let status = call!(
            input,
            spatio_upsert,
            ns,
            text,
            id.len(),
            x,
            y,
            z,
            time_us,
            bytes,
            length,
            ttl_us,
            given,
            told,
        );
        if status == 0 {
            assert!((1..=3).contains(&outcome));
            self.learn(&[handle]);
        }
    }

    fn upsert_batch(&mut self, input: &mut Input<'_>, n: usize) {
        let (ns, ids) = (self.ns(input), Texts::new(input, n));
        let sort = sort_of_numbers(input);
        let [x, y] = [(); 2].map(|()| Column::new(input, n, sort));
        let z = Column::optional(input, n, sort);
        let times = Column::optional(input, n, time);
        let payloads = (input.number(2) == 0).then(|| Texts::new(input, n));
        let ttls = Column::optional(input, n, |input| input.whole().max(-1) * 100);
        let mut handles = Column::optional(input, n, |_| 0u64);
        let (mut applied, mut late) = (0, 0);
        let (offsets, bytes) =
            payloads.as_ref().map_or((std::ptr::null(), std::ptr::null()), |p| {
                (p.offsets.pointer(), p.bytes.pointer())
            });
        let (id_offsets, text, room) = (ids.offsets.pointer(), ids.text(), handles.room());
        let (x, y, z, t) = (x.pointer(), y.pointer(), z.pointer(), times.pointer());
        let (ttls, told) = (ttls.pointer(), (&raw mut applied, &raw mut late));
        let status = call!(
            input,
            spatio_upsert_batch,
            ns,
            n,
            id_offsets,
            text,
            x,
            y,
            z,
            t,
            offsets,
            bytes,
            ttls,
            room,
            told.0,
            told.1,
        );
        if status == 0 {
            assert_eq!(applied + late, n as u64);
            if !room.is_null() {
                self.learn(handles.values());
            }
        }
    }

    pub(super) fn read(&mut self, input: &mut Input<'_>) {
        let ns = self.ns(input);
        let n = usize::from(input.number(20));
        let (id, handle) = (id(input), self.handle(input));
        let (text, length) = (id.as_ptr().cast(), id.len());
        let mut given = 0;
        match input.number(9) {
            0 => {
                if call!(input, spatio_intern, ns, text, length, &mut given) == 0 {
                    self.learn(&[given]);
                }
            }
            1 => {
                let (ids, mut handles) = (Texts::new(input, n), Column::new(input, n, |_| 0));
                let (offsets, text, room) = (ids.offsets.pointer(), ids.text(), handles.room());
                if call!(input, spatio_intern_batch, ns, n, offsets, text, room) == 0 {
                    self.learn(handles.values());
                }
            }
            2 => {
                call!(input, spatio_find_handle, ns, text, length, &mut given);
            }
            3 => {
                let (mut name, mut bytes) = (std::ptr::null(), 0);
                if call!(input, spatio_id, ns, handle, &mut name, &mut bytes) == 0 {
                    assert!(!name.is_null() && (1..=255).contains(&bytes));
                }
            }
            4 => {
                let (handles, mut columns) = (self.handle_column(input, n), Lent::odd(input));
                let (result, columns) = (self.result(input), columns.pointer());
                call!(input, spatio_ids, ns, n, handles.pointer(), result, columns);
            }
            5 => {
                call!(input, spatio_get, ns, text, length, Lent::odd(input).pointer());
            }
            6 => {
                call!(input, spatio_get_by_handle, ns, handle, Lent::odd(input).pointer());
            }
            7 => {
                let capacity = usize::from(input.number(3)) * 60;
                let (mut payload, mut bytes) = (Column::new(input, capacity, |_| 0), 0);
                let room = payload.room();
                let capacity = if room.is_null() { 0 } else { capacity };
                call!(input, spatio_get_payload, ns, handle, room, capacity, &mut bytes);
            }
            _ => {
                let handles = self.handle_column(input, n);
                let mut xyz = [(); 3].map(|()| Column::optional(input, n, |_| 0.0));
                let [x, y, z] = xyz.each_mut().map(Column::room);
                let mut times = Column::optional(input, n, |_| 0);
                let mut found = Column::optional(input, n, |_| 0);
                let (handles, t, found) = (handles.pointer(), times.room(), found.room());
                call!(input, spatio_get_batch, ns, n, handles, x, y, z, t, found);
            }
        }
    }
}
