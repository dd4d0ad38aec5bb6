//! Where the items of a packed file come from.
//!
//! Owns: what a source hands over, and what is wanted of it; a file each for CSV, GeoJSON and
//! FlatGeobuf. Invariants: a source tells every row, good or bad, in the order of the file.

mod csv;
mod fgb;
mod geojson;

pub(crate) use self::csv::read as csv;
pub(crate) use fgb::read as flatgeobuf;
pub(crate) use geojson::read as geojson;

use crate::args::PackBuildArgs;
use crate::failure::Outcome;
use crate::import::{Mark, place_names};

/// An item: its box, with 0 for altitudes that are not there, and its payload, empty if there is
/// none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) min: [f64; 3],
    pub(crate) max: [f64; 3],
    pub(crate) payload: Vec<u8>,
}

/// Takes what a source tells, and may end the reading by a failure.
pub(crate) trait Sink {
    /// What the coordinates are; told before the first row, by a source that knows.
    fn crs(&mut self, name: &str) -> Outcome<()>;

    /// A row.
    fn row(&mut self, mark: Mark, entry: Result<Entry, String>) -> Outcome<()>;
}

/// What is wanted of a source.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) payload: WantedPayload,
    /// The names of the columns of a place, by axis.
    pub(crate) names: [Vec<String>; 3],
    /// Whether there must be a third axis.
    pub(crate) with_z: bool,
}

/// What becomes the payload.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum WantedPayload {
    None,
    /// All of a feature.
    Feature,
    /// A column or property.
    Column(String),
}

impl Wanted {
    pub(crate) fn new(args: &PackBuildArgs) -> Self {
        let flags = [&args.lon_column, &args.lat_column, &args.alt_column];
        Wanted {
            payload: match args.payload.as_deref() {
                None => WantedPayload::None,
                Some("feature") => WantedPayload::Feature,
                Some(name) => WantedPayload::Column(name.to_owned()),
            },
            names: place_names(flags.map(Option::as_deref)),
            with_z: args.dims == 3,
        }
    }
}

/// A box that grows by positions; none so far.
#[derive(Clone, Copy, Debug)]
struct Growing {
    min: [f64; 3],
    max: [f64; 3],
}

impl Growing {
    const EMPTY: Self = Growing { min: [f64::INFINITY; 3], max: [f64::NEG_INFINITY; 3] };

    fn add(&mut self, position: [f64; 3]) {
        for (axis, value) in position.into_iter().enumerate() {
            // What is no number stays visible, so that the row is found bad.
            if value < self.min[axis] || value.is_nan() {
                self.min[axis] = value;
            }
            if value > self.max[axis] || value.is_nan() {
                self.max[axis] = value;
            }
        }
    }

    fn finish(self, payload: Vec<u8>) -> Result<Entry, String> {
        if self.min[0] == f64::INFINITY && self.max[0] == f64::NEG_INFINITY {
            return Err("the geometry has no position".to_owned());
        }
        Ok(Entry { min: self.min, max: self.max, payload })
    }
}
