//! Which column or property of a file means what: the names given by flags, or the usual ones.

use spatio::Space;

use crate::args::ImportArgs;
use crate::failure::{Failure, Outcome};
use crate::import::row::{self, TimeSource};
use crate::when::TimeUnit;

/// The columns wanted, by name; the first name that a file has is taken.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) id: Vec<String>,
    /// Names with the unit that each implies.
    pub(crate) time: Vec<(String, TimeUnit)>,
    /// The instant of `--at`, instead of a column.
    pub(crate) fixed_time: Option<TimeSource>,
    pub(crate) x: Vec<String>,
    pub(crate) y: Vec<String>,
    pub(crate) z: Vec<String>,
    /// A file may lack the altitude unless it was named by a flag.
    pub(crate) z_required: bool,
    pub(crate) payload: Payload,
}

/// What becomes the payload.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Payload {
    /// Nothing; objects keep the payload they have.
    None,
    /// These columns, as one JSON object.
    Json(Vec<String>),
    /// This column as it stands.
    Raw(String),
}

impl Columns {
    /// Reads the flags of an import into a namespace of `space`.
    pub(crate) fn new(args: &ImportArgs, space: Space, now_us: i64) -> Outcome<Columns> {
        let fixed_time = match &args.at {
            Some(text) => Some(row::fixed_time(text, now_us).map_err(Failure::usage)?),
            None => None,
        };
        let [x, y, z] = usual_places(space);
        Ok(Columns {
            id: names(args.id_column.as_deref(), &["object_id", "id"]),
            time: times(args.time_column.as_deref(), args.time_unit),
            fixed_time,
            x: names(args.lon_column.as_deref(), x),
            y: names(args.lat_column.as_deref(), y),
            z: names(args.alt_column.as_deref(), z),
            z_required: args.alt_column.is_some(),
            payload: match (&args.payload_column, args.payload_columns.as_slice()) {
                (Some(name), _) => Payload::Raw(name.clone()),
                (None, []) => Payload::None,
                (None, columns) => Payload::Json(columns.to_vec()),
            },
        })
    }
}

/// The usual names of the columns of a place.
fn usual_places(space: Space) -> [&'static [&'static str]; 3] {
    match space {
        Space::Geographic => [
            &["lon", "longitude", "lng", "x"],
            &["lat", "latitude", "y"],
            &["alt_m", "alt", "altitude", "z"],
        ],
        Space::Cartesian => [&["x", "lon"], &["y", "lat"], &["z", "alt_m"]],
    }
}

/// The names of the columns of a place: those of flags, or the usual ones of either space.
pub(crate) fn place_names(flags: [Option<&str>; 3]) -> [Vec<String>; 3] {
    let usual = usual_places(Space::Geographic);
    std::array::from_fn(|axis| names(flags[axis], usual[axis]))
}

fn names(flag: Option<&str>, usual: &[&str]) -> Vec<String> {
    match flag {
        Some(name) => vec![name.to_owned()],
        None => usual.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn times(flag: Option<&str>, unit: Option<TimeUnit>) -> Vec<(String, TimeUnit)> {
    let usual = [
        (TimeUnit::Ms.column(), TimeUnit::Ms),
        (TimeUnit::Us.column(), TimeUnit::Us),
        (TimeUnit::S.column(), TimeUnit::S),
        (TimeUnit::Rfc3339.column(), TimeUnit::Rfc3339),
        ("timestamp", TimeUnit::Ms),
    ];
    let implied = |name: &str| usual.iter().find(|(usual, _)| *usual == name).map(|(_, u)| *u);
    match flag {
        Some(name) => {
            let unit = unit.or(implied(name)).unwrap_or(TimeUnit::Ms);
            vec![(name.to_owned(), unit)]
        }
        None => {
            usual.iter().map(|(name, usual)| ((*name).to_owned(), unit.unwrap_or(*usual))).collect()
        }
    }
}
