//! Every query over a packed tree, written once.
//!
//! Owns: windows, nearest neighbours, radii, rays, joins and free regions, as questions to any
//! tree. Does not own a layout, bytes, or the checking of what a caller passes in. Invariants: an
//! answer depends on the items alone, never on the layout or the instructions; boxes of nodes only
//! rule out, the exact box of an item decides; no query allocates but for its answer, unless its
//! documentation says so.

mod best;
mod best_first;
mod closest_pair;
mod estimate;
mod join;
mod lanes;
mod line_of_sight;
mod margins;
mod measure;
mod methods;
mod nearest;
mod page_pairs;
mod pairing;
mod pairs;
mod radius;
mod range;
mod rank;
mod ray;
mod reach;
mod region;
mod search;
mod stop;
#[cfg(all(test, not(loom)))]
mod tests;
mod tour;
mod trace;
mod triangle;
mod walk;
mod workspace;

pub(crate) use best::Best;
pub use closest_pair::ClosestPair;
pub use estimate::Estimate;
pub(crate) use lanes::at_most;
pub(crate) use measure::{Euclidean, GreatCircle, Measure};
pub(crate) use methods::{check_distance, check_on_globe, window, within};
pub use nearest::Neighbour;
pub(crate) use radius::Cap;
pub use ray::{Hit, Ray};
pub(crate) use region::Inside;
pub use region::{Ball, Capsule, Cone, ConvexPolygon, Frustum, HalfSpace, PolygonRegion, Region};
pub(crate) use search::{Bracketed, Filter, sift};
pub(crate) use stop::Stop;
pub(crate) use tour::Visitor;
pub use trace::{Fate, Visited};
pub use workspace::Workspace;
