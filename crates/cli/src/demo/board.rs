//! The live table in the terminal, or one plain line a second where there is none.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::demo::event::Event;
use crate::demo::latency::Latencies;
use crate::demo::live::{Asked, Figures, Live};
use crate::demo::world::{Kind, World};
use crate::failure::Outcome;
use crate::output::number;
use crate::when::format_instant;

const EVENTS_SHOWN: usize = 6;
const TERMINAL_EVERY: Duration = Duration::from_millis(500);
const PLAIN_EVERY: Duration = Duration::from_secs(1);

/// Draws what [`Live`] knows until the time is over.
pub(crate) struct Board<'a> {
    live: &'a Live,
    counts: [(Kind, usize); 4],
    /// Asked for, in seconds.
    seconds: f64,
    is_terminal: bool,
    colors: bool,
    drawn_lines: usize,
    updates_before: u64,
    told_events: usize,
}

/// One query's line.
struct QueryLine {
    asked: Asked,
    a_second: f64,
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    rows: usize,
}

impl<'a> Board<'a> {
    pub(crate) fn new(live: &'a Live, world: &World, seconds: f64) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let colors = is_terminal && std::env::var_os("NO_COLOR").is_none();
        Board {
            live,
            counts: world.counts(),
            seconds,
            is_terminal,
            colors,
            drawn_lines: 0,
            updates_before: 0,
            told_events: 0,
        }
    }

    /// Draws again and again; returns when the time is over or the run was stopped.
    pub(crate) fn watch(&mut self) -> Outcome<()> {
        let every = if self.is_terminal { TERMINAL_EVERY } else { PLAIN_EVERY };
        let start = Instant::now();
        let mut last = start;
        loop {
            let next = last + every;
            while Instant::now() < next && !self.live.stopped() {
                let pause = next.saturating_duration_since(Instant::now());
                std::thread::sleep(pause.min(Duration::from_millis(50)));
            }
            let window_s = last.elapsed().as_secs_f64().max(1e-3);
            last = Instant::now();
            let elapsed_s = start.elapsed().as_secs_f64();
            self.draw(elapsed_s, window_s)?;
            if self.live.stopped() || elapsed_s >= self.seconds - 0.01 {
                return Ok(());
            }
        }
    }

    fn draw(&mut self, elapsed_s: f64, window_s: f64) -> Outcome<()> {
        let total = self.live.updates.load(Ordering::Relaxed);
        let rate = (total - self.updates_before) as f64 / window_s;
        self.updates_before = total;
        let queries = self.queries(window_s);
        let events = self.live.events().clone();
        let mut out = io::stdout().lock();
        if self.is_terminal {
            let lines = self.table(elapsed_s, rate, total, &queries, &events);
            self.redraw(&mut out, &lines)?;
        } else {
            for line in self.plain(elapsed_s, rate, &queries, &events) {
                writeln!(out, "{line}")?;
            }
            self.told_events = events.len();
        }
        out.flush()?;
        Ok(())
    }

    fn queries(&self, window_s: f64) -> Vec<QueryLine> {
        let mut figures = self.live.figures();
        let line = |(asked, figures): (Asked, &mut Figures)| {
            let recent: &mut Latencies = &mut figures.recent;
            let line = QueryLine {
                asked,
                a_second: recent.count() as f64 / window_s,
                p50_us: recent.percentile_us(0.5),
                p99_us: recent.percentile_us(0.99),
                rows: figures.rows,
            };
            figures.all.drain(recent);
            line
        };
        Asked::ALL.into_iter().zip(figures.iter_mut()).map(line).collect()
    }

