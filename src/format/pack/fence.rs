//! The record of one fence: its id, its payload, and the rings of its polygon.
//!
//! Owns: the fields, each way, and the boxes of runs of edges, by which most of a long ring is
//! passed over. Does not own any test of a point. Invariants: rings are closed; a run shares its
//! first vertex with the one before; what is handed out lies inside of the record.

use super::{CHECKSUM_BYTES, Parts, corrupt, ends_early, seal};
use crate::error::{Error, ErrorKind, Result};

/// Edges of a run, but for a ring's last one.
const BLOCK_EDGES: usize = 32;
/// The fence has a payload, be it empty.
const PAYLOAD: u8 = 1;
const BOX_BYTES: usize = 32;
const VERTEX_BYTES: usize = 16;

/// A position in the plane.
type Xy = (f64, f64);
/// An exterior and its holes, closed.
type Part<'a> = (&'a [Xy], &'a [Vec<Xy>]);

/// Appends the record of item `index` with these bounds.
pub(crate) fn encode_fence<'p>(
    (id, payload): (&str, Option<&[u8]>),
    parts: impl ExactSizeIterator<Item = Part<'p>>,
    (index, min, max): (u32, &[f64], &[f64]),
    bytes: &mut Vec<u8>,
) -> Result<()> {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; CHECKSUM_BYTES]);
    // Ids are no longer than a byte can say.
    bytes.extend_from_slice(&[payload.map_or(0, |_| PAYLOAD), id.len() as u8, 0, 0]);
    let payload = payload.unwrap_or_default();
    put_count(payload.len(), bytes)?;
    put_count(parts.len(), bytes)?;
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(payload);
    for (exterior, holes) in parts {
        put_count(holes.len() + 1, bytes)?;
        for ring in std::iter::once(exterior).chain(holes.iter().map(|hole| &hole[..])) {
            put_ring(ring, bytes)?;
        }
    }
    seal(bytes, start, index, (min, max));
    Ok(())
}

fn put_count(count: usize, bytes: &mut Vec<u8>) -> Result<()> {
    let count = u32::try_from(count).map_err(|_| {
        let message = format!("{count} of one thing, at most {} are possible", u32::MAX);
        Error::new(ErrorKind::LimitExceeded, "write fences", message)
    })?;
    bytes.extend_from_slice(&count.to_le_bytes());
    Ok(())
}

fn put_ring(ring: &[Xy], bytes: &mut Vec<u8>) -> Result<()> {
    put_count(ring.len(), bytes)?;
    let edges = ring.len().saturating_sub(1);
    for first in (0..edges).step_by(BLOCK_EDGES) {
        let run = &ring[first..=(first + BLOCK_EDGES).min(edges)];
        let side = |least: f64, of: fn(&Xy) -> f64, pick: fn(f64, f64) -> f64| {
            run.iter().map(of).fold(least, pick).to_le_bytes()
        };
        bytes.extend_from_slice(&side(f64::INFINITY, |at| at.0, f64::min));
        bytes.extend_from_slice(&side(f64::INFINITY, |at| at.1, f64::min));
        bytes.extend_from_slice(&side(f64::NEG_INFINITY, |at| at.0, f64::max));
        bytes.extend_from_slice(&side(f64::NEG_INFINITY, |at| at.1, f64::max));
    }
    for (x, y) in ring {
        bytes.extend_from_slice(&x.to_le_bytes());
        bytes.extend_from_slice(&y.to_le_bytes());
    }
    Ok(())
}

/// A fence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FenceRecord<'a> {
    pub(crate) id: &'a str,
    pub(crate) payload: Option<&'a [u8]>,
    parts: usize,
    rings: &'a [u8],
}

impl<'a> FenceRecord<'a> {
    /// Reads a record whose checksum was looked at before; of its rings, none yet.
    pub(crate) fn decode(record: &'a [u8]) -> Result<Self> {
        let mut rest = Parts(record);
        rest.take(CHECKSUM_BYTES)?;
        let [flags, id_bytes, zero @ ..]: [u8; 4] = rest.array()?;
        if flags & !PAYLOAD != 0 || zero != [0; 2] {
            return Err(corrupt(format!("a fence has flags {flags:#x} and {zero:?}")));
        }
        let (payload_bytes, parts) = (rest.u32()?, rest.u32()?);
        let id = rest.id(id_bytes)?;
        let payload = rest.take(payload_bytes)?;
        let payload = match (flags & PAYLOAD, payload) {
            (0, [_, ..]) => return Err(corrupt(format!("fence {id:?} has bytes but no payload"))),
            (0, []) => None,
            _ => Some(payload),
        };
        Ok(FenceRecord { id, payload, parts, rings: rest.0 })
    }

    /// Hands each ring over with the number of its part, until `visit` says that it has enough;
    /// whether it did.
    pub(crate) fn rings(&self, mut visit: impl FnMut(usize, Outline<'a>) -> bool) -> Result<bool> {
        let mut rest = Parts(self.rings);
        for part in 0..self.parts {
            for _ in 0..rest.u32()? {
                if visit(part, Outline::take(&mut rest)?) {
                    return Ok(true);
                }
            }
        }
        match rest.0 {
            [] => Ok(false),
            more => Err(corrupt(format!("{} bytes follow fence {:?}", more.len(), self.id))),
        }
    }
}

/// A ring in runs of edges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline<'a> {
    boxes: &'a [[u8; BOX_BYTES]],
    vertices: &'a [[u8; VERTEX_BYTES]],
}

