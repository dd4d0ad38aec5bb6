//! Each reads what the other wrote.
//!
//! Their files are read by us and held against brute force. Our files with another order of the
//! items and a chunk of ours are read by them, in memory and in parts, and answer as their own.

use packed_spatial_index::{
    Index2D, Index2DF32, Index2DView, Index3D, Index3DF32, Index3DView, Point2D, Point3D, Ray2D,
    Ray3D, SliceReader, StreamIndex2D, StreamIndex2DF32, StreamIndex3D, StreamIndex3DF32,
    Triangle2D, Triangle2DF32, Triangle3D, Triangle3DF32, read_metadata,
};
use spatio::packed::psindex::{Parts, write};
use spatio::packed::{
    BoxN, Form, Index, Items, Metadata, Payloads, Precision, Triangle, axes, put_triangle,
};
use spatio::prng::Prng;
use spatio_interop::{Kind, blobs, boxes, values, windows};

use crate::forms;
use crate::theirs::{self, box2, box3};

fn open<const D: usize>(bytes: &[u8]) -> spatio::Result<Index<D>> {
    Index::open(std::sync::Arc::new(bytes.to_vec()))
}

fn sorted<I: TryInto<u32>>(ids: impl IntoIterator<Item = I>) -> Vec<u32> {
    let ids = ids.into_iter().map(|id| id.try_into().unwrap_or(u32::MAX));
    let mut ids: Vec<u32> = ids.collect();
    ids.sort_unstable();
    ids
}

/// What they wrote, read by us, against what went in.
fn check_ours<const D: usize>(bytes: &[u8], items: &Items<'_, D>, form: Form, seed: u64) {
    let file = open::<D>(bytes).expect("they wrote it");
    file.verify().expect("they wrote it");
    assert_eq!((usize::from(axes(bytes).unwrap()), file.len()), (D, items.boxes.len()));
    assert_eq!(file.metadata().unwrap(), items.metadata);
    let stored = file.items().unwrap();
    for (rank, (id, bounds)) in stored.iter().enumerate() {
        let given = &items.boxes[*id as usize];
        let is_exact = form.precision == Precision::Double;
        assert!(if is_exact { bounds == given } else { bounds.contains(given) });
        let Some(Payloads::Blobs(blobs)) = items.payloads else { continue };
        let blob = blobs[*id as usize];
        assert_eq!(file.payload(*id).unwrap(), Some(blob));
        assert_eq!(file.payload_at(rank).unwrap(), Some(blob));
        if let (Some(prefix), Some(length)) = (file.prefix_at(rank), file.prefix_bytes()) {
            assert!(prefix.len() == length && prefix.starts_with(&blob[..blob.len().min(length)]));
        }
    }
    for window in windows(items.boxes, 6, seed) {
        let hits = stored.iter().filter(|(_, bounds)| bounds.intersects(&window));
        let expected = sorted(hits.map(|(id, _)| *id));
        assert_eq!(sorted(file.search(&window).unwrap()), expected);
    }
}

#[test]
fn we_read_what_they_write() {
    let metadata = Metadata { crs: Some("none"), content_type: None, attribution: Some("") };
    for kind in Kind::ALL {
        for (seed, count) in (0..).zip([0, 1, 2, 17, 400, 2000]) {
            let (plane, space) = (boxes::<2>(kind, count, seed), boxes::<3>(kind, count, seed));
            let blobs = blobs(count, None, seed);
            let slices: Vec<&[u8]> = blobs.iter().map(|blob| &blob[..]).collect();
            let payloads = Some(Payloads::Blobs(&slices));
            for form in [2, 16, 65535].into_iter().flat_map(forms) {
                let prefix_bytes = Some(3);
                let mut items = Items::new(&plane);
                (items.payloads, items.prefix_bytes) = (payloads, prefix_bytes);
                items.metadata = metadata;
                check_ours(&theirs::write2(&items, form), &items, form, seed);
                let mut items = Items::new(&space);
                (items.payloads, items.prefix_bytes) = (payloads, prefix_bytes);
                items.metadata = metadata;
                check_ours(&theirs::write3(&items, form), &items, form, seed);
            }
        }
    }
}

/// A file of ours with the items in an order of chance, and a chunk that they do not know.
fn shuffled<const D: usize>(items: &Items<'_, D>, form: Form, seed: u64) -> Vec<u8> {
    let (mut prng, mut order) = (Prng::new(seed), Vec::new());
    order.extend(0..items.boxes.len() as u32);
    for last in (1..order.len()).rev() {
        order.swap(last, prng.index(last + 1));
    }
    let mut bytes = Vec::new();
    let parts = Parts { order: Some(&order), fast: Some(b"of no concern"), ..Parts::default() };
    write(items, form, parts, &mut bytes).expect("the input is sound");
    bytes
}

