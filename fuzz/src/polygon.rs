//! Property: a polygon that is taken says of every point what exact arithmetic says, and one of
//! any numbers whatever is taken or refused without a panic.

use spatio::Polygon;

use crate::input::Input;

type Place = (i64, i64);
type Rings = Vec<Vec<Place>>;

/// Builds polygons out of the bytes and asks them about points.
pub fn check(bytes: &[u8]) {
    let mut input = Input(bytes);
    if input.number(4) == 0 {
        return check_any_numbers(&mut input);
    }
    let parts: Vec<Rings> = (0..=input.number(3)).map(|_| rings(&mut input)).collect();
    let numbers: Vec<_> = parts.iter().map(|rings| split(rings)).collect();
    let unchecked = Polygon::multi_unchecked(numbers.clone());
    if let Ok(polygon) = &unchecked {
        agrees(polygon, &parts, &mut input);
    }
    if let Ok(polygon) = Polygon::multi(numbers) {
        assert!(unchecked.is_ok(), "what passes every test passes the fewer");
        assert!(polygon.area() > 0.0, "a polygon that was taken has an area");
        agrees(&polygon, &parts, &mut input);
    }
}

/// Rings of whatever the bytes say as floating-point numbers.
fn check_any_numbers(input: &mut Input<'_>) {
    let count = input.number(20);
    let ring: Vec<(f64, f64)> = (0..count).map(|_| (input.f64(), input.f64())).collect();
    let hole: Vec<(f64, f64)> = (0..input.number(6)).map(|_| (input.f64(), input.f64())).collect();
    if let Ok(polygon) = Polygon::new(ring.clone(), vec![hole]) {
        let bounds = polygon.bounds();
        for (x, y) in ring {
            assert!(polygon.contains(x, y), "a vertex is inside");
            assert!(bounds.contains(x, y), "a vertex is within the bounds");
        }
        polygon.contains(input.f64(), input.f64());
    }
}

fn rings(input: &mut Input<'_>) -> Rings {
    let count = 1 + input.number(3);
    (0..count)
        .map(|_| (0..input.number(16)).map(|_| (input.whole(), input.whole())).collect())
        .collect()
}

fn split(rings: &Rings) -> (Vec<(f64, f64)>, Vec<Vec<(f64, f64)>>) {
    let mut numbers =
        rings.iter().map(|ring| ring.iter().map(|&(x, y)| (x as f64, y as f64)).collect());
    (numbers.next().unwrap_or_default(), numbers.collect())
}

/// Asks about every vertex, the places beside it, and a few more.
fn agrees(polygon: &Polygon, parts: &[Rings], input: &mut Input<'_>) {
    let vertices = parts.iter().flatten().flatten();
    let near = vertices.flat_map(|&(x, y)| [(x, y), (x + 1, y), (x, y - 1), (x - 1, y + 1)]);
    let asked: Vec<Place> = near.chain((0..8).map(|_| (input.whole(), input.whole()))).collect();
    for (x, y) in asked {
        let expected = parts.iter().any(|rings| is_inside(rings, (x, y)));
        assert_eq!(polygon.contains(x as f64, y as f64), expected, "at ({x}, {y}) of {parts:?}");
    }
}

/// On an edge, or within an odd number of rings; in whole numbers, so exact.
fn is_inside(rings: &Rings, (x, y): Place) -> bool {
    let mut odd = false;
    for ring in rings {
        for (at, &(ax, ay)) in ring.iter().enumerate() {
            let (bx, by) = ring[(at + 1) % ring.len()];
            let side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
            let spans = ax.min(bx) <= x && x <= ax.max(bx) && ay.min(by) <= y && y <= ay.max(by);
            if side == 0 && spans {
                return true;
            }
            if (ay > y) != (by > y) && (side > 0) == (by > ay) {
                odd = !odd;
            }
        }
    }
    odd
}
