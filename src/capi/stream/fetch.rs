//! A question under way: what it wants, feeding it, what it cost.
//!
//! Owns: the handle, whatever was asked. Does not own fetching, nor what is done with the bytes
//! (`packed`). Invariants: views of what is wanted stay until it is fed; an answer stays until the
//! fetch is freed.

use super::Streamed;
use crate::capi::border::{
    Failure, Fallible, Out, column, emptied, enter, give, handle, take_back,
};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::capi::versioned::check_pointer;
use crate::error::Result;
use crate::packed::{Aggregate, Found, Nearby, Spent, StreamQuery};

/// A question to an index whose bytes lie elsewhere, or the opening of one. It does no I/O: it says
/// which ranges of the file it wants, is fed with their bytes, and has an answer at last. It is for
/// one thread at a time, and may outlive its stream.
pub struct spatio_fetch {
    pub(super) question: Question,
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    spent: Spent,
}

const fn may_move<T: Send>() {}
const _: () = may_move::<spatio_fetch>();

/// What was asked, by the kind of its answer.
pub(super) enum Question {
    Opening(State<Streamed>),
    Items(State<Vec<Found>>),
    Nearest(State<Vec<Nearby>>),
    /// Of these ranks.
    Payloads(Vec<u32>, State<Vec<Vec<u8>>>),
    Count(State<usize>),
    Aggregate(State<Aggregate>),
}

/// A question that is asked, or its answer.
pub(super) enum State<A> {
    Asked(StreamQuery<A>),
    Answered(A),
    /// It ended with an error.
    Failed,
}

impl<A> State<A> {
    /// The answer, once everything that is wanted was fed; the question goes on if it was not.
    pub(super) fn answer(&mut self) -> Fallible<&A> {
        if let State::Asked(query) = self {
            if !query.wanted().is_empty() {
                let count = query.wanted().len();
                let message = format!("the fetch still wants {count} ranges, feed them first");
                return Err(Failure::invalid(message));
            }
            let State::Asked(query) = std::mem::replace(self, State::Failed) else {
                return Err(failed());
            };
            if query.is_done() {
                *self = State::Answered(query.finish()?);
            }
        }
        match self {
            State::Answered(answer) => Ok(answer),
            _ => Err(failed()),
        }
    }
}

fn failed() -> Failure {
    Failure::invalid("the fetch failed when it was fed, it has no answer".to_owned())
}

/// Does with a question what is written once for any answer.
macro_rules! on_query {
    ($question:expr, $query:ident => $body:expr, $otherwise:expr) => {
        match $question {
            Question::Opening(State::Asked($query)) => $body,
            Question::Items(State::Asked($query)) => $body,
            Question::Nearest(State::Asked($query)) => $body,
            Question::Payloads(_, State::Asked($query)) => $body,
            Question::Count(State::Asked($query)) => $body,
            Question::Aggregate(State::Asked($query)) => $body,
            _ => $otherwise,
        }
    };
}

impl spatio_fetch {
    fn new(question: Question) -> Self {
        let (offsets, lengths, spent) = (Vec::new(), Vec::new(), Spent::default());
        let mut fetch = spatio_fetch { question, offsets, lengths, spent };
        fetch.look();
        fetch
    }

    /// What answers it.
    pub(super) fn kind(&self) -> &'static str {
        match self.question {
            Question::Opening(_) => "a stream",
            Question::Items(_) | Question::Nearest(_) | Question::Payloads(..) => "hits",
            Question::Count(_) => "a count",
            Question::Aggregate(_) => "an aggregate",
        }
    }

    /// Refuses a question for another kind of answer.
    pub(super) fn other_kind(&self, wanted: &str) -> Failure {
        Failure::invalid(format!("the answer of the fetch is {}, not {wanted}", self.kind()))
    }

    /// Writes down what is wanted now, and what that comes to with all before.
    fn look(&mut self) {
        self.spent = on_query!(&self.question, query => query.spent(), self.spent);
        let wanted = on_query!(&self.question, query => query.wanted(), &[]);
        self.offsets = wanted.iter().map(|range| range.start).collect();
        self.lengths = wanted.iter().map(|range| range.end - range.start).collect();
    }

    fn feed(&mut self, bytes: Vec<Vec<u8>>) -> Result<()> {
        on_query!(&mut self.question, query => query.feed(bytes), Ok(()))
    }
}

