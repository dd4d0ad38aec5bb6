//! Questions to a streamed index whose bytes are awaited, for asynchronous programs.
//!
//! Owns: the interface of such readers, and going round with one. Does not own any question (those
//! are the machines of any reader) nor an executor. Invariants: nothing blocks but the reader; a
//! future that is dropped leaves nothing behind.

use std::ops::Range;
use std::sync::Arc;

use super::index::StreamIndex;
use super::machine::StreamQuery;
use super::nearest::Nearby;
use super::options::{Spent, StreamOptions};
use super::sift::Found;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::origin::Aggregate;
use crate::packed::query::Ray;

/// Fetches ranges of the bytes of one index, as [`RangeReader`](super::RangeReader) does, in
/// futures that an executor of several threads may move between them. They are written as
/// `async fn`.
pub trait AsyncRangeReader {
    /// How many bytes there are.
    fn total_bytes(&self) -> impl Future<Output = Result<u64>> + Send;

    /// The bytes of each range, in the order of the ranges. They ascend, none is empty, and all end
    /// within the total. Bytes that are too few or too many are refused by whoever asked.
    fn read_ranges(
        &self,
        ranges: &[Range<u64>],
    ) -> impl Future<Output = Result<Vec<Vec<u8>>>> + Send;
}

impl<R: AsyncRangeReader + Sync> AsyncRangeReader for &R {
    async fn total_bytes(&self) -> Result<u64> {
        (**self).total_bytes().await
    }

    async fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        (**self).read_ranges(ranges).await
    }
}

impl<R: AsyncRangeReader + Send + Sync> AsyncRangeReader for Arc<R> {
    async fn total_bytes(&self) -> Result<u64> {
        (**self).total_bytes().await
    }

    async fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        (**self).read_ranges(ranges).await
    }
}

impl<A> StreamQuery<A> {
    /// Asks a reader until it is done, and answers; [`run`](Self::run) for readers that are
    /// awaited.
    pub async fn run_async(self, reader: &impl AsyncRangeReader) -> Result<A> {
        self.run_counted_async(reader).await.map(|(answer, _)| answer)
    }

    /// The same, and what it took.
    pub async fn run_counted_async(mut self, reader: &impl AsyncRangeReader) -> Result<(A, Spent)> {
        while !self.wanted().is_empty() {
            let bytes = reader.read_ranges(self.wanted()).await?;
            self.feed(bytes)?;
        }
        let spent = self.spent();
        self.finish().map(|answer| (answer, spent))
    }
}

/// A streamed index with a reader that is awaited: [`Remote`](super::Remote) for asynchronous
/// programs, of any executor.
///
/// ```
/// use spatio::Result;
/// use spatio::packed::{AsyncRangeReader, AsyncRemote, BoxN, StreamOptions};
///
/// async fn within<R: AsyncRangeReader>(reader: R) -> Result<usize> {
///     let index = AsyncRemote::<_, 2>::open(reader, StreamOptions::default()).await?;
///     index.count(&BoxN::new([0.0, 40.0], [10.0, 50.0])).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AsyncRemote<R, const D: usize> {
    reader: R,
    index: StreamIndex<D>,
}

impl<R: AsyncRangeReader, const D: usize> AsyncRemote<R, D> {
    /// See [`Remote::open`](super::Remote::open).
    pub async fn open(reader: R, options: StreamOptions) -> Result<Self> {
        let file_bytes = reader.total_bytes().await?;
        let index = StreamIndex::opening(file_bytes, options)?.run_async(&reader).await?;
        Ok(AsyncRemote { reader, index })
    }

    /// See [`Remote::with_index`](super::Remote::with_index).
    pub fn with_index(reader: R, index: StreamIndex<D>) -> Self {
        AsyncRemote { reader, index }
    }

    /// What was learned when it was opened.
    pub fn index(&self) -> &StreamIndex<D> {
        &self.index
    }

    /// The reader.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// See [`StreamIndex::search`].
    pub async fn search(&self, bounds: &BoxN<D>) -> Result<Vec<Found>> {
        self.index.search(bounds)?.run_async(&self.reader).await
    }

    /// See [`StreamIndex::count`].
    pub async fn count(&self, bounds: &BoxN<D>) -> Result<usize> {
        self.index.count(bounds)?.run_async(&self.reader).await
    }

    /// See [`StreamIndex::aggregate`].
    pub async fn aggregate(&self, bounds: &BoxN<D>) -> Result<Aggregate> {
        self.index.aggregate(bounds)?.run_async(&self.reader).await
    }

