//! The packed index: boxes sorted once along a Hilbert curve, then asked for ever.
//!
//! Owns: the order of the items, the two layouts of the tree over them (that of the PSINDEX format,
//! and our own quantised one), and every query over either. Does not own bytes of the container
//! (`format::psindex`), files, ids of objects or what a query of the database means. Invariants:
//! all queries are written once, over a `Tree`; any bytes give an answer or an error, never a panic
//! and never work without a bound.

mod arrange;
mod arranged;
mod bounds;
mod boxes;
mod contents;
mod describe;
mod each;
mod external;
mod fast;
mod file;
mod hilbert;
mod index;
mod large;
mod order;
mod ordered;
mod origin;
mod query;
mod radix;
mod simd;
mod sink;
mod steps;
mod stream;
mod tree;

pub use crate::format::psindex::Metadata;
pub use boxes::BoxN;
pub use describe::{ChunkPlace, Description, PayloadKind, describe};
pub use external::{
    ExternalItem, ExternalOptions, ExternalPayloads, FileSink, Progress, Stage,
    write_index_external,
};
pub(crate) use fast::Proof;
pub(crate) use file::write_index_with;
pub use file::{Trees, WriteOptions, write_index};
pub use index::{Bytes, Index, axes};
pub use origin::{Aggregate, Form, Items, Payloads, Precision, Sink, Triangle, put_triangle};
pub(crate) use query::Stop;
pub(crate) use query::Visitor;
pub use query::{
    Ball, Capsule, ClosestPair, Cone, ConvexPolygon, Estimate, Fate, Frustum, HalfSpace, Hit,
    Neighbour, PolygonRegion, Ray, Region, Visited, Workspace,
};
pub use simd::Isa;
pub use stream::{
    AnyStreamIndex, FileRanges, Found, Limits, MemoryRanges, Nearby, Opening, RangeReader, Remote,
    Spent, StreamDescription, StreamIndex, StreamOptions, StreamQuery, describe_streamed,
};
#[cfg(feature = "async")]
pub use stream::{AsyncRangeReader, AsyncRemote};
pub(crate) use tree::Window;

/// Parts of files of the PSINDEX format, for the programs that hold this library against the
/// format's other implementation.
#[doc(hidden)]
pub mod psindex {
    pub use super::origin::{Parts, write};
    #[cfg(any(test, fuzzing))]
    pub use super::origin::{check_any, check_file};
    #[cfg(any(test, fuzzing))]
    pub use super::stream::check_streamed;
}

#[cfg(all(test, not(loom)))]
mod tests;
