//! Packed indexes: built from columns of any sort, opened from bytes of any sort, asked anything.

use spatio::capi::index::build::spatio_index_build;
use spatio::capi::index::contents::*;
use spatio::capi::index::handle::spatio_index;
use spatio::capi::index::hits::{spatio_hit_columns, spatio_hits_columns};
use spatio::capi::index::joins::*;
use spatio::capi::index::nearest::*;
use spatio::capi::index::open::*;
use spatio::capi::index::options::*;
use spatio::capi::index::rays::*;
use spatio::capi::index::triangles::*;
use spatio::capi::index::windows::*;

use super::call::{call, run};
use super::columns::{Column, choice, limit, number, sort_of_numbers};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

/// Most axes of a box, for columns that are long enough for any index.
const MOST_AXES: usize = 4;

impl World {
    pub(super) fn index(&mut self, input: &mut Input<'_>) {
        match input.number(10) {
            0 => self.build_index(input),
            5 => self.build_triangles(input),
            6 => self.sum_up(input),
            1 => self.open_index(input),
            2 => self.look_at_index(input),
            3 => self.cast_rays(input),
            4 => self.pair_items(input),
            _ => self.search_index(input),
        }
    }

    pub(super) fn keep_index(&mut self, made: *mut spatio_index) {
        if !made.is_null() {
            run!(spatio_index_free, std::mem::replace(&mut self.index, made));
        }
    }

    pub(super) fn build_index(&mut self, input: &mut Input<'_>) {
        let (dims, n) = (choice(input, 5), usize::from(input.number(40)));
        let sort = sort_of_numbers(input);
        let min = Column::new(input, MOST_AXES * n, sort);
        let max: Column<f64> = Column::optional(input, MOST_AXES * n, sort);
        let offsets = Column::holding((0..=n as u64).collect());
        let payloads = Column::new(input, n, |input| input.number(255));
        let mut value = Lent::<spatio_index_options>::odd(input).value();
        if let Some(value) = &mut value {
            run!(spatio_index_options_init, value, size_of::<spatio_index_options>());
            value.layout = choice(input, 4);
            value.coordinate_bits = [64, 64, 32, 7][usize::from(input.number(4))];
            value.node_size = choice(input, 20);
            value.prefix_bytes = [0, 0, 1, 300][usize::from(input.number(4))];
        }
        let mut options = value.map(|value| Lent::holding(input, value));
        let options = options.as_mut().map_or(std::ptr::null_mut(), Lent::pointer);
        let mut said = Lent::<spatio_index_metadata>::odd(input);
        let (min, max, said) = (min.pointer(), max.pointer(), said.pointer());
        let (ends, bytes) = (offsets.pointer(), payloads.pointer());
        let values: Column<f64> = Column::optional(input, n, number);
        let masks: Column<u64> = Column::optional(input, n, |input| 1 << input.number(64));
        let (values, masks, mut made) = (values.pointer(), masks.pointer(), std::ptr::null_mut());
        let out = &raw mut made;
        call!(
            input,
            spatio_index_build,
            dims,
            n,
            min,
            max,
            ends,
            bytes,
            values,
            masks,
            said,
            options,
            out,
        );
        self.keep_index(made);
    }

    /// Opens the bytes of the index that there is, with some of them changed.
    fn open_index(&mut self, input: &mut Input<'_>) {
        let (mut bytes, mut length) = (std::ptr::null(), 0);
        let told = (&raw mut bytes, &raw mut length);
        if call!(input, spatio_index_bytes, self.index, told.0, told.1) != 0 {
            return;
        }
        let mut copy = view(bytes, length);
        for _ in 0..input.number(4) {
            let at = (input.whole().unsigned_abs() as usize) % copy.len().max(1);
            if let Some(byte) = copy.get_mut(at) {
                *byte ^= 1 << input.number(8);
            }
        }
        copy.truncate(copy.len() - usize::from(input.number(3)).min(copy.len()));
        let (copy, mut made) = (Column::holding(copy), std::ptr::null_mut());
        let length = copy.values().len();
        call!(input, spatio_index_open_bytes, copy.pointer(), length, &raw mut made);
        self.keep_index(made);
    }

    fn look_at_index(&mut self, input: &mut Input<'_>) {
        let (index, n) = (self.index, usize::from(input.number(6)));
        let ids = Column::new(input, n, |input| choice(input, 40));
        let mut sides = [(); 2].map(|()| Column::optional(input, MOST_AXES * n, |_| 0.0));
        let [min, max] = sides.each_mut().map(Column::room);
        let (mut payload, mut length) = (std::ptr::null(), 0);
        let (at, count) = (&raw mut payload, &raw mut length);
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        match input.number(6) {
            0 => call!(input, spatio_index_get_info, index, Lent::odd(input).pointer()),
            1 => call!(input, spatio_index_get_metadata, index, Lent::odd(input).pointer()),
            2 => call!(input, spatio_index_verify, index),
            3 => call!(input, spatio_index_boxes, index, n, ids.pointer(), min, max),
            4 => call!(input, spatio_index_payload, index, choice(input, 40), at, count),
            _ => call!(input, spatio_index_payloads, index, n, ids.pointer(), hits, views),
        };
    }

