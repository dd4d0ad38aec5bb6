//! The log against a list of what was appended: trajectories, neighbours, replay and numbers are
//! those of the list, over flushes, syncs, rotations into many small segments, closes and crashes
//! of the process.

use crate::support::{Rule, Told, dir, handle, is_introduction, open, options, tell};
use proptest::prelude::*;
use spatio::format::Change;
use spatio::log::{HistoryPoint, Log, LogOptions, MoveRow};
use spatio::vfs::MemoryVfs;
use spatio::{Interval, Order, Point};

#[derive(Clone, Debug)]
enum Step {
    Move {
        namespace: u32,
        index: u32,
        time_us: i64,
        position: [f64; 3],
        extra: u8,
    },
    Batch(Vec<(u32, i64, f64)>),
    End {
        index: u32,
        time_us: i64,
        swept: bool,
    },
    Flush,
    Sync,
    Checkpoint,
    /// Close and open again.
    Close,
    /// Drop and open again: what was not flushed is lost.
    Die,
    Ask {
        namespace: u32,
        index: u32,
        start_us: i64,
        span_us: i64,
        limit: usize,
        newest: bool,
    },
}

fn time() -> impl Strategy<Value = i64> {
    // Few values, so that equal and late times are common; and some wild ones.
    prop_oneof![20 => 0i64..60, 1 => any::<i64>()]
}

fn step() -> impl Strategy<Value = Step> {
    let index = || prop_oneof![3 => 0u32..4, 1 => 0u32..60];
    let coordinate = || prop_oneof![Just(0.0), Just(-0.0), -180.0..180.0];
    let position = || [coordinate(), coordinate(), coordinate()];
    prop_oneof![
        40 => (1u32..5, index(), time(), position(), any::<u8>()).prop_map(
            |(namespace, index, time_us, position, extra)| Step::Move {
                namespace, index, time_us, position, extra
            }),
        4 => proptest::collection::vec((index(), time(), coordinate()), 0..40)
            .prop_map(Step::Batch),
        2 => (index(), time(), any::<bool>())
            .prop_map(|(index, time_us, swept)| Step::End { index, time_us, swept }),
        2 => Just(Step::Flush),
        1 => Just(Step::Sync),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Close),
        1 => Just(Step::Die),
        10 => (1u32..5, index(), time(), 0i64..70, prop_oneof![0usize..9, Just(usize::MAX)],
               any::<bool>()).prop_map(|(namespace, index, start_us, span_us, limit, newest)| {
            Step::Ask { namespace, index, start_us, span_us, limit, newest }
        }),
    ]
}

/// The log and the list that it must equal.
struct Pair {
    vfs: MemoryVfs,
    log: Log,
    options: LogOptions,
    names: Rule,
    /// What was appended, with the number it got; introductions that the log made are not in it.
    appended: Vec<Told>,
    points: Vec<(u64, HistoryPoint)>,
    /// The number up to which everything is in the file, and up to which a checkpoint reaches.
    flushed: u64,
    checkpoint: u64,
}

impl Pair {
    fn append(&mut self, change: &Change<'_>) {
        let seq = self.log.append(&self.names, change).unwrap();
        self.note(seq, change);
    }

    fn note(&mut self, seq: u64, change: &Change<'_>) {
        let last = self.appended.last().map_or(0, |(seq, _)| *seq);
        assert!(seq > last, "{seq} after {last}");
        self.appended.push((seq, tell(change)));
        if let Change::Move { handle, time_us, position, .. } = *change
            && handle >> 32 != 3
        {
            self.points.push((handle, HistoryPoint { time_us, position, seq }));
        }
    }

