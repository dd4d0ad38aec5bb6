//! What must hold of any bytes that claim to be a file: the property that tests and fuzzing share.
//!
//! Compiled for tests and fuzzing only. Owns no layout. The property panics when a reader does,
//! or when a file that was looked through and found sound answers other than brute force.

use crate::error::Result;
use crate::format::psindex::Metadata;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;

use super::coordinate::Precision;
use super::write::{Form, Items, Parts, Payloads, write};

/// Takes any bytes as a file, and as the recipe of a file with some bytes changed: chance alone
/// would seldom get past the container.
pub fn check_any(bytes: &[u8]) {
    check_file(bytes);
    let Some((&[count, node_size, kind], rest)) = bytes.split_first_chunk() else { return };
    let (coordinates, patches) = rest.split_at(rest.len().min(4 * usize::from(count % 64)));
    let mut forged = if kind & 1 == 0 {
        forge::<2>(node_size, kind, coordinates)
    } else {
        forge::<3>(node_size, kind, coordinates)
    };
    check_file(&forged);
    for patch in patches.as_chunks::<3>().0 {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % forged.len();
        forged[at] = patch[2];
    }
    check_file(&forged);
}

/// A sound file, with an item for every four bytes.
fn forge<const D: usize>(node_size: u8, kind: u8, coordinates: &[u8]) -> Vec<u8> {
    let quads = coordinates.as_chunks::<4>().0;
    let boxes: Vec<BoxN<D>> = quads
        .iter()
        .map(|quad| {
            let min = std::array::from_fn(|k| f64::from(quad[k]) - 100.0);
            BoxN::new(min, min.map(|x| x + f64::from(quad[3])))
        })
        .collect();
    let has = |bit: u8| kind & (1 << bit) != 0;
    let form = Form {
        node_size: u16::from(node_size).max(2),
        precision: if has(1) { Precision::Single } else { Precision::Double },
        interleaved: has(2),
    };
    let blobs: Vec<&[u8]> = quads.iter().map(|quad| &quad[..usize::from(quad[0] % 5)]).collect();
    let scalars: Vec<f64> = quads.iter().map(|quad| f64::from(quad[3])).collect();
    let masks: Vec<u64> = quads.iter().map(|quad| u64::from(quad[3])).collect();
    let records = Payloads::Records { stride: 4, bytes: quads.as_flattened() };
    let payloads = if has(3) { records } else { Payloads::Blobs(&blobs) };
    let items = Items {
        boxes: &boxes,
        payloads: has(4).then_some(payloads),
        prefix_bytes: (has(4) && has(5)).then_some(2),
        metadata: Metadata { crs: has(6).then_some("crs"), ..Metadata::default() },
        scalars: (has(7) && !has(1)).then_some(&scalars),
        masks: (has(6) && !has(1)).then_some(&masks),
    };
    let mut bytes = Vec::new();
    let Ok(_) = write(&items, form, Parts::default(), &mut bytes) else {
        panic!("{form:?} cannot be written")
    };
    bytes
}

/// An index of some bytes.
pub(super) fn open<const D: usize>(bytes: &[u8]) -> Result<Index<D>> {
    Index::open(std::sync::Arc::new(bytes.to_vec()))
}

/// Opens any bytes and asks of them what can be asked.
pub fn check_file(bytes: &[u8]) {
    check::<2>(bytes);
    check::<3>(bytes);
}

fn check<const D: usize>(bytes: &[u8]) {
    let Ok(file) = open::<D>(bytes) else { return };
    let _ = (file.metadata(), file.prefix_bytes());
    for at in [0, 1, file.len() / 2, file.len().wrapping_sub(1), usize::MAX] {
        let _ = (file.payload_at(at), file.prefix_at(at));
        let _ = (file.payload(at as u32), file.triangle(at as u32));
    }
    let items = file.items();
    let mut windows = vec![BoxN::EVERYWHERE, BoxN::point([0.0; D])];
    if let Ok(items) = &items {
        let corners = items.iter().step_by(items.len() / 4 + 1);
        windows.extend(corners.map(|(_, bounds)| BoxN::new([-1.0; D], bounds.max)));
        windows.retain(|window| window.validate("check").is_ok());
    }
    let answers: Vec<_> = windows
        .iter()
        .map(|window| (window, file.search(window), file.aggregate(window)))
        .collect();
    for (_, found, _) in &answers {
        assert!(found.as_ref().is_ok_and(|ids| ids.len() <= file.len()) || found.is_err());
    }
    let (Ok(()), Ok(items)) = (file.verify(), items) else { return };
    // A box inside out may lie in a window without touching it; a node's is then no help.
    if items.iter().any(|(_, bounds)| bounds.validate("check").is_err()) {
        return;
    }
    for (window, found, aggregate) in answers {
        let hits = items.iter().filter(|(_, bounds)| bounds.intersects(window));
        let mut expected: Vec<u32> = hits.map(|(id, _)| *id).collect();
        expected.sort_unstable();
        let Ok(mut found) = found else { panic!("a sound file does not answer") };
        found.sort_unstable();
        assert_eq!(found, expected, "{window:?}");
        if let Ok(Some(aggregate)) = aggregate {
            assert_eq!(aggregate.count, expected.len() as u64);
        }
    }
}
