//! Questions about the past, and distances.

use spatio::capi::distances::*;
use spatio::capi::past::*;

use super::call::call;
use super::columns::{Column, choice, limit, number, time};
use super::lent::Lent;
use super::world::World;
use crate::input::Input;

impl World {
    pub(super) fn look_back(&mut self, input: &mut Input<'_>) {
        let ns = self.ns(input);
        let n = usize::from(input.number(12));
        let handles = self.handle_column(input, n);
        let (x, y, z) = (number(input), number(input), number(input));
        let metric = choice(input, 4);
        let mut numbers = [(); 3].map(|()| Column::new(input, n, |_| 0.0));
        let [out, out_y, out_z] = numbers.each_mut().map(Column::room);
        match input.number(5) {
            0 | 1 => {
                let (start, end) = (time(input), time(input));
                let (order, limit) = (choice(input, 2), limit(input));
                let mut columns = Lent::odd(input);
                let (cancel, result) = (self.cancelling(input), self.result(input));
                let (handles, columns) = (handles.pointer(), columns.pointer());
                call!(
                    input,
                    spatio_trajectory,
                    ns,
                    n,
                    handles,
                    start,
                    end,
                    order,
                    limit,
                    cancel,
                    result,
                    columns,
                );
            }
            2 => {
                let (at_us, way) = (time(input), choice(input, 2));
                let mut found = Column::optional(input, n, |_| 0);
                let (handles, found) = (handles.pointer(), found.room());
                call!(
                    input,
                    spatio_positions_at,
                    ns,
                    n,
                    handles,
                    at_us,
                    way,
                    out,
                    out_y,
                    out_z,
                    found,
                );
            }
            3 => {
                let other = self.handle_column(input, n);
                let (a, b) = (handles.pointer(), other.pointer());
                call!(input, spatio_distance_between, ns, n, a, b, metric, out);
                call!(input, spatio_distance_to, ns, n, a, x, y, z, metric, out);
            }
            _ => {
                let (space, mut distance) = (choice(input, 2), 0.0);
                let (x2, y2, z2) = (number(input), number(input), number(input));
                let told = &raw mut distance;
                call!(input, spatio_distance, space, metric, x, y, z, x2, y2, z2, told);
            }
        }
    }
}
