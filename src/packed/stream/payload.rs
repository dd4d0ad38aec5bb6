//! The payloads of some items: their offsets in one round, then the bytes; and their prefixes.
//!
//! Owns: the two steps. Does not own the chunk's bytes (`format::psindex`). Invariants: payloads
//! come in the order in which they were asked for; one that lies outside of its chunk is an error.
//! Prefixes have one length, so that they take the second step alone.

use super::machine::Machine;
use super::options::{StreamOptions, check};
use super::round::{Fetched, Span};
use crate::error::{Error, Result};
use crate::format::psindex::{PayloadPlan, PrefixPlan};

/// The payloads of a file.
#[derive(Clone, Debug)]
pub(super) struct PayloadPart {
    pub(super) plan: PayloadPlan,
    /// Where the chunk begins in the file.
    pub(super) chunk: u64,
}

/// The prefixes of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrefixPart {
    pub(super) plan: PrefixPlan,
    /// Where the chunk begins in the file.
    pub(super) chunk: u64,
}

/// Refuses more ranks than the limit, and one beyond the items.
fn check_ranks(
    operation: &'static str,
    ranks: &[u32],
    items: usize,
    options: &StreamOptions,
) -> Result<()> {
    check("items", ranks.len() as u64, options.limits.items)?;
    match ranks.iter().find(|rank| **rank as usize >= items) {
        Some(rank) => Err(Error::invalid(operation, format!("rank {rank} of {items} items"))),
        None => Ok(()),
    }
}

/// What is found out first: where the offsets of some ranks were asked for.
struct Locating {
    plan: PayloadPlan,
    chunk: u64,
    ranks: Vec<u32>,
    offsets: Vec<Span>,
}

impl Locating {
    /// Where the payloads lie.
    fn places(&self, fetched: &Fetched) -> Result<Vec<Span>> {
        let mut offsets = self.offsets.iter().copied();
        let place = |rank: &u32| {
            let offsets = fetched.part(offsets.next().unwrap_or_default())?;
            let range = self.plan.payload(u64::from(*rank), offsets)?;
            Ok(Span::of(self.chunk, range))
        };
        self.ranks.iter().map(place).collect()
    }
}

/// The question for the payloads of some ranks, or for their prefixes.
pub(super) struct Payloads {
    options: StreamOptions,
    /// Until it is known where they lie.
    locating: Option<Locating>,
    /// Where those lie that are still to be asked for, the last first.
    places: Vec<Span>,
    asked: Vec<Span>,
    found: Vec<Vec<u8>>,
}

impl Payloads {
    pub(super) fn new(
        part: PayloadPart,
        ranks: &[u32],
        items: usize,
        options: StreamOptions,
    ) -> Result<Self> {
        check_ranks("stream payloads", ranks, items, &options)?;
        let PayloadPart { plan, chunk } = part;
        let offsets = ranks.iter().filter_map(|rank| plan.offsets(u64::from(*rank)));
        let offsets: Vec<Span> = offsets.map(|range| Span::of(chunk, range)).collect();
        let locating = Locating { plan, chunk, ranks: ranks.to_vec(), offsets };
        if locating.offsets.is_empty() {
            return Ok(Payloads::at(locating.places(&Fetched::default())?, options));
        }
        Ok(Payloads { locating: Some(locating), ..Payloads::at(Vec::new(), options) })
    }

    pub(super) fn prefixes(
        part: PrefixPart,
        ranks: &[u32],
        items: usize,
        options: StreamOptions,
    ) -> Result<Self> {
        check_ranks("stream prefixes", ranks, items, &options)?;
        let place = |rank: &u32| Span::of(part.chunk, part.plan.prefix(u64::from(*rank)));
        Ok(Payloads::at(ranks.iter().map(place).collect(), options))
    }

    /// Those whose places are known.
    fn at(mut places: Vec<Span>, options: StreamOptions) -> Self {
        places.reverse();
        Payloads { options, locating: None, places, asked: Vec::new(), found: Vec::new() }
    }
}

impl Machine<Vec<Vec<u8>>> for Payloads {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        if let Some(locating) = self.locating.take() {
            if fetched.reads().next().is_none() {
                wants.extend_from_slice(&locating.offsets);
                self.locating = Some(locating);
                return Ok(());
            }
            self.places = locating.places(fetched)?;
            self.places.reverse();
        }
        for span in std::mem::take(&mut self.asked) {
            self.found.push(fetched.part(span)?.to_vec());
        }
        let mut bytes = 0_u64;
        while let Some(span) = self.places.pop() {
            let with = bytes.saturating_add(span.bytes);
            if bytes > 0 && with > self.options.round_bytes {
                self.places.push(span);
                break;
            }
            bytes = with;
            self.asked.push(span);
        }
        wants.extend_from_slice(&self.asked);
        if bytes == 0 {
            // Only empty ones are left, for which nobody will be asked.
            self.found.extend(self.asked.drain(..).map(|_| Vec::new()));
        }
        Ok(())
    }

    fn answer(self: Box<Self>) -> Result<Vec<Vec<u8>>> {
        Ok(self.found)
    }
}