    /// See [`StreamIndex::neighbors`].
    pub async fn neighbors(
        &self,
        point: [f64; D],
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Nearby>> {
        self.index.neighbors(point, k, max_distance)?.run_async(&self.reader).await
    }

    /// See [`StreamIndex::raycast_closest`].
    pub async fn raycast_closest(&self, ray: &Ray<D>) -> Result<Option<Nearby>> {
        let found = self.index.raycast_closest(ray)?.run_async(&self.reader).await?;
        Ok(found.first().copied())
    }

    /// See [`StreamIndex::payloads`].
    pub async fn payloads(&self, ranks: &[u32]) -> Result<Vec<Vec<u8>>> {
        self.index.payloads(ranks)?.run_async(&self.reader).await
    }

    /// See [`StreamIndex::prefixes`].
    pub async fn prefixes(&self, ranks: &[u32]) -> Result<Vec<Vec<u8>>> {
        self.index.prefixes(ranks)?.run_async(&self.reader).await
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake, Waker};

    use super::*;
    use crate::error::ErrorKind;
    use crate::packed::index::Bytes;
    use crate::packed::stream::{MemoryRanges, RangeReader, Remote};
    use crate::packed::{Items, Payloads, WriteOptions, write_index};

    /// Counts how often it was woken.
    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Polls a future, again only after it was woken; what it gives, and how often it was pending.
    fn block_on<T>(future: impl Future<Output = T> + Send) -> (T, usize) {
        let mut future = pin!(future);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        for pending in 0.. {
            if let Poll::Ready(given) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return (given, pending);
            }
            assert_eq!(woken.0.load(Ordering::SeqCst), pending + 1, "pending and never woken");
        }
        unreachable!("it is polled until it is ready");
    }

    /// Is pending the first time, as if the bytes were under way.
    #[derive(Default)]
    struct Later {
        was_polled: bool,
    }

    impl Future for Later {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if self.was_polled {
                return Poll::Ready(());
            }
            self.was_polled = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }

    /// Reads from memory, later.
    #[derive(Debug)]
    struct Awaited(MemoryRanges);

    impl AsyncRangeReader for Awaited {
        async fn total_bytes(&self) -> Result<u64> {
            Later::default().await;
            self.0.total_bytes()
        }

        async fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
            Later::default().await;
            self.0.read_ranges(ranges)
        }
    }

    fn file(count: usize) -> Bytes {
        let at = |n: usize| BoxN::point([(n * 7919 % 1009) as f64, (n * 104_729 % 997) as f64]);
        let boxes: Vec<BoxN<2>> = (0..count).map(at).collect();
        let texts: Vec<String> = (0..count).map(|n| format!("item {n}")).collect();
        let blobs: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        let scalars: Vec<f64> = (0..count).map(|n| n as f64).collect();
        let items = Items {
            payloads: Some(Payloads::Blobs(&blobs)),
            prefix_bytes: Some(6),
            scalars: Some(&scalars),
            ..Items::new(&boxes)
        };
        let mut file = Vec::new();
        write_index(&items, WriteOptions::default(), &mut file).expect("sound");
        Arc::new(file)
    }

    #[test]
    fn what_is_awaited_answers_as_what_blocks() {
        let bytes = file(30_000);
        let options = StreamOptions { kept_bytes: 0, ..StreamOptions::default() };
        let blocking = Remote::<_, 2>::open(MemoryRanges::new(Arc::clone(&bytes)), options);
        let blocking = blocking.expect("sound");
        let reader = Arc::new(Awaited(MemoryRanges::new(bytes)));
        let (awaited, pending) = block_on(AsyncRemote::<_, 2>::open(&*reader, options));
        let awaited = awaited.expect("sound");
        assert!(pending >= 2, "{pending}: the total, and at least one round");
        let window = BoxN::new([100.0; 2], [300.0; 2]);
        let (found, pending) = block_on(awaited.search(&window));
        let found = found.expect("sound");
        assert!(pending >= 1);
        assert_eq!(found, blocking.search(&window).expect("sound"));
        let count = block_on(awaited.count(&window)).0.expect("sound");
        assert_eq!(count, found.len());
        let (summed, wanted) = (awaited.aggregate(&window), blocking.aggregate(&window));
        assert_eq!(block_on(summed).0.expect("sound"), wanted.expect("sound"));
        let nearest = block_on(awaited.neighbors([5.0; 2], 9, 50.0)).0.expect("sound");
        assert_eq!(nearest, blocking.neighbors([5.0; 2], 9, 50.0).expect("sound"));
        let ray = Ray::new([-1.0, 7.0], [1.0, 0.0], f64::INFINITY).expect("finite");
        let hit = block_on(awaited.raycast_closest(&ray)).0.expect("sound");
        assert_eq!(hit, blocking.raycast_closest(&ray).expect("sound"));
        let ranks: Vec<u32> = found.iter().map(|found| found.rank).collect();
        let payloads = block_on(awaited.payloads(&ranks)).0.expect("sound");
        assert_eq!(payloads, blocking.payloads(&ranks).expect("sound"));
        let prefixes = block_on(awaited.prefixes(&ranks)).0.expect("sound");
        assert_eq!(prefixes, blocking.prefixes(&ranks).expect("sound"));
        let other = AsyncRemote::with_index(Arc::clone(&reader), awaited.index().clone());
        assert_eq!(block_on(other.search(&window)).0.expect("sound"), found);
    }

    #[test]
    fn what_an_awaited_reader_refuses_is_told() {
        let reader = Awaited(MemoryRanges::new(Arc::new(vec![1, 2, 3])));
        let opened = block_on(AsyncRemote::<_, 2>::open(&reader, StreamOptions::default())).0;
        assert_eq!(opened.unwrap_err().kind(), ErrorKind::Corrupt);
        let short = Awaited(MemoryRanges::new(Arc::new(Vec::new())));
        let bytes = file(5000);
        let index = Remote::<_, 2>::open(MemoryRanges::new(bytes), StreamOptions::default());
        let lost = AsyncRemote::with_index(&short, index.expect("sound").index().clone());
        let error = block_on(lost.search(&BoxN::EVERYWHERE)).0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "the bytes are gone");
    }
}
