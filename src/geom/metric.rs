//! The names of the ways to measure a distance.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A way to measure the distance of two points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Great circle on the mean sphere, in metres.
    #[default]
    Haversine,
    /// Shortest way on the WGS84 ellipsoid, in metres.
    Geodesic,
    /// Line of constant bearing on the mean sphere, in metres.
    Rhumb,
    /// Straight line through the coordinates as numbers.
    Euclidean,
}

impl Metric {
    /// Every metric, in a fixed order.
    pub const ALL: [Metric; 4] =
        [Metric::Haversine, Metric::Geodesic, Metric::Rhumb, Metric::Euclidean];

    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Metric::Haversine => "haversine",
            Metric::Geodesic => "geodesic",
            Metric::Rhumb => "rhumb",
            Metric::Euclidean => "euclidean",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Metric {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name).ok_or_else(|| {
            let message = format!(
                "metric is {name:?}, expected \"haversine\", \"geodesic\", \"rhumb\" or \
                 \"euclidean\""
            );
            Error::invalid("metric", message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_known_by_its_name_in_lower_case() {
        for metric in Metric::ALL {
            assert_eq!(metric.to_string().parse::<Metric>().unwrap(), metric);
        }
        let error = "Haversine".parse::<Metric>().unwrap_err();
        assert!(error.to_string().contains("\"Haversine\""), "{error}");
    }
}
