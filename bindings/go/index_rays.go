package spatio

// #include <spatio.h>
import "C"

// Rays are rays in columns: the points Origin + t * Direction for t from 0 to MaxT. A ray hits what
// it touches, and what it begins in at 0.
type Rays struct {
	// Origin and Direction have as many numbers for each ray as the index has axes. A direction
	// need not have the length 1, and components may be 0.
	Origin, Direction []float64
	// MaxT is how far each goes, in lengths of its direction; nil: for ever.
	MaxT []float64
}

// rows is how many rays there are.
func (r *Rays) rows(op string, dims int) (int, error) {
	if len(r.Origin)%dims != 0 {
		return 0, refuse(op, ErrInvalidArgument,
			"column Origin has %d numbers, which are no points of %d axes", len(r.Origin), dims)
	}
	rows := len(r.Origin) / dims
	if err := whole(op, "Direction", r.Direction, len(r.Origin)); err != nil {
		return 0, err
	}
	return rows, same(op, "MaxT", r.MaxT, rows)
}

// Raycast finds the items that rays hit, in the order in which they enter them; the distance is
// the t at which they do. On failure the error's row is the ray that was refused: [ErrOutOfRange]
// for an origin that is not finite, a component over 1e300 or NaN, a MaxT that is negative or NaN.
func (x *Index) Raycast(rays Rays, into *Hits) error {
	const op = "index_raycast"
	into.clear()
	rows, err := rays.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_raycast(raw, C.size_t(rows), cFloats(rays.Origin),
			cFloats(rays.Direction), cFloats(rays.MaxT), &a.hits, &a.columns, &a.raw)
	})
}

// RaycastAny tells whether each of the rays hits any item, in the memory of buffer if there is
// room: for lines of sight. It ends at the first.
func (x *Index) RaycastAny(rays Rays, buffer []bool) ([]bool, error) {
	const op = "index_raycast_any"
	rows, err := rays.rows(op, x.core.dims)
	if err != nil {
		return nil, err
	}
	any := sized(buffer, rows)
	return any, x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_raycast_any(raw, C.size_t(rows), cFloats(rays.Origin),
			cFloats(rays.Direction), cFloats(rays.MaxT), cFlags(any), e)
	})
}

// RaycastClosest finds the item that each ray enters first, of several the one with the smallest
// id: one row for each ray. Where it hits none the item is [NoItem] and the distance NaN.
func (x *Index) RaycastClosest(rays Rays, into *Hits) error {
	const op = "index_raycast_closest"
	return x.first(op, rays, into, func(
		raw *C.spatio_index, rows int, ids []uint32, t []float64, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_index_raycast_closest(raw, C.size_t(rows), cFloats(rays.Origin),
			cFloats(rays.Direction), cFloats(rays.MaxT), cItems(ids), cFloats(t), e)
	})
}

// first runs a call that gives one row for each ray.
func (x *Index) first(
	op string, rays Rays, into *Hits,
	run func(*C.spatio_index, int, []uint32, []float64, *C.spatio_error) C.spatio_status,
) error {
	into.clear()
	rows, err := rays.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	ids, t := sized(into.IDs, rows), sized(into.Distance, rows)
	err = x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return run(raw, rows, ids, t, e)
	})
	if err != nil {
		return err
	}
	into.IDs, into.Distance = ids, t
	for ray := range rows + 1 {
		into.Offsets = append(into.Offsets, uint64(ray))
	}
	return nil
}
