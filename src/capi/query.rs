//! A question, as it crosses the border.
//!
//! Owns: the struct, its kinds and flags, and the translation into the engine's query. Does not
//! own what a question means.

use std::ffi::c_char;
use std::time::Duration;

use crate::db::{Origin, Query};
use crate::geom::{Box3, Point, Rect};

use super::border::{self, Failure, Fallible};
use super::polygon::spatio_polygon;
use super::versioned::{self, Versioned};

/// What lies within `radius` of the origin along the ground, whatever its altitude; nearest
/// first.
pub const SPATIO_QUERY_CIRCLE: u32 = 1;
/// What lies within `radius` of the origin, altitude included; nearest first.
pub const SPATIO_QUERY_SPHERE: u32 = 2;
/// What lies within `radius` along the ground and from min_z to max_z; nearest first.
pub const SPATIO_QUERY_CYLINDER: u32 = 3;
/// What lies in the box from min_x, min_y to max_x, max_y. min_x above max_x crosses the
/// antimeridian in a geographic namespace. No promised order.
pub const SPATIO_QUERY_BOX: u32 = 4;
/// The same from min_z to max_z.
pub const SPATIO_QUERY_BOX_3D: u32 = 5;
/// What lies in `polygon`. No promised order.
pub const SPATIO_QUERY_POLYGON: u32 = 6;
/// Everything. No promised order.
pub const SPATIO_QUERY_EVERYWHERE: u32 = 7;
/// The `limit` nearest to the origin, altitude included, and no further than `radius`; nearest
/// first, of equal distances in the order of ids.
pub const SPATIO_QUERY_NEAREST: u32 = 8;
/// What lies in the box of `width` and `height` (degrees, or units) around the origin; nearest
/// first.
pub const SPATIO_QUERY_BOX_AROUND: u32 = 9;
/// The same with a `depth` of altitudes (metres, or units).
pub const SPATIO_QUERY_BOX_3D_AROUND: u32 = 10;

/// Flag: the origin is the object whose handle is `origin`, wherever it is. It is part of the
/// answer, first, unless SPATIO_QUERY_EXCLUDE_ORIGIN is set too.
pub const SPATIO_QUERY_AROUND_OBJECT: u32 = 1;
/// Flag: leaves the origin's object out.
pub const SPATIO_QUERY_EXCLUDE_ORIGIN: u32 = 2;
/// Flag: the answer has the column of ids. One query of a call that sets it is enough.
pub const SPATIO_QUERY_WITH_IDS: u32 = 4;
/// Flag: the answer has the column of payloads. One query of a call that sets it is enough.
pub const SPATIO_QUERY_WITH_PAYLOADS: u32 = 8;

const KNOWN_FLAGS: u32 = 15;

/// A limit that is none.
pub const SPATIO_NO_LIMIT: u32 = 0xFFFF_FFFF;

/// A question about where things are now. spatio_query_init gives it the defaults.
///
/// ```c
/// spatio_query query;
/// spatio_query_init(&query, sizeof query, SPATIO_QUERY_NEAREST);
/// query.x = 13.3694;
/// query.y = 52.5251;
/// query.limit = 10;
/// ```
///
/// Fields that the kind does not name are not looked at.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_query {
    /// sizeof(spatio_query), set by spatio_query_init; the same in all queries of one call.
    pub struct_size: u32,
    /// What is searched: SPATIO_QUERY_CIRCLE ...
    pub kind: u32,
    /// SPATIO_QUERY_AROUND_OBJECT and so on, added up.
    pub flags: u32,
    /// At most so many rows: the nearest where there is an order, else any. SPATIO_NO_LIMIT by
    /// default; 0 finds nothing.
    pub limit: u32,
    /// The handle of the object that is the origin, with SPATIO_QUERY_AROUND_OBJECT.
    pub origin: u64,
    /// The origin without that flag: longitude in degrees, or x.
    pub x: f64,
    /// Latitude in degrees, or y.
    pub y: f64,
    /// Altitude in metres, or z.
    pub z: f64,
    /// Metres, or units. Infinity by default for SPATIO_QUERY_NEAREST, else 0.
    pub radius: f64,
    /// The box: west, or least x.
    pub min_x: f64,
    /// South, or least y.
    pub min_y: f64,
    /// Lowest, also of a cylinder.
    pub min_z: f64,
    /// East, or greatest x.
    pub max_x: f64,
    /// North, or greatest y.
    pub max_y: f64,
    /// Highest, also of a cylinder.
    pub max_z: f64,
    /// Of a box around an origin: degrees, or units.
    pub width: f64,
    /// Of a box around an origin: degrees, or units.
    pub height: f64,
    /// Of a 3D box around an origin: metres, or units.
    pub depth: f64,
    /// Filter: only from this altitude on; -infinity by default.
    pub min_altitude: f64,
    /// Filter: only up to this altitude; infinity by default.
    pub max_altitude: f64,
    /// Filter: only objects whose last update has this event time or a later one; INT64_MIN by
    /// default.
    pub since_us: i64,
    /// Filter: only objects whose last update is at most so long ago by the database's clock;
    /// below 0 (the default): any.
    pub max_age_us: i64,
    /// Filter: only objects whose id begins so, UTF-8; NULL by default.
    pub id_prefix: *const c_char,
    /// Its bytes.
    pub id_prefix_length: u64,
    /// The polygon of SPATIO_QUERY_POLYGON.
    pub polygon: *const spatio_polygon,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; numbers and pointers of any value.
