//! What an index answers with: columns that the library owns and the caller looks at.
//!
//! Owns: the memory of an answer and the views of it, and what queries need besides. Does not own
//! finding it. Invariants: views stay valid until the hits are filled anew or freed; what was used
//! before is used again, so that the same questions allocate nothing.

use crate::capi::border::{Fallible, Out, enter, give, handle, take_back};
use crate::capi::status::spatio_status;
use crate::capi::versioned::{OutStruct, Versioned, check_pointer};
use crate::packed::{Hit, Neighbour, Workspace};

/// The answer of an index, in columns. It is the caller's, who frees it by spatio_hits_free, or
/// hands it to a further call, of any index, which fills it anew and so allocates nothing once it
/// is large enough. Any number of threads may look at one; filling and freeing is for one thread
/// alone. It may outlive its index.
#[derive(Default)]
pub struct spatio_hits(Found);

/// The columns of an answer, and buffers for finding it.
#[derive(Default)]
pub(in crate::capi) struct Found {
    offsets: Vec<u64>,
    pub(in crate::capi) ids: Vec<u32>,
    pub(super) others: Vec<u32>,
    pub(in crate::capi) ranks: Vec<u32>,
    pub(in crate::capi) distance: Vec<f64>,
    payload_offsets: Vec<u64>,
    payloads: Vec<u8>,
    pub(super) workspace: Workspace,
    pub(super) neighbours: Vec<Neighbour>,
    pub(super) hits: Vec<Hit>,
}

/// Views of the columns of an answer. Column entries with the same index belong to one row; a
/// column that the answer does not have, or that has no entry, is NULL. The memory is that of the
/// hits: it stays until they are filled anew or freed, and must not be written to.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_hit_columns {
    /// sizeof(spatio_hit_columns), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Rows of all queries together.
    pub rows: u64,
    /// Queries that were answered.
    pub queries: u64,
    /// queries + 1 numbers: the rows of query q are offsets[q] up to, not including,
    /// offsets[q + 1].
    pub offsets: *const u64,
    /// The items.
    pub ids: *const u32,
    /// The other item of each pair: of spatio_index_pairs the greater one, of spatio_index_join
    /// that of the other index.
    pub others: *const u32,
    /// How far the items are, in what the query measures.
    pub distance: *const f64,
    /// rows + 1 numbers: the payload of row r is the bytes payload_offsets[r] up to, not including,
    /// payload_offsets[r + 1] of payloads. Of spatio_index_payloads and spatio_fetch_hits alone.
    pub payload_offsets: *const u64,
    /// The payloads behind each other.
    pub payloads: *const u8,
    /// The places of the items in the tree, by which a streamed index is asked for their payloads.
    /// Of spatio_fetch_hits alone.
    pub ranks: *const u32,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; numbers and pointers of any value.
unsafe impl Versioned for spatio_hit_columns {
    const NAME: &'static str = "spatio_hit_columns";
    const FIRST_SIZE: usize = size_of::<spatio_hit_columns>();

    fn defaults() -> Self {
        spatio_hit_columns {
            struct_size: size_of::<spatio_hit_columns>() as u32,
            reserved: 0,
            rows: 0,
            queries: 0,
            offsets: std::ptr::null(),
            ids: std::ptr::null(),
            others: std::ptr::null(),
            distance: std::ptr::null(),
            payload_offsets: std::ptr::null(),
            payloads: std::ptr::null(),
            ranks: std::ptr::null(),
        }
    }
}

/// A column as the caller sees it: NULL where it is not there.
fn view<T>(column: &[T]) -> *const T {
    match column.is_empty() {
        true => std::ptr::null(),
        false => column.as_ptr(),
    }
}

impl Found {
    /// Forgets the former answer and keeps the room.
    fn begin(&mut self) {
        let Found { offsets, ids, others, ranks, distance, .. } = self;
        offsets.clear();
        offsets.push(0);
        ids.clear();
        others.clear();
        ranks.clear();
        distance.clear();
        self.payload_offsets.clear();
        self.payloads.clear();
        self.neighbours.clear();
        self.hits.clear();
    }

