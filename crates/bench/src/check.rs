//! The same answers: what two engines say about one question, compared, and both with a linear
//! scan.
//!
//! Owns the comparison and its own plain haversine, so that no engine's geometry judges itself. An
//! object that only one engine reports is excused when it lies at the border within the slack that
//! the definitions of the other engine explain; anything else is an error that names the question.

use crate::Outcome;
use crate::peer::{Question, Slack};
use ::ours::{Point, Space};
use std::collections::BTreeSet;

/// The mean radius of the Earth.
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// The distance that a circle and the nearest go by.
pub fn distance(space: Space, a: Point, b: Point) -> f64 {
    let dz = b.z - a.z;
    match space {
        Space::Cartesian => (b.x - a.x).hypot(b.y - a.y).hypot(dz),
        Space::Geographic => {
            let (lat_a, lat_b) = (a.y.to_radians(), b.y.to_radians());
            let half = |angle: f64| (angle / 2.0).sin().powi(2);
            let h =
                half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half((b.x - a.x).to_radians());
            (2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()).hypot(dz)
        }
    }
}

/// The answer by looking at every position.
pub fn scan(space: Space, positions: &[Point], question: &Question) -> Vec<u32> {
    let all = (0u32..).zip(positions);
    match *question {
        Question::Box { min_x, min_y, max_x, max_y } => {
            let inside =
                |at: &Point| (min_x..=max_x).contains(&at.x) && (min_y..=max_y).contains(&at.y);
            all.filter(|(_, at)| inside(at)).map(|(object, _)| object).collect()
        }
        Question::Circle { center, radius } => {
            let inside = |at: &Point| distance(space, center, *at) <= radius;
            all.filter(|(_, at)| inside(at)).map(|(object, _)| object).collect()
        }
        Question::Nearest { center, k } => {
            let by = |(object, at): (u32, &Point)| (distance(space, center, *at), object);
            let mut sorted: Vec<(f64, u32)> = all.map(by).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            sorted.iter().take(k).map(|&(_, object)| object).collect()
        }
    }
}

/// Says how two answers to one question differ beyond `slack`, if they do.
pub fn compare(
    space: Space,
    positions: &[Point],
    question: &Question,
    slack: Slack,
    (name_a, a): (&str, &[u32]),
    (name_b, b): (&str, &[u32]),
) -> Outcome<()> {
    let at = |object: &u32| positions[*object as usize];
    let complain =
        |what: String| Err(format!("{name_a} and {name_b} differ: {what}: {question:?}").into());
    let (set_a, set_b): (BTreeSet<u32>, BTreeSet<u32>) =
        (a.iter().copied().collect(), b.iter().copied().collect());
    if set_a.len() != a.len() || set_b.len() != b.len() {
        return complain("an object is reported twice".into());
    }
    if let Question::Nearest { center, .. } = *question {
        let distances = |objects: &[u32]| -> Vec<f64> {
            objects.iter().map(|object| distance(space, center, at(object))).collect()
        };
        let (near_a, near_b) = (distances(a), distances(b));
        let allowed = |d: f64| d * slack.relative + slack.absolute;
        let alike = |(a, b): (&f64, &f64)| (a - b).abs() <= allowed(a.max(*b));
        if near_a.len() != near_b.len() || !near_a.iter().zip(&near_b).all(alike) {
            return complain(format!("distances {near_a:?} and {near_b:?}"));
        }
        return Ok(());
    }
    for object in set_a.symmetric_difference(&set_b) {
        let beyond = match *question {
            Question::Circle { center, radius } => {
                let d = distance(space, center, at(object));
                (d - radius).abs() > radius * slack.relative + slack.absolute
            }
            Question::Box { min_x, min_y, max_x, max_y } => {
                let Point { x, y, .. } = at(object);
                let edges = [x - min_x, x - max_x, y - min_y, y - max_y];
                edges.iter().all(|gap| gap.abs() > slack.absolute)
            }
            Question::Nearest { .. } => false,
        };
        if beyond {
            let by = if set_a.contains(object) { name_a } else { name_b };
            return complain(format!("only {by} finds object {object} at {:?}", at(object)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(x: f64, y: f64) -> Point {
        Point { x, y, z: 0.0 }
    }

    #[test]
    fn a_hit_beyond_the_border_is_a_difference_and_one_at_the_border_is_not() {
        let positions = [flat(0.0, 0.0), flat(10.0, 0.0), flat(5.0, 0.0)];
        let question = Question::Circle { center: flat(0.0, 0.0), radius: 10.0 };
        let judge = |a: &[u32], b: &[u32]| {
            let slack = Slack::ROUNDING;
            compare(Space::Cartesian, &positions, &question, slack, ("a", a), ("b", b)).is_ok()
        };
        assert!(judge(&[0, 1, 2], &[0, 1, 2]));
        assert!(judge(&[0, 1, 2], &[0, 2]), "object 1 lies on the border");
        assert!(!judge(&[0, 1, 2], &[0, 1]), "object 2 does not");
        assert!(!judge(&[0, 0, 2], &[0, 2]), "no object counts twice");
    }

    #[test]
    fn the_nearest_are_compared_by_distance() {
        let positions = [flat(0.0, 1.0), flat(1.0, 0.0), flat(9.0, 0.0)];
        let question = Question::Nearest { center: flat(0.0, 0.0), k: 1 };
        assert_eq!(scan(Space::Cartesian, &positions, &question), [0]);
        let judge = |b: &[u32]| {
            let slack = Slack::ROUNDING;
            compare(Space::Cartesian, &positions, &question, slack, ("a", &[0]), ("b", b)).is_ok()
        };
        assert!(judge(&[1]), "as near as object 0");
        assert!(!judge(&[2]));
        assert!(!judge(&[]));
    }

    #[test]
    fn a_degree_of_latitude_is_known() {
        let degree = distance(Space::Geographic, flat(7.0, 50.0), flat(7.0, 51.0));
        assert!((degree - 111_195.08).abs() < 0.01, "{degree}");
    }
}
