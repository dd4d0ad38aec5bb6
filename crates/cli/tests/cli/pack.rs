//! Every verb of `spatio pack` that asks, beside the plain walk over all items.

use serde_json::Value;

use crate::run::Room;

/// An item as the test knows it.
#[derive(Clone, Copy, Debug)]
struct Item {
    min: [f64; 3],
    max: [f64; 3],
}

impl Item {
    /// The least distance of two items on the first axes.
    fn distance(&self, other: &Item, axes: usize) -> f64 {
        let gap = |k: usize| (other.min[k] - self.max[k]).max(self.min[k] - other.max[k]).max(0.0);
        (0..axes).map(|k| gap(k) * gap(k)).sum::<f64>().sqrt()
    }
}

/// Numbers from 0 to 1 that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0 * 16_807 % 2_147_483_647;
        // Few digits, so that they are read as they were written, and so that some are equal.
        (self.0 * 1000 / 2_147_483_647) as f64 / 1000.0
    }
}

fn points(count: usize, seed: u64) -> Vec<Item> {
    let mut numbers = Numbers(seed);
    let point = |_| {
        let at = [100.0 * numbers.next(), 50.0 * numbers.next(), 10.0 * numbers.next()];
        Item { min: at, max: at }
    };
    (0..count).map(point).collect()
}

fn boxes(count: usize, seed: u64) -> Vec<Item> {
    let mut numbers = Numbers(seed);
    let one = |point: Item| {
        let size = [4.0 * numbers.next(), 4.0 * numbers.next(), 0.0];
        Item { min: point.min, max: [0, 1, 2].map(|k| point.min[k] + size[k]) }
    };
    points(count, seed + 1).into_iter().map(one).collect()
}

fn csv(items: &[Item]) -> String {
    let row = |(id, item): (usize, &Item)| {
        let [x, y, z] = item.min;
        format!("n{id},{x},{y},{z}\n")
    };
    let rows: String = items.iter().enumerate().map(row).collect();
    format!("name,x,y,z\n{rows}")
}

