//! Regions: made of numbers of any sort, and asked of the index that there is.

use spatio::capi::index::hits::spatio_hit_columns;
use spatio::capi::index::regions::*;

use super::call::{call, run};
use super::columns::{Column, choice, number, sort_of_numbers};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

impl World {
    pub(super) fn region(&mut self, input: &mut Input<'_>) {
        if input.number(2) == 0 {
            return self.make_region(input);
        }
        let (index, region) = (self.index, self.region);
        let mut views = Lent::<spatio_hit_columns>::odd(input);
        let (hits, views) = (&raw mut self.hits, views.pointer());
        let (mut count, mut any) = (0, 0);
        match input.number(3) {
            0 => call!(input, spatio_index_search_region, index, region, hits, views),
            1 => call!(input, spatio_index_count_region, index, region, &mut count),
            _ => call!(input, spatio_index_any_region, index, region, &mut any),
        };
    }

    fn make_region(&mut self, input: &mut Input<'_>) {
        let (dims, n) = (choice(input, 5), usize::from(input.number(9)));
        let sort = sort_of_numbers(input);
        let mut columns = [(); 2].map(|()| Column::new(input, 4, sort));
        let [from, to] = columns.each_mut().map(|column| column.pointer());
        let (angle, far, polygon) = (number(input) / 100.0, number(input), self.polygon);
        let many = Column::new(input, 24 + 2 * n, sort);
        let (many, from_zero, mut made) = (many.pointer(), choice(input, 2), std::ptr::null_mut());
        let out = &raw mut made;
        match input.number(8) {
            0 => call!(input, spatio_region_ball, dims, from, far, out),
            1 => call!(input, spatio_region_capsule, dims, from, to, far, out),
            2 => call!(input, spatio_region_cone, dims, from, to, angle, far, out),
            3 => call!(input, spatio_region_half_space, dims, from, far, out),
            4 => call!(input, spatio_region_convex, n, many, out),
            5 => call!(input, spatio_region_frustum, many, out),
            6 => call!(input, spatio_region_view_projection, many, from_zero, out),
            _ => call!(input, spatio_region_polygon, polygon, out),
        };
        if !made.is_null() {
            run!(spatio_region_free, std::mem::replace(&mut self.region, made));
        }
    }
}
