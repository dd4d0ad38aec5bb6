//! The way from the rows of a source, on one thread, to the build, on another.
//!
//! Owns: turning rows into items, counting them, and the channel. Does not own the sources, nor
//! what is built. Invariants: no more than a few batches are under way; the build takes items for
//! complete only if the source came to its end.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use spatio::packed::BoxN;
use spatio::{Error, ErrorKind};

use crate::failure::{Failure, Outcome, exit};
use crate::import::{BadRows, Mark};
use crate::pack::source::{Entry, Sink};
use crate::progress::Progress;

/// After how many rows the progress line is thought of.
const ROWS_BETWEEN: u64 = 1024;
/// A batch has no more items, nor, but for its last item, more bytes of payloads.
const BATCH_ITEMS: usize = 4096;
const BATCH_BYTES: usize = 1 << 20;
/// How many batches wait at most.
const BATCHES: usize = 2;

/// An item and its payload.
pub(crate) type Item<const D: usize> = (BoxN<D>, Vec<u8>);

/// What goes through the channel; without the last one the source did not come to its end.
enum Message<const D: usize> {
    Crs(String),
    Items(Vec<Item<D>>),
    End,
}

/// Makes the channel.
pub(crate) fn channel<const D: usize>() -> (Gate<D>, Arrivals<D>) {
    let (sender, receiver) = sync_channel(BATCHES);
    let arrivals = Arrivals { receiver: Some(receiver), next: None, batch: Vec::new().into_iter() };
    (Gate(sender), arrivals)
}

/// Where items go in.
pub(crate) struct Gate<const D: usize>(SyncSender<Message<D>>);

/// What went through.
#[derive(Default)]
pub(crate) struct Fed {
    pub(crate) items: u64,
    pub(crate) payload_bytes: u64,
    pub(crate) bad: BadRows,
}

/// Takes the rows of a source.
pub(crate) struct Feeder<const D: usize> {
    gate: Gate<D>,
    batch: Vec<Item<D>>,
    batch_bytes: usize,
    fed: Fed,
    rows: u64,
    /// What bad rows are told to be of.
    name: String,
    is_strict: bool,
    progress: Progress,
    read_bytes: Rc<Cell<u64>>,
    /// Whether the build takes no more.
    pub(crate) is_left: bool,
}

impl<const D: usize> Feeder<D> {
    pub(crate) fn new(
        gate: Gate<D>,
        name: String,
        is_strict: bool,
        (progress, read_bytes): (Progress, Rc<Cell<u64>>),
    ) -> Self {
        let (batch, fed) = (Vec::with_capacity(BATCH_ITEMS), Fed::default());
        let (batch_bytes, rows, is_left) = (0, 0, false);
        Feeder {
            gate,
            batch,
            batch_bytes,
            fed,
            rows,
            name,
            is_strict,
            progress,
            read_bytes,
            is_left,
        }
    }

    fn send(&mut self, message: Message<D>) -> Outcome<()> {
        self.gate.0.send(message).map_err(|_| {
            self.is_left = true;
            Failure::new(exit::ENGINE, "the build takes no more items")
        })
    }

    fn send_batch(&mut self) -> Outcome<()> {
        self.batch_bytes = 0;
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH_ITEMS));
        self.send(Message::Items(batch))
    }

    /// Removes the progress line.
    pub(crate) fn clear(&self) {
        self.progress.clear();
    }

    /// The source came to its end. `payload` is the column or property that was wanted, of which
    /// at least one row must have something.
    pub(crate) fn finish(&mut self, payload: Option<&str>) -> Outcome<()> {
        self.fed.bad.write();
        if let Some(name) = payload
            && self.fed.payload_bytes == 0
            && self.fed.items > 0
        {
            return Err(Failure::usage(format!("--payload: no row has anything under {name:?}")));
        }
        self.send_batch()?;
        self.send(Message::End)
    }

    /// What went through.
    pub(crate) fn into_fed(self) -> Fed {
        self.fed
    }
}

impl<const D: usize> Sink for Feeder<D> {
    fn crs(&mut self, name: &str) -> Outcome<()> {
        self.send(Message::Crs(name.to_owned()))
    }

