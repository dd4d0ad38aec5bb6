//! Fills the template `page.html`: the city, the tracks, the last answers and the figures, as one
//! page that needs no network.
//!
//! Coordinates go in as whole decimetres from the origin, each as the step from the one before.

use serde_json::{Value, json};

use crate::demo::drone::PADS;
use crate::demo::event::Event;
use crate::demo::land::{self, Area, HALF_HEIGHT_M, HALF_WIDTH_M, Spot};
use crate::demo::simplify::{Fix, simplify};
use crate::demo::streets::Class;
use crate::demo::world::{Kind, World};
use crate::demo::zones::{CIRCLE_M, CIRCLE_SPOT, INNER_CITY};

const TEMPLATE: &str = include_str!("page.html");
const PLACE_FOR_DATA: &str = "__SPATIO_DATA__";
const TOLERANCE_M: f64 = 2.0;
const EVENTS_MAX: usize = 60;

/// The track of one object, as the database told it.
pub(crate) struct Track {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) fixes: Vec<Fix>,
}

/// What one of the last queries found.
pub(crate) struct Answer {
    pub(crate) spots: Vec<Spot>,
    /// `12 us`.
    pub(crate) took: String,
}

/// Everything that the page shows.
pub(crate) struct Page<'a> {
    pub(crate) world: &'a World,
    pub(crate) start_us: i64,
    /// How long the city ran, in its own time.
    pub(crate) span_s: f64,
    pub(crate) tracks: Vec<Track>,
    /// Where everything is at the end, one list for each of [`Kind::ALL`].
    pub(crate) finals: [Vec<Spot>; 4],
    pub(crate) radius: Answer,
    pub(crate) nearest: Answer,
    pub(crate) nearest_from: Spot,
    pub(crate) polygon: Answer,
    pub(crate) events: Vec<Event>,
    /// The large figures: value and what it is.
    pub(crate) big: Vec<[String; 2]>,
    /// Query, how often, median, 99 %.
    pub(crate) latencies: Vec<[String; 4]>,
    /// The line at the foot.
    pub(crate) fine: String,
}

impl Page<'_> {
    /// The whole page.
    pub(crate) fn html(&self) -> String {
        // `</` would end the script; in JSON text it may be written otherwise.
        let data = self.data().to_string().replace("</", "<\\/");
        TEMPLATE.replace(PLACE_FOR_DATA, &data)
    }

    fn data(&self) -> Value {
        let (east, north) = land::metres_per_degree();
        json!({
            "place": "Rotterdam",
            "objects": self.world.counts().iter().map(|(_, count)| count).sum::<usize>(),
            "start_ms": self.start_us / 1000,
            "span_ds": (self.span_s * 10.0).round() as i64,
            "half": [HALF_WIDTH_M, HALF_HEIGHT_M],
            "origin": [land::ORIGIN.x, land::ORIGIN.y],
            "metres": [east, north],
            "kinds": self.world.counts().map(|(kind, count)| {
                json!({ "id": kind.name(), "name": plural(kind), "count": count })
            }),
            "water": areas(&land::waters()),
            "parks": areas(&land::parks()),
            "piers": land::PIERS.iter().map(|pier| steps(pier)).collect::<Vec<_>>(),
            "streets": self.streets(),
            "places": PADS.map(|pad| json!([pad.name, pad.spot.0, pad.spot.1])),
            "tracks": self.tracks.iter().map(track).collect::<Vec<_>>(),
            "finals": self.finals.each_ref().map(|spots| steps(spots)),
            "asked": self.asked(),
            "events": self.events(),
            "big": self.big,
            "latencies": self.latencies,
            "fine": self.fine,
        })
    }

    fn streets(&self) -> Vec<Value> {
        let class = |class| match class {
            Class::Minor => 0,
            Class::Arterial => 1,
            Class::Bridge => 2,
        };
        self.world
            .streets
            .lines()
            .iter()
            .map(|(kind, line)| json!([class(*kind), steps(line)]))
            .collect()
    }

    fn asked(&self) -> Value {
        let answer = |answer: &Answer| {
            json!({
                "hits": steps(&answer.spots),
                "rows": answer.spots.len(),
                "took": answer.took,
            })
        };
        let mut radius = answer(&self.radius);
        radius["circle"] = json!([CIRCLE_SPOT.0, CIRCLE_SPOT.1, CIRCLE_M]);
        let mut nearest = answer(&self.nearest);
        nearest["from"] = json!([self.nearest_from.0, self.nearest_from.1]);
        let mut polygon = answer(&self.polygon);
        polygon["ring"] = json!(steps(&INNER_CITY));
        json!({ "radius": radius, "nearest": nearest, "polygon": polygon })
    }

    /// Of many events the ships' are kept first, then the newest.
    fn events(&self) -> Vec<Value> {
        let mut order: Vec<&Event> = self.events.iter().rev().collect();
        order.sort_by_key(|event| Kind::of(&event.id) != Some(Kind::Ship));
        order.truncate(EVENTS_MAX);
        order.sort_by_key(|event| event.time_us);
        order
            .iter()
            .map(|event| {
                let (x, y) = land::to_spot(event.position);
                let at_ds = (event.time_us - self.start_us) / 100_000;
                json!([at_ds, event.id, event.what, decimetres(x), decimetres(y)])
            })
            .collect()
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Car => "Cars",
        Kind::Bus => "Buses",
        Kind::Drone => "Drones",
        Kind::Ship => "Ships",
    }
}