    fn table(
        &self,
        elapsed_s: f64,
        rate: f64,
        total: u64,
        queries: &[QueryLine],
        events: &[Event],
    ) -> Vec<String> {
        let city =
            format_instant(self.live.city_us.load(Ordering::Relaxed) / 1_000_000 * 1_000_000);
        let of = format!("{} / {}", number::clock(elapsed_s), number::clock(self.seconds));
        let counts = self.counts.map(|(kind, count)| {
            let name = self.paint(kind_color(kind), kind.name());
            format!("{name} {}", number::grouped(count as u64))
        });
        let mut lines = vec![
            String::new(),
            format!("  {}   {of}   city time {city}", self.paint("1", "A city on libspatio")),
            String::new(),
            format!(
                "  updates   {} a second     {} so far",
                self.paint("1", &format!("{:>9}", number::grouped(rate as u64))),
                number::grouped(total)
            ),
            format!("  objects   {}", counts.join("   ")),
            String::new(),
            self.paint(
                "2",
                &format!(
                    "  {:<11} {:<28} {:>9} {:>9} {:>9} {:>6}",
                    "query", "what", "a second", "p50", "p99", "rows"
                ),
            ),
        ];
        for line in queries {
            let time = |us: Option<f64>| us.map_or_else(|| "-".to_owned(), number::latency_us);
            lines.push(format!(
                "  {:<11} {:<28} {:>9} {:>9} {:>9} {:>6}",
                line.asked.name(),
                line.asked.about(),
                number::grouped(line.a_second as u64),
                time(line.p50_us),
                time(line.p99_us),
                number::grouped(line.rows as u64)
            ));
        }
        lines.push(String::new());
        lines.push(
            self.paint("2", &format!("  events, {} so far", number::grouped(events.len() as u64))),
        );
        // On a low terminal there is room for fewer; a table that scrolls could not be redrawn.
        let room = terminal_size::terminal_size().map_or(24, |(_, height)| usize::from(height.0));
        let count = EVENTS_SHOWN.min(room.saturating_sub(lines.len() + 1));
        let shown = &events[events.len().saturating_sub(count)..];
        for index in 0..count {
            let line = shown.get(index).map_or_else(String::new, |event| self.event(event));
            lines.push(format!("  {line}"));
        }
        lines
    }

    fn event(&self, event: &Event) -> String {
        let clock = format_instant(event.time_us / 1_000_000 * 1_000_000);
        let clock = clock.get(11..19).unwrap_or_default();
        let color = Kind::of(&event.id).map_or("0", kind_color);
        format!("{clock}  {} {}", self.paint(color, &event.id), event.what)
    }

    fn plain(
        &self,
        elapsed_s: f64,
        rate: f64,
        queries: &[QueryLine],
        events: &[Event],
    ) -> Vec<String> {
        let mut line = format!("{elapsed_s:5.1} s  {} updates/s", number::grouped(rate as u64));
        for query in queries {
            let time = |us: Option<f64>| us.map_or_else(|| "-".to_owned(), number::latency_us);
            let (p50, p99) = (time(query.p50_us), time(query.p99_us));
            line.push_str(&format!("  {} p50 {p50} p99 {p99}", query.asked.name()));
        }
        let news = &events[self.told_events.min(events.len())..];
        let last = &news[news.len().saturating_sub(3)..];
        std::iter::once(line)
            .chain(last.iter().map(|event| format!("         {}", self.event(event))))
            .collect()
    }

    /// Writes over what was drawn before.
    fn redraw(&mut self, out: &mut dyn Write, lines: &[String]) -> io::Result<()> {
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        if self.drawn_lines > 0 {
            write!(out, "\x1b[{}A", self.drawn_lines)?;
        }
        for line in lines {
            writeln!(out, "\x1b[2K{}", cut(line, width))?;
        }
        self.drawn_lines = lines.len();
        Ok(())
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colors { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn kind_color(kind: Kind) -> &'static str {
    match kind {
        Kind::Car => "33",
        Kind::Bus => "31",
        Kind::Drone => "35",
        Kind::Ship => "36",
    }
}

/// At most `width` characters that take room; a line that wraps would spoil the redrawing.
fn cut(line: &str, width: usize) -> String {
    let mut text = String::with_capacity(line.len());
    let (mut room, mut in_escape) = (width, false);
    for c in line.chars() {
        if in_escape {
            in_escape = c != 'm';
        } else if c == '\x1b' {
            in_escape = true;
        } else if room == 0 {
            continue;
        } else {
            room -= 1;
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_line_keeps_its_colors() {
        assert_eq!(cut("ab\x1b[31mcd\x1b[0mef", 3), "ab\x1b[31mc\x1b[0m");
        assert_eq!(cut("short", 80), "short");
    }
}
