//! Events by comparing the answers of one query, asked again and again: who is in now that was
//! not in before, and the other way round.

use std::collections::HashMap;

use spatio::{Namespace, Point, Query};

use crate::demo::event::Event;
use crate::failure::Outcome;

/// A query and whom it last found.
pub(crate) struct Watch {
    query: Query,
    enter: &'static str,
    leave: &'static str,
    inside: Option<HashMap<u64, (String, Point)>>,
}

impl Watch {
    pub(crate) fn new(query: Query, enter: &'static str, leave: &'static str) -> Self {
        Watch { query, enter, leave, inside: None }
    }

    /// Asks again; what changed since the last time goes to `events`. The first time only looks.
    pub(crate) fn look(
        &mut self,
        namespace: &Namespace,
        now_us: i64,
        events: &mut Vec<Event>,
    ) -> Outcome<()> {
        let rows = namespace.query(&self.query)?;
        let mut inside = HashMap::with_capacity(rows.len());
        for row in rows.iter() {
            inside.insert(row.handle, (row.id.to_owned(), row.position));
        }
        if let Some(before) = self.inside.take() {
            let mut tell = |what, (id, position): &(String, Point)| {
                events.push(Event { time_us: now_us, id: id.clone(), what, position: *position });
            };
            for (handle, object) in &inside {
                if !before.contains_key(handle) {
                    tell(self.enter, object);
                }
            }
            for (handle, object) in &before {
                if !inside.contains_key(handle) {
                    tell(self.leave, object);
                }
            }
        }
        self.inside = Some(inside);
        Ok(())
    }
}
