//! The key of the picture: what each mark means, and how many boxes of each level there were.

use spatio::packed::{Fate, Visited};

use super::Focus;
use super::svg::{Style, Svg, class, colour};
use crate::output::number;

/// How wide the key is.
pub(super) const WIDTH: f64 = 760.0;

const LINE: f64 = 24.0;
/// Where the table of levels begins, from the left of the key.
const TABLE: f64 = 370.0;
/// Where its columns end.
const COLUMNS: [f64; 4] = [530.0, 605.0, 675.0, 755.0];

/// Draws the key; the answer is where it ends.
pub(super) fn draw(
    svg: &mut Svg,
    at: [f64; 2],
    (seen, hits): (&[Visited<2>], usize),
    focus: &Focus<2>,
) -> f64 {
    let left = marks(svg, at, focus);
    left.max(levels(svg, at, seen, hits))
}

fn marks(svg: &mut Svg, [x, mut y]: [f64; 2], focus: &Focus<2>) -> f64 {
    let nodes = [
        (Fate::Opened, "opened: what is below was looked at"),
        (Fate::Passed, "passed over: nothing below was looked at"),
        (Fate::Whole, "taken whole: all below is in the answer"),
    ];
    let is_window = matches!(focus, Focus::Window(_));
    // The nearest are never taken whole.
    for (fate, text) in nodes.into_iter().filter(|(fate, _)| is_window || *fate != Fate::Whole) {
        svg.rect([x, y, 22.0, 14.0], class(fate), Some(colour(1)));
        svg.text([x + 34.0, y + 12.0], "text", text);
        y += LINE;
    }
    let items = [
        (Style::Hit, "an item of the answer"),
        (Style::Looked, "an item that was looked at in vain"),
        (Style::Item, "an item that was not looked at"),
    ];
    for (style, text) in items {
        svg.circle([x + 11.0, y + 7.0], 3.0, style);
        svg.text([x + 34.0, y + 12.0], "text", text);
        y += LINE;
    }
    svg.rect([x, y, 22.0, 14.0], Style::Focus.class(), None);
    let text = if is_window { "the window" } else { "as far as the last of the nearest" };
    svg.text([x + 34.0, y + 12.0], "text", text);
    y + LINE
}

/// Items that were taken whole are those of the `hits` that were not looked at.
fn levels(svg: &mut Svg, [x, mut y]: [f64; 2], seen: &[Visited<2>], hits: usize) -> f64 {
    let x = x + TABLE;
    let column = |at: usize| x - TABLE + COLUMNS[at];
    svg.text([x, y + 12.0], "head", "boxes");
    for (at, name) in ["opened", "passed", "whole", "answer"].into_iter().enumerate() {
        svg.text([column(at), y + 12.0], "head number", name);
    }
    let found = seen.iter().filter(|visited| visited.fate == Fate::Found).count();
    let whole = number::grouped(hits.saturating_sub(found) as u64);
    let top = seen.iter().map(|visited| visited.level).max().unwrap_or(0);
    for level in (0..=top).rev() {
        y += LINE;
        let count = |fate| {
            let all = seen.iter().filter(|v| v.level == level && v.fate == fate);
            number::grouped(all.count() as u64)
        };
        let none = || "-".to_owned();
        let (name, counts) = if level == 0 {
            ("items".to_owned(), [none(), count(Fate::Passed), whole.clone(), count(Fate::Found)])
        } else {
            let counts = [count(Fate::Opened), count(Fate::Passed), count(Fate::Whole), none()];
            (format!("level {level}"), counts)
        };
        if level > 0 {
            svg.rect([x, y, 22.0, 14.0], "opened", Some(colour(level)));
        }
        svg.text([x + 34.0, y + 12.0], "text", &name);
        for (at, text) in counts.iter().enumerate() {
            svg.text([column(at), y + 12.0], "number", text);
        }
    }
    y + LINE
}
