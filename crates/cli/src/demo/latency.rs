//! Counts how long calls took, in buckets of about 6 %, for percentiles without keeping them all.

use std::time::Duration;

const BITS: u32 = 4;
const STEPS: u64 = 1 << BITS;
const BUCKETS: usize = ((64 - BITS as usize) + 1) * STEPS as usize;

/// How often each length of time was seen.
#[derive(Clone, Debug)]
pub(crate) struct Latencies {
    buckets: Vec<u32>,
    count: u64,
}

impl Latencies {
    pub(crate) fn new() -> Self {
        Latencies { buckets: vec![0; BUCKETS], count: 0 }
    }

    pub(crate) fn record(&mut self, elapsed: Duration) {
        self.buckets[bucket(elapsed.as_nanos() as u64)] += 1;
        self.count += 1;
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Adds all of `other`, and empties it.
    pub(crate) fn drain(&mut self, other: &mut Latencies) {
        for (to, from) in self.buckets.iter_mut().zip(&mut other.buckets) {
            *to += std::mem::take(from);
        }
        self.count += std::mem::take(&mut other.count);
    }

    /// The time within which `part` (0 to 1) of the calls ended, in microseconds.
    pub(crate) fn percentile_us(&self, part: f64) -> Option<f64> {
        let wanted = ((self.count as f64 * part).ceil() as u64).max(1);
        let mut seen = 0;
        for (index, &count) in self.buckets.iter().enumerate() {
            seen += u64::from(count);
            if count > 0 && seen >= wanted {
                return Some(upper_ns(index) as f64 / 1000.0);
            }
        }
        None
    }
}

/// Small numbers have a bucket each; beyond them every power of two has sixteen.
fn bucket(ns: u64) -> usize {
    if ns < STEPS {
        return ns as usize;
    }
    let power = 63 - ns.leading_zeros();
    let step = (ns >> (power - BITS)) & (STEPS - 1);
    ((u64::from(power - BITS) + 1) * STEPS + step) as usize
}

/// The largest time of a bucket.
fn upper_ns(index: usize) -> u64 {
    let (group, step) = (index as u64 / STEPS, index as u64 % STEPS);
    match group {
        0 => step,
        _ => ((STEPS + step + 1) << (group - 1)) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_it_says() {
        for ns in (0..5000).chain([1 << 20, (1 << 20) + 12_345, 1 << 40]) {
            let index = bucket(ns);
            assert!(ns <= upper_ns(index), "{ns}");
            assert!(index == 0 || ns > upper_ns(index - 1), "{ns}");
        }
    }

    #[test]
    fn percentiles_are_within_a_bucket() {
        let mut latencies = Latencies::new();
        for us in 1..=1000 {
            latencies.record(Duration::from_micros(us));
        }
        let (p50, p99) =
            (latencies.percentile_us(0.5).unwrap(), latencies.percentile_us(0.99).unwrap());
        assert!((500.0..540.0).contains(&p50) && (990.0..1060.0).contains(&p99), "{p50} {p99}");
        let mut total = Latencies::new();
        total.drain(&mut latencies);
        assert_eq!((total.count(), latencies.count()), (1000, 0));
        assert_eq!(latencies.percentile_us(0.5), None);
    }
}
