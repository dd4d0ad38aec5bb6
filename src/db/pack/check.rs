//! What must hold of any bytes that are opened as a pack or as fences: the property that tests and
//! fuzzing share.
//!
//! Compiled for tests and fuzzing only. Owns the questions. The property panics when one of them
//! does, when an answer has more rows than there are items, when a sound file answers other than
//! what it was made of, and when a changed one of our own tree, whose every part has a checksum,
//! answers wrongly instead of with an error.

use std::sync::Arc;
use std::time::Duration;

use crate::geom::{Box3, Point, Polygon, Rect, Space};
use crate::packed::Trees;
use crate::query::{Query, Rows};

use super::fences::{Fences, FoundFence};
use super::forge::{Recipe, reseal};
use super::view::Pack;

/// An answer in words; `None` is an error.
type Answer = Option<Vec<String>>;

/// Takes any bytes as a file, and as the recipe of a file with some bytes changed, of which some
/// get checksums that are right: chance alone would seldom get that far.
pub fn check_packs(bytes: &[u8]) {
    ask_both(bytes);
    let Some((&[count, kind, repeated], rest)) = bytes.split_first_chunk() else { return };
    let (quads, patches) = rest.split_at(rest.len().min(4 * usize::from(count % 32)));
    let recipe = Recipe {
        space: if kind & 1 == 0 { Space::Geographic } else { Space::Cartesian },
        trees: [Trees::Fast, Trees::Origin, Trees::Both, Trees::Fast][usize::from(kind >> 1 & 3)],
        is_flat: kind & 8 == 0,
        repeated: repeated % 16,
        quads: quads.as_chunks().0,
    };
    let has_fences = kind & 16 != 0;
    let (sound, answers) = if has_fences { sound_fences(&recipe) } else { sound_pack(&recipe) };
    let mut changed = sound;
    for patch in patches.as_chunks::<3>().0 {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % changed.len();
        changed[at] = patch[2];
    }
    let is_resealed = kind & 32 != 0;
    if is_resealed {
        reseal(&mut changed);
    }
    let Some(found) = ask_both(&changed) else { return };
    if recipe.trees == Trees::Fast && !is_resealed {
        for (at, (found, expected)) in found.iter().zip(&answers).enumerate() {
            let is_right = found.is_none() || found == expected;
            assert!(is_right, "{found:?} instead of {expected:?}, answer {at} of {recipe:?}");
        }
    }
}

/// A pack of live objects, which answers as they do.
fn sound_pack(recipe: &Recipe<'_>) -> (Vec<u8>, Vec<Answer>) {
    let Ok((bytes, live)) = recipe.pack() else { panic!("{recipe:?} cannot be frozen") };
    let answers = ask_both(&bytes);
    let queries = queries(recipe.space);
    let expected: Vec<Answer> =
        queries.iter().map(|query| live.query(query).ok().map(|rows| told(&rows))).collect();
    let Some(answers) = answers else { panic!("{recipe:?} is not opened") };
    let (found, others) = answers.split_at(queries.len());
    assert_eq!(found, expected, "{recipe:?}");
    assert!(others.iter().all(Option::is_some), "a sound file does not answer: {others:?}");
    (bytes, answers)
}

/// Fences, which answer as their polygons do.
fn sound_fences(recipe: &Recipe<'_>) -> (Vec<u8>, Vec<Answer>) {
    let mut polygons = recipe.polygons();
    polygons.sort_by(|a, b| a.0.cmp(&b.0));
    let Ok(bytes) = recipe.fences(&polygons) else { panic!("{recipe:?} cannot be written") };
    let Some(answers) = ask_both(&bytes) else { panic!("{recipe:?} is not opened") };
    for (at, answer) in points().iter().zip(&answers) {
        let inside = polygons.iter().filter(|(_, polygon)| polygon.contains(at.x, at.y));
        let expected: Vec<String> = inside.map(|(id, _)| id.clone()).collect();
        assert_eq!(answer.as_ref(), Some(&expected), "{at:?} of {polygons:?}");
    }
    assert!(answers.iter().all(Option::is_some), "a sound file does not answer: {answers:?}");
    (bytes, answers)
}

/// Opens some bytes as either, and asks all there is; `None` if they are neither.
fn ask_both(bytes: &[u8]) -> Option<Vec<Answer>> {
    let opened = |bytes: &[u8]| Arc::new(bytes.to_vec());
    let fences = Fences::from_bytes(opened(bytes)).ok().map(|fences| ask_fences(&fences));
    fences.or_else(|| Pack::from_bytes(opened(bytes)).ok().map(|pack| ask_pack(&pack)))
}

