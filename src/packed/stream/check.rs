//! What must hold of any bytes that are streamed: the property that tests and fuzzing share.
//!
//! Compiled for tests and fuzzing only. Owns no layout. The property panics when a question does,
//! when it finds more items than there are, or when a file that was found sound answers other than
//! it does in memory.

use std::sync::Arc;

use super::any::AnyStreamIndex;
use super::describe::describe_streamed;
use super::index::StreamIndex;
use super::machine::StreamQuery;
use super::nearest::Nearby;
use super::options::StreamOptions;
use super::reader::{MemoryRanges, RangeReader};
use crate::error::Result;
use crate::format::psindex::{Directory, tag};
use crate::packed::boxes::BoxN;
use crate::packed::fast::reseal;
use crate::packed::file::{Trees, WriteOptions, write_index};
use crate::packed::index::{Bytes, Index};
use crate::packed::origin::{Form, Items, Payloads, Precision};
use crate::packed::query::Ray;

/// Takes any bytes as a file, and as the recipe of a file with some bytes changed and checksums
/// that are right: chance alone would seldom get that far.
pub fn check_streamed(bytes: &[u8]) {
    check_forged::<2>(bytes, StreamOptions::default(), false);
    check_forged::<3>(bytes, StreamOptions::default(), false);
    let Some((&[count, kind, spread], rest)) = bytes.split_first_chunk() else { return };
    let (coordinates, patches) = rest.split_at(rest.len().min(4 * usize::from(count % 64)));
    match kind & 1 {
        0 => check_recipe::<2>(kind, spread, coordinates, patches),
        _ => check_recipe::<3>(kind, spread, coordinates, patches),
    }
}

fn check_recipe<const D: usize>(kind: u8, spread: u8, coordinates: &[u8], patches: &[u8]) {
    let options = StreamOptions {
        gap_bytes: if kind & 64 == 0 { 0 } else { 100 },
        round_bytes: if kind & 128 == 0 { 1 } else { 1 << 20 },
        kept_bytes: [0, 300, 1 << 20][usize::from(spread % 3)],
        ..StreamOptions::default()
    };
    let mut file = forge::<D>(kind, spread, coordinates);
    check_forged::<D>(&file, options, true);
    for patch in patches.as_chunks::<3>().0 {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % file.len();
        file[at] = patch[2];
    }
    StreamIndex::<D>::reseal(&mut file);
    check_forged::<D>(&file, options, false);
}

impl<const D: usize> StreamIndex<D> {
    /// Puts the checksums of a changed file right, as far as it says where they are.
    pub(crate) fn reseal(file: &mut [u8]) {
        let directory = Directory::parse(file, file.len() as u64).ok();
        if let Some(range) = directory.and_then(|directory| directory.range(tag::FAST)) {
            reseal::<D>(&mut file[range.start as usize..range.end as usize]);
        }
    }
}

/// A sound file, with some items for every four bytes.
fn forge<const D: usize>(kind: u8, spread: u8, coordinates: &[u8]) -> Vec<u8> {
    let quads = coordinates.as_chunks::<4>().0;
    let item = |n: usize| {
        let quad = quads[n % quads.len()];
        let min = std::array::from_fn(|k| f64::from(quad[k]) + n as f64 / 64.0 - 100.0);
        BoxN::new(min, min.map(|x| x + f64::from(quad[3] % 8)))
    };
    let boxes: Vec<BoxN<D>> = (0..quads.len() * usize::from(spread % 16)).map(item).collect();
    let blobs: Vec<&[u8]> = (0..boxes.len()).map(|n| &coordinates[..n % 5 % 4]).collect();
    let trees = [Trees::Origin, Trees::Fast, Trees::Both][usize::from(kind >> 1 & 3) % 3];
    let precision = if kind & 8 == 0 { Precision::Double } else { Precision::Single };
    let node_size = u16::from(spread / 8).max(2);
    let form = Form { node_size, precision, interleaved: kind & 16 != 0 };
    let payloads = (kind & 32 != 0).then_some(Payloads::Blobs(&blobs));
    let numbers: Vec<f64> = (0..boxes.len()).map(|n| (n % 9) as f64).collect();
    // Where they are possible at all.
    let has_scalars = trees == Trees::Fast || precision == Precision::Double;
    let scalars = has_scalars.then_some(&numbers[..]);
    let mut file = Vec::new();
    let prefix_bytes = payloads.is_some().then_some(2);
    let items = Items { payloads, prefix_bytes, scalars, ..Items::new(&boxes) };
    let written = write_index(&items, WriteOptions { trees, form, threads: 1 }, &mut file);
    assert!(written.is_ok(), "{form:?} cannot be written");
    file
}

