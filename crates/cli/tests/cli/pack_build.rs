//! Files that were built with little memory beside those that the library builds in memory.

use spatio::packed::{
    BoxN, Form, Items, Metadata, Payloads, Precision, Trees, WriteOptions, write_index,
};

use crate::run::Room;

const COUNT: usize = 40_000;

/// Points, some of them the same, with payloads of many lengths; more than a MiB of them.
fn points() -> (Vec<BoxN<2>>, Vec<String>) {
    let mut state = 5_u64;
    let mut next = move || {
        state = state * 16_807 % 2_147_483_647;
        (state % 100_000) as f64 / 1000.0
    };
    let boxes: Vec<_> = (0..COUNT).map(|_| BoxN::point([next(), next().floor()])).collect();
    let names = (0..COUNT).map(|n| format!("p{n}{}", "-".repeat(n % 90))).collect();
    (boxes, names)
}

fn csv(boxes: &[BoxN<2>], names: &[String]) -> String {
    let row = |(at, name): (&BoxN<2>, &String)| format!("{name},{},{}\n", at.min[0], at.min[1]);
    let rows: String = boxes.iter().zip(names).map(row).collect();
    format!("name,x,y\n{rows}")
}

fn in_memory(
    boxes: &[BoxN<2>],
    names: Option<&[String]>,
    trees: Trees,
    precision: Precision,
) -> Vec<u8> {
    let blobs: Vec<&[u8]> =
        names.iter().flat_map(|names| names.iter().map(String::as_bytes)).collect();
    let content_type = names.map(|_| "text/plain; charset=utf-8");
    let items = Items {
        payloads: names.map(|_| Payloads::Blobs(&blobs)),
        metadata: Metadata { crs: Some("here"), content_type, attribution: Some("us") },
        ..Items::new(boxes)
    };
    let options = WriteOptions { trees, form: Form { precision, ..Form::default() }, threads: 1 };
    let mut file = Vec::new();
    write_index(&items, options, &mut file).unwrap();
    file
}

#[test]
fn little_memory_gives_the_same_bytes_and_leaves_nothing_behind() {
    let room = Room::new();
    let (boxes, names) = points();
    room.write("points.csv", csv(&boxes, &names));
    std::fs::create_dir(room.path("temp")).unwrap();
    for (layout, trees, precision) in [
        ("fast", Trees::Fast, Precision::Double),
        ("origin", Trees::Origin, Precision::Double),
        ("both --f32", Trees::Both, Precision::Single),
    ] {
        for with_names in [true, false] {
            let payload = if with_names { "--payload name" } else { "" };
            let expected = in_memory(&boxes, with_names.then_some(&names), trees, precision);
            for memory in ["--memory 1", "--memory 1 --temp temp", ""] {
                let ask = format!(
                    "pack build points.csv a.psindex --layout {layout} {payload} {memory} \
                     --crs here --attribution us --json"
                );
                let told = room.json(&ask);
                assert_eq!(told["items"], COUNT);
                assert_eq!(told["bytes"], expected.len());
                assert!(std::fs::read(room.path("a.psindex")).unwrap() == expected, "{ask}");
            }
        }
    }
    let mut left: Vec<_> =
        std::fs::read_dir(room.dir()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["a.psindex", "points.csv", "temp"]);
    assert_eq!(std::fs::read_dir(room.path("temp")).unwrap().count(), 0);
}

#[test]
fn temporary_files_are_gone_after_a_failure_too() {
    let room = Room::new();
    let (boxes, names) = points();
    room.write("points.csv", csv(&boxes, &names) + "bad,x,1\n");
    std::fs::create_dir(room.path("temp")).unwrap();
    room.fails(
        3,
        "x `x` is no number",
        "pack build points.csv a.psindex --memory 1 --temp temp --strict",
    );
    room.fails(1, "nowhere", "pack build points.csv a.psindex --temp nowhere");
    room.fails(2, "0 is not in 1..", "pack build points.csv a.psindex --memory 0");
    assert_eq!(std::fs::read_dir(room.path("temp")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(room.dir()).unwrap().count(), 2);
}
