//! The payloads of some items: their offsets in one round, then the bytes.
//!
//! Owns: the two steps. Does not own the chunk's bytes (`format::psindex`). Invariants: payloads
//! come in the order in which they were asked for; one that lies outside of its chunk is an error.

use super::machine::Machine;
use super::options::{StreamOptions, check};
use super::round::{Fetched, Span};
use crate::error::{Error, Result};
use crate::format::psindex::PayloadPlan;

/// The payloads of a file.
#[derive(Clone, Debug)]
pub(super) struct PayloadPart {
    pub(super) plan: PayloadPlan,
    /// Where the chunk begins in the file.
    pub(super) chunk: u64,
}

/// The question for the payloads of some ranks.
pub(super) struct Payloads {
    part: PayloadPart,
    options: StreamOptions,
    ranks: Vec<u32>,
    /// Where the offsets of the ranks were asked for.
    offsets: Vec<Span>,
    /// Where the payloads lie, once that is known, the last first.
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
        check("items", ranks.len() as u64, options.limits.items)?;
        if let Some(rank) = ranks.iter().find(|rank| **rank as usize >= items) {
            let message = format!("rank {rank} of {items} items");
            return Err(Error::invalid("stream payloads", message));
        }
        let ranks = ranks.to_vec();
        let (offsets, places, asked, found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut payloads = Payloads { part, options, ranks, offsets, places, asked, found };
        match payloads.part.plan.offsets(0) {
            None => payloads.locate(&Fetched::default())?,
            Some(_) => {
                let offsets = |rank: &u32| payloads.part.plan.offsets(u64::from(*rank));
                let ranges = payloads.ranks.iter().filter_map(offsets);
                payloads.offsets = ranges.map(|r| Span::of(payloads.part.chunk, r)).collect();
            }
        }
        Ok(payloads)
    }

    /// Finds out where the payloads lie.
    fn locate(&mut self, fetched: &Fetched) -> Result<()> {
        let offsets = std::mem::take(&mut self.offsets);
        let mut offsets = offsets.into_iter();
        for rank in std::mem::take(&mut self.ranks) {
            let offsets = fetched.part(offsets.next().unwrap_or_default())?;
            let range = self.part.plan.payload(u64::from(rank), offsets)?;
            self.places.push(Span::of(self.part.chunk, range));
        }
        self.places.reverse();
        Ok(())
    }
}

impl Machine<Vec<Vec<u8>>> for Payloads {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        if !self.offsets.is_empty() {
            if fetched.reads().next().is_none() {
                wants.extend_from_slice(&self.offsets);
                return Ok(());
            }
            self.locate(fetched)?;
        } else {
            for span in std::mem::take(&mut self.asked) {
                self.found.push(fetched.part(span)?.to_vec());
            }
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