unsafe impl Versioned for spatio_query {
    const NAME: &'static str = "spatio_query";
    const FIRST_SIZE: usize = size_of::<spatio_query>();

    fn defaults() -> Self {
        spatio_query {
            struct_size: size_of::<spatio_query>() as u32,
            kind: 0,
            flags: 0,
            limit: SPATIO_NO_LIMIT,
            origin: 0,
            x: 0.0,
            y: 0.0,
            z: 0.0,
            radius: 0.0,
            min_x: 0.0,
            min_y: 0.0,
            min_z: 0.0,
            max_x: 0.0,
            max_y: 0.0,
            max_z: 0.0,
            width: 0.0,
            height: 0.0,
            depth: 0.0,
            min_altitude: f64::NEG_INFINITY,
            max_altitude: f64::INFINITY,
            since_us: i64::MIN,
            max_age_us: -1,
            id_prefix: std::ptr::null(),
            id_prefix_length: 0,
            polygon: std::ptr::null(),
        }
    }
}

/// Gives a query its kind, and everything else its default.
///
/// @param query  to be filled
/// @param size   sizeof(spatio_query) as the caller's header has it
/// @param kind   SPATIO_QUERY_CIRCLE ...
///
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_init(query: *mut spatio_query, size: usize, kind: u32) {
    let mut value = spatio_query { kind, ..Versioned::defaults() };
    if kind == SPATIO_QUERY_NEAREST {
        value.radius = f64::INFINITY;
    }
    // SAFETY: the caller promises `size` writable bytes.
    unsafe { versioned::init(query, size, &value) };
}

