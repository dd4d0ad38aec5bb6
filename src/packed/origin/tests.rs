//! Files against the examples of the format, brute force, and bytes that were tampered with.

use proptest::prelude::*;

use crate::error::ErrorKind;
use crate::format::psindex::Metadata;
use crate::packed::boxes::BoxN;

use super::forge::open;
use super::{
    Form, Items, Parts, Payloads, Precision, Triangle, check_any, check_file, put_triangle, write,
};

fn bytes_of<const D: usize>(items: &Items<'_, D>, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    let length = write(items, form, Parts::default(), &mut bytes).unwrap();
    assert_eq!(length, bytes.len() as u64);
    bytes
}

#[test]
fn one_box_is_written_as_the_format_shows_it() {
    let boxes = [BoxN::new([1.0, 2.0], [3.0, 4.0])];
    let bytes = bytes_of(&Items::new(&boxes), Form { node_size: 4, ..Form::default() });
    let mut expected = b"PSINDEX\0\x02\0\0\0\0\0\0\0\x01\0\0\0".to_vec();
    expected.resize(32, 0);
    expected.extend_from_slice(b"TREE\x01\0\0\0\x38\0\0\0\0\0\0\0\x68\0\0\0\0\0\0\0");
    expected.extend_from_slice(b"\x18\0\0\0\x02\x08\0\0\x01\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0");
    for number in [1.0_f64, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0] {
        expected.extend_from_slice(&number.to_le_bytes());
    }
    expected.resize(160, 0);
    assert_eq!(bytes, expected);
    assert_eq!(bytes_of::<2>(&Items::new(&[]), Form::default()).len(), 80);
}

