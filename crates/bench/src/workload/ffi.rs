//! What it costs to come through the C interface: a call, a batch, a result, beside the same work
//! in native Rust, and the everyday calls beside upstream's C interface.
//!
//! Owns the sizes and targets of that. Both of our sides hold the same objects in databases of
//! their own and run in turns. Invariant: what is timed goes through pointers into `libspatio.so`;
//! only allocations are counted in this program's own copy of the interface, because another
//! library's allocator cannot be seen from here.
#![expect(unsafe_code, reason = "what is measured here are calls into C")]

use crate::c::ours::{Space, columns, object, ok};
use crate::c::upstream;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Figure, Side, interleave};
use crate::report::{By, Row, Target};
use crate::workload::data::Random;
use crate::{Outcome, alloc};
use ours::capi::query::{SPATIO_QUERY_BOX, SPATIO_QUERY_NEAREST, spatio_query};
use ours::{Database, Moves, Namespace, Point, Query, Rect, Rows, Upsert};
use std::collections::HashMap;
use std::ffi::CString;
use std::hint::black_box;
use std::ptr::{null, null_mut};

/// What a call may cost beyond the engine's own work.
const ADDED_NS: Target = Target::AtMost(5.0);
const BATCH: usize = 1_000;
/// Few enough to lie in the cache, so that the crossing shows.
const NEAR: usize = 1_000;
const MANY: usize = 10_000;
const HITS: f64 = 30.0;
const K: u32 = 10;
/// The world: a square of so many degrees at this corner.
const CORNER: (f64, f64) = (9.0, 49.0);
const SIDE: f64 = 2.0;

/// All workloads of the C interface.
pub fn run(context: &Context) -> Outcome<()> {
    type Part = fn(&Context) -> Outcome<()>;
    let parts: [(Part, &[&str]); 5] = [
        (calls, &["spatio_abi_version", "spatio_count", "spatio_get_by_handle", "spatio_move"]),
        (batches, &["spatio_move_batch, 1,000 rows"]),
        (results, &["spatio_query_run, 1,000 rows"]),
        (into_columns, &["spatio_query_into, 16 rows"]),
        (beside_upstream, &["radius, 30 hits", "k = 10", "upsert by id"]),
    ];
    for (part, names) in parts {
        // A part is run as a whole: its sides share the objects.
        if names.iter().any(|name| context.wants(&format!("ffi: {name}"))) {
            part(context)?;
        }
    }
    Ok(())
}

/// The same objects behind C and in native Rust.
struct Pair {
    c: Space,
    native: Namespace,
    c_handles: Vec<u64>,
    handles: Vec<u64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Pair {
    fn new(count: usize) -> Outcome<Pair> {
        let (c, db) = (Space::open()?, Database::memory());
        let native = db.create_namespace("bench", &ours::NamespaceOptions::geographic())?;
        let (x, y) = places(count, 1);
        let (mut c_handles, mut handles) = (Vec::new(), Vec::new());
        for (row, id) in names(count).iter().enumerate() {
            let at = Point::new(x[row], y[row]);
            c_handles.push(c.upsert(id, at.x, at.y, 0)?);
            handles.push(native.upsert_with(id, at, &Upsert::new().time_us(0))?.handle);
        }
        Ok(Pair { c, native, c_handles, handles, x, y })
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("object {number:09}")).collect()
}

fn places(count: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut random = Random::new(seed);
    let mut place = || (CORNER.0 + random.unit() * SIDE, CORNER.1 + random.unit() * SIDE);
    (0..count).map(|_| place()).unzip()
}

/// A side that does `work` again and again.
fn side<'a>(mut work: impl FnMut(usize) -> Outcome<()> + 'a) -> Side<'a> {
    Box::new(move |n| -> Outcome<Spent> {
        let watch = Stopwatch::start(Whose::Thread);
        for at in 0..n {
            work(at)?;
        }
        Ok(watch.stop())
    })
}