fn areas(areas: &[Area]) -> Vec<Value> {
    areas
        .iter()
        .map(|area| {
            json!({
                "name": area.name,
                "p": steps(&area.ring),
                "label": [area.label.0, area.label.1, area.label_angle],
            })
        })
        .collect()
}

fn decimetres(metres: f64) -> i64 {
    (metres * 10.0).round() as i64
}

/// East and north in decimetres, each as the step from the spot before.
fn steps(spots: &[Spot]) -> Vec<i64> {
    let fields = spots.iter().map(|&(x, y)| [decimetres(x), decimetres(y)]);
    deltas(fields)
}

/// Time in tenths of a second, east and north, and for a drone its height.
fn track(track: &Track) -> Value {
    let kept = simplify(&track.fixes, TOLERANCE_M);
    let fields = kept.iter().map(|fix| fix.map(decimetres));
    let flat = match track.kind {
        Kind::Drone => deltas(fields),
        _ => deltas(fields.map(|[time, x, y, _]| [time, x, y])),
    };
    json!([track.id, track.kind as usize, flat])
}

fn deltas<const N: usize>(rows: impl Iterator<Item = [i64; N]>) -> Vec<i64> {
    let mut before = [0; N];
    let mut flat = Vec::new();
    for row in rows {
        flat.extend((0..N).map(|field| row[field] - before[field]));
        before = row;
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::Positions;
    use spatio::Point;

    /// A page of a city that no database has seen; SPATIO_PAGE_PREVIEW=FILE keeps it to look at.
    #[test]
    fn a_page_is_whole_and_needs_no_network() {
        let mut world = World::new(3000, 7);
        let (ids, mut positions) = (world.ids(), Positions::default());
        let mut fixes: Vec<Vec<Fix>> = vec![Vec::new(); ids.len()];
        for step in 0..240 {
            world.step(1.5);
            world.positions(&mut positions);
            for (index, fixes) in fixes.iter_mut().enumerate() {
                let point = Point::new(positions.x[index], positions.y[index]);
                let (x, y) = land::to_spot(point);
                fixes.push([f64::from(step) * 1.5, x, y, positions.z[index]]);
            }
        }
        let mut finals: [Vec<Spot>; 4] = Default::default();
        let mut tracks = Vec::new();
        for (id, fixes) in ids.into_iter().zip(fixes) {
            let kind = Kind::of(&id).unwrap();
            let last = fixes[fixes.len() - 1];
            finals[kind as usize].push((last[1], last[2]));
            tracks.push(Track { id, kind, fixes });
        }
        let near = |spot: Spot, radius: f64| {
            let all = finals.iter().flatten().copied();
            let spots = all.filter(|s| (s.0 - spot.0).hypot(s.1 - spot.1) <= radius).collect();
            Answer { spots, took: "12 us".into() }
        };
        let nearest_from = (-1180.0, 560.0);
        let (radius, polygon) = (near(CIRCLE_SPOT, CIRCLE_M), near((400.0, 1300.0), 700.0));
        let nearest =
            Answer { spots: finals[2].iter().copied().take(8).collect(), took: "9 us".into() };
        let page = Page {
            world: &world,
            start_us: 1_700_000_000_000_000,
            span_s: 358.5,
            tracks,
            finals,
            radius,
            nearest,
            nearest_from,
            polygon,
            events: vec![Event {
                time_us: 1_700_000_100_000_000,
                id: "ship:00003".into(),
                what: "entered the harbour",
                position: land::to_point((-1940.0, -1000.0), 0.0),
            }],
            big: vec![["200,000".into(), "updates a second".into()]],
            latencies: vec![["radius".into(), "1,000".into(), "12 us".into(), "40 us".into()]],
            fine: "</script>".into(),
        };
        let html = page.html();
        if let Some(file) = std::env::var_os("SPATIO_PAGE_PREVIEW") {
            std::fs::write(file, &html).unwrap();
        }
        assert!(!html.contains(PLACE_FOR_DATA));
        assert_eq!(html.matches("</script>").count(), 1);
        assert!(!html.contains("http://") && !html.contains("https://"), "no address outside");
    }
}
