//! Places, boxes and sides as a person writes them: numbers with commas, or an object's id.

use spatio::Point;

use crate::failure::{Failure, Outcome};

/// Where a query stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// At a coordinate.
    Point(Point),
    /// At an object.
    Object(String),
}

/// `LON,LAT`, `LON,LAT,ALT` or `@ID`.
pub(crate) fn parse_place(text: &str) -> Outcome<Place> {
    match text.strip_prefix('@') {
        Some("") => Err(Failure::usage("`@` needs an object's id after it")),
        Some(id) => Ok(Place::Object(id.to_owned())),
        None => parse_point(text).map(Place::Point),
    }
}

/// `LON,LAT` or `LON,LAT,ALT`.
pub(crate) fn parse_point(text: &str) -> Outcome<Point> {
    match numbers(text).as_deref() {
        Some([x, y]) => Ok(Point::new(*x, *y)),
        Some([x, y, z]) => Ok(Point::new_3d(*x, *y, *z)),
        _ => Err(Failure::usage(format!("`{text}` is no place; expected LON,LAT or LON,LAT,ALT"))),
    }
}

/// Exactly `N` numbers with commas.
pub(crate) fn parse_sides<const N: usize>(text: &str, form: &str) -> Outcome<[f64; N]> {
    numbers(text)
        .and_then(|values| <[f64; N]>::try_from(values).ok())
        .ok_or_else(|| Failure::usage(format!("`{text}` is no box; expected {form}")))
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    text.split(',').map(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_coordinates_or_objects() {
        assert_eq!(parse_place("-97.5,30").unwrap(), Place::Point(Point::new(-97.5, 30.0)));
        assert_eq!(parse_place("@a,b").unwrap(), Place::Object("a,b".to_owned()));
        assert_eq!(parse_point("1, 2, 3").unwrap(), Point::new_3d(1.0, 2.0, 3.0));
        for text in ["", "@", "1", "1,2,3,4", "a,b", "1;2"] {
            assert_eq!(parse_place(text).unwrap_err().code(), 2, "{text}");
        }
        assert_eq!(parse_sides::<4>("1,2,3,4", "W").unwrap(), [1.0, 2.0, 3.0, 4.0]);
        assert!(parse_sides::<4>("1,2,3", "W").is_err());
    }
}
