//! Packed files behind a URL, read in parts.
//!
//! Owns: which names are URLs, opening such a file, and what is told of the requests. Does not
//! own the requests (`http`). Invariants: what a URL is asked for is never more than the answer
//! needs; secrets that stand behind the `?` of a URL are not told.

mod http;

use std::path::Path;

use spatio::packed::{Remote, StreamDescription, StreamOptions, describe_streamed};

use crate::args::RowOutput;
use crate::failure::{Failure, Outcome, exit};
use crate::output::{self, number};
use crate::pack::rows;
pub(crate) use http::HttpRanges;

/// How much of the upper levels an opening reads: a program that asks one question needs few.
const KEPT_BYTES: u64 = 64 << 10;

/// The name as a URL, if it is one.
pub(crate) fn url(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let has =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme));
    (has("http://") || has("https://")).then_some(text)
}

/// A URL as it is told: without what may be a secret.
pub(crate) fn public_name(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Refuses what a URL cannot be asked.
pub(crate) fn refuse(url: &str, what: &str) -> Failure {
    let name = public_name(url);
    Failure::usage(format!("{name}: {what} needs the whole file; download it, and ask the file"))
}

/// A file whose head was read.
pub(crate) struct RemoteFile<'a> {
    url: &'a str,
    pub(crate) reader: HttpRanges,
    pub(crate) told: StreamDescription,
}

/// What is done with an index, whatever its number of axes.
pub(crate) trait RemoteTask {
    /// Whether the head of the file is enough.
    const OF_HEAD: bool = false;

    fn run<const D: usize>(
        self,
        file: &RemoteFile<'_>,
        index: &Remote<&HttpRanges, D>,
    ) -> Outcome<()>;
}

/// Opens a file and does something with its index; at the end tells what was requested, if wanted.
pub(crate) fn with_remote<T: RemoteTask>(url: &str, with_stats: bool, task: T) -> Outcome<()> {
    let reader = HttpRanges::open(url).map_err(|error| named(url, error))?;
    let told = describe_streamed(&reader).map_err(|error| named(url, error))?;
    let file = RemoteFile { url, reader, told };
    match file.told.file.axes {
        2 => file.run::<2, T>(task)?,
        3 => file.run::<3, T>(task)?,
        4 => file.run::<4, T>(task)?,
        other => {
            let message = format!("{}: boxes of {other} axes, expected 2 to 4", public_name(url));
            return Err(Failure::new(exit::CORRUPT, message));
        }
    }
    if with_stats {
        let spent = file.reader.spent();
        let [rounds, reads, bytes] = [spent.rounds, spent.reads, spent.bytes].map(number::grouped);
        // Nobody is left to be told if the standard error is gone.
        let line = format!("requested: {rounds} rounds, {reads} reads, {bytes} bytes");
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{line}\n"));
    }
    Ok(())
}

impl RemoteFile<'_> {
    fn run<const D: usize, T: RemoteTask>(&self, task: T) -> Outcome<()> {
        let kept_bytes = if T::OF_HEAD { 0 } else { KEPT_BYTES };
        let options = StreamOptions { kept_bytes, ..StreamOptions::default() };
        let index = self.told(Remote::<_, D>::open(&self.reader, options))?;
        self.reader.stop_keeping();
        task.run(self, &index)
    }

    /// Fetches the payloads of items, given by number, rank and perhaps distance, and writes them.
    pub(crate) fn write<const D: usize>(
        &self,
        index: &Remote<&HttpRanges, D>,
        items: &[(u32, u32, Option<f64>)],
        form: RowOutput,
    ) -> Outcome<()> {
        if form.geojson && self.told.content_type.as_deref() != Some("application/geo+json") {
            let name = public_name(self.url);
            let message = "--geojson over a URL gives stored features back, and there are none";
            return Err(Failure::usage(format!("{name}: {message}; take --json")));
        }
        let ranks: Vec<u32> = items.iter().map(|(_, rank, _)| *rank).collect();
        let payloads = match index.index().has_payloads() && !ranks.is_empty() {
            true => Some(self.told(index.payloads(&ranks))?),
            false => None,
        };
        let found = items.iter().map(|(id, _, distance)| (*id, *distance));
        let rows = rows::without_boxes::<D>(found, payloads);
        rows::write(&mut output::stdout(), &rows, form)
    }

    /// What the index answered; an error gets the name of the file.
    pub(crate) fn told<T>(&self, answer: spatio::Result<T>) -> Outcome<T> {
        answer.map_err(|error| named(self.url, error))
    }
}

fn named(url: &str, error: spatio::Error) -> Failure {
    let failure = Failure::from(error);
    Failure::new(failure.code(), format!("{}: {failure}", public_name(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_files_and_without_their_secrets() {
        assert!(url(Path::new("https://a/b")).is_some() && url(Path::new("HTTP://a")).is_some());
        for file in ["a.psindex", "http:/a", "s3://a/b", "dir/http://a", "\u{f6}"] {
            assert_eq!(url(Path::new(file)), None, "{file}");
        }
        assert_eq!(public_name("https://a/b?X-Amz-Signature=1#c"), "https://a/b");
    }
}
