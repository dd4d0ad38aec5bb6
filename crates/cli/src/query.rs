//! `spatio query`: the words become one [`Query`], its answer becomes rows.

use std::time::Duration;

use spatio::{Box3, Origin, Query, Rect};

use crate::args::{DatabaseArgs, Filters, QueryArgs, Shape};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{self, Shown, write_rows};
use crate::place::{Place, parse_place, parse_sides};
use crate::polygon;
use crate::when;

/// Runs the command.
pub(crate) fn run(args: &QueryArgs, database: &DatabaseArgs) -> Outcome<()> {
    let query = build(&args.shape, &args.filters)?;
    let db = engine::open_to_read(database)?;
    let namespace = engine::namespace(&db, database)?;
    let rows = engine::found_rows(&namespace.query(&query)?);
    // The k of the nearest is what was asked for, and no limit to speak of.
    let limit = Some(args.filters.limit).filter(|_| !matches!(args.shape, Shape::Knn { .. }));
    let shown = Shown { space: namespace.space(), payload: args.filters.payload, limit };
    write_rows(&mut output::stdout(), &rows, shown, args.output)
}

fn build(shape: &Shape, filters: &Filters) -> Outcome<Query> {
    let query = match shape {
        Shape::Radius { center, radius } => Query::sphere(origin(center)?, *radius),
        Shape::Bbox { sides } => {
            let [west, south, east, north] = parse_sides(sides, "WEST,SOUTH,EAST,NORTH")?;
            Query::rect(Rect::new(west, south, east, north))
        }
        Shape::Knn { center, count, within } => {
            let query = Query::nearest(*count, origin(center)?);
            return filtered(within.iter().fold(query, |query, &m| query.within(m)), filters, true);
        }
        Shape::Polygon { source, feature } => {
            Query::polygon(polygon::read(source, feature.as_deref())?)
        }
        Shape::Near { id, radius } => Query::sphere(id.as_str(), *radius),
        Shape::Cylinder { center, radius, low, high } => {
            Query::cylinder(origin(center)?, *radius, *low, *high)
        }
        Shape::Box3d { sides } => {
            let form = "WEST,SOUTH,LOW,EAST,NORTH,HIGH";
            let [west, south, low, east, north, high] = parse_sides(sides, form)?;
            Query::box3(Box3::new((west, south, low), (east, north, high)))
        }
        Shape::All => Query::everywhere(),
    };
    filtered(query, filters, false)
}

fn origin(text: &str) -> Outcome<Origin> {
    Ok(match parse_place(text)? {
        Place::Point(point) => Origin::from(point),
        Place::Object(id) => Origin::from(id.as_str()),
    })
}

/// `has_count` says that the shape has a limit of its own, its k.
fn filtered(mut query: Query, filters: &Filters, has_count: bool) -> Outcome<Query> {
    if !has_count {
        query = query.limit(limit(filters.limit));
    }
    if let Some(prefix) = &filters.prefix {
        query = query.id_prefix(prefix);
    }
    if let Some(age) = &filters.max_age {
        let age_us = when::parse_duration(age).map_err(Failure::usage)?;
        query = query.max_age(Duration::from_micros(age_us));
    }
    if let Some(since) = &filters.since {
        query = query.since(when::parse_instant(since, engine::now_us()).map_err(Failure::usage)?);
    }
    if filters.min_alt.is_some() || filters.max_alt.is_some() {
        let low = filters.min_alt.unwrap_or(f64::NEG_INFINITY);
        query = query.altitude(low, filters.max_alt.unwrap_or(f64::INFINITY));
    }
    if filters.exclude_origin {
        query = query.exclude_origin();
    }
    Ok(query)
}

/// On the command line 0 is no limit.
pub(crate) fn limit(told: usize) -> usize {
    if told == 0 { usize::MAX } else { told }
}
