//! What the program has open: a database in memory, its namespaces, results, polygons.
//!
//! Owns: opening, closing, and everything about the whole database. Invariant: what is given out is
//! kept here and freed at the end.

use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicI64, Ordering};

use spatio::capi::cancel::{
    spatio_cancel, spatio_cancel_fire, spatio_cancel_free, spatio_cancel_new, spatio_cancel_reset,
};
use spatio::capi::database::*;
use spatio::capi::index::handle::spatio_index;
use spatio::capi::index::hits::{spatio_hits, spatio_hits_free};
use spatio::capi::index::open::spatio_index_free;
use spatio::capi::index::regions::{spatio_region, spatio_region_free};
use spatio::capi::namespace::*;
use spatio::capi::options::{spatio_options, spatio_options_init};
use spatio::capi::pack::fences::{spatio_fences, spatio_fences_free};
use spatio::capi::pack::open::{spatio_pack, spatio_pack_free};
use spatio::capi::polygon::{spatio_polygon, spatio_polygon_free};
use spatio::capi::query::{spatio_query, spatio_query_init};
use spatio::capi::result::{
    spatio_columns, spatio_result, spatio_result_columns, spatio_result_free,
};
use spatio::capi::stream::fetch::{spatio_fetch, spatio_fetch_free};
use spatio::capi::stream::handle::spatio_stream;
use spatio::capi::stream::open::spatio_stream_free;

use super::call::{call, run};
use super::columns::{self, Column, choice, time};
use super::lent::Lent;
use crate::input::Input;

/// What the caller's clock shows.
static NOW_US: AtomicI64 = AtomicI64::new(0);

extern "C" fn now_us(_: *mut c_void) -> i64 {
    NOW_US.load(Ordering::Relaxed)
}

extern "C" fn hear(_: *mut c_void, _: i32, message: *const c_char, _: usize) {
    assert!(!message.is_null());
}

pub(super) struct World {
    db: *mut spatio_db,
    spaces: Vec<*mut spatio_namespace>,
    pub(super) results: [*mut spatio_result; 2],
    pub(super) polygon: *mut spatio_polygon,
    pub(super) cancel: *mut spatio_cancel,
    /// NULL until one is made.
    pub(super) index: *mut spatio_index,
    pub(super) hits: *mut spatio_hits,
    /// NULL until one is opened, and until something is asked.
    pub(super) stream: *mut spatio_stream,
    pub(super) fetch: *mut spatio_fetch,
    /// What is streamed.
    pub(super) file: Vec<u8>,
    /// NULL until one is made.
    pub(super) region: *mut spatio_region,
    /// NULL until bytes were sound enough to be opened.
    pub(super) pack: *mut spatio_pack,
    pub(super) fences: *mut spatio_fences,
    /// Handles that calls gave.
    pub(super) handles: Vec<u64>,
}

impl World {
    pub(super) fn open(input: &mut Input<'_>) -> World {
        NOW_US.store(1_000_000, Ordering::Relaxed);
        let mut db = std::ptr::null_mut();
        let mut options = Lent::<spatio_options>::odd(input);
        if let Some(mut value) = options.value() {
            run!(spatio_options_init, &mut value, size_of::<spatio_options>());
            value.clock = Some(now_us);
            value.log = Some(hear);
            value.sync_policy = choice(input, 3);
            value.recovery = choice(input, 2);
            value.read_only = u8::from(input.number(32) == 0);
            options = Lent::holding(input, value);
        }
        call!(input, spatio_open, std::ptr::null(), options.pointer(), &mut db);
        if db.is_null() {
            call!(input, spatio_open, std::ptr::null(), std::ptr::null(), &mut db);
        }
        let mut world = World {
            db,
            spaces: Vec::new(),
            results: [std::ptr::null_mut(); 2],
            polygon: std::ptr::null_mut(),
            cancel: spatio_cancel_new(),
            index: std::ptr::null_mut(),
            hits: std::ptr::null_mut(),
            stream: std::ptr::null_mut(),
            fetch: std::ptr::null_mut(),
            file: Vec::new(),
            region: std::ptr::null_mut(),
            pack: std::ptr::null_mut(),
            fences: std::ptr::null_mut(),
            handles: vec![0],
        };
        for name in ["a", "b"] {
            world.create(input, name.as_bytes());
        }
        for ns in world.spaces.clone() {
            world.populate(input, ns);
        }
        world.build_index(input);
        world.open_pack(input);
        world.open_fences(input);
        world
    }

    /// Frees everything; twice is fine where the header says so.
    pub(super) fn close(mut self) {
        self.results.iter().for_each(|&result| run!(spatio_result_free, result));
        self.spaces.drain(..).for_each(|ns| run!(spatio_namespace_close, ns));
        run!(spatio_namespace_close, std::ptr::null_mut());
        run!(spatio_polygon_free, self.polygon);
        run!(spatio_cancel_free, self.cancel);
        run!(spatio_index_free, self.index);
        run!(spatio_hits_free, self.hits);
        run!(spatio_stream_free, self.stream);
        run!(spatio_fetch_free, self.fetch);
        run!(spatio_region_free, self.region);
        run!(spatio_pack_free, self.pack);
        run!(spatio_fences_free, self.fences);
        assert_eq!(run!(spatio_close, self.db, std::ptr::null_mut()), 0);
    }

    /// A namespace, or none now and then.
    pub(super) fn ns(&self, input: &mut Input<'_>) -> *mut spatio_namespace {
        let at = usize::from(input.number(32));
        if at == 31 || self.spaces.is_empty() {
            return std::ptr::null_mut();
        }
        self.spaces[at % self.spaces.len()]
    }