/// What the first of two sides costs more than the second, in nanoseconds.
fn added(workload: &str, peer: &str, of: &[Figure]) -> Row {
    let (ours, theirs) = (of[0].cpu_ns, of[1].cpu_ns);
    let mut row =
        Row::cost(workload, ("added to a call", "ns"), ours, peer, theirs, Some(ADDED_NS));
    row.ours = ours - theirs;
    row
}

/// Single calls.
fn calls(context: &Context) -> Outcome<()> {
    let pair = Pair::new(NEAR)?;
    let (f, ns, native) = (&pair.c.functions, pair.c.ns, &pair.native);
    let at = |n: usize| n % NEAR;
    let nothing = side(|_| {
        // SAFETY: it takes nothing; below, the namespace is open and what is lent lives as long as
        // the call.
        black_box(unsafe { (f.abi_version)() });
        Ok(())
    });
    let empty = side(|n| {
        black_box(n);
        Ok(())
    });
    let figures = interleave(context.plan(), vec![nothing, empty])?;
    context.put(added("ffi: spatio_abi_version", "an empty loop", &figures));

    let count = side(|_| {
        let mut objects = 0;
        // SAFETY: see above.
        ok(unsafe { (f.count)(ns, &mut objects, null_mut()) })
    });
    let native_count = side(|_| {
        black_box(native.count()?);
        Ok(())
    });
    let figures = interleave(context.plan(), vec![count, native_count])?;
    context.put(added("ffi: spatio_count", "native Rust", &figures));

    let mut found = object();
    let get = side(|n| {
        // SAFETY: see above.
        ok(unsafe { (f.get_by_handle)(ns, pair.c_handles[at(n)], &mut found, null_mut()) })
    });
    let native_get = side(|n| {
        black_box(native.get_handle(pair.handles[at(n)])?);
        Ok(())
    });
    let figures = interleave(context.plan(), vec![get, native_get])?;
    context.put(added("ffi: spatio_get_by_handle", "native Rust", &figures));

    let (x, y) = (&pair.x, &pair.y);
    let step = |n: usize| if (n / NEAR).is_multiple_of(2) { 1e-6 } else { -1e-6 };
    let (mut c_time, mut time) = (0, 0);
    let moved = side(|n| {
        c_time += 1;
        let (handle, x, y) = (pair.c_handles[at(n)], x[at(n)] + step(n), y[at(n)]);
        // SAFETY: see above.
        ok(unsafe { (f.move_one)(ns, handle, x, y, 0.0, c_time, null_mut(), null_mut()) })
    });
    let native_moved = side(|n| {
        time += 1;
        let (handle, point) = (pair.handles[at(n)], Point::new(x[at(n)] + step(n), y[at(n)]));
        black_box(native.upsert_handle(handle, point, &Upsert::new().time_us(time))?);
        Ok(())
    });
    let figures = interleave(context.plan(), vec![moved, native_moved])?;
    context.put(added("ffi: spatio_move", "native Rust", &figures));
    Ok(())
}

/// Batches of moves; an operation is a batch.
fn batches(context: &Context) -> Outcome<()> {
    let pair = Pair::new(MANY)?;
    let (f, ns, native) = (&pair.c.functions, pair.c.ns, &pair.native);
    let near = |step: f64| pair.x.iter().map(|x| x + step).collect::<Vec<f64>>();
    let steps = [near(1e-6), near(-1e-6)];
    let place = |n: usize| (n * BATCH % MANY, &steps[n * BATCH / MANY % 2]);
    let (mut c_time, mut time) = (vec![0i64; BATCH], vec![0i64; BATCH]);
    let batch = side(|n| {
        let (from, x) = place(n);
        c_time.iter_mut().for_each(|time| *time += 1);
        let (handles, x) = (pair.c_handles[from..].as_ptr(), x[from..].as_ptr());
        let (y, times) = (pair.y[from..].as_ptr(), c_time.as_ptr());
        // SAFETY: each column has so many rows.
        ok(unsafe {
            let none = null_mut();
            (f.move_batch)(ns, BATCH, handles, x, y, null(), times, none, none, null_mut())
        })
    });
    let native_batch = side(|n| {
        let (from, x) = place(n);
        time.iter_mut().for_each(|time| *time += 1);
        let rows = from..from + BATCH;
        native.upsert_columns(&Moves {
            handles: &pair.handles[rows.clone()],
            x: &x[rows.clone()],
            y: &pair.y[rows],
            z: None,
            time_us: Some(&time),
        })?;
        Ok(())
    });
    let figures = interleave(context.plan(), vec![batch, native_batch])?;
    let (ours, theirs) = (figures[0].cpu_ns / BATCH as f64, figures[1].cpu_ns / BATCH as f64);
    let target = Some(Target::Ratio(1.0 / 1.1));
    let what = ("a row", "ns");
    let workload = "ffi: spatio_move_batch, 1,000 rows";
    context.put(Row::cost(workload, what, ours, "native Rust", theirs, target));
    Ok(())
}