#[test]
fn aggregates_are_written_as_the_format_shows_them() {
    let boxes: [BoxN<2>; 3] = std::array::from_fn(|at| BoxN::point([at as f64, 0.0]));
    let mut items = Items::new(&boxes);
    items.scalars = Some(&[1.5, 2.5, -4.0]);
    items.masks = Some(&[1, 2, 12]);
    let order = [0, 1, 2];
    let parts = Parts { order: Some(&order), ..Parts::default() };
    let mut bytes = Vec::new();
    write(&items, Form { node_size: 2, ..Form::default() }, parts, &mut bytes).unwrap();
    let mut expected = vec![0x10, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let summaries = [
        (1.5, 1.5, 1.5, 1),
        (2.5, 2.5, 2.5, 2),
        (-4.0, -4.0, -4.0, 12),
        (4.0, 1.5, 2.5, 3),
        (-4.0, -4.0, -4.0, 12),
        (0.0, -4.0, 2.5, 15_u64),
    ];
    for (sum, min, max, mask) in summaries {
        [sum, min, max].iter().for_each(|x: &f64| expected.extend_from_slice(&x.to_le_bytes()));
        expected.extend_from_slice(&mask.to_le_bytes());
    }
    for (value, mask) in [(1.5_f64, 1_u64), (2.5, 2), (-4.0, 12)] {
        expected.extend_from_slice(&value.to_le_bytes());
        expected.extend_from_slice(&mask.to_le_bytes());
    }
    assert_eq!((expected.len(), bytes.len()), (256, 600));
    assert_eq!(bytes[344..], expected);
}

#[test]
fn what_must_not_be_written() {
    let boxes = [BoxN::point([0.0, 0.0])];
    let kind = |items: &Items<'_, 2>, form: Form, parts: Parts<'_>| {
        write(items, form, parts, &mut Vec::new()).err().map(|error| error.kind())
    };
    let (form, parts) = (Form::default(), Parts::default());
    let good = Items::new(&boxes);
    let invalid = Some(ErrorKind::InvalidArgument);
    assert_eq!(kind(&good, form, parts), None);
    assert_eq!(kind(&Items::new(&[BoxN::new([1.0; 2], [0.0; 2])]), form, parts), invalid);
    assert_eq!(kind(&Items::new(&[BoxN::point([f64::NAN; 2])]), form, parts), invalid);
    assert_eq!(kind(&good, Form { node_size: 1, ..form }, parts), invalid);
    assert_eq!(kind(&good, form, Parts { order: Some(&[1]), ..parts }), invalid);
    assert_eq!(kind(&good, form, Parts { order: Some(&[]), ..parts }), invalid);
    let records = |stride, bytes| Some(Payloads::Records { stride, bytes });
    for payloads in [records(0, &[]), records(2, &[1]), records(1, &[1, 2])] {
        assert_eq!(kind(&Items { payloads, ..good }, form, parts), invalid);
    }
    let payloads = records(2, &[1, 2]);
    assert_eq!(kind(&Items { payloads, prefix_bytes: Some(0), ..good }, form, parts), invalid);
    assert_eq!(kind(&Items { prefix_bytes: Some(1), ..good }, form, parts), invalid);
    assert_eq!(kind(&Items { masks: Some(&[]), ..good }, form, parts), invalid);
    let masked = Items { masks: Some(&[1]), ..good };
    let single = Form { precision: Precision::Single, ..form };
    assert_eq!(kind(&masked, single, parts), invalid);
    let four = [BoxN::point([0.0; 4])];
    let four = Items::new(&four);
    assert!(write(&four, form, parts, &mut Vec::new()).is_err());
    let parts = Parts { order: Some(&[0]), without_tree: true, fast: Some(b"4"), own: &[] };
    assert!(write(&four, form, parts, &mut Vec::new()).is_ok());
}

#[test]
fn triangles_are_read_in_either_precision_if_they_were_declared() {
    let boxes = [BoxN::point([0.0; 3]), BoxN::point([1.0; 3])];
    let corners = |from: f64| Triangle { corners: [[from; 3], [from + 1.0; 3], [0.5, 0.25, from]] };
    for precision in [Precision::Double, Precision::Single] {
        let mut records = Vec::new();
        put_triangle(&corners(7.0), precision, &mut records);
        put_triangle(&corners(8.0), precision, &mut records);
        let stride = records.len() as u32 / 2;
        let payloads = Some(Payloads::Records { stride, bytes: &records });
        let bytes = bytes_of(&Items { payloads, ..Items::new(&boxes) }, Form::default());
        let file = open::<3>(&bytes).unwrap();
        assert_eq!(file.triangle(1).unwrap(), Some(corners(8.0)));
        assert_eq!(file.triangle(2).unwrap(), None);
        let blobs: Vec<&[u8]> = records.chunks(stride as usize).collect();
        let payloads = Some(Payloads::Blobs(&blobs));
        let bytes = bytes_of(&Items { payloads, ..Items::new(&boxes) }, Form::default());
        assert_eq!(open::<3>(&bytes).unwrap().triangle(1).unwrap(), None, "found equal");
    }
}

/// A box of whole coordinates, so that many touch and many are equal.
fn bounds<const D: usize>() -> impl Strategy<Value = BoxN<D>> {
    let side = (-20_i8..20, 0_u8..5);
    proptest::collection::vec(side, D).prop_map(|sides| {
        let min = std::array::from_fn(|k| f64::from(sides[k].0) / 3.0);
        BoxN::new(min, std::array::from_fn(|k| min[k] + f64::from(sides[k].1) / 3.0))
    })
}

fn form() -> impl Strategy<Value = Form> {
    let node_size = prop_oneof![Just(2), Just(3), Just(9), Just(16), Just(40), Just(65535)];
    let precision = prop_oneof![Just(Precision::Double), Just(Precision::Single)];
    (node_size, precision, any::<bool>()).prop_map(|(node_size, precision, interleaved)| Form {
        node_size,
        precision,
        interleaved,
    })
}

/// Everything that a file of `boxes` answers about a window, against brute force over what it
/// stores.
fn check<const D: usize>(boxes: &[BoxN<D>], form: Form, windows: &[BoxN<D>]) {
    let double = form.precision == Precision::Double;
    let scalars: Vec<f64> = (0..boxes.len()).map(|id| id as f64 - 3.0).collect();
    let masks: Vec<u64> = (0..boxes.len()).map(|id| 1 << (id % 64)).collect();
    let blobs: Vec<Vec<u8>> = (0..boxes.len()).map(|id| vec![id as u8; id % 5]).collect();
    let blobs: Vec<&[u8]> = blobs.iter().map(|blob| &blob[..]).collect();
    let items = Items {
        payloads: Some(Payloads::Blobs(&blobs)),
        prefix_bytes: Some(2),
        metadata: Metadata { crs: Some("none"), ..Metadata::default() },
        scalars: double.then_some(&scalars[..]),
        masks: double.then_some(&masks[..]),
        ..Items::new(boxes)
    };
    let bytes = bytes_of(&items, form);
    let file = open::<D>(&bytes).unwrap();
    file.verify().unwrap();
    assert_eq!((file.len(), file.metadata().unwrap()), (boxes.len(), items.metadata));
    let stored = file.items().unwrap();
    for (rank, (id, bounds)) in stored.iter().enumerate() {
        let given = &boxes[*id as usize];
        assert!(bounds == given || (!double && bounds.contains(given)));
        assert_eq!(file.rank(*id).unwrap(), Some(rank));
        let blob = blobs[*id as usize];
        assert_eq!(file.payload(*id).unwrap(), Some(blob));
        assert_eq!(file.payload_at(rank).unwrap(), Some(blob));
        let prefix = file.prefix_at(rank).unwrap();
        assert_eq!(prefix.iter().filter(|byte| **byte != 0).count(), {
            blob.iter().take(2).filter(|byte| **byte != 0).count()
        });
    }
    for window in windows {
        let mut found = file.search(window).unwrap();
        found.sort_unstable();
        let hits = stored.iter().filter(|(_, bounds)| bounds.intersects(window));
        let mut expected: Vec<u32> = hits.map(|(id, _)| *id).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{form:?} {window:?}");
        let Some(all) = file.aggregate(window).unwrap() else { continue };
        let values = || found.iter().map(|id| scalars[*id as usize]);
        assert_eq!(all.count, found.len() as u64);
        assert_eq!(all.sum, (!found.is_empty()).then(|| values().sum()));
        assert_eq!(all.min, values().reduce(f64::min));
        assert_eq!(all.max, values().reduce(f64::max));
        let mask = found.iter().map(|id| masks[*id as usize]).reduce(|a, b| a | b);
        assert_eq!(all.mask, mask);
    }
}

/// Small files with every chunk there is, in every form.
fn small_files() -> Vec<Vec<u8>> {
    let plane: Vec<BoxN<2>> = (0..5).map(|at| BoxN::point([f64::from(at * at), 1.0])).collect();
    let space: Vec<BoxN<3>> = (0..3).map(|at| BoxN::point([f64::from(at); 3])).collect();
    let metadata = Metadata { crs: Some("a"), attribution: Some("bc"), content_type: None };
    let mut files = Vec::new();
    for node_size in [2, 16] {
        for (precision, interleaved) in
            [(Precision::Double, false), (Precision::Double, true), (Precision::Single, false)]
        {
            let form = Form { node_size, precision, interleaved };
            let double = precision == Precision::Double;
            let blobs: [&[u8]; 5] = [b"one", b"", b"three", b"4", b"5"];
            files.push(bytes_of(
                &Items {
                    payloads: Some(Payloads::Blobs(&blobs)),
                    prefix_bytes: Some(2),
                    metadata,
                    scalars: double.then_some(&[1.0, 2.0, 3.0, -0.0, 5.0]),
                    masks: double.then_some(&[1, 2, 4, 8, 16]),
                    ..Items::new(&plane)
                },
                form,
            ));
            let payloads = Some(Payloads::Records { stride: 2, bytes: b"112233" });
            files.push(bytes_of(&Items { payloads, ..Items::new(&space) }, form));
        }
    }
    files
}

#[test]
fn a_file_cut_anywhere_is_refused_or_answers() {
    for file in small_files() {
        for length in 0..file.len() {
            check_file(&file[..length]);
            let is_padding = file.len() - length < 8 && file[length..].iter().all(|b| *b == 0);
            assert!(open::<2>(&file[..length]).is_err() || is_padding, "cut at {length}");
        }
    }
}

#[test]
fn a_file_with_any_bit_flipped_is_refused_or_answers() {
    for mut file in small_files() {
        for bit in 0..file.len() * 8 {
            file[bit / 8] ^= 1 << (bit % 8);
            check_file(&file);
            file[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn what_leads_nowhere_makes_answers_errors() {
    let boxes: Vec<BoxN<2>> = (0..5).map(|at| BoxN::point([f64::from(at), 0.0])).collect();
    let good = bytes_of(&Items::new(&boxes), Form { node_size: 2, ..Form::default() });
    let entries = 5 + 3 + 2 + 1;
    let index_at = |position: usize| 56 + 24 + entries * 32 + position * 8;
    for (position, value) in [(0, 5), (0, u64::MAX), (5, 1), (5, 2), (9, 11), (10, 10), (10, 0)] {
        let mut bad = good.clone();
        bad[index_at(position)..][..8].copy_from_slice(&u64::to_le_bytes(value));
        let file = open::<2>(&bad).unwrap();
        let error = file.items().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.message().contains(&format!("entry {position} ")), "{error}");
        assert!(file.verify().is_err());
    }
    let mut twice = good.clone();
    twice.copy_within(index_at(0)..index_at(1), index_at(1));
    assert!(open::<2>(&twice).unwrap().verify().is_err(), "one id twice");
    assert_eq!(open::<3>(&good).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn files_of_the_plane_answer_as_brute_force(
        boxes in proptest::collection::vec(bounds::<2>(), 0..700),
        windows in proptest::collection::vec(bounds::<2>(), 6),
        form in form(),
    ) {
        check(&boxes, form, &windows);
        check(&boxes, form, &[BoxN::EVERYWHERE]);
    }

    #[test]
    fn files_of_space_answer_as_brute_force(
        boxes in proptest::collection::vec(bounds::<3>(), 0..700),
        windows in proptest::collection::vec(bounds::<3>(), 6),
        form in form(),
    ) {
        check(&boxes, form, &windows);
    }

    #[test]
    fn any_bytes_are_refused_or_answer(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..400),
        begins_well: bool,
    ) {
        check_any(&bytes);
        if begins_well {
            let head = b"PSINDEX\0\x02\0\0\0\0\0\0\0\x01\0\0\0";
            bytes.splice(..bytes.len().min(head.len()), head.iter().copied());
            check_file(&bytes);
        }
    }

    #[test]
    fn a_given_order_is_kept(
        order in Just((0..60).collect::<Vec<u32>>()).prop_shuffle(),
        form in form(),
    ) {
        let boxes: Vec<BoxN<2>> = (0..60).map(|at| BoxN::point([f64::from(at); 2])).collect();
        let parts = Parts { order: Some(&order), ..Parts::default() };
        let mut bytes = Vec::new();
        write(&Items::new(&boxes), form, parts, &mut bytes).unwrap();
        let file = open::<2>(&bytes).unwrap();
        file.verify().unwrap();
        let found: Vec<u32> = file.items().unwrap().into_iter().map(|(id, _)| id).collect();
        prop_assert_eq!(found, order);
    }
}
