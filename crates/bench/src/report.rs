//! The report: one row for each workload and peer, as a table for a person and as JSON.
//!
//! Owns the rows, their verdicts and their text. `ratio` above 1 means that we are better, whatever
//! the metric; a target is a least ratio, or, for sizes, the most that ours may be.

use crate::measure::Figure;
use std::fmt::{self, Write};

/// What a row has to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// The ratio is at least this.
    Ratio(f64),
    /// Our own figure is at most this.
    AtMost(f64),
    /// Our own cost is at most so many times the other.
    Times(f64),
}

/// One comparison.
#[derive(Clone, Debug)]
pub struct Row {
    pub workload: String,
    pub metric: &'static str,
    pub unit: &'static str,
    pub ours: f64,
    pub peer: String,
    pub theirs: f64,
    pub ratio: f64,
    pub target: Option<Target>,
}

/// Which of the two clocks a rate is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Cpu,
    Wall,
}

impl Row {
    /// A rate, of which more is better.
    pub fn rate(
        workload: &str,
        by: By,
        ours: Figure,
        peer: impl Into<String>,
        theirs: Figure,
        target: Option<Target>,
    ) -> Row {
        let (metric, ours, theirs) = match by {
            By::Cpu => ("rate by processor time", ours.cpu_rate(), theirs.cpu_rate()),
            By::Wall => ("rate by wall time", ours.wall_rate(), theirs.wall_rate()),
        };
        let (workload, peer) = (workload.to_string(), peer.into());
        Row { workload, metric, unit: "op/s", ours, peer, theirs, ratio: ours / theirs, target }
    }

    /// A size or a duration, of which less is better.
    pub fn cost(
        workload: &str,
        (metric, unit): (&'static str, &'static str),
        ours: f64,
        peer: impl Into<String>,
        theirs: f64,
        target: Option<Target>,
    ) -> Row {
        let (workload, peer) = (workload.to_string(), peer.into());
        Row { workload, metric, unit, ours, peer, theirs, ratio: theirs / ours, target }
    }

    /// Whether the target is reached; rows without one have nothing to miss.
    pub fn is_missed(&self) -> bool {
        match self.target {
            None => false,
            Some(Target::Ratio(least)) => self.ratio.is_nan() || self.ratio < least,
            Some(Target::AtMost(most)) => self.ours.is_nan() || self.ours > most,
            Some(Target::Times(most)) => self.ratio.is_nan() || self.ratio < 1.0 / most,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = match self.target {
            None => String::new(),
            Some(Target::Ratio(least)) => format!(">= {}x", number(least)),
            Some(Target::AtMost(most)) => format!("<= {}", number(most)),
            Some(Target::Times(most)) => format!(">= {}x", number(1.0 / most)),
        };
        let verdict = match self.target {
            None => "",
            Some(_) if self.is_missed() => "MISS",
            Some(_) => "ok",
        };
        let metric = if self.metric == "rate by wall time" { "op/s wall" } else { self.unit };
        write!(
            f,
            "{:<66} {:<9} {:>9} {:<16} {:>9} {:>8}x {:>8} {verdict}",
            self.workload,
            metric,
            quantity(self.ours),
            self.peer,
            quantity(self.theirs),
            number(self.ratio),
            target,
        )
    }
}

/// The heading of the table that rows make.
pub fn heading() -> String {
    format!(
        "{:<66} {:<9} {:>9} {:<16} {:>9} {:>9} {:>8} verdict",
        "workload", "unit", "ours", "peer", "theirs", "ratio", "target"
    )
}

/// All rows as a JSON list.
pub fn json(rows: &[Row]) -> String {
    let mut text = String::from("[\n");
    for (index, row) in rows.iter().enumerate() {
        let target = match row.target {
            None => "null".to_string(),
            Some(Target::Ratio(figure) | Target::AtMost(figure)) => json_number(figure),
            Some(Target::Times(most)) => json_number(1.0 / most),
        };
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "  {{\"workload\":{},\"metric\":{},\"unit\":{},\"ours\":{},\"peer\":{},\"theirs\":{},\
             \"ratio\":{},\"target\":{target}}}",
            json_text(&row.workload),
            json_text(row.metric),
            json_text(row.unit),
            json_number(row.ours),
            json_text(&row.peer),
            json_number(row.theirs),
            json_number(row.ratio),
        );
        text.push_str(if index + 1 < rows.len() { ",\n" } else { "\n" });
    }
    text.push_str("]\n");
    text
}

fn json_text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn json_number(value: f64) -> String {
    if value.is_finite() { format!("{value}") } else { "null".to_string() }
}

/// A quantity for a person: 1.23 M.
fn quantity(value: f64) -> String {
    match value {
        v if v >= 1e6 => format!("{:.2} M", v / 1e6),
        v if v >= 1e4 => format!("{:.1} k", v / 1e3),
        v if v >= 100.0 => format!("{v:.0}"),
        v => format!("{v:.2}"),
    }
}

/// A ratio for a person, in about three digits.
fn number(value: f64) -> String {
    match value {
        v if v >= 100.0 || v.fract() == 0.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_is_above_one_and_a_target_is_judged_by_its_kind() {
        let (fast, slow) =
            (Figure { cpu_ns: 10.0, wall_ns: 10.0 }, Figure { cpu_ns: 100.0, wall_ns: 100.0 });
        let row = Row::rate("w", By::Cpu, fast, "p", slow, Some(Target::Ratio(10.5)));
        assert!((row.ratio - 10.0).abs() < 1e-9 && row.is_missed());
        let size = ("memory", "B");
        let row = Row::cost("w", size, 150.0, "p", 300.0, Some(Target::AtMost(160.0)));
        assert!((row.ratio - 2.0).abs() < 1e-9 && !row.is_missed());
    }

    #[test]
    fn json_escapes_and_knows_null() {
        let row = Row::cost("a \"b\"", ("m", "B"), 1.0, "p", f64::NAN, None);
        let text = json(&[row]);
        assert!(text.contains(r#""workload":"a \"b\"""#), "{text}");
        assert!(text.contains(r#""theirs":null,"ratio":null,"target":null}"#), "{text}");
    }
}