fn ask_pack(pack: &Pack) -> Vec<Answer> {
    let ask = |query: &Query| {
        let rows = pack.query(query).ok()?;
        assert!(rows.len() <= pack.count(), "{} rows of {pack:?}", rows.len());
        Some(told(&rows))
    };
    let answers: Vec<Answer> = queries(pack.space()).iter().map(ask).collect();
    let got = ["bus:0", "tram:1", "tram:10", "nobody"].map(|id| {
        let object = pack.get(id).ok()?;
        Some(object.map(|object| format!("{object:?}")).into_iter().collect())
    });
    let verified = pack.verify().ok().map(|()| Vec::new());
    answers.into_iter().chain(got).chain([verified]).collect()
}

fn ask_fences(fences: &Fences) -> Vec<Answer> {
    let ids = |found: Vec<FoundFence<'_>>| {
        assert!(found.len() <= fences.count(), "{} of {fences:?}", found.len());
        Some(found.iter().map(|fence| fence.id.to_owned()).collect())
    };
    let mut answers: Vec<Answer> =
        points().iter().map(|at| ids(fences.containing(*at).ok()?)).collect();
    answers.extend(rects(fences.space()).map(|rect| ids(fences.intersecting(rect).ok()?)));
    answers.extend(["bus:0", "tram:1", "tram:10", "nobody"].map(|id| {
        let fence = fences.get(id).ok()?;
        Some(fence.map(|fence| format!("{fence:?}")).into_iter().collect())
    }));
    answers.push(fences.verify().ok().map(|()| Vec::new()));
    answers
}

fn points() -> [Point; 4] {
    [(0.0, 0.0), (-20.0, 10.0), (88.3, 43.0), (-177.0, -88.0)].map(|(x, y)| Point::new(x, y))
}

/// A small one, all of the space, and one that crosses the antimeridian, if there is one.
fn rects(space: Space) -> [Rect; 3] {
    let (west, east) = match space {
        Space::Geographic => (150.0, -150.0),
        Space::Cartesian => (-150.0, 150.0),
    };
    [
        Rect::new(-10.0, -9.0, 3.0, 20.0),
        Rect::new(-180.0, -90.0, 180.0, 90.0),
        Rect::new(west, -40.0, east, 70.0),
    ]
}

/// One of each area and filter.
fn queries(space: Space) -> Vec<Query> {
    let at = Point::new_3d(5.0, -7.0, 2.0);
    let far = if space == Space::Geographic { 2e6 } else { 30.0 };
    let corners = vec![(-60.0, -50.0), (90.0, -40.0), (20.0, 80.0)];
    let hole = vec![(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)];
    let polygon = Polygon::new(corners, vec![hole]).map(Query::polygon).ok();
    let everywhere = Query::everywhere;
    let queries = [
        everywhere(),
        everywhere().id_prefix("tram:1"),
        everywhere().since(4).altitude(-5.0, 60.0),
        everywhere().max_age(Duration::from_micros(995)),
        Query::box3(Box3::new((-50.0, -60.0, 0.0), (100.0, 70.0, 40.0))),
        Query::circle(at, far),
        Query::circle("bus:0", far).id_prefix("bus").limit(4),
        Query::sphere(at, far),
        Query::cylinder("tram:1", far, -1.0, 30.0).exclude_origin(),
        Query::rect_around("bus:0", 40.0, 30.0),
        Query::box3_around(at, 90.0, 80.0, 70.0),
        Query::nearest(1, at),
        Query::nearest(7, "tram:1").exclude_origin(),
        Query::nearest(usize::MAX, at).within(2.0 * far).since(2),
    ];
    queries.into_iter().chain(rects(space).map(Query::rect)).chain(polygon).collect()
}

/// The rows without their handles; in the order that was promised, if any was.
fn told(rows: &Rows) -> Vec<String> {
    let mut told: Vec<String> = rows
        .iter()
        .map(|row| {
            let (at, distance) = (row.position, row.distance);
            format!("{} {at:?} {} {distance:?} {:?}", row.id, row.time_us, row.payload)
        })
        .collect();
    if rows.distance().is_empty() {
        told.sort_unstable();
    }
    told
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Found by fuzzing: the rank of an item was changed, and a question for its id passed it over.
    #[test]
    fn a_rank_that_leads_elsewhere_is_told_of() {
        check_packs(b"\x01\x00\xb8\xfe\xfe\xfe\xfe\xfe\x28\xfd\xb8\xb3\xb8\xff");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_bytes_are_refused_or_answer(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            check_packs(&bytes);
        }
    }
}