    fn search_index(&mut self, input: &mut Input<'_>) {
        let (index, n, k) = (self.index, usize::from(input.number(5)), limit(input));
        let sort = sort_of_numbers(input);
        let min = Column::new(input, MOST_AXES * n, sort);
        let max: Column<f64> = Column::optional(input, MOST_AXES * n, sort);
        let far: Column<f64> = Column::optional(input, n, number);
        let mut counts = Column::optional(input, n, |_| 0u64);
        let mut any = Column::optional(input, n, |_| 0u8);
        let (min, max, far) = (min.pointer(), max.pointer(), far.pointer());
        let (counts, any, polygon) = (counts.room(), any.room(), self.polygon);
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        match input.number(9) {
            0 => call!(input, spatio_index_search, index, n, min, max, hits, views),
            1 => call!(input, spatio_index_count, index, n, min, max, counts),
            2 => call!(input, spatio_index_any, index, n, min, max, any),
            3 => call!(input, spatio_index_search_within, index, n, min, max, far, hits, views),
            4 => call!(input, spatio_index_search_polygon, index, polygon, hits, views),
            5 => call!(input, spatio_index_nearest, index, n, min, max, k, far, hits, views),
            6 => {
                let globe = spatio_index_nearest_great_circle;
                call!(input, globe, index, n, min, min, k, far, hits, views)
            }
            7 => {
                let globe = spatio_index_search_great_circle;
                call!(input, globe, index, n, min, min, far, hits, views)
            }
            _ => run!(spatio_hits_columns, self.hits, views),
        };
    }

    fn cast_rays(&mut self, input: &mut Input<'_>) {
        let (index, n) = (self.index, usize::from(input.number(5)));
        let sort = sort_of_numbers(input);
        let from = Column::new(input, MOST_AXES * n, sort);
        let to = Column::new(input, MOST_AXES * n, sort);
        let far: Column<f64> = Column::optional(input, n, number);
        let mut any = Column::optional(input, n, |_| 0u8);
        let mut ids = Column::optional(input, n, |_| 0u32);
        let mut times = Column::optional(input, n, |_| 0.0f64);
        let (from, to, far) = (from.pointer(), to.pointer(), far.pointer());
        let (any, ids, times) = (any.room(), ids.room(), times.room());
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        match input.number(4) {
            0 => call!(input, spatio_index_raycast, index, n, from, to, far, hits, views),
            1 => call!(input, spatio_index_raycast_any, index, n, from, to, far, any),
            2 => call!(input, spatio_index_raycast_closest, index, n, from, to, far, ids, times),
            _ => call!(input, spatio_index_raycast_triangles, index, n, from, to, far, ids, times),
        };
    }

    fn pair_items(&mut self, input: &mut Input<'_>) {
        let (index, far, cancel) = (self.index, number(input), self.cancelling(input));
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        match input.number(5) {
            0 => call!(input, spatio_index_pairs, index, far, cancel, hits, views),
            1 => call!(input, spatio_index_join, index, index, far, cancel, hits, views),
            2 => call!(input, spatio_index_anti_join, index, index, far, cancel, hits, views),
            3 => {
                let other = [index, std::ptr::null_mut()][usize::from(input.number(2))];
                let (mut ids, mut distance) = ([0; 2], 0.0);
                let [id, other_id] = &mut ids;
                let far = &raw mut distance;
                call!(input, spatio_index_closest_pair, index, other, cancel, id, other_id, far)
            }
            _ => {
                let n = usize::from(input.number(50));
                let mut labels = Column::optional(input, n, |_| 0u32);
                call!(input, spatio_index_components, index, far, cancel, n, labels.room())
            }
        };
    }
    fn build_triangles(&mut self, input: &mut Input<'_>) {
        let (dims, n) = (choice(input, 5), usize::from(input.number(30)));
        let sort = sort_of_numbers(input);
        let corners = Column::new(input, 3 * MOST_AXES * n, sort);
        let mut said = Lent::<spatio_index_metadata>::odd(input);
        let (corners, said, mut made) = (corners.pointer(), said.pointer(), std::ptr::null_mut());
        let out = &raw mut made;
        let options = std::ptr::null();
        call!(input, spatio_index_build_triangles, dims, n, corners, said, options, out);
        self.keep_index(made);
    }

    fn sum_up(&mut self, input: &mut Input<'_>) {
        let (index, n, level) = (self.index, usize::from(input.number(5)), choice(input, 4));
        let sort = sort_of_numbers(input);
        let min = Column::new(input, MOST_AXES * n, sort);
        let max: Column<f64> = Column::optional(input, MOST_AXES * n, sort);
        let mut whole = [(); 3].map(|()| Column::optional(input, n, |_| 0u64));
        let mut real = [(); 3].map(|()| Column::optional(input, n, |_| 0.0f64));
        let (min, max) = (min.pointer(), max.pointer());
        let [counts, upper, masks] = whole.each_mut().map(Column::room);
        let [sums, least, greatest] = real.each_mut().map(Column::room);
        match input.number(2) {
            0 => call!(
                input,
                spatio_index_aggregate,
                index,
                n,
                min,
                max,
                counts,
                sums,
                least,
                greatest,
                masks
            ),
            _ => {
                let ask = spatio_index_estimate;
                call!(input, ask, index, n, min, max, level, counts, upper, sums)
            }
        };
    }
}

/// What a call told of, which is not nothing.
#[expect(unsafe_code, reason = "this target plays a C program")]
pub(super) fn view<T: Copy>(told: *const T, length: usize) -> Vec<T> {
    // SAFETY: the handle that they belong to is open.
    unsafe { std::slice::from_raw_parts(told, length) }.to_vec()
}