/// Gives the caller a question to feed.
///
/// # Safety
///
/// `fetch` is NULL or points to room for a pointer.
pub(super) unsafe fn begin<A>(
    fetch: *mut *mut spatio_fetch,
    ask: impl FnOnce() -> Fallible<StreamQuery<A>>,
    question: impl FnOnce(State<A>) -> Question,
) -> Fallible {
    // SAFETY: what the caller of this function vouches for.
    let out = unsafe { emptied(fetch, "fetch") }?;
    let state = State::Asked(ask()?);
    out.set(0, give(spatio_fetch::new(question(state))));
    Ok(())
}

/// A fetch that the call has for itself.
///
/// # Safety
///
/// `fetch` is NULL or was given out by this library, is not freed, and nobody else uses it during
/// the call.
pub(super) unsafe fn own<'a>(fetch: *mut spatio_fetch) -> Fallible<&'a mut spatio_fetch> {
    check_pointer(fetch.cast_const(), "fetch")?;
    // SAFETY: not NULL, aligned, and the caller's alone by its promise.
    Ok(unsafe { &mut *fetch })
}

/// The ranges of the file that a question wants next, ascending; none of them is empty.
///
/// @param fetch    a question under way
/// @param n        receives how many ranges there are; 0: it is done and has its answer
/// @param offsets  receives a view of n numbers: where in the file each begins; NULL if n is 0
/// @param lengths  receives a view of n numbers: how many bytes each has; NULL if n is 0
/// @param error    may be NULL
///
/// The views stay until the fetch is fed or freed. One thread at a time. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_wanted(
    fetch: *const spatio_fetch,
    n: *mut usize,
    offsets: *mut *const u64,
    lengths: *mut *const u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_wanted", || {
            let fetch = handle(fetch, "fetch")?;
            let count = Out::one(n, "n")?;
            let (starts, sizes) = (Out::one(offsets, "offsets")?, Out::one(lengths, "lengths")?);
            let view = |column: &Vec<u64>| match column.is_empty() {
                true => std::ptr::null(),
                false => column.as_ptr(),
            };
            count.set(0, fetch.offsets.len());
            starts.set(0, view(&fetch.offsets));
            sizes.set(0, view(&fetch.lengths));
            Ok(())
        })
    }
}

/// Feeds a question with the bytes of all ranges that it wants.
///
/// @param fetch    a question under way
/// @param n        how many ranges: as many as are wanted
/// @param bytes    n pointers: the bytes of each range, in the order of the ranges; they are copied
/// @param lengths  n numbers: how many bytes came of each, which must be as many as were wanted
/// @param error    may be NULL
///
/// If it fails the question wants nothing more and has no answer; free it. SPATIO_IO if other bytes
/// came than were wanted, SPATIO_CORRUPT if they contradict themselves, SPATIO_LIMIT_EXCEEDED if
/// what it wants next exceeds a limit of the options. One thread at a time. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_feed(
    fetch: *mut spatio_fetch,
    n: usize,
    bytes: *const *const u8,
    lengths: *const usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_feed", || {
            let fetch = own(fetch)?;
            let (bytes, lengths) = (column(bytes, n, "bytes")?, column(lengths, n, "lengths")?);
            let mut ranges = Vec::with_capacity(n);
            for (row, (&bytes, &length)) in bytes.iter().zip(lengths).enumerate() {
                let range = column(bytes, length, "bytes of a range");
                ranges.push(range.map_err(|failure| failure.in_row(row))?.to_vec());
            }
            let fed = fetch.feed(ranges);
            fetch.look();
            Ok(fed?)
        })
    }
}

/// What a question has asked for so far, the ranges that it wants now included.
///
/// @param fetch   a question under way, or one that is done
/// @param rounds  receives how often it wanted ranges; may be NULL, like the next two
/// @param reads   receives how many ranges
/// @param bytes   receives how many bytes
/// @param error   may be NULL
///
/// One thread at a time. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_spent(
    fetch: *const spatio_fetch,
    rounds: *mut u64,
    reads: *mut u64,
    bytes: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_fetch_spent", || {
            let fetch = handle(fetch, "fetch")?;
            let rounds = Out::optional(rounds, 1, "rounds")?;
            let (reads, bytes) =
                (Out::optional(reads, 1, "reads")?, Out::optional(bytes, 1, "bytes")?);
            let spent = fetch.spent;
            rounds.set(0, spent.rounds);
            reads.set(0, spent.reads);
            bytes.set(0, spent.bytes);
            Ok(())
        })
    }
}

/// Frees a question, done or not. NULL is fine. Since 0.1.
///
/// @param fetch  a question
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_fetch_free(fetch: *mut spatio_fetch) {
    // SAFETY: the caller gives the fetch up.
    drop(unsafe { take_back(fetch) });
}