/// Both files, read by one of their types, answer alike to everything.
macro_rules! same_answers {
    ($index:ident, $bounds:ident, $ours:expr, $theirs:expr, $windows:expr) => {{
        let ours = $index::from_bytes($ours).expect("we wrote it");
        let theirs = $index::from_bytes($theirs).expect("they wrote it");
        for window in $windows {
            let window = $bounds(window);
            assert_eq!(sorted(ours.search(window)), sorted(theirs.search(window)));
        }
        (ours, theirs)
    }};
}

macro_rules! same_streams {
    ($index:ident, $bounds:ident, $ours:expr, $theirs:expr, $windows:expr) => {{
        let ours = $index::open(SliceReader::new($ours)).expect("we wrote it");
        let theirs = $index::open(SliceReader::new($theirs)).expect("they wrote it");
        for window in $windows {
            let window = $bounds(window);
            assert_eq!(
                sorted(ours.search(window).expect("it is whole")),
                sorted(theirs.search(window).expect("it is whole"))
            );
            let (mut found, mut expected) = (
                ours.search_payloads(window).expect("it is whole"),
                theirs.search_payloads(window).expect("it is whole"),
            );
            found.sort();
            expected.sort();
            assert_eq!(found, expected);
        }
    }};
}

#[test]
fn they_read_what_we_write() {
    for kind in [Kind::Small, Kind::Points, Kind::Line] {
        for (seed, count) in (0..).zip([0, 1, 2, 17, 400, 2000]) {
            let (plane, space) = (boxes::<2>(kind, count, seed), boxes::<3>(kind, count, seed));
            let blobs = blobs(count, None, seed);
            let slices: Vec<&[u8]> = blobs.iter().map(|blob| &blob[..]).collect();
            let payloads = Some(Payloads::Blobs(&slices));
            let (flat, deep) = (windows(&plane, 9, seed), windows(&space, 9, seed));
            for form in [2, 16].into_iter().flat_map(forms) {
                let items = Items { payloads, prefix_bytes: Some(2), ..Items::new(&plane) };
                compare2(&shuffled(&items, form, seed), &theirs::write2(&items, form), form, &flat);
                let items = Items { payloads, prefix_bytes: Some(2), ..Items::new(&space) };
                compare3(&shuffled(&items, form, seed), &theirs::write3(&items, form), form, &deep);
            }
        }
    }
}

fn compare2(ours: &[u8], theirs: &[u8], form: Form, windows: &[BoxN<2>]) {
    if form.precision == Precision::Single {
        // In memory they read rounded boxes in one of the layouts only.
        if !form.interleaved {
            same_answers!(Index2DF32, box2, ours, theirs, windows);
        }
        same_streams!(StreamIndex2DF32, box2, ours, theirs, windows);
        return;
    }
    let (a, b) = same_answers!(Index2D, box2, ours, theirs, windows);
    for window in windows {
        let at = Point2D::new(window.max[0].min(1e3), window.max[1].min(1e3));
        let ray = Ray2D::new(at, -0.6, 0.8, 300.0);
        assert_eq!(a.neighbors(at, 5), b.neighbors(at, 5));
        assert_eq!(sorted(a.raycast(ray)), sorted(b.raycast(ray)));
    }
    if !form.interleaved {
        let (a, b) = same_answers!(Index2DView, box2, ours, theirs, windows);
        assert!((0..=a.num_items()).all(|id| a.payload(id) == b.payload(id)));
    }
    same_streams!(StreamIndex2D, box2, ours, theirs, windows);
}

fn compare3(ours: &[u8], theirs: &[u8], form: Form, windows: &[BoxN<3>]) {
    if form.precision == Precision::Single {
        // In memory they read rounded boxes in one of the layouts only.
        if !form.interleaved {
            same_answers!(Index3DF32, box3, ours, theirs, windows);
        }
        same_streams!(StreamIndex3DF32, box3, ours, theirs, windows);
        return;
    }
    let (a, b) = same_answers!(Index3D, box3, ours, theirs, windows);
    for window in windows {
        let [x, y, z] = window.max.map(|x| x.min(1e3));
        let ray = Ray3D::new(Point3D::new(x, y, z), -0.6, 0.8, 0.1, 300.0);
        let at = Point3D::new(x, y, z);
        assert_eq!(a.neighbors(at, 5), b.neighbors(at, 5));
        assert_eq!(sorted(a.raycast(ray)), sorted(b.raycast(ray)));
    }
    if !form.interleaved {
        let (a, b) = same_answers!(Index3DView, box3, ours, theirs, windows);
        assert!((0..=a.num_items()).all(|id| a.payload(id) == b.payload(id)));
    }
    same_streams!(StreamIndex3D, box3, ours, theirs, windows);
}