/// Lines from the least corner to the greatest, so that the boxes are theirs.
fn geojson(items: &[Item]) -> String {
    let feature = |(id, item): (usize, &Item)| {
        let (min, max) = (&item.min[..2], &item.max[..2]);
        serde_json::json!({
            "type": "Feature",
            "id": format!("n{id}"),
            "properties": { "size": id },
            "geometry": { "type": "LineString", "coordinates": [min, max] },
        })
    };
    let features: Vec<Value> = items.iter().enumerate().map(feature).collect();
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn numbers_of(rows: &Value) -> Vec<usize> {
    let number = |row: &Value| row["item"].as_u64().unwrap() as usize;
    rows.as_array().unwrap().iter().map(number).collect()
}

const LAYOUTS: [&str; 4] = ["fast", "origin", "both", "both --f32"];

#[test]
fn windows_of_points_and_boxes_are_those_of_the_plain_walk() {
    let room = Room::new();
    let (points, boxes) = (points(1500, 3), boxes(900, 5));
    room.write("points.csv", csv(&points));
    room.write("boxes.geojson", geojson(&boxes));
    for layout in LAYOUTS {
        room.ok(&format!("pack build points.csv p.psindex --layout {layout} --payload name"));
        room.ok(&format!("pack build boxes.geojson b.psindex --layout {layout} --payload id"));
        for [x, y, to_x, to_y] in [[20., 10., 40., 30.], [0., 0., 100., 50.], [7., 7., 7.5, 9.]] {
            let window = Item { min: [x, y, 0.0], max: [to_x, to_y, 0.0] };
            for (file, items) in [("p.psindex", &points), ("b.psindex", &boxes)] {
                let inside = |id: &usize| items[*id].distance(&window, 2) == 0.0;
                let expected: Vec<usize> = (0..items.len()).filter(inside).collect();
                let ask = format!("pack query {file} {x},{y},{to_x},{to_y} --json --limit 0");
                let rows = room.json(&ask);
                assert_eq!(numbers_of(&rows), expected, "{layout} {ask}");
                assert_eq!(room.json(&format!("{ask} --count"))["count"], expected.len());
                for row in rows.as_array().unwrap() {
                    let id = row["item"].as_u64().unwrap();
                    assert_eq!(row["payload"], format!("n{id}"));
                }
            }
        }
        assert_eq!(room.json("pack verify b.psindex --json")["items"], 900);
    }
}

#[test]
fn three_axes_have_six_sides() {
    let room = Room::new();
    let items = points(800, 9);
    room.write("points.csv", csv(&items));
    room.ok("pack build points.csv p.psindex --dims 3");
    let window = Item { min: [10.0, 10.0, 2.0], max: [60.0, 40.0, 5.0] };
    let inside = |id: &usize| items[*id].distance(&window, 3) == 0.0;
    let expected: Vec<usize> = (0..items.len()).filter(inside).collect();
    let rows = room.json("pack query p.psindex 10,10,2,60,40,5 --json --limit 0");
    assert_eq!(numbers_of(&rows), expected);
    let first = &rows[0];
    assert_eq!(first["z"].as_f64().unwrap(), items[expected[0]].min[2]);
    let features = room.json("pack query p.psindex 10,10,2,60,40,5 --geojson --limit 3");
    let at = &features["features"][0]["geometry"]["coordinates"];
    assert_eq!(at[2].as_f64().unwrap(), items[expected[0]].min[2]);
    assert!(room.ok("pack info p.psindex").out.contains("axes      3\n"));
}

#[test]
fn the_nearest_come_in_order() {
    let room = Room::new();
    let items = points(1200, 21);
    room.write("points.csv", csv(&items));
    room.ok("pack build points.csv p.psindex");
    let focus = Item { min: [33.0, 22.0, 0.0], max: [33.0, 22.0, 0.0] };
    let mut expected: Vec<(f64, usize)> =
        items.iter().enumerate().map(|(id, item)| (item.distance(&focus, 2), id)).collect();
    expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let rows = room.json("pack knn p.psindex 33,22 -k 25 --json");
    let wanted: Vec<usize> = expected[..25].iter().map(|(_, id)| *id).collect();
    assert_eq!(numbers_of(&rows), wanted);
    for (row, (distance, _)) in rows.as_array().unwrap().iter().zip(&expected) {
        assert!((row["distance"].as_f64().unwrap() - distance).abs() < 1e-9);
    }
    let near = expected.iter().filter(|(distance, _)| *distance <= 2.5).count();
    let rows = room.json("pack knn p.psindex 33,22 -k 5000 --max-distance 2.5 --json");
    assert_eq!(rows.as_array().unwrap().len(), near);
    let metres = |item: &Item| {
        spatio::haversine_m(
            spatio::Point::new(33.0, 22.0),
            spatio::Point::new(item.min[0], item.min[1]),
        )
    };
    let mut globe: Vec<(f64, usize)> =
        items.iter().enumerate().map(|(id, item)| (metres(item), id)).collect();
    globe.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let rows = room.json("pack knn p.psindex 33,22 --metric great-circle --json");
    for (row, (metres, _)) in rows.as_array().unwrap().iter().zip(&globe) {
        assert!((row["distance"].as_f64().unwrap() - metres).abs() < 1e-3, "{row} {metres}");
    }
}

#[test]
fn rays_and_joins_are_those_of_the_plain_walk() {
    let room = Room::new();
    let (boxes, others) = (boxes(300, 31), boxes(200, 77));
    room.write("a.geojson", geojson(&boxes));
    room.write("b.geojson", geojson(&others));
    room.ok("pack build a.geojson a.psindex --payload id");
    room.ok("pack build b.geojson b.psindex --layout origin");
    // Along an axis it is a window without height.
    let way = Item { min: [0.0, 20.0, 0.0], max: [70.0, 20.0, 0.0] };
    let mut expected: Vec<(f64, usize)> = boxes
        .iter()
        .enumerate()
        .filter(|(_, item)| item.distance(&way, 2) == 0.0)
        .map(|(id, item)| (item.min[0].max(0.0), id))
        .collect();
    expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    assert!(expected.len() > 3);
    let rows = room.json("pack ray a.psindex 0,20 70,20 --json --limit 0");
    let wanted: Vec<usize> = expected.iter().map(|(_, id)| *id).collect();
    assert_eq!(numbers_of(&rows), wanted);
    for (row, (distance, _)) in rows.as_array().unwrap().iter().zip(&expected) {
        assert!((row["distance"].as_f64().unwrap() - distance).abs() < 1e-9);
    }
    let first = room.json("pack ray a.psindex 0,20 70,20 --closest --json");
    assert_eq!(numbers_of(&first), wanted[..1]);
    for distance in [0.0, 0.75] {
        let mut expected = Vec::new();
        for (a, left) in boxes.iter().enumerate() {
            let near = |right: &Item| left.distance(right, 2) <= distance;
            let partners = others.iter().enumerate().filter(|(_, right)| near(right));
            expected.extend(partners.map(|(b, _)| (a as u64, b as u64)));
        }
        let ask = format!("pack join a.psindex b.psindex --distance {distance} --json");
        let rows = room.json(&format!("{ask} --limit 0"));
        let pair = |row: &Value| (row["a"].as_u64().unwrap(), row["b"].as_u64().unwrap());
        let pairs: Vec<_> = rows.as_array().unwrap().iter().map(pair).collect();
        assert_eq!(pairs, expected);
        assert_eq!(rows[0]["payload_a"], format!("n{}", pairs[0].0));
        assert_eq!(room.json(&format!("{ask} --count"))["count"], expected.len());
    }
}

#[test]
fn tables_tell_of_their_limit_and_geojson_gives_features_back() {
    let room = Room::new();
    let items = boxes(300, 41);
    room.write("a.geojson", geojson(&items));
    room.ok("pack build a.geojson a.psindex --payload feature");
    let ran = room.ok("pack query a.psindex 0,0,100,50 --limit 7");
    assert_eq!(ran.out.lines().count(), 8);
    assert!(ran.err.contains("these are 7 of "), "{}", ran.err);
    let whole: Value = serde_json::from_str(&geojson(&items)).unwrap();
    let found = room.json("pack query a.psindex 0,0,200,100 --geojson --limit 0");
    let found = found["features"].as_array().unwrap();
    assert_eq!(found.len(), items.len());
    for (id, feature) in found.iter().enumerate() {
        let mut feature = feature.clone();
        assert_eq!(feature.as_object_mut().unwrap().remove("item"), Some(id.into()));
        assert_eq!(feature, whole["features"][id]);
    }
    let info = room.json("pack info a.psindex --json");
    assert_eq!(info["content_type"], "application/geo+json");
    assert_eq!((&info["crs"], &info["items"]), (&"OGC:CRS84".into(), &300.into()));
}

#[test]
fn a_picture_tells_as_many_hits_as_there_are() {
    let room = Room::new();
    room.write("points.csv", csv(&points(1500, 3)));
    room.ok("pack build points.csv p.psindex");
    let count = room.json("pack query p.psindex 20,10,40,30 --count --json --svg a.svg");
    let picture = room.read("a.svg");
    let hits = picture.matches("<circle class=\"hit\"").count();
    // One is in the key.
    assert_eq!(hits as u64, count["count"].as_u64().unwrap() + 1);
    room.ok("pack knn p.psindex 33,22 -k 5 --svg b.svg");
    let near = room.read("b.svg");
    assert!(near.contains("the 5 nearest to 33,22") && near.contains("the dotted frame"));
    for text in [picture, near] {
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
        assert!(!text.contains("href") && !text.contains("NaN") && !text.contains("inf"));
    }
}
