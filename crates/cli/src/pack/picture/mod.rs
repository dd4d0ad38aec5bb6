//! How a query walks the tree, as a picture.
//!
//! Owns: what is drawn and in which order. Does not own the elements of SVG (`svg`) nor the map
//! from coordinates to the paper (`panel`). Invariants: the file needs nothing beside it; equal
//! walks give equal bytes.

mod key;
mod panel;
mod svg;

use std::path::Path;

use spatio::packed::{BoxN, Fate, Index, Visited};

use crate::failure::{Failure, Outcome};
use crate::output::number;
use crate::pack::open::PackedFile;
use panel::Panel;
use svg::{Style, Svg};

/// More items than this are not all drawn as background.
const MOST_ITEMS: usize = 20_000;
/// Hits beyond this are not drawn.
const MOST_HITS: usize = 5_000;
/// The margin around and between everything.
const MARGIN: f64 = 24.0;
/// Where panels begin, below the title.
const TOP: f64 = 76.0;
/// A part of the picture at least so many times larger is worth a panel of its own.
const WORTH_A_PANEL: f64 = 3.0;

/// What was asked for.
pub(crate) enum Focus<const D: usize> {
    Window(BoxN<D>),
    Nearest { point: [f64; D], radius: f64 },
}

/// A walk, and what it was over.
pub(crate) struct Walk<'a, const D: usize> {
    pub(crate) file: &'a PackedFile<'a>,
    pub(crate) index: &'a Index<D>,
    pub(crate) seen: Vec<Visited<D>>,
    /// The answer.
    pub(crate) ids: &'a [u32],
    pub(crate) focus: Focus<D>,
}

/// Draws a walk into a file.
pub(crate) fn draw<const D: usize>(path: &Path, walk: &Walk<'_, D>) -> Outcome<()> {
    let scene = Scene::new(walk)?;
    std::fs::write(path, scene.svg()).map_err(|error| Failure::file(path, &error))
}

/// The first two axes of a box.
fn flat<const D: usize>(bounds: &BoxN<D>) -> BoxN<2> {
    BoxN::new([bounds.min[0], bounds.min[1]], [bounds.max[0], bounds.max[1]])
}

/// Everything that is drawn, seen from above.
struct Scene {
    title: String,
    extent: BoxN<2>,
    seen: Vec<Visited<2>>,
    /// All items, if there are not too many.
    items: Vec<BoxN<2>>,
    hits: Vec<BoxN<2>>,
    hit_count: usize,
    item_count: usize,
    focus: Focus<2>,
}

impl Scene {
    fn new<const D: usize>(walk: &Walk<'_, D>) -> Outcome<Self> {
        let (file, index) = (walk.file, walk.index);
        let items = if index.len() <= MOST_ITEMS {
            let items = file.told(index.items())?;
            items.iter().map(|(_, bounds)| flat(bounds)).collect()
        } else {
            Vec::new()
        };
        let hits = walk.ids.iter().take(MOST_HITS);
        let hits = hits.map(|id| Ok(file.told(index.item(*id))?.map(|bounds| flat(&bounds))));
        let hits = hits.filter_map(Outcome::transpose).collect::<Outcome<Vec<_>>>()?;
        let (asked, focus) = match &walk.focus {
            Focus::Window(window) => {
                let side = |side: &[f64; D]| side.map(number::exact).join(",");
                let asked = format!("window {} to {}", side(&window.min), side(&window.max));
                (asked, Focus::Window(flat(window)))
            }
            Focus::Nearest { point, radius } => {
                let at = point.map(number::exact).join(",");
                let point = [point[0], point[1]];
                let asked = format!("the {} nearest to {at}", walk.ids.len());
                (asked, Focus::Nearest { point, radius: *radius })
            }
        };
        let name = Path::new(&file.name()).file_name().map(|name| name.to_string_lossy().into());
        let title = format!("{}: {asked}", name.unwrap_or_else(|| file.name()));
        let flattened = |visited: &Visited<D>| Visited {
            level: visited.level,
            bounds: flat(&visited.bounds),
            fate: visited.fate,
        };
        Ok(Scene {
            title,
            extent: flat(&index.extent()),
            seen: walk.seen.iter().map(flattened).collect(),
            items,
            hits,
            hit_count: walk.ids.len(),
            item_count: index.len(),
            focus,
        })
    }