    fn moved(&mut self, change: Change<'_>, extra: u8) {
        let Change::Move { handle, time_us, position, .. } = change else { unreachable!() };
        let bytes = vec![extra; usize::from(extra)];
        let expires_us = (extra & 1 == 1).then(|| time_us.wrapping_add(i64::from(extra)));
        let payload = (extra & 2 == 2).then_some(&bytes[..]);
        self.append(&Change::Move { handle, time_us, position, expires_us, payload });
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Move { namespace, index, time_us, position: [x, y, z], extra } => {
                let (handle, position) = (handle(*namespace, *index), Point::new_3d(*x, *y, *z));
                let time_us = *time_us;
                let change =
                    Change::Move { handle, time_us, position, expires_us: None, payload: None };
                self.moved(change, *extra);
            }
            Step::Batch(rows) => self.batch(rows),
            Step::End { index, time_us, swept } => {
                let (handle, time_us) = (handle(1, *index), *time_us);
                self.append(&match swept {
                    true => Change::Expire { handle, time_us },
                    false => Change::Delete { handle, time_us },
                });
            }
            Step::Flush => {
                self.log.flush().unwrap();
                self.flushed = self.log.stats().last_seq;
            }
            Step::Sync => {
                self.log.sync().unwrap();
                let stats = self.log.stats();
                self.flushed = stats.last_seq;
                assert_eq!(stats.durable_seq, stats.last_seq);
            }
            Step::Checkpoint => {
                self.log.checkpoint(&mut |_| Ok(())).unwrap();
                self.flushed = self.log.stats().last_seq;
                self.checkpoint = self.flushed;
            }
            Step::Close => {
                self.log.close().unwrap();
                self.flushed = self.log.stats().last_seq;
                self.open();
            }
            Step::Die => self.open(),
            Step::Ask { namespace, index, start_us, span_us, limit, newest } => {
                let interval = Interval::new(*start_us, start_us.saturating_add(*span_us));
                let order = if *newest { Order::NewestFirst } else { Order::OldestFirst };
                self.ask(handle(*namespace, *index), interval, order, *limit);
            }
        }
    }

    fn batch(&mut self, rows: &[(u32, i64, f64)]) {
        let rows: Vec<MoveRow> = rows
            .iter()
            .map(|&(index, time_us, x)| MoveRow {
                handle: handle(2, index),
                time_us,
                position: Point::new(x, 1.0),
                expires_us: None,
            })
            .collect();
        let last = self.log.append_moves(&self.names, &rows).unwrap();
        // The log's own introductions have numbers too; reading them back shows which.
        let mut introduced: Vec<u64> = Vec::new();
        let mut out = Vec::new();
        for row in &rows {
            if introduced.iter().all(|handle| *handle != row.handle) {
                introduced.push(row.handle);
                self.log
                    .trajectory(row.handle, Interval::ALL, Order::OldestFirst, usize::MAX, &mut out)
                    .unwrap();
            }
        }
        let known = self.appended.last().map_or(0, |(seq, _)| *seq);
        let mut seqs: Vec<u64> = out.iter().map(|p| p.seq).filter(|seq| *seq > known).collect();
        seqs.sort_unstable();
        assert_eq!(seqs.len(), rows.len());
        assert_eq!(seqs.last().copied().unwrap_or(0), last);
        for (seq, row) in seqs.into_iter().zip(&rows) {
            let &MoveRow { handle, time_us, position, expires_us } = row;
            let change = Change::Move { handle, time_us, position, expires_us, payload: None };
            self.note(seq, &change);
        }
    }

    /// Opens again: what is told must be what was appended after the checkpoint, up to some
    /// number not lower than what was flushed.
    fn open(&mut self) {
        let disk = self.vfs.duplicate();
        let (log, report, told) = open(&disk, self.options).unwrap();
        assert_eq!(report.first_bad, None);
        let told: Vec<Told> = told.into_iter().filter(|told| !is_introduction(told)).collect();
        let last = log.stats().last_seq;
        assert!(last >= self.flushed, "{last} {}", self.flushed);
        self.appended.retain(|(seq, _)| *seq <= last);
        self.points.retain(|(_, point)| point.seq <= last);
        let expected = self.appended.iter().filter(|(seq, _)| *seq > self.checkpoint);
        assert!(told.iter().eq(expected), "{told:?}");
        assert_eq!(log.stats().durable_seq, last);
        (self.vfs, self.log, self.flushed) = (disk, log, last);
    }

    fn ask(&self, handle: u64, interval: Interval, order: Order, limit: usize) {
        let mine = self.points.iter().filter(|(of, _)| *of == handle).map(|(_, point)| *point);
        let mut all: Vec<HistoryPoint> = mine.collect();
        all.sort_by_key(|point| (point.time_us, point.seq));
        let at_us = interval.start_us;
        let before = all.iter().rev().find(|point| point.time_us <= at_us).copied();
        let after = all.iter().find(|point| point.time_us > at_us).copied();
        assert_eq!(self.log.neighbours(handle, at_us).unwrap(), (before, after));
        all.retain(|point| interval.contains(point.time_us));
        if order == Order::NewestFirst {
            all.reverse();
        }
        all.truncate(limit);
        let mut found = vec![HistoryPoint { time_us: 7, position: Point::new(7.0, 7.0), seq: 7 }];
        self.log.trajectory(handle, interval, order, limit, &mut found).unwrap();
        assert_eq!(found.remove(0).seq, 7, "what the list held stays in front");
        let bits = |points: &[HistoryPoint]| -> Vec<(u64, i64, [u64; 3])> {
            let of = |p: Point| [p.x.to_bits(), p.y.to_bits(), p.z.to_bits()];
            points.iter().map(|p| (p.seq, p.time_us, of(p.position))).collect()
        };
        assert_eq!(bits(&found), bits(&all));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_log_equals_a_list(
        steps in proptest::collection::vec(step(), 1..250),
        buffer_size in prop_oneof![Just(1usize), 2usize..40, Just(512)],
        segment_bytes in prop_oneof![Just(1024u64), 1500u64..9000, Just(1 << 20)],
    ) {
        let vfs = MemoryVfs::new();
        let options = LogOptions { buffer_size, segment_bytes, ..options() };
        let (log, ..) = open(&vfs, options).unwrap();
        let (appended, points, names) = (Vec::new(), Vec::new(), Rule::new(60));
        let mut pair =
            Pair { vfs, log, options, names, appended, points, flushed: 0, checkpoint: 0 };
        for step in &steps {
            pair.run(step);
        }
        for namespace in 1..5 {
            for index in 0..6 {
                for order in [Order::OldestFirst, Order::NewestFirst] {
                    pair.ask(handle(namespace, index), Interval::ALL, order, usize::MAX);
                }
            }
        }
        pair.run(&Step::Close);
        prop_assert!(pair.vfs.files().iter().all(|(path, _)| path.starts_with(dir())));
    }
}
