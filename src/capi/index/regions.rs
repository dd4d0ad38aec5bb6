//! Regions of any shape: made once, and asked of any index with as many axes.
//!
//! Owns: the handle, hiding how many axes a shape has, and the calls. Does not own the shapes
//! (`packed`). Invariants: a region does not change, and keeps nothing of what it was made from.

use std::sync::Arc;

use super::handle::points;
use super::hits::{answer, spatio_hit_columns, spatio_hits};
use super::{Packed, axes_of, spatio_index};
use crate::capi::border::{Failure, Fallible, Out, emptied, enter, give, handle, take_back};
use crate::capi::error::spatio_error;
use crate::capi::polygon::spatio_polygon;
use crate::capi::status::spatio_status;
use crate::packed::{
    Ball, Capsule, Cone, ConvexPolygon, Frustum, HalfSpace, PolygonRegion, Region,
};

/// A region that indexes are searched for. It does not change, so that any number of threads may
/// use one; freeing it is for one thread alone, when no call uses it. It keeps nothing of what it
/// was made from.
pub struct spatio_region(pub(in crate::capi) Shape);

/// A region, which questions that outlive the call share.
pub(in crate::capi) type Of<const D: usize> = Arc<dyn Region<D> + Send + Sync>;

/// A region, by the axes that it has.
pub(in crate::capi) enum Shape {
    Two(Of<2>),
    Three(Of<3>),
    Four(Of<4>),
    /// On the first two axes of any index.
    Ground(Ground),
}

// A handle is asked by any thread.
const fn is_shared<T: Send + Sync>() {}
const _: () = is_shared::<spatio_region>();

/// What lies on the first two axes.
pub(in crate::capi) enum Ground {
    Convex(Arc<ConvexPolygon>),
    Polygon(Arc<PolygonRegion>),
}

impl Ground {
    pub(in crate::capi) fn region<const D: usize>(&self) -> Of<D> {
        match self {
            Ground::Convex(convex) => Arc::clone(convex) as Of<D>,
            Ground::Polygon(polygon) => Arc::clone(polygon) as Of<D>,
        }
    }
}

/// Asks an index, or a streamed one, about a region of as many axes; `$kind` is the enum that it
/// is by its axes, `$name` how the caller calls it.
macro_rules! ask_region {
    (($kind:ident, $name:literal, $asked:expr), $region:expr,
     ($index:ident, $inside:ident) => $body:expr) => {{
        use $crate::capi::index::regions::Shape;
        match (&$asked.0, &$region.0) {
            ($kind::Two($index), Shape::Two($inside)) => $body,
            ($kind::Three($index), Shape::Three($inside)) => $body,
            ($kind::Four($index), Shape::Four($inside)) => $body,
            ($kind::Two($index), Shape::Ground(ground)) => {
                let $inside = &ground.region();
                $body
            }
            ($kind::Three($index), Shape::Ground(ground)) => {
                let $inside = &ground.region();
                $body
            }
            ($kind::Four($index), Shape::Ground(ground)) => {
                let $inside = &ground.region();
                $body
            }
            (_, shape) => return Err(shape.is_not_of($name, $asked.axes())),
        }
    }};
}
pub(in crate::capi) use ask_region;

impl Shape {
    pub(in crate::capi) fn is_not_of(&self, name: &str, wanted: usize) -> Failure {
        let axes = match self {
            Shape::Two(_) | Shape::Ground(_) => 2,
            Shape::Three(_) => 3,
            Shape::Four(_) => 4,
        };
        Failure::invalid(format!("{name} has {wanted} axes, region has {axes}"))
    }
}

/// Makes a region of one of three numbers of axes.
macro_rules! of_axes {
    ($axes:expr, $make:expr) => {
        match $axes {
            2 => Shape::Two(Arc::new($make)),
            3 => Shape::Three(Arc::new($make)),
            _ => Shape::Four(Arc::new($make)),
        }
    };
}

/// Gives a region out, or tells why there is none.
///
/// # Safety
///
/// `region` is NULL or points to room for a pointer, `error` is NULL or a struct of the caller's.
unsafe fn make(
    operation: &'static str,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
    shape: impl FnOnce() -> Fallible<Shape>,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        enter(error, operation, || {
            let out = emptied(region, "region")?;
            out.set(0, give(spatio_region(shape()?)));
            Ok(())
        })
    }
}

