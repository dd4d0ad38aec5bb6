//! Streamed indexes: opened from the bytes of the index that there is, some of them changed, and
//! fed with what they want, with too little, or with something else.

use spatio::capi::index::hits::spatio_hit_columns;
use spatio::capi::index::open::spatio_index_bytes;
use spatio::capi::stream::answers::*;
use spatio::capi::stream::asking::*;
use spatio::capi::stream::fetch::*;
use spatio::capi::stream::handle::spatio_stream;
use spatio::capi::stream::open::*;
use spatio::capi::stream::options::*;
use spatio::capi::stream::shapes::*;

use super::call::{call, run};
use super::columns::{Column, choice, limit, number, sort_of_numbers};
use super::indexes::view;
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

/// Most axes of a box, for columns that are long enough for any stream.
const MOST_AXES: usize = 4;
/// As many rounds as any question of a few items takes, and some more.
const MOST_ROUNDS: usize = 64;

impl World {
    pub(super) fn stream(&mut self, input: &mut Input<'_>) {
        match input.number(8) {
            0 | 1 => self.open_stream(input),
            2 => {
                let mut info = Lent::<spatio_stream_info>::odd(input);
                call!(input, spatio_stream_get_info, self.stream, info.pointer());
            }
            3 => self.look_at_fetch(input),
            _ => {
                self.ask_stream(input);
                self.feed(input);
                self.take_answer(input);
            }
        }
    }

    fn keep_fetch(&mut self, made: *mut spatio_fetch) {
        if !made.is_null() {
            run!(spatio_fetch_free, std::mem::replace(&mut self.fetch, made));
        }
    }

    fn open_stream(&mut self, input: &mut Input<'_>) {
        let (mut bytes, mut length) = (std::ptr::null(), 0);
        let told = (&raw mut bytes, &raw mut length);
        if call!(input, spatio_index_bytes, self.index, told.0, told.1) != 0 {
            return;
        }
        self.file = view(bytes, length);
        for _ in 0..input.number(3) {
            let at = (input.whole().unsigned_abs() as usize) % self.file.len().max(1);
            if let Some(byte) = self.file.get_mut(at) {
                *byte ^= 1 << input.number(8);
            }
        }
        let mut value = Lent::<spatio_stream_options>::odd(input).value();
        if let Some(value) = &mut value {
            run!(spatio_stream_options_init, value, size_of::<spatio_stream_options>());
            value.kept_bytes = [0, 0, 300, 1 << 20][usize::from(input.number(4))];
            value.round_bytes = [1, 500, 1 << 20][usize::from(input.number(3))];
            value.without_fast = choice(input, 2);
            value.max_items = [u64::MAX, 3][usize::from(input.number(8) == 0)];
        }
        let mut options = value.map(|value| Lent::holding(input, value));
        let options = options.as_mut().map_or(std::ptr::null_mut(), Lent::pointer);
        let (mut fetch, mut stream) = (std::ptr::null_mut(), std::ptr::null_mut());
        let size = self.file.len() as u64;
        call!(input, spatio_stream_begin, size, options, &raw mut fetch);
        self.keep_fetch(fetch);
        self.feed(input);
        call!(input, spatio_stream_open, self.fetch, &raw mut stream);
        self.keep_stream(stream);
    }

    fn keep_stream(&mut self, made: *mut spatio_stream) {
        if !made.is_null() {
            run!(spatio_stream_free, std::mem::replace(&mut self.stream, made));
        }
    }

    /// Begins a question, and forgets the former one.
    fn ask_stream(&mut self, input: &mut Input<'_>) {
        let (stream, k, far, wide) = (self.stream, limit(input), number(input), number(input));
        let sort = sort_of_numbers(input);
        let low = Column::new(input, MOST_AXES, sort);
        let high: Column<f64> = Column::optional(input, MOST_AXES, sort);
        let n = usize::from(input.number(6));
        let ranks = Column::new(input, n, |input| choice(input, 40));
        let (low, high, ranks) = (low.pointer(), high.pointer(), ranks.pointer());
        let mut made = std::ptr::null_mut();
        let out = &raw mut made;
        match input.number(13) {
            0 => call!(input, spatio_stream_search, stream, low, high, out),
            1 => call!(input, spatio_stream_count, stream, low, high, out),
            2 => call!(input, spatio_stream_aggregate, stream, low, high, out),
            3 => call!(input, spatio_stream_nearest, stream, low, k, far, out),
            4 => call!(input, spatio_stream_raycast_closest, stream, low, high, far, out),
            5 => call!(input, spatio_stream_payloads, stream, n, ranks, out),
            6 => call!(input, spatio_stream_search_region, stream, self.region, out),
            7 => call!(input, spatio_stream_count_region, stream, self.region, out),
            8 => call!(input, spatio_stream_search_within, stream, low, high, far, out),
            9 => call!(input, spatio_stream_count_within, stream, low, high, far, out),
            10 => call!(input, spatio_stream_nearest_great_circle, stream, far, wide, k, far, out),
            11 => call!(input, spatio_stream_search_great_circle, stream, far, wide, far, out),
            _ => call!(input, spatio_stream_prefixes, stream, n, ranks, out),
        };
        self.keep_fetch(made);
    }

    /// Feeds what is wanted from the file, until it is done or something goes wrong.
    fn feed(&mut self, input: &mut Input<'_>) {
        for _ in 0..MOST_ROUNDS {
            let (mut n, mut offsets, mut lengths) = (0, std::ptr::null(), std::ptr::null());
            let told = (&raw mut n, &raw mut offsets, &raw mut lengths);
            let status = call!(input, spatio_fetch_wanted, self.fetch, told.0, told.1, told.2);
            if status != 0 || n == 0 {
                return;
            }
            let wanted = view(offsets, n).into_iter().zip(view(lengths, n));
            let cut = usize::from(input.number(64) == 0);
            let part = |(offset, length): (u64, u64)| {
                let rest = self.file.get(offset as usize..).unwrap_or_default();
                rest[..rest.len().min(length as usize).saturating_sub(cut)].to_vec()
            };
            let parts: Vec<Vec<u8>> = wanted.map(part).collect();
            let bytes = Column::holding(parts.iter().map(Vec::as_ptr).collect());
            let sizes = Column::holding(parts.iter().map(Vec::len).collect());
            let (bytes, sizes) = (bytes.pointer(), sizes.pointer());
            if call!(input, spatio_fetch_feed, self.fetch, n, bytes, sizes) != 0 {
                return;
            }
        }
    }

    fn take_answer(&mut self, input: &mut Input<'_>) {
        let fetch = self.fetch;
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        let mut whole = [(); 2].map(|()| Column::optional(input, 1, |_| 0u64));
        let mut parts = [(); 3].map(|()| Column::optional(input, 1, |_| 0.0f64));
        let [count, mask] = whole.each_mut().map(Column::room);
        let [sum, least, greatest] = parts.each_mut().map(Column::room);
        match input.number(4) {
            0 => call!(input, spatio_fetch_count, fetch, count),
            1 => call!(input, spatio_fetch_aggregate, fetch, count, sum, least, greatest, mask),
            _ => call!(input, spatio_fetch_hits, fetch, hits, views),
        };
    }

    fn look_at_fetch(&mut self, input: &mut Input<'_>) {
        let mut told = [(); 3].map(|()| Column::optional(input, 1, |_| 0u64));
        let [rounds, reads, bytes] = told.each_mut().map(Column::room);
        call!(input, spatio_fetch_spent, self.fetch, rounds, reads, bytes);
        self.take_answer(input);
    }
}
