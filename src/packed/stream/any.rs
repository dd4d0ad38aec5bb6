//! A streamed index of which it is not known beforehand how many axes its boxes have.
//!
//! Owns: finding that out while it is opened. Does not own the opening itself (`open`). Invariants:
//! it takes the rounds of an opening that knows them, and no more.

use super::index::StreamIndex;
use super::machine::{Machine, StreamQuery};
use super::open::{Known, Opener};
use super::options::{OPERATION, StreamOptions};
use super::round::{Fetched, Span};
use crate::error::{Error, ErrorKind, Result};

/// A [`StreamIndex`] of as many axes as its file says.
#[derive(Clone, Debug)]
pub enum AnyStreamIndex {
    /// Of two axes.
    Two(StreamIndex<2>),
    /// Of three.
    Three(StreamIndex<3>),
    /// Of four.
    Four(StreamIndex<4>),
}

impl AnyStreamIndex {
    /// Begins to open an index of `file_bytes` bytes, in as many rounds as
    /// [`StreamIndex::opening`].
    pub fn opening(file_bytes: u64, options: StreamOptions) -> Result<StreamQuery<Self>> {
        let opener = AnyOpener { options, step: Step::Looking(Known::new(file_bytes)) };
        StreamQuery::new(Box::new(opener), options)
    }
}

/// How far it is.
enum Step {
    /// At the heads, for the number of axes.
    Looking(Known),
    Two(Opener<2>),
    Three(Opener<3>),
    Four(Opener<4>),
}

struct AnyOpener {
    options: StreamOptions,
    step: Step,
}

impl AnyOpener {
    /// Goes on with what is known, if it is known now how many axes there are.
    fn look(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<bool> {
        let Step::Looking(known) = &mut self.step else { return Ok(true) };
        known.take(fetched);
        let Some(heads) = known.heads(wants)? else { return Ok(false) };
        let axes = heads.axes()?;
        let known = std::mem::replace(known, Known::new(0));
        self.step = match axes {
            2 => Step::Two(Opener::new(known, self.options)),
            3 => Step::Three(Opener::new(known, self.options)),
            _ => Step::Four(Opener::new(known, self.options)),
        };
        Ok(true)
    }
}

impl Machine<AnyStreamIndex> for AnyOpener {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        let was_looking = matches!(self.step, Step::Looking(_));
        if !self.look(fetched, wants)? {
            return Ok(());
        }
        // What was fetched while it looked, it has already.
        let nothing = Fetched::default();
        let fetched = if was_looking { &nothing } else { fetched };
        match &mut self.step {
            Step::Looking(_) => Ok(()),
            Step::Two(opener) => opener.advance(fetched, wants),
            Step::Three(opener) => opener.advance(fetched, wants),
            Step::Four(opener) => opener.advance(fetched, wants),
        }
    }

    fn answer(self: Box<Self>) -> Result<AnyStreamIndex> {
        match self.step {
            Step::Two(opener) => Box::new(opener).answer().map(AnyStreamIndex::Two),
            Step::Three(opener) => Box::new(opener).answer().map(AnyStreamIndex::Three),
            Step::Four(opener) => Box::new(opener).answer().map(AnyStreamIndex::Four),
            Step::Looking(_) => {
                let message = "the opening was not fed what it wants";
                Err(Error::new(ErrorKind::Internal, OPERATION, message))
            }
        }
    }
}