impl spatio_query {
    /// The engine's query.
    ///
    /// # Safety
    ///
    /// Its pointers are what the header asks for.
    pub(super) unsafe fn engine(&self) -> Fallible<Query> {
        if self.flags & !KNOWN_FLAGS != 0 {
            let message = format!("flags are {:#x}, which this version does not know", self.flags);
            return Err(Failure::unsupported(message));
        }
        // SAFETY: what the caller of this function vouches for.
        let shape = unsafe { self.shape() }?;
        // SAFETY: as before.
        let query = unsafe { self.filtered(shape) }?;
        let query = match self.limit {
            SPATIO_NO_LIMIT => query,
            limit => query.limit(limit as usize),
        };
        let excludes = self.flags & SPATIO_QUERY_EXCLUDE_ORIGIN != 0;
        Ok(if excludes { query.exclude_origin() } else { query })
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Whether its rows have a distance.
    pub(super) fn is_measured(&self) -> bool {
        !matches!(
            self.kind,
            SPATIO_QUERY_BOX | SPATIO_QUERY_BOX_3D | SPATIO_QUERY_POLYGON | SPATIO_QUERY_EVERYWHERE
        )
    }

    fn laid_around(&self) -> Origin {
        match self.has(SPATIO_QUERY_AROUND_OBJECT) {
            true => Origin::Handle(self.origin),
            false => Origin::Point(Point::new_3d(self.x, self.y, self.z)),
        }
    }

    fn rect(&self) -> Rect {
        Rect::new(self.min_x, self.min_y, self.max_x, self.max_y)
    }

    fn box3(&self) -> Box3 {
        let min = (self.min_x, self.min_y, self.min_z);
        Box3::new(min, (self.max_x, self.max_y, self.max_z))
    }

    unsafe fn shape(&self) -> Fallible<Query> {
        let origin = self.laid_around();
        let (width, height) = (self.width, self.height);
        Ok(match self.kind {
            SPATIO_QUERY_CIRCLE => Query::circle(origin, self.radius),
            SPATIO_QUERY_SPHERE => Query::sphere(origin, self.radius),
            SPATIO_QUERY_CYLINDER => Query::cylinder(origin, self.radius, self.min_z, self.max_z),
            SPATIO_QUERY_BOX => Query::rect(self.rect()),
            SPATIO_QUERY_BOX_3D => Query::box3(self.box3()),
            SPATIO_QUERY_POLYGON => {
                // SAFETY: the caller gives NULL or a polygon that is not freed during the call.
                let polygon = unsafe { border::handle(self.polygon, "polygon") }?;
                Query::polygon(polygon.0.clone())
            }
            SPATIO_QUERY_EVERYWHERE => Query::everywhere(),
            SPATIO_QUERY_NEAREST => Query::nearest(usize::MAX, origin).within(self.radius),
            SPATIO_QUERY_BOX_AROUND => Query::rect_around(origin, width, height),
            SPATIO_QUERY_BOX_3D_AROUND => Query::box3_around(origin, width, height, self.depth),
            other => return Err(Failure::invalid(format!("kind is {other}, expected 1 to 10"))),
        })
    }

    unsafe fn filtered(&self, query: Query) -> Fallible<Query> {
        let mut query = query.since(self.since_us);
        let any = (f64::NEG_INFINITY, f64::INFINITY);
        if (self.min_altitude, self.max_altitude) != any {
            query = query.altitude(self.min_altitude, self.max_altitude);
        }
        if let Ok(age_us) = u64::try_from(self.max_age_us) {
            query = query.max_age(Duration::from_micros(age_us));
        }
        if self.id_prefix_length > 0 {
            let length = usize::try_from(self.id_prefix_length).unwrap_or(usize::MAX);
            // SAFETY: the caller gives NULL or so many bytes.
            query = query.id_prefix(unsafe { border::text(self.id_prefix, length, "id_prefix") }?);
        }
        Ok(query)
    }
}

/// The caller's queries, which lie behind each other at the distance that they say they have.
#[derive(Clone, Copy)]
pub(super) struct Queries {
    first: *const u8,
    n: usize,
    stride: usize,
}

impl Queries {
    /// Looks at the first one.
    ///
    /// # Safety
    ///
    /// `queries` is NULL or points to `n` queries of one size that nobody writes during the call.
    pub(super) unsafe fn new(queries: *const spatio_query, n: usize) -> Fallible<Self> {
        let first = queries.cast::<u8>();
        if n == 0 {
            return Ok(Queries { first, n, stride: 0 });
        }
        // SAFETY: what the caller of this function vouches for.
        let stride = unsafe { versioned::size_of_given(queries, "queries") }?;
        let is_possible = stride % align_of::<spatio_query>() == 0
            && n.checked_mul(stride).is_some_and(|bytes| bytes <= isize::MAX as usize);
        match is_possible {
            true => Ok(Queries { first, n, stride }),
            false => Err(Failure::invalid(format!("{n} queries of {stride} bytes are impossible"))),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// Query `at`, below `len`.
    pub(super) fn get(&self, at: usize) -> Fallible<spatio_query> {
        assert!(at < self.n, "a query below the number of queries");
        // SAFETY: the constructor was promised `n` queries of `stride` bytes.
        let query = unsafe {
            let place = self.first.add(at * self.stride).cast::<spatio_query>();
            let size = versioned::size_of_given(place, "queries")?;
            if size != self.stride {
                let message = format!("struct_size is {size}, of the first one {}", self.stride);
                return Err(Failure::invalid(message));
            }
            versioned::read(place, "queries")?
        };
        Ok(query)
    }
}