/// Opens any bytes and asks what can be asked; `is_sound` if nobody changed them.
fn check_forged<const D: usize>(bytes: &[u8], options: StreamOptions, is_sound: bool) {
    let copy: Bytes = Arc::new(bytes.to_vec());
    let reader = MemoryRanges::new(Arc::clone(&copy));
    let described = describe_streamed(&reader);
    assert!(!is_sound || described.is_ok(), "a sound file is not described: {described:?}");
    let opened = StreamIndex::<D>::opening(reader.total_bytes().unwrap_or_default(), options)
        .and_then(|opening| opening.run(&reader));
    let any = AnyStreamIndex::opening(bytes.len() as u64, options);
    let any = any.and_then(|opening| opening.run(&reader));
    assert!(any.is_ok() || opened.is_err(), "with its axes known it is opened: {any:?}");
    let Ok(index) = opened else {
        assert!(!is_sound, "a sound file is not opened: {opened:?}");
        return;
    };
    // What checksums say is right may still contradict itself, and walks prune differently then.
    let in_memory = Index::<D>::open(copy).ok();
    let verified = |index: &Index<D>| !index.has_fast() && index.verify().is_ok();
    let in_memory = in_memory.filter(|index| is_sound || verified(index));
    let in_memory = in_memory.filter(|index| {
        let items = index.items().unwrap_or_default();
        items.iter().all(|(_, bounds)| bounds.validate("check").is_ok())
    });
    ask(&index, in_memory.as_ref(), &reader);
}

fn ask<const D: usize>(index: &StreamIndex<D>, oracle: Option<&Index<D>>, reader: &MemoryRanges) {
    let run = |query: Result<StreamQuery<Vec<Nearby>>>| {
        let found = query.and_then(|query| query.run(reader)).ok()?;
        Some(found.into_iter().map(|found| (found.id, found.distance)).collect::<Vec<_>>())
    };
    for window in [BoxN::EVERYWHERE, BoxN::new([-50.0; D], [20.0; D]), BoxN::point([0.0; D])] {
        let found = index.search(&window).and_then(|query| query.run(reader));
        let count = index.count(&window).and_then(|query| query.run(reader));
        let summed = index.aggregate(&window).and_then(|query| query.run(reader)).ok();
        assert!(found.as_ref().is_ok_and(|found| found.len() <= index.len()) || found.is_err());
        let Some(oracle) = oracle else { continue };
        let mut ids = found.map(|found| found.iter().map(|f| f.id).collect()).unwrap_or(vec![]);
        ids.sort_unstable();
        let mut expected = oracle.search(&window).unwrap_or_default();
        expected.sort_unstable();
        assert_eq!(ids, expected, "{window:?}");
        assert_eq!(count.ok(), Some(expected.len()), "{window:?}");
        // Of what they come to only this is checked by a look at the whole file.
        let summed = summed.map(|summed| summed.count);
        let expected = index.has_aggregates().then_some(expected.len() as u64);
        assert_eq!(summed, expected, "{window:?}");
    }
    for k in [1, 10, 500] {
        let found = run(index.neighbors([3.0; D], k, 1e3));
        let Some(oracle) = oracle else { continue };
        let expected = oracle.neighbors_within([3.0; D], k, 1e3).unwrap_or_default();
        let expected = expected.into_iter().map(|found| (found.id, found.distance)).collect();
        assert_eq!(found, Some(expected), "{k} nearest");
    }
    if let Ok(ray) = Ray::new([-120.0; D], [1.0; D], 500.0) {
        let found = run(index.raycast_closest(&ray));
        if let Some(oracle) = oracle {
            let expected = oracle.raycast_closest(&ray).ok().flatten();
            assert_eq!(found, Some(expected.into_iter().map(|hit| (hit.id, hit.t)).collect()));
        }
    }
    let ranks: Vec<u32> = (0..index.len().min(40) as u32).rev().collect();
    let payloads = index.payloads(&ranks).and_then(|query| query.run(reader)).ok();
    let prefixes = index.prefixes(&ranks).and_then(|query| query.run(reader)).ok();
    let Some(oracle) = oracle.filter(|_| index.has_payloads()) else { return };
    let expected = ranks.iter().map(|rank| oracle.payload_at(*rank as usize).ok().flatten());
    let expected: Option<Vec<Vec<u8>>> = expected.map(|p| p.map(<[u8]>::to_vec)).collect();
    assert_eq!(payloads, expected);
    let expected = ranks.iter().map(|rank| oracle.prefix_at(*rank as usize));
    let expected: Option<Vec<Vec<u8>>> = expected.map(|p| p.map(<[u8]>::to_vec)).collect();
    assert_eq!(prefixes, expected.filter(|_| index.prefix_bytes().is_some()));
}