    /// How many rows there are: each has an item, or its rank, or both.
    fn rows(&self) -> u64 {
        self.ids.len().max(self.ranks.len()) as u64
    }

    /// Says that the rows added since the last time belong to one query.
    pub(in crate::capi) fn end_query(&mut self) {
        self.offsets.push(self.rows());
    }

    /// Makes the neighbours just found the rows of one query.
    pub(super) fn take_neighbours(&mut self) {
        self.ids.extend(self.neighbours.iter().map(|found| found.id));
        self.distance.extend(self.neighbours.iter().map(|found| found.distance));
        self.neighbours.clear();
        self.end_query();
    }

    /// Makes what a ray hit the rows of one query.
    pub(super) fn take_hits(&mut self) {
        self.ids.extend(self.hits.iter().map(|hit| hit.id));
        self.distance.extend(self.hits.iter().map(|hit| hit.t));
        self.hits.clear();
        self.end_query();
    }

    /// Adds an item with its payload.
    pub(super) fn push_payload(&mut self, id: u32, payload: &[u8]) {
        self.ids.push(id);
        self.push_bytes(payload);
    }

    /// Adds a payload to its column.
    pub(in crate::capi) fn push_bytes(&mut self, payload: &[u8]) {
        self.payloads.extend_from_slice(payload);
        self.payload_offsets.push(self.payloads.len() as u64);
    }

    /// Makes the column of payloads present, even without rows.
    pub(in crate::capi) fn open_payloads(&mut self) {
        self.payload_offsets.push(0);
    }

    fn columns(&self) -> spatio_hit_columns {
        spatio_hit_columns {
            rows: self.rows(),
            queries: self.offsets.len().saturating_sub(1) as u64,
            offsets: view(&self.offsets),
            ids: view(&self.ids),
            others: view(&self.others),
            distance: view(&self.distance),
            payload_offsets: view(&self.payload_offsets),
            payloads: match self.payload_offsets.is_empty() {
                true => std::ptr::null(),
                false => self.payloads.as_ptr(),
            },
            ranks: view(&self.ranks),
            ..Versioned::defaults()
        }
    }
}

/// Fills the caller's hits, or new ones; if that fails the caller's are empty.
///
/// # Safety
///
/// `hits` is NULL or points to NULL or to hits of the caller's that nobody else uses during the
/// call; `columns` is NULL or a struct of the caller's.
pub(in crate::capi) unsafe fn answer(
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    fill: impl FnOnce(&mut Found) -> Fallible,
) -> Fallible {
    // SAFETY: what the caller of this function vouches for.
    let (place, columns, given) = unsafe {
        let place = Out::one(hits, "hits")?;
        (place, OutStruct::optional(columns, "columns")?, hits.read())
    };
    let views = if given.is_null() {
        let mut fresh = spatio_hits::default();
        fresh.0.begin();
        fill(&mut fresh.0)?;
        let views = fresh.0.columns();
        place.set(0, give(fresh));
        views
    } else {
        check_pointer(given.cast_const(), "*hits")?;
        // SAFETY: not NULL, aligned, and the caller's alone by its promise.
        let found = unsafe { &mut (*given).0 };
        found.begin();
        if let Err(failure) = fill(found) {
            found.begin();
            return Err(failure);
        }
        found.columns()
    };
    if let Some(columns) = columns {
        columns.set(&views);
    }
    Ok(())
}

/// Views of the columns of an answer that an earlier call filled.
///
/// @param hits     an answer
/// @param columns  receives the views; its struct_size must be set
///
/// SPATIO_NULL_POINTER or SPATIO_INVALID_ARGUMENT. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_hits_columns(
    hits: *const spatio_hits,
    columns: *mut spatio_hit_columns,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(std::ptr::null_mut(), "spatio_hits_columns", || {
            let out = OutStruct::new(columns, "columns")?;
            out.set(&handle(hits, "hits")?.0.columns());
            Ok(())
        })
    }
}

/// Frees an answer with its columns. NULL is fine. Since 0.1.
///
/// @param hits  an answer
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_hits_free(hits: *mut spatio_hits) {
    // SAFETY: the caller gives the hits up.
    drop(unsafe { take_back(hits) });
}
