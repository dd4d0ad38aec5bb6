//! Which rows of a leaf count: not expired, and through the filter.
//!
//! Owns: the filter made ready for one run. Does not own shapes. Invariants: an expired object is
//! absent from every answer.

use crate::cancel::Cancel;
use crate::hot::{Columns, Row};

use super::ask::Filter;
use super::source::Source;

/// A filter with the present moment and the names it needs.
pub(crate) struct Sift<'a, S> {
    source: &'a S,
    now_us: i64,
    since_us: i64,
    id_prefix: Option<&'a str>,
    excluded: Option<u32>,
    cancel: Option<&'a Cancel>,
}

impl<'a, S: Source> Sift<'a, S> {
    pub(crate) fn new(
        source: &'a S,
        filter: &'a Filter,
        now_us: i64,
        excluded: Option<u32>,
        cancel: Option<&'a Cancel>,
    ) -> Self {
        let youngest = filter.max_age.map_or(i64::MIN, |age| {
            now_us.saturating_sub(i64::try_from(age.as_micros()).unwrap_or(i64::MAX))
        });
        Sift {
            source,
            now_us,
            since_us: filter.since_us.max(youngest),
            id_prefix: filter.id_prefix.as_deref().filter(|prefix| !prefix.is_empty()),
            excluded,
            cancel,
        }
    }

    /// Whether the caller wants no more.
    #[inline]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(Cancel::is_fired)
    }

    /// Whether every row of a leaf counts, as is usual.
    #[inline]
    pub(crate) fn takes_all(&self, columns: &Columns) -> bool {
        !columns.has_expiry
            && self.since_us == i64::MIN
            && self.excluded.is_none()
            && self.id_prefix.is_none()
    }

    /// Whether a row's time or id is looked at.
    pub(crate) fn looks_closer(&self) -> bool {
        self.since_us != i64::MIN || self.id_prefix.is_some()
    }

    /// Whether a row of a leaf counts.
    #[inline]
    pub(crate) fn takes(&self, columns: &Columns, row: usize) -> bool {
        let spot = &columns.spots[row];
        self.takes_object(spot.index, spot.time_us, columns.expires_us(row))
    }

    /// Whether a row that stands alone counts.
    pub(crate) fn takes_row(&self, row: &Row) -> bool {
        self.takes_object(row.index, row.time_us, row.expires_us)
    }

    #[inline]
    fn takes_object(&self, index: u32, time_us: i64, expires_us: i64) -> bool {
        self.now_us < expires_us
            && self.since_us <= time_us
            && self.excluded != Some(index)
            && self.id_prefix.is_none_or(|prefix| {
                self.source.name(index).is_some_and(|id| id.starts_with(prefix))
            })
    }
}