/// Results of about 1,000 rows.
fn results(context: &Context) -> Outcome<()> {
    let pair = Pair::new(MANY)?;
    let (f, ns, native) = (&pair.c.functions, pair.c.ns, &pair.native);
    let side_of_box = SIDE * (1_000.0 / MANY as f64).sqrt();
    let (min_x, min_y) = (CORNER.0 + 0.5, CORNER.1 + 0.5);
    let (max_x, max_y) = (min_x + side_of_box, min_y + side_of_box);
    let native_query = Query::rect(Rect::new(min_x, min_y, max_x, max_y));
    let query = spatio_query { min_x, min_y, max_x, max_y, ..pair.c.query(SPATIO_QUERY_BOX) };
    let ask = |result: &mut *mut _, views: *mut _| {
        // SAFETY: the query and the room for the answer are lent for the call.
        ok(unsafe { (f.query_run)(ns, &query, 1, null_mut(), result, views, null_mut()) })
    };
    let (mut result, mut views) = (null_mut(), columns());
    ask(&mut result, &mut views)?;
    let expected = native.query(&native_query)?;
    if views.rows != expected.len() as u64 || !(900..1_100).contains(&expected.len()) {
        return Err(format!("{} rows by C, {} natively", views.rows, expected.len()).into());
    }
    let mut rows = Rows::new();
    let reused = side(|_| ask(&mut result, &mut views));
    let native_reused = side(|_| Ok(native.query_into(&native_query, &mut rows)?));
    let fresh = side(|_| {
        let (mut result, mut views) = (null_mut(), columns());
        ask(&mut result, &mut views)?;
        // SAFETY: it was given out just now and is not used after.
        unsafe { (f.result_free)(result) };
        Ok(())
    });
    let native_fresh = side(|_| {
        black_box(native.query(&native_query)?);
        Ok(())
    });
    let figures = interleave(context.plan(), vec![reused, native_reused, fresh, native_fresh])?;
    let target = Some(Target::Ratio(1.0 / 1.05));
    for (name, of) in [("reused", &figures[..2]), ("new", &figures[2..])] {
        let workload = format!("ffi: spatio_query_run, {} rows, {name} result", expected.len());
        context.put(Row::rate(&workload, By::Cpu, of[0], "native Rust", of[1], target));
    }
    Ok(())
}

/// Room for the rows of `spatio_query_into`.
#[derive(Default)]
struct Room {
    handles: [u64; 16],
    x: [f64; 16],
    y: [f64; 16],
    z: [f64; 16],
    times: [i64; 16],
    distances: [f64; 16],
    rows: usize,
}