    pub(super) fn handle(&self, input: &mut Input<'_>) -> u64 {
        match input.number(16) {
            0 => u64::from_le_bytes(input.bytes()),
            at => {
                self.handles
                    [(usize::from(at) * 16 + usize::from(input.number(16))) % self.handles.len()]
            }
        }
    }

    /// Columns of handles, some of them wrong.
    pub(super) fn handle_column(&self, input: &mut Input<'_>, n: usize) -> Column<u64> {
        Column::holding((0..n).map(|_| self.handle(input)).collect())
    }

    pub(super) fn learn(&mut self, handles: &[u64]) {
        self.handles.extend_from_slice(handles);
        let surplus = self.handles.len().saturating_sub(200);
        self.handles.drain(..surplus);
    }

    pub(super) fn result(&mut self, input: &mut Input<'_>) -> *mut *mut spatio_result {
        &mut self.results[usize::from(input.number(2))]
    }

    /// A cancel, fired now and then, or none.
    pub(super) fn cancelling(&self, input: &mut Input<'_>) -> *mut spatio_cancel {
        match input.number(8) {
            0 => run!(spatio_cancel_fire, self.cancel),
            1..4 => run!(spatio_cancel_reset, self.cancel),
            _ => return std::ptr::null_mut(),
        }
        self.cancel
    }

    fn create(&mut self, input: &mut Input<'_>, name: &[u8]) {
        let mut value = Lent::<spatio_namespace_options>::odd(input).value();
        if let Some(value) = &mut value {
            run!(spatio_namespace_options_init, value, size_of::<spatio_namespace_options>());
            value.space = choice(input, 2);
            value.history = choice(input, 3);
            value.ttl_us = [0, 0, 1_000, -1][usize::from(input.number(4))];
        }
        let mut options = value.map(|value| Lent::holding(input, value));
        let options = options.as_mut().map_or(std::ptr::null_mut(), Lent::pointer);
        let mut ns = std::ptr::null_mut();
        let text = name.as_ptr().cast();
        call!(input, spatio_namespace_create, self.db, text, name.len(), options, &mut ns);
        self.spaces.extend((!ns.is_null()).then_some(ns));
    }

    /// Namespaces: made, opened, asked, closed.
    pub(super) fn name(&mut self, input: &mut Input<'_>) {
        let name = columns::id(input);
        match input.number(5) {
            0 if self.spaces.len() < 12 => self.create(input, &name),
            1 if self.spaces.len() < 12 => {
                let mut ns = std::ptr::null_mut();
                let text = name.as_ptr().cast();
                call!(input, spatio_namespace_open, self.db, text, name.len(), &mut ns);
                self.spaces.extend((!ns.is_null()).then_some(ns));
            }
            2 => {
                let mut settings = Lent::odd(input);
                call!(input, spatio_namespace_settings, self.ns(input), settings.pointer());
            }
            3 if self.spaces.len() > 1 => {
                let at = usize::from(input.number(12)) % self.spaces.len();
                run!(spatio_namespace_close, self.spaces.swap_remove(at));
            }
            _ => {
                let mut objects = 0;
                call!(input, spatio_count, self.ns(input), &mut objects);
            }
        }
    }

    /// The database as a whole; now and then it is closed and another one opened.
    pub(super) fn manage(&mut self, input: &mut Input<'_>) {
        let db = if input.number(32) == 0 { std::ptr::null_mut() } else { self.db };
        match input.number(10) {
            0 => call!(input, spatio_flush, db),
            1 => call!(input, spatio_sync, db),
            2 => call!(input, spatio_checkpoint, db),
            3 => call!(input, spatio_sweep, db, Column::optional(input, 1, |_| 0).room()),
            4 => call!(input, spatio_get_stats, db, Lent::odd(input).pointer()),
            5 => call!(input, spatio_get_recovery, db, Lent::odd(input).pointer()),
            6 => {
                let capacity = usize::from(input.number(100));
                let mut text = Column::new(input, capacity, |_| 0);
                let room = text.room();
                let capacity = if room.is_null() { 0 } else { capacity };
                let mut length = 0;
                call!(input, spatio_recovery_text, db, room, capacity, &mut length)
            }
            7 => {
                let mut columns = Lent::odd(input);
                let result = self.result(input);
                call!(input, spatio_namespaces, db, result, columns.pointer())
            }
            8 => {
                NOW_US.fetch_add(time(input).rem_euclid(2_000_000), Ordering::Relaxed);
                0
            }
            _ if input.number(8) == 0 => {
                // The namespaces that are open answer CLOSED from now on.
                call!(input, spatio_close, self.db);
                self.db = std::ptr::null_mut();
                call!(input, spatio_open, std::ptr::null(), std::ptr::null(), &mut self.db)
            }
            _ => 0,
        };
    }

    /// What gives structs their defaults, and views of results.
    pub(super) fn sizes(&mut self, input: &mut Input<'_>) {
        let size = usize::from(input.number(255));
        let mut memory = vec![0xa5u64; size.div_ceil(8).max(1)].into_boxed_slice();
        let target = memory.as_mut_ptr();
        match input.number(4) {
            0 => run!(spatio_options_init, target.cast::<spatio_options>(), size),
            1 => run!(spatio_namespace_options_init, target.cast(), size),
            2 => run!(spatio_query_init, target.cast::<spatio_query>(), size, choice(input, 12)),
            _ => {
                let mut columns = Lent::<spatio_columns>::odd(input);
                let result = *self.results.first().expect("there are two");
                let status = run!(spatio_result_columns, result, columns.pointer());
                assert_ne!(super::call::name_of(status), "UNKNOWN");
            }
        }
    }
}