/// Makes a ball: all that is within a Euclidean distance of a point. On two axes it is a disc.
///
/// What lies within 100 of a place in space, of whichever index:
///
/// ```c
/// const double here[] = {12, 7, -3};
/// spatio_region *region = NULL;
/// spatio_hits *hits = NULL;
/// spatio_hit_columns found = {sizeof found};
/// spatio_region_ball(3, here, 100, &region, &error);
/// spatio_index_search_region(index, region, &hits, &found, &error);
/// for (row = 0; row < found.rows; row++)
///     printf("%u\n", found.ids[row]);
/// spatio_region_free(region);
/// ```
///
/// @param dims    axes: 2, 3 or 4, as many as the index has that is asked
/// @param centre  dims numbers
/// @param radius  0 or more
/// @param region  receives it, to be freed by spatio_region_free; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a number that is not finite or a radius below 0. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_ball(
    dims: u32,
    centre: *const f64,
    radius: f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_ball", region, error, || {
            let axes = axes_of(dims)?;
            let centre = points((axes, 1), centre, "centre")?;
            Ok(of_axes!(axes, Ball::new(centre.get(0), radius)?))
        })
    }
}

/// Makes a capsule: all that is within a Euclidean distance of a segment.
///
/// @param dims    axes, as for spatio_region_ball
/// @param from    dims numbers: where the segment begins
/// @param to      dims numbers: where it ends
/// @param radius  0 or more
/// @param region  receives it, to be freed by spatio_region_free; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_region_ball. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_capsule(
    dims: u32,
    from: *const f64,
    to: *const f64,
    radius: f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_capsule", region, error, || {
            let axes = axes_of(dims)?;
            let from = points((axes, 1), from, "from")?;
            let to = points((axes, 1), to, "to")?;
            Ok(of_axes!(axes, Capsule::new(from.get(0), to.get(0), radius)?))
        })
    }
}

/// Makes a cone with a round end: all balls with their centres on its axis that just touch the
/// cone of the angle, up to the one whose centre is so far from the apex.
///
/// @param dims            axes, as for spatio_region_ball
/// @param apex            dims numbers: its tip
/// @param direction       dims numbers: where its axis goes, of any length but 0
/// @param half_angle_rad  the angle between its axis and its side: above 0 and under pi/2
/// @param length          how far the last centre is from the apex: 0 or more
/// @param region          receives it, to be freed by spatio_region_free; NULL on failure
/// @param error           may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a number that is not finite, a direction without length or a length
/// below 0; SPATIO_OUT_OF_RANGE for another angle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_cone(
    dims: u32,
    apex: *const f64,
    direction: *const f64,
    half_angle_rad: f64,
    length: f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_cone", region, error, || {
            let axes = axes_of(dims)?;
            let apex = points((axes, 1), apex, "apex")?;
            let along = points((axes, 1), direction, "direction")?;
            Ok(of_axes!(axes, Cone::new(apex.get(0), along.get(0), half_angle_rad, length)?))
        })
    }
}

/// Makes a half-space: the points x of which the product normal . x is offset or more, so the side
/// of a line or a plane that its normal points to.
///
/// @param dims    axes, as for spatio_region_ball
/// @param normal  dims numbers, whose length need not be 1
/// @param offset  what the product is on the border
/// @param region  receives it, to be freed by spatio_region_free; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_half_space(
    dims: u32,
    normal: *const f64,
    offset: f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_half_space", region, error, || {
            let axes = axes_of(dims)?;
            let normal = points((axes, 1), normal, "normal")?;
            Ok(of_axes!(axes, HalfSpace::new(normal.get(0), offset)?))
        })
    }
}

/// Makes the convex hull of points; of three it is a triangle. It lies on the first two axes of
/// any index; further axes play no part.
///
/// @param n       how many points: 1 or more
/// @param xy      two numbers for each point: x0, y0, x1, y1 ...
/// @param region  receives it, to be freed by spatio_region_free; NULL on failure
/// @param error   may be NULL
///
/// Points within the hull add nothing; a hull without area is a segment or a point.
/// SPATIO_INVALID_ARGUMENT without points or for a number that is not finite. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_convex(
    n: usize,
    xy: *const f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_convex", region, error, || {
            let points = points((2, n), xy, "xy")?;
            let points: Vec<(f64, f64)> = (0..n).map(|row| points.get(row).into()).collect();
            Ok(Shape::Ground(Ground::Convex(Arc::new(ConvexPolygon::new(&points)?))))
        })
    }
}

/// Makes a polygon a region, for one that is asked often: it is made ready here, and not by each
/// question as in spatio_index_search_polygon. It lies on the first two axes of any index.
///
/// @param polygon  a polygon, which may be freed afterwards
/// @param region   receives it, to be freed by spatio_region_free; NULL on failure
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_polygon(
    polygon: *const spatio_polygon,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_polygon", region, error, || {
            let polygon = &handle(polygon, "polygon")?.0;
            Ok(Shape::Ground(Ground::Polygon(Arc::new(PolygonRegion::new(polygon)))))
        })
    }
}