    /// What a second panel shows larger, if that is worth while.
    fn detail(&self) -> Option<BoxN<2>> {
        let around = match self.focus {
            Focus::Window(window) => window,
            Focus::Nearest { point, radius } => {
                BoxN::new(point.map(|at| at - radius), point.map(|at| at + radius))
            }
        };
        let widest =
            |bounds: &BoxN<2>| (bounds.max[0] - bounds.min[0]).max(bounds.max[1] - bounds.min[1]);
        let half = 0.9 * widest(&around);
        let center = [0, 1].map(|axis| 0.5 * around.min[axis] + 0.5 * around.max[axis]);
        let detail = BoxN::new(center.map(|at| at - half), center.map(|at| at + half));
        let is_worth = half > 0.0 && widest(&self.extent) > WORTH_A_PANEL * 2.0 * half;
        is_worth.then_some(detail)
    }

    fn svg(&self) -> String {
        let mut svg = Svg::new();
        let detail = self.detail();
        let width = if detail.is_some() { 520.0 } else { 760.0 };
        let whole = Panel::new(&self.extent, [MARGIN, TOP], width);
        let mut panels = vec![whole];
        if let Some(detail) = detail {
            panels.push(Panel::new(&detail, [2.0 * MARGIN + width, TOP], width));
        }
        svg.text([MARGIN, 34.0], "title", &self.title);
        svg.text([MARGIN, 56.0], "text", &self.summary());
        for panel in &panels {
            svg.open_panel(panel);
            self.panel(&mut svg, panel);
            svg.close_panel(panel);
        }
        if let (Some(detail), [whole, other]) = (detail, &panels[..]) {
            svg.shape(&whole.rect(&detail), Style::Detail);
            svg.text(other.below(), "small", "the same, larger: the part in the dotted frame");
        }
        let bottom = panels.iter().map(Panel::bottom).fold(0.0, f64::max) + MARGIN;
        let bottom =
            key::draw(&mut svg, [MARGIN, bottom + 12.0], (&self.seen, self.hit_count), &self.focus);
        let right = panels.last().map_or(0.0, Panel::right) + MARGIN;
        svg.finish(right.max(key::WIDTH + 2.0 * MARGIN), bottom + MARGIN)
    }

    fn summary(&self) -> String {
        let count = |is_item: bool| {
            let seen = self.seen.iter().filter(|visited| (visited.level == 0) == is_item);
            number::grouped(seen.count() as u64)
        };
        let grouped = |count: usize| number::grouped(count as u64);
        let cut = if self.hits.len() < self.hit_count {
            format!(" (the first {} drawn)", grouped(self.hits.len()))
        } else {
            String::new()
        };
        format!(
            "{} of {} items found{cut}; looked at: {} boxes of nodes, {} of items",
            grouped(self.hit_count),
            grouped(self.item_count),
            count(false),
            count(true),
        )
    }

    fn panel(&self, svg: &mut Svg, panel: &Panel) {
        for item in &self.items {
            svg.item(panel, item, Style::Item);
        }
        let nodes = |fate: Fate| {
            self.seen.iter().filter(move |visited| visited.level > 0 && visited.fate == fate)
        };
        for fate in [Fate::Whole, Fate::Passed, Fate::Opened] {
            for visited in nodes(fate) {
                svg.node(panel, visited);
            }
        }
        for visited in self.seen.iter().filter(|visited| visited.level == 0) {
            svg.item(panel, &visited.bounds, Style::Looked);
        }
        for hit in &self.hits {
            svg.item(panel, hit, Style::Hit);
        }
        match self.focus {
            Focus::Window(window) => svg.shape(&panel.rect(&window), Style::Focus),
            Focus::Nearest { point, radius } => {
                svg.circle(panel.point(point), panel.length(radius), Style::Focus);
                svg.cross(panel.point(point));
            }
        }
    }
}
