//! Leaves out the positions of a track that its neighbours in time already tell.
//!
//! A position is left out when the straight line between those kept passes it, at its time,
//! within a tolerance: replaying what is left shows the same movement.

/// Time in seconds, east, north and height in metres.
pub(crate) type Fix = [f64; 4];

/// The fixes to keep; the first and the last always.
pub(crate) fn simplify(track: &[Fix], tolerance_m: f64) -> Vec<Fix> {
    if track.len() <= 2 {
        return track.to_vec();
    }
    let mut keep = vec![false; track.len()];
    keep[0] = true;
    keep[track.len() - 1] = true;
    let mut open = vec![(0, track.len() - 1)];
    while let Some((first, last)) = open.pop() {
        let farthest = (first + 1..last)
            .map(|index| (error_m(track[first], track[last], track[index]), index))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((error_m, index)) = farthest.filter(|(error_m, _)| *error_m > tolerance_m) {
            debug_assert!(error_m > tolerance_m);
            keep[index] = true;
            open.extend([(first, index), (index, last)]);
        }
    }
    track.iter().zip(keep).filter_map(|(fix, keep)| keep.then_some(*fix)).collect()
}

/// How far `fix` is from where the line says it was at that time.
fn error_m(a: Fix, b: Fix, fix: Fix) -> f64 {
    let span = b[0] - a[0];
    let part = if span > 0.0 { (fix[0] - a[0]) / span } else { 0.0 };
    (1..4)
        .map(|axis| (a[axis] + (b[axis] - a[axis]) * part - fix[axis]).powi(2))
        .sum::<f64>()
        .sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_and_steady_needs_two_and_a_stop_needs_more() {
        let steady: Vec<Fix> =
            (0..50).map(|t| [f64::from(t), f64::from(t) * 10.0, 0.0, 0.0]).collect();
        assert_eq!(simplify(&steady, 1.0).len(), 2);
        let stopped: Vec<Fix> =
            (0..50).map(|t| [f64::from(t), f64::from(t.min(20)) * 10.0, 0.0, 0.0]).collect();
        assert_eq!(simplify(&stopped, 1.0), [stopped[0], stopped[20], stopped[49]]);
    }
}
