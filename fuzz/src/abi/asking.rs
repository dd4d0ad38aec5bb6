//! Questions about the present: queries of any kind, and polygons of any shape.

use spatio::capi::polygon::*;
use spatio::capi::queries::*;
use spatio::capi::query::{spatio_query, spatio_query_init};
use spatio::capi::result::spatio_columns;

use super::call::{call, run};
use super::columns::{Column, choice, id, limit, number, time};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

impl World {
    /// A query; `prefix` must outlive it.
    pub(super) fn query(&self, input: &mut Input<'_>, prefix: &[u8]) -> spatio_query {
        let size = size_of::<spatio_query>();
        let mut blank = Lent::<spatio_query>::odd(input);
        let mut query = loop {
            if let Some(query) = blank.value() {
                break query;
            }
            blank = Lent::odd(&mut Input(&[9]));
        };
        run!(spatio_query_init, &mut query, size, choice(input, 12));
        query.flags = if input.number(32) == 0 { u32::MAX } else { input.number(16).into() };
        query.limit = limit(input);
        query.origin = self.handle(input);
        (query.x, query.y, query.z) = (number(input), number(input), number(input));
        if input.number(2) == 0 {
            query.radius = number(input) * 1e5;
        }
        (query.min_x, query.min_y, query.min_z) = (number(input), number(input), number(input));
        (query.max_x, query.max_y, query.max_z) = (number(input), number(input), number(input));
        (query.width, query.height, query.depth) = (number(input), number(input), number(input));
        query.polygon = self.polygon;
        if input.number(4) == 0 {
            (query.min_altitude, query.max_altitude) = (number(input), number(input));
            (query.since_us, query.max_age_us) = (time(input), time(input));
            (query.id_prefix, query.id_prefix_length) =
                (prefix.as_ptr().cast(), prefix.len() as u64);
        }
        query
    }

    pub(super) fn ask(&mut self, input: &mut Input<'_>) {
        match input.number(6) {
            0..3 => self.run_queries(input),
            3 => self.query_into(input),
            _ => self.ask_by_name(input),
        }
    }

    fn run_queries(&mut self, input: &mut Input<'_>) {
        let (ns, prefix) = (self.ns(input), id(input));
        let n = usize::from([1, 1, 1, 0, 2, 5][usize::from(input.number(6))] as u8);
        let queries: Vec<spatio_query> = (0..n).map(|_| self.query(input, &prefix)).collect();
        let mut queries = Lent::row(input, &queries);
        let mut columns = Lent::<spatio_columns>::odd(input);
        let (cancel, result) = (self.cancelling(input), self.result(input));
        let (queries, views) = (queries.pointer(), columns.pointer());
        let status = call!(input, spatio_query_run, ns, queries, n, cancel, result, views);
        if let Some(columns) = columns.value().filter(|_| status == 0) {
            assert_eq!(columns.queries, n as u64);
            assert!(columns.rows == 0 || !columns.handles.is_null());
        }
    }

    fn query_into(&mut self, input: &mut Input<'_>) {
        let (ns, prefix) = (self.ns(input), id(input));
        let query = self.query(input, &prefix);
        let mut query = Lent::holding(input, query);
        let capacity = usize::from(input.number(20));
        let mut handles = Column::optional(input, capacity, |_| 0);
        let mut numbers = [(); 4].map(|()| Column::optional(input, capacity, |_| 0.0));
        let [x, y, z, distance] = numbers.each_mut().map(Column::room);
        let mut times = Column::optional(input, capacity, |_| 0);
        let (query, handles, times) = (query.pointer(), handles.room(), times.room());
        let mut rows = 0;
        let told = &raw mut rows;
        let status = call!(
            input,
            spatio_query_into,
            ns,
            query,
            capacity,
            handles,
            x,
            y,
            z,
            times,
            distance,
            told,
        );
        assert!(status != 0 || rows <= capacity);
    }

    fn ask_by_name(&mut self, input: &mut Input<'_>) {
        let (ns, limit) = (self.ns(input), limit(input));
        let (a, b, c, d) = (number(input), number(input), number(input), number(input));
        let mut columns = Lent::odd(input);
        let (origin, polygon) = (self.handle(input), self.polygon);
        let (result, columns) = (self.result(input), columns.pointer());
        match input.number(7) {
            0 => call!(input, spatio_query_radius, ns, a, b, c, d, limit, result, columns),
            1 => call!(input, spatio_query_box, ns, a, b, c, d, limit, result, columns),
            2 => call!(input, spatio_query_polygon, ns, polygon, limit, result, columns),
            3 => call!(input, spatio_query_near, ns, origin, d, limit, result, columns),
            4 => call!(input, spatio_knn, ns, a, b, c, limit, result, columns),
            5 => call!(input, spatio_convex_hull, ns, result, columns),
            _ => call!(input, spatio_get_bounds, ns, Lent::odd(input).pointer()),
        };
    }

    /// Polygons: made, asked, freed. Offsets are wrong now and then, within the points there are.
    pub(super) fn shape(&mut self, input: &mut Input<'_>) {
        if input.number(3) == 0 {
            let n = usize::from(input.number(20));
            let [x, y] = [(); 2].map(|()| Column::new(input, n, number));
            let mut inside = Column::new(input, n, |_| 0);
            let (polygon, x, y) = (self.polygon, x.pointer(), y.pointer());
            call!(input, spatio_polygon_contains, polygon, n, x, y, inside.room());
            return;
        }
        let rings = usize::from(input.number(4));
        let mut ring_offsets = vec![0u64];
        for _ in 0..rings {
            let last = *ring_offsets.last().expect("it has a first");
            ring_offsets.push(last + 3 + u64::from(input.number(4)));
        }
        let polygons = usize::from(input.number(3));
        let mut polygon_offsets: Vec<u64> =
            (0..=polygons).map(|at| (at * rings / polygons.max(1)) as u64).collect();
        if input.number(6) == 0 {
            ring_offsets.iter_mut().for_each(|offset| *offset = input.number(30).into());
            polygon_offsets.iter_mut().for_each(|offset| *offset = input.number(9).into());
        }
        let points = *ring_offsets.last().expect("it has a first") as usize;
        let xy = Column::new(input, 2 * points, |input| match input.number(8) {
            0 => number(input),
            _ => f64::from(input.number(12)),
        });
        let ring_offsets = Column::holding(ring_offsets);
        let polygon_offsets = Column::holding(polygon_offsets);
        let mut made = std::ptr::null_mut();
        let (of_rings, of_polygons) = (ring_offsets.pointer(), polygon_offsets.pointer());
        let (xy, out) = (xy.pointer(), &raw mut made);
        call!(input, spatio_polygon_new, rings, of_rings, xy, polygons, of_polygons, out);
        if !made.is_null() {
            run!(spatio_polygon_free, std::mem::replace(&mut self.polygon, made));
        }
    }
}
