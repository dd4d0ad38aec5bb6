//! The last questions, asked when the city stands still; their answers are what the page shows.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use spatio::{Interval, Namespace, Order, Point, Query, Rows};

use crate::demo::drone::HOSPITAL;
use crate::demo::land::{self, Spot};
use crate::demo::live::{Asked, Live};
use crate::demo::page::{Answer, Page, Track};
use crate::demo::summary::Summary;
use crate::demo::world::{Kind, World};
use crate::demo::zones::{self, CIRCLE_M, CIRCLE_SPOT};
use crate::failure::Outcome;
use crate::output::number;

/// So many tracks of each of [`Kind::ALL`] go into the page.
const TRACKS: [usize; 4] = [1300, 250, 300, 90];

/// More final positions than this only make the page heavy.
const FINALS_MAX: usize = 25_000;

/// What the database said at the end.
pub(crate) struct Finish {
    /// Where every object is.
    pub(crate) objects: HashMap<String, Point>,
    radius: Answer,
    nearest: Answer,
    polygon: Answer,
    tracks: Vec<Track>,
    last_us: i64,
}

impl Finish {
    pub(crate) fn ask(namespace: &Namespace, ids: &[String], start_us: i64) -> Outcome<Finish> {
        let hospital = land::to_point(HOSPITAL.spot, 0.0);
        let circle = Query::circle(land::to_point(CIRCLE_SPOT, 0.0), CIRCLE_M);
        let everything = namespace.query(&Query::everywhere())?;
        let objects = everything.iter().map(|row| (row.id.to_owned(), row.position)).collect();
        let mut chosen = Vec::new();
        for (kind, count) in Kind::ALL.into_iter().zip(TRACKS) {
            chosen.extend(ids.iter().filter(|id| Kind::of(id) == Some(kind)).take(count));
        }
        let tracks =
            chosen.into_iter().map(|id| track(namespace, id, start_us)).collect::<Outcome<_>>()?;
        Ok(Finish {
            objects,
            radius: answer(namespace, &circle)?,
            nearest: answer(namespace, &Query::nearest(8, hospital).id_prefix("drone:"))?,
            polygon: answer(namespace, &Query::polygon(zones::inner_city()?))?,
            tracks,
            last_us: everything.time_us().iter().copied().max().unwrap_or(start_us),
        })
    }

    /// The page of it all.
    pub(crate) fn into_page<'a>(
        self,
        world: &'a World,
        live: &Live,
        start_us: i64,
        summary: &Summary<'_>,
    ) -> Page<'a> {
        let (finals, one_in) = self.finals();
        let figures = live.figures();
        let latencies = Asked::ALL.into_iter().zip(figures.iter()).map(|(asked, figures)| {
            let time = |part| figures.all.percentile_us(part).map(number::latency_us);
            [
                asked.name().to_owned(),
                number::grouped(figures.all.count()),
                time(0.5).unwrap_or_default(),
                time(0.99).unwrap_or_default(),
            ]
        });
        Page {
            world,
            start_us,
            span_s: (self.last_us - start_us) as f64 / 1e6,
            tracks: self.tracks,
            finals,
            radius: self.radius,
            nearest: self.nearest,
            nearest_from: HOSPITAL.spot,
            polygon: self.polygon,
            events: live.events().clone(),
            big: summary.big(),
            latencies: latencies.collect(),
            fine: summary.fine(one_in),
        }
    }

    /// Where everything is, by kind; of very many, one in so many is drawn.
    fn finals(&self) -> ([Vec<Spot>; 4], usize) {
        let one_in = self.objects.len().div_ceil(FINALS_MAX);
        let mut finals: [Vec<Spot>; 4] = Default::default();
        let mut ids: Vec<_> = self.objects.iter().collect();
        ids.sort_unstable_by_key(|(id, _)| id.as_str());
        for (id, position) in ids.into_iter().step_by(one_in) {
            if let Some(kind) = Kind::of(id) {
                finals[kind as usize].push(land::to_spot(*position));
            }
        }
        (finals, one_in)
    }
}

/// Asks some times over, and tells the quickest: what the query costs when nothing disturbs it.
fn answer(namespace: &Namespace, query: &Query) -> Outcome<Answer> {
    let mut rows = Rows::new();
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        rows = namespace.query(query)?;
        best = best.min(start.elapsed());
    }
    let spots = rows.iter().map(|row| land::to_spot(row.position)).collect();
    Ok(Answer { spots, took: number::latency_us(best.as_secs_f64() * 1e6) })
}

fn track(namespace: &Namespace, id: &str, start_us: i64) -> Outcome<Track> {
    let track = namespace.trajectory(id, Interval::ALL, Order::OldestFirst, usize::MAX)?;
    let fixes = track.iter().map(|(time_us, point)| {
        let (x, y) = land::to_spot(point);
        [(time_us - start_us) as f64 / 1e6, x, y, point.z]
    });
    let kind = Kind::of(id).unwrap_or(Kind::Car);
    Ok(Track { id: id.to_owned(), kind, fixes: fixes.collect() })
}
