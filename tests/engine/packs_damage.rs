//! Guards packs and fences against damaged files: any bit turned, any end cut off. What our own
//! tree holds is checked throughout, so there an answer is right or an error; of the tree of the
//! format, which has no checksums, nothing worse than a wrong answer may come, and no panic.

use std::path::Path;
use std::sync::Arc;

use spatio::packed::Trees;
use spatio::vfs::{MemoryVfs, OpenMode, Vfs};
use spatio::{
    ErrorKind, Fence, Fences, FreezeOptions, NamespaceOptions, Options, Pack, Point, Polygon,
    Query, Rect, Space, Upsert,
};

const PATH: &str = "/file";

fn bytes_of(vfs: &MemoryVfs) -> Vec<u8> {
    vfs.open(Path::new(PATH), OpenMode::Read).unwrap().map().unwrap().to_vec()
}

fn pack_bytes(trees: Trees, is_flat: bool) -> Vec<u8> {
    let vfs = Arc::new(MemoryVfs::new());
    let db = Options::new().vfs(vfs.clone()).memory().unwrap();
    let live = db.create_namespace("n", &NamespaceOptions::geographic()).unwrap();
    for n in 0..40_u8 {
        let z = if is_flat { 0.0 } else { f64::from(n) };
        let at = Point::new_3d(f64::from(n) * 8.7 - 179.0, f64::from(n % 7) * 11.0 - 40.0, z);
        let payload = [n; 3];
        let with = Upsert::new().time_us(n.into());
        let with = if n % 3 == 0 { with.payload(&payload) } else { with };
        live.upsert_with(&format!("object {n}"), at, &with).unwrap();
    }
    live.freeze_with(PATH, FreezeOptions::new().trees(trees)).unwrap();
    bytes_of(&vfs)
}

/// What a pack says to some questions; an error ends each.
fn answers(pack: &Pack) -> Vec<Option<String>> {
    let queries = [
        Query::everywhere(),
        Query::rect(Rect::new(100.0, -40.0, -100.0, 20.0)),
        Query::nearest(5, Point::new(3.0, 4.0)),
        Query::circle("object 7", 2e6).id_prefix("object 1").since(3),
    ];
    let answer = |query: &Query| {
        let rows = pack.query(query).ok()?;
        let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        Some(format!("{rows:?}"))
    };
    let got = ["object 0", "object 39", "object"].map(|id| pack.get(id).ok());
    queries.iter().map(answer).chain(got.map(|got| got.map(|got| format!("{got:?}")))).collect()
}

/// Opens changed files with `ask`, and holds each answer against the sound one.
fn sweep(bytes: &[u8], is_sure: bool, ask: impl Fn(Vec<u8>) -> Option<Vec<Option<String>>>) {
    let sound = ask(bytes.to_vec()).expect("it opens");
    assert!(sound.iter().all(Option::is_some));
    let (mut refused, mut met) = (0, 0);
    for at in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << (at % 8);
        let Some(answers) = ask(changed) else {
            refused += 1;
            continue;
        };
        for (answer, sound) in answers.iter().zip(&sound) {
            met += usize::from(answer.is_none());
            if is_sure && answer.is_some() {
                assert_eq!(answer, sound, "byte {at}");
            }
        }
    }
    assert!(refused > 50 && met > 50, "{refused} refused, {met} answers became errors");
    for length in (0..bytes.len()).filter(|length| bytes.len() - length > 7) {
        assert!(ask(bytes[..length].to_vec()).is_none(), "cut to {length}");
    }
}

#[test]
fn a_changed_pack_is_refused_or_answers_rightly() {
    for (trees, is_flat) in
        [(Trees::Fast, true), (Trees::Fast, false), (Trees::Both, true), (Trees::Origin, true)]
    {
        let bytes = pack_bytes(trees, is_flat);
        sweep(&bytes, trees != Trees::Origin, |bytes| {
            let pack = Pack::from_bytes(Arc::new(bytes)).ok()?;
            let answers = answers(&pack);
            if pack.verify().is_ok() && trees == Trees::Fast {
                assert!(answers.iter().all(Option::is_some), "verify missed what a question met");
            }
            Some(answers)
        });
    }
}

#[test]
fn changed_fences_are_refused_or_answer_rightly() {
    let polygons: Vec<Polygon> = (0..12)
        .map(|n| {
            let corner = |at: i32| {
                let turn = f64::from(at) * 0.14;
                (f64::from(n) * 3.0 + 4.0 * turn.cos(), 4.0 * turn.sin())
            };
            let x = f64::from(n) * 3.0;
            let hole = vec![(x, 0.0), (x + 1.0, 0.0), (x, 1.0)];
            Polygon::new((0..45).map(corner).collect(), vec![hole]).unwrap()
        })
        .collect();
    let ids: Vec<String> = (0..12).map(|n| format!("zone {n}")).collect();
    let fence = |(id, polygon): (&String, _)| (id.clone(), polygon);
    let named: Vec<(String, &Polygon)> = ids.iter().zip(&polygons).map(fence).collect();
    let fences: Vec<Fence<'_>> =
        named.iter().map(|(id, polygon)| Fence { id, polygon, payload: Some(b"x") }).collect();
    let vfs = MemoryVfs::new();
    let options = FreezeOptions::new();
    Fences::write_on(&vfs, PATH, Space::Geographic, &fences, options).unwrap();
    sweep(&bytes_of(&vfs), true, |bytes| {
        let fences = Fences::from_bytes(Arc::new(bytes)).ok()?;
        let point = |x, y| fences.containing(Point::new(x, y)).ok();
        let found = [point(9.5, 0.2), point(3.0, -3.0), point(20.0, 3.9)];
        let met = [fences.intersecting(Rect::new(-9.0, 0.1, 0.6, 0.2)).ok()];
        let _ = fences.verify();
        let told = |all: Option<Vec<_>>| all.map(|all| format!("{all:?}"));
        let got = fences.get("zone 7").ok().map(|got| format!("{got:?}"));
        Some(found.into_iter().chain(met).map(told).chain([got]).collect())
    });
}

#[test]
fn a_file_of_another_sort_is_named_as_such() {
    let bytes = pack_bytes(Trees::Fast, true);
    let error = Fences::from_bytes(Arc::new(bytes)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    let fences = Fences::build(Space::Cartesian, &[]).unwrap();
    assert!(fences.is_empty() && fences.containing(Point::new(1.0, 1.0)).unwrap().is_empty());
    let mut index = Vec::new();
    let boxes = [spatio::packed::BoxN::point([1.0, 2.0])];
    let items = spatio::packed::Items::new(&boxes);
    spatio::packed::write_index(&items, Default::default(), &mut index).unwrap();
    let error = Pack::from_bytes(Arc::new(index)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
}
