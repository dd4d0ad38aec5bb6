//! What must hold of any bytes that claim to be a file: the property that tests and fuzzing share.
//!
//! Compiled for tests and fuzzing only. Owns no layout. The property panics when a reader does,
//! or when a file that was looked through and found sound answers other than brute force.

use crate::packed::boxes::BoxN;

use super::file::File;

/// Opens any bytes and asks of them what can be asked.
pub fn check_file(bytes: &[u8]) {
    check::<2>(bytes);
    check::<3>(bytes);
}

fn check<const D: usize>(bytes: &[u8]) {
    let Ok(file) = File::<D>::open(bytes) else { return };
    let _ = (file.metadata(), file.fast(), file.prefix_bytes());
    for at in [0, 1, file.len() / 2, file.len().wrapping_sub(1), usize::MAX] {
        let _ = (file.payload_at(at), file.prefix_at(at));
        let _ = (file.payload(at as u32), file.triangle(at as u32));
    }
    let items = file.items();
    let mut windows = vec![BoxN::EVERYWHERE, BoxN::EMPTY, BoxN::point([0.0; D])];
    if let Ok(items) = &items {
        let corners = items.iter().step_by(items.len() / 4 + 1);
        windows.extend(corners.map(|(_, bounds)| BoxN::new([-1.0; D], bounds.max)));
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