    fn row(&mut self, mark: Mark, entry: Result<Entry, String>) -> Outcome<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_BETWEEN) {
            self.progress.update(self.read_bytes.get(), self.rows);
        }
        match entry.and_then(|entry| Ok((bounds::<D>(&entry)?, entry.payload))) {
            Ok((bounds, payload)) => {
                self.fed.items += 1;
                self.fed.payload_bytes += payload.len() as u64;
                self.batch_bytes += payload.len();
                self.batch.push((bounds, payload));
                if self.batch.len() == BATCH_ITEMS || self.batch_bytes >= BATCH_BYTES {
                    self.send_batch()?;
                }
            }
            Err(reason) if self.is_strict => {
                let message = format!("{}: {mark}: {reason}", self.name);
                return Err(Failure::new(exit::BAD_ROWS, message));
            }
            Err(reason) => self.fed.bad.add(&self.name, mark, &reason),
        }
        Ok(())
    }
}

/// The box of an entry on the axes that are kept.
fn bounds<const D: usize>(entry: &Entry) -> Result<BoxN<D>, String> {
    let kept = BoxN::new(
        std::array::from_fn(|axis| entry.min[axis]),
        std::array::from_fn(|axis| entry.max[axis]),
    );
    match kept.min.iter().chain(&kept.max).find(|value| !value.is_finite()) {
        Some(value) => Err(format!("a coordinate is {value}")),
        None => Ok(kept),
    }
}

/// The items as they arrive. A source that broke off ends them with an error.
pub(crate) struct Arrivals<const D: usize> {
    /// Until the last was received.
    receiver: Option<Receiver<Message<D>>>,
    /// What was received and not yet looked at.
    next: Option<Message<D>>,
    batch: std::vec::IntoIter<Item<D>>,
}

impl<const D: usize> Arrivals<D> {
    /// What the source says of its coordinates, which it does before its first item.
    pub(crate) fn crs(&mut self) -> Option<String> {
        match self.receiver.as_ref()?.recv().ok()? {
            Message::Crs(name) => Some(name),
            other => {
                self.next = Some(other);
                None
            }
        }
    }
}

impl<const D: usize> Iterator for Arrivals<D> {
    type Item = spatio::Result<Item<D>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.batch.next() {
                return Some(Ok(item));
            }
            let message = match self.next.take() {
                Some(message) => message,
                None => match self.receiver.as_ref()?.recv() {
                    Ok(message) => message,
                    Err(_) => {
                        self.receiver = None;
                        let message = "the input was not read to its end";
                        return Some(Err(Error::new(ErrorKind::Cancelled, "pack build", message)));
                    }
                },
            };
            match message {
                Message::Items(items) => self.batch = items.into_iter(),
                Message::Crs(_) => {}
                Message::End => {
                    self.receiver = None;
                    return None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feeder(gate: Gate<2>) -> Feeder<2> {
        let progress = Progress::new("a".to_owned(), None, true);
        Feeder::new(gate, "a".to_owned(), false, (progress, Rc::default()))
    }

    fn entry(at: f64) -> Result<Entry, String> {
        Ok(Entry { min: [at; 3], max: [at; 3], payload: vec![7; 1000] })
    }

    #[test]
    fn items_arrive_in_order_and_a_source_that_broke_off_is_an_error() {
        const COUNT: u64 = 10_000;
        for is_whole in [true, false] {
            let (gate, mut arrivals) = channel::<2>();
            let taker = std::thread::spawn(move || (arrivals.crs(), arrivals.collect::<Vec<_>>()));
            let mut feeder = feeder(gate);
            feeder.crs("here").unwrap();
            (0..COUNT).for_each(|n| feeder.row(Mark::Line(n), entry(n as f64)).unwrap());
            feeder.row(Mark::Line(COUNT), entry(f64::NAN)).unwrap();
            if is_whole {
                feeder.finish(Some("p")).unwrap();
            }
            let fed = feeder.into_fed();
            assert_eq!((fed.items, fed.payload_bytes, fed.bad.count), (COUNT, 1000 * COUNT, 1));
            let (crs, found) = taker.join().unwrap();
            assert_eq!(crs.as_deref(), Some("here"));
            for (n, item) in found.iter().filter_map(|item| item.as_ref().ok()).enumerate() {
                assert_eq!(item, &(BoxN::point([n as f64; 2]), vec![7; 1000]));
            }
            let last = found.last().unwrap().as_ref().map_err(Error::kind);
            assert_eq!(last.is_ok(), is_whole);
            assert!(!is_whole || found.len() as u64 == COUNT);
        }
    }

    #[test]
    fn a_build_that_ended_takes_no_more() {
        let (gate, arrivals) = channel::<2>();
        drop(arrivals);
        let mut feeder = feeder(gate);
        assert!(feeder.crs("here").is_err() && feeder.is_left);
    }
}