#[test]
fn both_add_up_alike() {
    for (seed, count) in (0..).zip([0, 1, 17, 2000]) {
        let plane = boxes::<2>(Kind::Small, count, seed);
        let (scalars, masks) = values(count, false, seed);
        let (scalars, masks) = (Some(&scalars[..]), Some(&masks[..]));
        let items = Items { scalars, masks, ..Items::new(&plane) };
        let bytes = theirs::write2(&items, Form::default());
        let theirs = Index2DView::from_bytes(&bytes).expect("they wrote it");
        let ours = open::<2>(&bytes).expect("they wrote it");
        for window in windows(&plane, 50, seed) {
            let a = ours.aggregate(&window).unwrap().expect("the file has aggregates");
            let b = theirs.aggregate(box2(&window)).expect("the file has aggregates");
            assert_eq!((a.count, a.min, a.max, a.mask), (b.count, b.min, b.max, b.mask));
            let gap = a.sum.unwrap_or(0.0) - b.sum.unwrap_or(0.0);
            assert!(gap.abs() <= 1e-9 && a.sum.is_some() == b.sum.is_some());
        }
    }
}

#[test]
fn triangles_and_metadata_arrive() {
    let corners = |at: f64| [[at, at + 0.5], [at + 1.0, 0.25], [0.125, at - 2.0]];
    let plane: Vec<BoxN<2>> = (0..40).map(|at| BoxN::point([f64::from(at); 2])).collect();
    let metadata = Metadata { crs: Some("a"), content_type: Some("b"), attribution: Some("c") };
    for precision in [Precision::Double, Precision::Single] {
        let mut bytes = Vec::new();
        for at in 0..40 {
            let triangle = Triangle { corners: corners(f64::from(at)) };
            put_triangle(&triangle, precision, &mut bytes);
        }
        let payloads = Some(Payloads::Records { stride: bytes.len() as u32 / 40, bytes: &bytes });
        let items = Items { payloads, metadata, ..Items::new(&plane) };
        let mut ours = Vec::new();
        write(&items, Form::default(), Parts::default(), &mut ours).unwrap();
        let view = Index2DView::from_bytes(&ours).unwrap();
        let file = open::<2>(&ours).unwrap();
        for id in 0..40 {
            let expected = corners(id as f64);
            assert_eq!(file.triangle(id).unwrap().unwrap().corners, expected);
            let found = match precision {
                Precision::Double => {
                    view.triangle::<Triangle2D>(id as usize).map(|t| [t.a, t.b, t.c])
                }
                Precision::Single => view
                    .triangle::<Triangle2DF32>(id as usize)
                    .map(|t| [t.a, t.b, t.c].map(|corner| corner.map(f64::from))),
            };
            assert_eq!(found, Some(expected));
        }
        let said = read_metadata(&ours).unwrap();
        let said = (said.crs, said.content_type, said.attribution);
        assert_eq!(said, (Some("a".into()), Some("b".into()), Some("c".into())));
    }
}

#[test]
fn their_triangles_arrive() {
    let corner = |at: f64| [at, at / 2.0, at - 3.0];
    let double: Vec<Triangle3D> =
        (0..40).map(|at| Triangle3D::new(corner(at.into()), corner(7.0), corner(8.0))).collect();
    let single: Vec<Triangle3DF32> = double
        .iter()
        .map(|t| {
            Triangle3DF32::new(t.a.map(|x| x as f32), t.b.map(|x| x as f32), t.c.map(|x| x as f32))
        })
        .collect();
    let index = Index3D::from_triangles(&double).unwrap();
    let files = [
        index.serialize().triangles(&double).to_bytes().unwrap(),
        index.serialize().triangles(&single).to_bytes().unwrap(),
    ];
    for bytes in files {
        let file = open::<3>(&bytes).unwrap();
        for (id, triangle) in (0..).zip(&double) {
            let found = file.triangle(id).unwrap().expect("there are records");
            assert_eq!(found.corners, [triangle.a, triangle.b, triangle.c]);
        }
    }
}
