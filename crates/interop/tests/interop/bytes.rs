//! Equal input, equal bytes.

use spatio::packed::psindex::{Parts, write};
use spatio::packed::{Form, Items, Metadata, Payloads, Precision};
use spatio_interop::{Kind, blobs, boxes, values};

use crate::{forms, theirs};

/// Around every size at which something changes: nodes, levels, and how ties are broken.
const COUNTS: [usize; 12] = [0, 1, 2, 3, 16, 17, 65, 384, 385, 512, 513, 3000];
const NODE_SIZES: [u16; 6] = [2, 3, 9, 16, 64, 65535];

fn ours<const D: usize>(items: &Items<'_, D>, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(items, form, Parts::default(), &mut bytes).expect("the input is sound");
    bytes
}

/// Compares without printing whole files.
fn compare<const D: usize>(
    items: &Items<'_, D>,
    form: Form,
    theirs: impl Fn(&Items<'_, D>, Form) -> Vec<u8>,
    what: &str,
) {
    let (ours, theirs) = (ours(items, form), theirs(items, form));
    let count = items.boxes.len();
    assert_eq!(ours.len(), theirs.len(), "{what}: {count} items of {D} axes, {form:?}");
    let differs = ours.iter().zip(&theirs).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{what}: {count} items of {D} axes, {form:?}");
}

#[test]
fn trees_are_equal_whatever_the_boxes_are_like() {
    for kind in Kind::ALL {
        for (seed, count) in (0..).zip(COUNTS) {
            let (plane, space) = (boxes::<2>(kind, count, seed), boxes::<3>(kind, count, seed));
            for form in NODE_SIZES.into_iter().flat_map(forms) {
                let what = format!("{kind:?}");
                compare(&Items::new(&plane), form, theirs::write2, &what);
                compare(&Items::new(&space), form, theirs::write3, &what);
            }
        }
    }
}

#[test]
fn aggregates_are_equal() {
    for (seed, count) in (0..).zip(COUNTS) {
        let (plane, space) =
            (boxes::<2>(Kind::Small, count, seed), boxes::<3>(Kind::Small, count, seed));
        for odd in [false, true] {
            let (scalars, masks) = values(count, odd, seed);
            for which in 1..4 {
                let scalars = (which & 1 != 0).then_some(&scalars[..]);
                let masks = (which & 2 != 0).then_some(&masks[..]);
                let forms = NODE_SIZES.into_iter().flat_map(forms);
                for form in forms.filter(|form| form.precision == Precision::Double) {
                    let what = format!("columns {which}, odd values {odd}");
                    let items = Items { scalars, masks, ..Items::new(&plane) };
                    compare(&items, form, theirs::write2, &what);
                    let items = Items { scalars, masks, ..Items::new(&space) };
                    compare(&items, form, theirs::write3, &what);
                }
            }
        }
    }
}

#[test]
fn payloads_prefixes_and_metadata_are_equal() {
    let said = Metadata {
        crs: Some("EPSG:4326"),
        content_type: Some("text/plain"),
        attribution: Some("nobody"),
    };
    let partly = Metadata { attribution: Some("nobody"), ..Metadata::default() };
    for (seed, count) in (0..).zip([0, 1, 3, 17, 600]) {
        let (plane, space) =
            (boxes::<2>(Kind::Grid, count, seed), boxes::<3>(Kind::Small, count, seed));
        let (scalars, masks) = values(count, false, seed);
        for length in [None, Some(0), Some(1), Some(4), Some(24)] {
            let blobs = blobs(count, length, seed);
            let flat = blobs.concat();
            let slices: Vec<&[u8]> = blobs.iter().map(|blob| &blob[..]).collect();
            let mut payloads = vec![Payloads::Blobs(&slices)];
            if let Some(stride @ 1..) = length {
                payloads.push(Payloads::Records { stride: stride as u32, bytes: &flat });
            }
            let cases = payloads.into_iter().flat_map(|payloads| {
                let prefixes = [None, Some(1), Some(4), Some(24)];
                prefixes.map(|prefix_bytes| (payloads, prefix_bytes))
            });
            for ((payloads, prefix_bytes), metadata) in
                cases.zip([said, partly, Metadata::default()].into_iter().cycle())
            {
                for form in forms(9) {
                    let what = format!("{length:?} bytes, prefix {prefix_bytes:?}");
                    let double = form.precision == Precision::Double;
                    let (scalars, masks) =
                        (double.then_some(&scalars[..]), double.then_some(&masks[..]));
                    let payloads = Some(payloads);
                    let mut items = Items::new(&plane);
                    (items.payloads, items.prefix_bytes) = (payloads, prefix_bytes);
                    (items.metadata, items.scalars, items.masks) = (metadata, scalars, masks);
                    compare(&items, form, theirs::write2, &what);
                    let boxes = &space[..];
                    let Items { scalars, masks, .. } = items;
                    let items = Items { boxes, payloads, prefix_bytes, metadata, scalars, masks };
                    compare(&items, form, theirs::write3, &what);
                }
            }
        }
    }
}
