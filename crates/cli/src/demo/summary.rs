//! The end of the demo: what was done, and what a new opening of the same directory found.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use spatio::{Options, Query, Stats};

use crate::demo::NAMESPACE;
use crate::demo::finish::Finish;
use crate::demo::folder::Folder;
use crate::demo::live::{Asked, Live};
use crate::failure::Outcome;
use crate::output::{self, number, write_facts};

/// What opening the directory again found.
pub(crate) struct Reopened {
    took: Duration,
    report: String,
    /// Objects that are where they were, and all that there were.
    same: usize,
    objects: usize,
}

impl Reopened {
    pub(crate) fn open(dir: &Path, before: &Finish) -> Outcome<Reopened> {
        let start = Instant::now();
        let db = Options::new().open(dir)?;
        let took = start.elapsed();
        let rows = db.namespace(NAMESPACE)?.query(&Query::everywhere())?;
        let same =
            rows.iter().filter(|row| before.objects.get(row.id) == Some(&row.position)).count();
        let report = db.recovery().to_string();
        db.close()?;
        Ok(Reopened { took, report, same, objects: before.objects.len() })
    }
}

/// The figures of a whole run.
pub(crate) struct Summary<'a> {
    pub(crate) live: &'a Live,
    pub(crate) ran_s: f64,
    pub(crate) stats: Stats,
    pub(crate) reopened: Reopened,
    pub(crate) folder: &'a Folder,
}

impl Summary<'_> {
    fn updates(&self) -> u64 {
        self.live.updates.load(Ordering::Relaxed)
    }

    fn a_second(&self) -> u64 {
        (self.updates() as f64 / self.ran_s.max(1e-3)) as u64
    }

    fn bytes_per_record(&self) -> f64 {
        self.stats.disk_bytes as f64 / self.stats.records.max(1) as f64
    }

    fn reopening(&self) -> String {
        number::latency_us(self.reopened.took.as_secs_f64() * 1e6)
    }

    /// The large figures of the page.
    pub(crate) fn big(&self) -> Vec<[String; 2]> {
        let figure = |value: String, what: &str| [value, what.to_owned()];
        vec![
            figure(number::grouped(self.a_second()), "updates a second"),
            figure(number::grouped(self.updates()), "positions kept"),
            figure(self.reopening(), "to open it again"),
            figure(format!("{:.0} bytes", self.bytes_per_record()), "a position on disk"),
        ]
    }

    /// The line at the foot of the page.
    pub(crate) fn fine(&self, one_in: usize) -> String {
        let part = match one_in {
            1 => String::new(),
            _ => format!(" Of the final positions one in {one_in} is drawn."),
        };
        format!(
            "Every point, track and answer here was read back from the database. Opened again \
             after closing: {}; {} of {} objects where they were. The river follows the real one \
             by eye, the streets are invented. The city's clock runs 30 times as fast as the \
             wall's.{part}",
            self.reopened.report,
            number::grouped(self.reopened.same as u64),
            number::grouped(self.reopened.objects as u64)
        )
    }

    /// Writes the last words in the terminal.
    pub(crate) fn write(&self, page: &Path, page_bytes: u64) -> Outcome<()> {
        let mut out = output::stdout();
        let mut queries = String::new();
        for (asked, figures) in Asked::ALL.into_iter().zip(self.live.figures().iter()) {
            let time =
                |part| figures.all.percentile_us(part).map_or("-".into(), number::latency_us);
            let comma = if queries.is_empty() { "" } else { ", " };
            queries.push_str(&format!("{comma}{} {}", asked.name(), time(0.5)));
        }
        let disk = number::bytes(self.stats.disk_bytes);
        let mut facts = vec![
            ("ran", format!("{:.1} s", self.ran_s)),
            (
                "updates",
                format!(
                    "{}, {} a second, each one kept",
                    number::grouped(self.updates()),
                    number::grouped(self.a_second())
                ),
            ),
            ("queries", format!("median: {queries}")),
            ("events", number::grouped(self.live.events().len() as u64)),
            ("on disk", format!("{disk}, {:.1} bytes a position", self.bytes_per_record())),
            ("opened again", format!("in {}: {}", self.reopening(), self.reopened.report)),
            (
                "found",
                format!(
                    "{} of {} objects where they were",
                    number::grouped(self.reopened.same as u64),
                    number::grouped(self.reopened.objects as u64)
                ),
            ),
        ];
        if !self.folder.is_temporary() {
            facts.push(("database", self.folder.path().display().to_string()));
        }
        facts.push(("page", format!("{} ({})", page.display(), number::bytes(page_bytes))));
        let facts: Vec<_> =
            facts.into_iter().map(|(name, value)| (format!("  {name}"), value)).collect();
        writeln!(out)?;
        write_facts(&mut out, &facts)?;
        if !self.folder.is_temporary() {
            let dir = self.folder.path().display();
            writeln!(out, "\n  ask it:  spatio query knn @ship:0 5 -d {dir}")?;
        }
        out.flush()?;
        Ok(())
    }
}
