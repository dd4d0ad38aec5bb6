//! A question that does no I/O: it says what it wants, is fed, and has an answer at last.
//!
//! Owns: the rounds of any question, and their limits. Does not own what is asked. Invariants: it
//! wants something until it is done; a question that failed wants nothing and answers with its
//! error.

use std::fmt;
use std::ops::Range;

use super::options::{OPERATION, Spent, StreamOptions};
use super::reader::RangeReader;
use super::round::{Fetched, Span, gather};
use crate::error::{Error, ErrorKind, Result};

/// What a question does between two rounds.
pub(super) trait Machine<A>: Send {
    /// Goes on with what was fetched, and says what it wants next; nothing if it is done.
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()>;

    /// The answer, when it is done.
    fn answer(self: Box<Self>) -> Result<A>;
}

/// A question to a [`StreamIndex`](super::StreamIndex), or the opening of one, that does no I/O.
///
/// [`run`](Self::run) asks a reader until it is done. A program with another way to fetch, as an
/// asynchronous one, goes round by itself:
///
/// ```
/// use std::sync::Arc;
/// use spatio::packed::{
///     BoxN, Items, MemoryRanges, RangeReader, StreamIndex, StreamOptions, WriteOptions,
///     write_index,
/// };
/// # let boxes = [BoxN::point([13.4, 52.5]), BoxN::point([2.35, 48.86])];
/// # let mut file = Vec::new();
/// # write_index(&Items::new(&boxes), WriteOptions::default(), &mut file)?;
/// # let reader = MemoryRanges::new(Arc::new(file));
/// let mut opening = StreamIndex::<2>::opening(reader.total_bytes()?, StreamOptions::default())?;
/// while !opening.wanted().is_empty() {
///     let bytes = reader.read_ranges(opening.wanted())?; // Or await what fetches them.
///     opening.feed(bytes)?;
/// }
/// let index = opening.finish()?;
/// let mut search = index.search(&BoxN::new([0.0, 40.0], [10.0, 50.0]))?;
/// while !search.wanted().is_empty() {
///     let bytes = reader.read_ranges(search.wanted())?;
///     search.feed(bytes)?;
/// }
/// assert_eq!(search.finish()?[0].id, 1);
/// # Ok::<(), spatio::Error>(())
/// ```
pub struct StreamQuery<A> {
    machine: Box<dyn Machine<A>>,
    options: StreamOptions,
    reads: Vec<Range<u64>>,
    spent: Spent,
    is_broken: bool,
}

impl<A> StreamQuery<A> {
    pub(super) fn new(machine: Box<dyn Machine<A>>, options: StreamOptions) -> Result<Self> {
        let (reads, spent) = (Vec::new(), Spent::default());
        let mut query = StreamQuery { machine, options, reads, spent, is_broken: false };
        query.advance(&Fetched::default())?;
        Ok(query)
    }

    /// The ranges that are wanted next, ascending; none if it is done.
    pub fn wanted(&self) -> &[Range<u64>] {
        &self.reads
    }

    /// Whether it has an answer: nothing is wanted, and nothing failed.
    pub fn is_done(&self) -> bool {
        !self.is_broken && self.reads.is_empty()
    }

    /// What has been asked for so far, the present round included.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// Takes the bytes of the ranges that are wanted, one vector for each.
    pub fn feed(&mut self, bytes: Vec<Vec<u8>>) -> Result<()> {
        let asked = std::mem::take(&mut self.reads);
        // Whatever fails here leaves it broken, and wanting nothing.
        self.is_broken = true;
        let fetched = Fetched::new(&asked, bytes)?;
        self.advance(&fetched)?;
        self.is_broken = false;
        Ok(())
    }

    fn advance(&mut self, fetched: &Fetched) -> Result<()> {
        let mut wants = Vec::new();
        self.machine.advance(fetched, &mut wants)?;
        let reads = gather(wants, &self.options);
        if !reads.is_empty() {
            let bytes = reads.iter().fold(0_u64, |sum, r| sum.saturating_add(r.end - r.start));
            self.spent.add(reads.len() as u64, bytes, &self.options.limits)?;
        }
        self.reads = reads;
        Ok(())
    }

    /// The answer; an error if something is still wanted.
    pub fn finish(self) -> Result<A> {
        if !self.is_done() {
            let message = "the question was not fed what it wants";
            return Err(Error::new(ErrorKind::InvalidArgument, OPERATION, message));
        }
        self.machine.answer()
    }

    /// Asks a reader until it is done, and answers.
    pub fn run(self, reader: &(impl RangeReader + ?Sized)) -> Result<A> {
        self.run_counted(reader).map(|(answer, _)| answer)
    }

    /// The same, and what it took.
    pub fn run_counted(mut self, reader: &(impl RangeReader + ?Sized)) -> Result<(A, Spent)> {
        while !self.reads.is_empty() {
            let bytes = reader.read_ranges(&self.reads)?;
            self.feed(bytes)?;
        }
        let spent = self.spent;
        self.finish().map(|answer| (answer, spent))
    }
}

impl<A> fmt::Debug for StreamQuery<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamQuery that wants {:?} and has asked for {:?}", self.reads, self.spent)
    }
}