/// Sixteen rows into the caller's own columns.
fn into_columns(context: &Context) -> Outcome<()> {
    let pair = Pair::new(MANY)?;
    let (f, ns, native) = (&pair.c.functions, pair.c.ns, &pair.native);
    let query = |n: usize| {
        let (x, y) = (pair.x[n % MANY], pair.y[n % MANY]);
        spatio_query { x, y, ..pair.c.query(SPATIO_QUERY_NEAREST) }
    };
    let mut room = Room::default();
    let into = side(|n| {
        let r = &mut room;
        let (handles, x, y) = (r.handles.as_mut_ptr(), r.x.as_mut_ptr(), r.y.as_mut_ptr());
        let (z, times) = (r.z.as_mut_ptr(), r.times.as_mut_ptr());
        let (distances, rows, none) = (r.distances.as_mut_ptr(), &mut r.rows, null_mut());
        let query = query(n);
        // SAFETY: each column has room for 16 rows.
        ok(unsafe {
            (f.query_into)(ns, &query, 16, handles, x, y, z, times, distances, rows, none)
        })
    });
    let mut rows = Rows::new();
    let native_into = side(|n| {
        let at = Point::new(pair.x[n % MANY], pair.y[n % MANY]);
        Ok(native.query_into(&Query::nearest(16, at), &mut rows)?)
    });
    let figures = interleave(context.plan(), vec![into, native_into])?;
    let workload = "ffi: spatio_query_into, 16 rows";
    let row = Row::rate(workload, By::Cpu, figures[0], "native Rust", figures[1], None);
    context.put(row);
    count_allocations(context, &query)
}

/// The same in this program's own copy of the interface, whose allocator counts.
fn count_allocations(context: &Context, query: &dyn Fn(usize) -> spatio_query) -> Outcome<()> {
    use ours::capi::{database, namespace, queries, writing};
    const CALLS: usize = 1_000;
    let (mut db, mut ns, mut room) = (null_mut(), null_mut(), Room::default());
    let (x, y) = places(MANY, 1);
    // SAFETY: everything handed over lives as long as the calls; both handles are closed below.
    unsafe {
        let none = null_mut();
        ok(database::spatio_open(null(), null(), &mut db, none))?;
        let name = c"bench".as_ptr();
        ok(namespace::spatio_namespace_create(db, name, 5, null(), &mut ns, none))?;
        for (row, id) in names(MANY).iter().enumerate() {
            let (id, length, none) = (id.as_ptr().cast(), id.len(), null_mut());
            let (x, y, told) = (x[row], y[row], null_mut());
            ok(writing::spatio_upsert(
                ns,
                id,
                length,
                x,
                y,
                0.0,
                0,
                null(),
                0,
                0,
                told,
                null_mut(),
                none,
            ))?;
        }
    }
    let mut all_well = true;
    let mut ask = |n: usize| {
        let query = query(n);
        let (r, none) = (&mut room, null_mut());
        let (handles, x, y) = (r.handles.as_mut_ptr(), r.x.as_mut_ptr(), r.y.as_mut_ptr());
        let (z, times) = (r.z.as_mut_ptr(), r.times.as_mut_ptr());
        let (distances, rows) = (r.distances.as_mut_ptr(), &raw mut r.rows);
        // SAFETY: the namespace is open, each column has room for 16 rows.
        let status = unsafe {
            queries::spatio_query_into(
                ns, &query, 16, handles, x, y, z, times, distances, rows, none,
            )
        };
        all_well &= status == 0 && r.rows == 16;
    };
    (0..CALLS).for_each(&mut ask);
    let allocations = alloc::allocations_of(|| (0..CALLS).for_each(&mut ask));
    // SAFETY: they were given out above and are not used after.
    unsafe {
        namespace::spatio_namespace_close(ns);
        ok(database::spatio_close(db, null_mut()))?;
    }
    if !all_well {
        return Err("spatio_query_into did not find 16 rows".into());
    }
    let (each, what) = (allocations as f64 / CALLS as f64, ("allocations", "a call"));
    let (workload, target) = ("ffi: spatio_query_into, 16 rows", Some(Target::AtMost(0.0)));
    context.put(Row::cost(workload, what, each, "none", 0.0, target));
    Ok(())
}

