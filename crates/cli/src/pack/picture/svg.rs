//! The elements of the picture, as text.
//!
//! Owns: SVG and the styles. Invariants: numbers have one decimal, so that the bytes do not depend
//! on the last bit of anything; text is escaped.

use std::fmt::Write;

use spatio::packed::{BoxN, Fate, Visited};

use super::panel::{Panel, Rect};

/// The colours of nodes, by how far above the items they stand; higher ones take the last.
const LEVELS: [&str; 4] = ["#0f8b6d", "#3d5a98", "#8e44ad", "#5d4037"];
/// Boxes smaller than this on paper are drawn as dots.
const DOT: f64 = 3.0;

const CSS: &str = "
text { font-family: system-ui, sans-serif; fill: #1f2933; font-size: 14px; }
.title { font-size: 19px; font-weight: 600; }
.small { font-size: 12px; fill: #52606d; }
.head { font-weight: 600; }
.number { text-anchor: end; font-variant-numeric: tabular-nums; }
.frame { fill: none; stroke: #9aa5b1; }
.item { fill: #d5dbe1; }
.looked { fill: #8795a1; }
.hit { fill: #d64512; }
rect.item, rect.looked, rect.hit { fill-opacity: 0.35; stroke-width: 1; }
rect.item { stroke: #d5dbe1; fill: none; }
rect.looked { stroke: #8795a1; fill: none; }
rect.hit { stroke: #d64512; }
.focus { fill: #1769e0; fill-opacity: 0.07; stroke: #1769e0; stroke-width: 2.2; }
.cross { stroke: #1769e0; stroke-width: 2.2; }
.detail { fill: none; stroke: #1f2933; stroke-width: 1.2; stroke-dasharray: 2 3; }
.opened { fill: none; stroke-width: 1.8; }
.passed { fill: none; stroke-width: 1; stroke-dasharray: 5 4; stroke-opacity: 0.55; }
.whole { fill: #f2b705; fill-opacity: 0.38; stroke-width: 1.8; }
";

/// How something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// An item that was not looked at.
    Item,
    /// An item that was looked at and is no hit.
    Looked,
    Hit,
    /// What was asked for.
    Focus,
    /// What another panel shows.
    Detail,
}

impl Style {
    pub(super) fn class(self) -> &'static str {
        match self {
            Style::Item => "item",
            Style::Looked => "looked",
            Style::Hit => "hit",
            Style::Focus => "focus",
            Style::Detail => "detail",
        }
    }
}

/// The class of a box of a node.
pub(super) fn class(fate: Fate) -> &'static str {
    match fate {
        Fate::Passed => "passed",
        Fate::Opened => "opened",
        Fate::Whole => "whole",
        Fate::Found => "hit",
    }
}

/// The colour of nodes of a level, of which the lowest is 1.
pub(super) fn colour(level: u32) -> &'static str {
    LEVELS[(level.max(1) as usize - 1).min(LEVELS.len() - 1)]
}

/// Where a rectangle stands, as attributes.
fn place([x, y, w, h]: Rect) -> String {
    format!(r#"x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}""#)
}

/// A picture that grows.
pub(super) struct Svg {
    body: String,
    panels: usize,
}

impl Svg {
    pub(super) fn new() -> Self {
        Svg { body: String::new(), panels: 0 }
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.body, "{element}");
    }

    pub(super) fn text(&mut self, [x, y]: [f64; 2], class: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.put(format_args!(r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{text}</text>"#));
    }

    /// Whatever is drawn until the panel is closed shows inside of it alone.
    pub(super) fn open_panel(&mut self, panel: &Panel) {
        let place = place(panel.frame());
        self.panels += 1;
        let id = self.panels;
        self.put(format_args!(r#"<clipPath id="p{id}"><rect {place}/></clipPath>"#));
        self.put(format_args!(r#"<g clip-path="url(#p{id})">"#));
    }

    pub(super) fn close_panel(&mut self, panel: &Panel) {
        self.put(format_args!("</g>"));
        self.rect(panel.frame(), "frame", None);
    }

    pub(super) fn rect(&mut self, rect: Rect, class: &str, colour: Option<&str>) {
        let stroke = colour.map(|colour| format!(r#" stroke="{colour}""#)).unwrap_or_default();
        let place = place(rect);
        self.put(format_args!(r#"<rect class="{class}" {place}{stroke}/>"#));
    }

    pub(super) fn shape(&mut self, rect: &Rect, style: Style) {
        self.rect(*rect, style.class(), None);
    }

    pub(super) fn circle(&mut self, [x, y]: [f64; 2], radius: f64, style: Style) {
        let class = style.class();
        self.put(format_args!(
            r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>"#
        ));
    }

    pub(super) fn cross(&mut self, [x, y]: [f64; 2]) {
        let (left, right, top, bottom) = (x - 6.0, x + 6.0, y - 6.0, y + 6.0);
        self.put(format_args!(
            r#"<path class="cross" d="M{left:.1} {y:.1}H{right:.1}M{x:.1} {top:.1}V{bottom:.1}"/>"#
        ));
    }

    /// An item: its box, or a dot where that would hardly show.
    pub(super) fn item(&mut self, panel: &Panel, bounds: &BoxN<2>, style: Style) {
        let rect = panel.rect(bounds);
        if !panel.shows(rect) {
            return;
        }
        if rect[2].max(rect[3]) >= DOT {
            return self.shape(&rect, style);
        }
        let middle = [rect[0] + 0.5 * rect[2], rect[1] + 0.5 * rect[3]];
        self.circle(middle, if style == Style::Hit { 2.2 } else { 1.7 }, style);
    }

    /// The box of a node.
    pub(super) fn node(&mut self, panel: &Panel, visited: &Visited<2>) {
        let rect = panel.rect(&visited.bounds);
        if panel.shows(rect) {
            self.rect(rect, class(visited.fate), Some(colour(visited.level)));
        }
    }

    /// The whole document.
    pub(super) fn finish(self, width: f64, height: f64) -> String {
        let Svg { body, .. } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\">\n<style>{CSS}</style>\n\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>\n{body}</svg>\n"
        )
    }
}