/// Makes what lies between six planes, as a camera sees it: of each the side is kept that its
/// normal points to. It has three axes. It keeps every box that no single plane rules out, so a
/// few beside its edges too.
///
/// @param planes  24 numbers: of each plane the three of its normal and its offset, as for
///                spatio_region_half_space
/// @param region  receives it, to be freed by spatio_region_free; NULL on failure
/// @param error   may be NULL; its row is the plane that was refused
///
/// SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_frustum(
    planes: *const f64,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_frustum", region, error, || {
            let planes = points((4, 6), planes, "planes")?;
            let mut sides = Vec::with_capacity(6);
            for row in 0..6 {
                let [x, y, z, offset] = planes.get(row);
                let side = HalfSpace::new([x, y, z], offset);
                sides.push(side.map_err(|error| error.in_row(row))?);
            }
            let frustum = Frustum::new(std::array::from_fn(|row| sides[row]));
            Ok(Shape::Three(Arc::new(frustum)))
        })
    }
}

/// Makes what a camera sees from its matrix: clip = matrix * (x, y, z, 1), and seen is what comes
/// to -w <= x, y <= w and, of the depth, to 0 <= z <= w or to -w <= z <= w. Otherwise as
/// spatio_region_frustum.
///
/// @param matrix           16 numbers, row by row
/// @param depth_from_zero  1: depth begins at 0, as in Vulkan, Direct3D and Metal; 0: at -w, as in
///                         OpenGL
/// @param region           receives it, to be freed by spatio_region_free; NULL on failure
/// @param error            may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a number that is not finite. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_view_projection(
    matrix: *const f64,
    depth_from_zero: u32,
    region: *mut *mut spatio_region,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        make("spatio_region_view_projection", region, error, || {
            let rows = points((4, 4), matrix, "matrix")?;
            let matrix = std::array::from_fn(|row| rows.get(row));
            let seen = Frustum::from_view_projection(&matrix, depth_from_zero != 0)?;
            Ok(Shape::Three(Arc::new(seen)))
        })
    }
}

/// The items that share a point with a region, its border included.
///
/// @param index    an index
/// @param region   a region of as many axes, or one on the first two
/// @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
///                 in no order, of one query
/// @param columns  receives views of *hits; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a region of other axes; SPATIO_CORRUPT for what is damaged on the
/// way. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_search_region(
    index: *const spatio_index,
    region: *const spatio_region,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_search_region", || {
            let (asked, region) = (handle(index, "index")?, handle(region, "region")?);
            answer(hits, columns, |found| {
                ask_region!((Packed, "index", asked), region, (index, inside) => {
                    index.search_any_region_into(&**inside, &mut found.ids)?;
                });
                found.end_query();
                Ok(())
            })
        })
    }
}

/// How many items share a point with a region. What lies wholly inside of it is not looked at.
///
/// @param index   an index
/// @param region  a region, as for spatio_index_search_region
/// @param count   receives the number
/// @param error   may be NULL
///
/// Errors as of spatio_index_search_region. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_count_region(
    index: *const spatio_index,
    region: *const spatio_region,
    count: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_count_region", || {
            let (asked, region) = (handle(index, "index")?, handle(region, "region")?);
            let out = Out::one(count, "count")?;
            let count = ask_region!((Packed, "index", asked), region, (index, inside) => {
                index.count_any_region(&**inside)?
            });
            out.set(0, count as u64);
            Ok(())
        })
    }
}

/// Whether any item shares a point with a region. It ends at the first.
///
/// @param index   an index
/// @param region  a region, as for spatio_index_search_region
/// @param any     receives 1 or 0
/// @param error   may be NULL
///
/// Errors as of spatio_index_search_region. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_any_region(
    index: *const spatio_index,
    region: *const spatio_region,
    any: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_any_region", || {
            let (asked, region) = (handle(index, "index")?, handle(region, "region")?);
            let out = Out::one(any, "any")?;
            let any = ask_region!((Packed, "index", asked), region, (index, inside) => {
                index.search_any_region_any(&**inside)?
            });
            out.set(0, any.into());
            Ok(())
        })
    }
}

/// Frees a region. NULL is fine. Since 0.1.
///
/// @param region  a region
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_region_free(region: *mut spatio_region) {
    // SAFETY: the caller gives the region up.
    drop(unsafe { take_back(region) });
}