/// Everyday calls beside upstream's C interface.
fn beside_upstream(context: &Context) -> Outcome<()> {
    let count = context.count();
    context.say("ffi: loading both C interfaces");
    let (c, theirs) = (Space::open()?, upstream::Database::open()?);
    let ids = names(count);
    let their_ids: Vec<CString> =
        ids.iter().map(|id| CString::new(id.as_str())).collect::<Result<_, _>>()?;
    let (x, y) = places(count, 2);
    let mut named = HashMap::new();
    for row in 0..count {
        named.insert(c.upsert(&ids[row], x[row], y[row], i64::MIN)?, ids[row].as_str());
        theirs.upsert(&their_ids[row], x[row], y[row])?;
    }
    let asked = places(1_000, 3);
    let place = |n: usize| (asked.0[n % 1_000], asked.1[n % 1_000]);
    let radius = radius_of(count);
    compare(&c, &theirs, &named, (&place, radius))?;

    let (f, ns) = (&c.functions, c.ns);
    let (mut result, mut views) = (null_mut(), columns());
    let near = side(|n| {
        let (x, y) = place(n);
        // SAFETY: the room for the answer is lent for the call.
        ok(unsafe {
            (f.query_radius)(ns, x, y, 0.0, radius, 1_000, &mut result, &mut views, null_mut())
        })
    });
    let their_near = side(|n| {
        black_box(theirs.radius(place(n), radius, upstream::count)?);
        Ok(())
    });
    put(context, "ffi: radius, 30 hits", interleave(context.plan(), vec![near, their_near])?);

    let (mut result, mut views) = (null_mut(), columns());
    let nearest = side(|n| {
        let (x, y) = place(n);
        // SAFETY: as above.
        ok(unsafe { (f.knn)(ns, x, y, 0.0, K, &mut result, &mut views, null_mut()) })
    });
    let their_nearest = side(|n| {
        black_box(theirs.nearest(place(n), K as usize, upstream::count)?);
        Ok(())
    });
    put(context, "ffi: k = 10", interleave(context.plan(), vec![nearest, their_nearest])?);

    let (x, y) = places(count, 4);
    let upsert =
        side(|n| c.upsert(&ids[n % count], x[n % count], y[n % count], i64::MIN).map(drop));
    let their_upsert = side(|n| theirs.upsert(&their_ids[n % count], x[n % count], y[n % count]));
    put(context, "ffi: upsert by id", interleave(context.plan(), vec![upsert, their_upsert])?);
    Ok(())
}

fn put(context: &Context, workload: &str, figures: Vec<Figure>) {
    let (ours, theirs) = (figures[0], figures[1]);
    let target = Some(Target::Ratio(5.0));
    context.put(Row::rate(workload, By::Cpu, ours, "upstream C ABI", theirs, target));
}

/// The radius in metres that has about 30 of so many objects in it.
fn radius_of(count: usize) -> f64 {
    let metres = |degrees: f64| degrees.to_radians() * ours::EARTH_RADIUS_M;
    let middle = (CORNER.1 + SIDE / 2.0).to_radians();
    let area = metres(SIDE) * metres(SIDE) * middle.cos();
    (HITS / count as f64 * area / std::f64::consts::PI).sqrt()
}

/// Fails unless both find the same objects.
fn compare(
    c: &Space,
    theirs: &upstream::Database,
    named: &HashMap<u64, &str>,
    (place, radius): (&dyn Fn(usize) -> (f64, f64), f64),
) -> Outcome<()> {
    let (mut result, mut views) = (null_mut(), columns());
    for n in 0..50 {
        let (x, y) = place(n);
        // SAFETY: the room for the answer is lent for the call, and the views last until the next.
        let mut found: Vec<&str> = unsafe {
            let (out, views, none) = (&mut result, &mut views, null_mut());
            ok((c.functions.query_radius)(c.ns, x, y, 0.0, radius, 1_000, out, views, none))?;
            let handles = (0..views.rows as usize).map(|row| *views.handles.add(row));
            handles.filter_map(|handle| named.get(&handle).copied()).collect()
        };
        found.sort_unstable();
        let expected = theirs.radius((x, y), radius, upstream::ids)?;
        if found != expected {
            let (ours, theirs) = (found.len(), expected.len());
            return Err(format!("around {x}, {y} we find {ours}, upstream {theirs}").into());
        }
    }
    Ok(())
}