impl<'a> Outline<'a> {
    fn take(rest: &mut Parts<'a>) -> Result<Self> {
        let vertices = rest.u32()?;
        let runs = vertices.saturating_sub(1).div_ceil(BLOCK_EDGES);
        let bytes = |count: usize, each: usize| count.checked_mul(each).ok_or_else(ends_early);
        let boxes = rest.take(bytes(runs, BOX_BYTES)?)?;
        let vertices = rest.take(bytes(vertices, VERTEX_BYTES)?)?;
        Ok(Outline { boxes: boxes.as_chunks().0, vertices: vertices.as_chunks().0 })
    }

    /// Each run: least x and y, greatest x and y, and its vertices, of which there are two or more.
    pub(crate) fn runs(&self) -> impl Iterator<Item = ([f64; 4], Run<'a>)> {
        let vertices = self.vertices;
        self.boxes.iter().enumerate().map(move |(number, sides)| {
            let first = number * BLOCK_EDGES;
            let end = (first + BLOCK_EDGES + 1).min(vertices.len());
            let (sides, _) = sides.as_chunks();
            let sides = std::array::from_fn(|at| f64::from_le_bytes(sides[at]));
            (sides, Run(vertices.get(first..end).unwrap_or_default()))
        })
    }
}

/// The vertices of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a>(&'a [[u8; VERTEX_BYTES]]);

impl Run<'_> {
    /// All of them.
    #[inline]
    pub(crate) fn vertices(&self) -> impl Iterator<Item = Xy> {
        self.0.iter().map(vertex)
    }

    /// The first and the last.
    #[inline]
    pub(crate) fn ends(&self) -> Option<(Xy, Xy)> {
        Some((vertex(self.0.first()?), vertex(self.0.last()?)))
    }
}

#[inline]
fn vertex(bytes: &[u8; VERTEX_BYTES]) -> Xy {
    let (numbers, _) = bytes.as_chunks();
    (f64::from_le_bytes(numbers[0]), f64::from_le_bytes(numbers[1]))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::is_sealed;
    use super::*;
    use proptest::prelude::*;

    fn ring(vertices: usize) -> Vec<Xy> {
        let at = |n: usize| ((n % (vertices - 1)) as f64, (n * n % 7) as f64);
        (0..vertices).map(at).collect()
    }

    #[test]
    fn rings_come_back_in_runs_that_share_their_ends() {
        let (long, hole, small) = (ring(70), vec![ring(5), ring(33)], ring(4));
        let none: &[Vec<Xy>] = &[];
        let parts = [(&long[..], &hole[..]), (&small[..], none)];
        let mut bytes = Vec::new();
        let (min, max) = ([0.0, 0.0], [9.0, 9.0]);
        let place = (3, &min[..], &max[..]);
        encode_fence(("zone", Some(b"red")), parts.into_iter(), place, &mut bytes).unwrap();
        assert!(is_sealed(&bytes, 3, &min, &max) && !is_sealed(&bytes, 3, &max, &max));
        let fence = FenceRecord::decode(&bytes).unwrap();
        assert_eq!((fence.id, fence.payload), ("zone", Some(&b"red"[..])));
        let mut found = Vec::new();
        let ended = fence.rings(|part, outline| {
            let mut vertices = Vec::new();
            for (sides, run) in outline.runs() {
                let all: Vec<Xy> = run.vertices().collect();
                assert!((2..=BLOCK_EDGES + 1).contains(&all.len()));
                assert_eq!(run.ends(), Some((all[0], all[all.len() - 1])));
                let least = |of: fn(&Xy) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min);
                let most =
                    |of: fn(&Xy) -> f64| -all.iter().map(of).fold(f64::INFINITY, |a, b| a.min(-b));
                assert_eq!(sides, [least(|v| v.0), least(|v| v.1), most(|v| v.0), most(|v| v.1)]);
                vertices.pop();
                vertices.extend(all);
            }
            found.push((part, vertices));
            false
        });
        assert!(!ended.unwrap());
        let all = [(0, ring(70)), (0, ring(5)), (0, ring(33)), (1, ring(4))];
        assert_eq!(found, all);
        assert!(fence.rings(|part, _| part == 1).unwrap(), "it had enough");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            bytes in proptest::collection::vec(prop_oneof![Just(0), 0_u8..4, any::<u8>()], 0..200),
        ) {
            if let Ok(fence) = FenceRecord::decode(&bytes) {
                let mut vertices = 0;
                let _ = fence.rings(|_, outline| {
                    let of_run = |(_, run): (_, Run<'_>)| run.vertices().count();
                    vertices += outline.runs().map(of_run).sum::<usize>();
                    false
                });
                prop_assert!(VERTEX_BYTES * vertices <= 2 * bytes.len());
            }
        }
    }
}
