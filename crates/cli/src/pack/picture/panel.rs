//! A part of the paper, and the map from coordinates to it.
//!
//! Invariants: both axes have one scale; y grows upwards on the map and downwards on the paper.

use spatio::packed::BoxN;

/// How tall a panel may be, compared with its width.
const TALLEST: f64 = 1.0;
/// How flat it may be.
const FLATTEST: f64 = 0.35;
/// What is kept free around what is shown.
const PADDING: f64 = 14.0;

/// A rectangle on the paper: left, top, width, height.
pub(super) type Rect = [f64; 4];

/// A part of the paper.
pub(super) struct Panel {
    frame: Rect,
    min: [f64; 2],
    scale: f64,
    /// Where `min` lies on the paper.
    origin: [f64; 2],
}

impl Panel {
    /// Shows `shown` on a panel of this width, as tall as it needs.
    pub(super) fn new(shown: &BoxN<2>, at: [f64; 2], width: f64) -> Self {
        // An index of one point, or of none, is still a picture.
        let size = [0, 1].map(|axis| {
            let size = shown.max[axis] - shown.min[axis];
            if size.is_finite() && size > 0.0 { size } else { 0.0 }
        });
        let size = if size == [0.0, 0.0] { [1.0, 1.0] } else { size };
        let inner = width - 2.0 * PADDING;
        let height = (inner * size[1] / size[0]).clamp(FLATTEST * inner, TALLEST * inner);
        let scale = (inner / size[0]).min(height / size[1]);
        let min = shown.min.map(|least| if least.is_finite() { least } else { 0.0 });
        // What is narrower than the panel stands in its middle.
        let origin = [
            at[0] + PADDING + 0.5 * (inner - scale * size[0]),
            at[1] + PADDING + 0.5 * (height + scale * size[1]),
        ];
        let frame = [at[0], at[1], width, height + 2.0 * PADDING];
        Panel { frame, min, scale, origin }
    }

    pub(super) fn frame(&self) -> Rect {
        self.frame
    }

    pub(super) fn bottom(&self) -> f64 {
        self.frame[1] + self.frame[3]
    }

    pub(super) fn right(&self) -> f64 {
        self.frame[0] + self.frame[2]
    }

    /// Where a line of text below the panel begins.
    pub(super) fn below(&self) -> [f64; 2] {
        [self.frame[0], self.bottom() + 16.0]
    }

    /// A point on the paper. What lies far outside stays near, so that numbers stay short.
    pub(super) fn point(&self, at: [f64; 2]) -> [f64; 2] {
        let x = self.origin[0] + (at[0] - self.min[0]) * self.scale;
        let y = self.origin[1] - (at[1] - self.min[1]) * self.scale;
        [x, y].map(|value| value.clamp(-5000.0, 10_000.0))
    }

    pub(super) fn length(&self, length: f64) -> f64 {
        (length * self.scale).min(10_000.0)
    }

    /// A box on the paper.
    pub(super) fn rect(&self, bounds: &BoxN<2>) -> Rect {
        let [left, bottom] = self.point(bounds.min);
        let [right, top] = self.point(bounds.max);
        [left, top, right - left, bottom - top]
    }

    /// Whether any of a box is on the panel.
    pub(super) fn shows(&self, [left, top, width, height]: Rect) -> bool {
        let [x, y, w, h] = self.frame;
        left <= x + w && left + width >= x && top <= y + h && top + height >= y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_keeps_its_shape_and_its_north() {
        let panel = Panel::new(&BoxN::new([0.0, 0.0], [200.0, 100.0]), [10.0, 20.0], 228.0);
        assert_eq!(panel.point([0.0, 0.0]), [24.0, 134.0]);
        assert_eq!(panel.point([200.0, 100.0]), [224.0, 34.0]);
        assert_eq!(panel.rect(&BoxN::new([0.0, 50.0], [100.0, 100.0])), [24.0, 34.0, 100.0, 50.0]);
        let nothing = Panel::new(&BoxN::EMPTY, [0.0, 0.0], 100.0);
        assert!(nothing.point([0.0, 0.0]).iter().all(|value| value.is_finite()));
    }
}
