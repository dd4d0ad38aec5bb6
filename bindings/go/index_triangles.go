package spatio

// #include <spatio.h>
import "C"

// Triangles are triangles in columns, which an index is built from by [BuildTriangles].
type Triangles struct {
	// Dims are the axes of the corners: 2 or 3.
	Dims int
	// Corners are three corners for each triangle, as many numbers for each as there are axes;
	// finite.
	Corners []float64
	// Metadata is what the index says about itself.
	Metadata IndexMetadata
}

// BuildTriangles builds an index of triangles in memory, for [Index.RaycastTriangles]. Its items
// are their boxes, which answer each other question. On failure the error's row is the triangle
// that was refused: [ErrInvalidArgument] for a corner that is not finite.
func BuildTriangles(triangles Triangles, options IndexOptions) (*Index, error) {
	const op = "index_build_triangles"
	if misfit != nil {
		return nil, misfit
	}
	numbers := len(triangles.Corners)
	if dims := triangles.Dims; dims > 0 && numbers%(3*dims) != 0 {
		return nil, refuse(op, ErrInvalidArgument,
			"column Corners has %d numbers, which are no triangles of %d axes", numbers, dims)
	}
	b := new(building)
	defer b.pins.Unpin()
	b.say(&triangles.Metadata)
	if err := b.choose(op, &options); err != nil {
		return nil, err
	}
	b.rows = C.size_t(numbers / max(3*triangles.Dims, 1))
	core := new(index)
	var raw C.spatio_error
	status := C.spatio_index_build_triangles(C.uint32_t(triangles.Dims), b.rows,
		cFloats(triangles.Corners), &b.metadata, &b.options, &core.raw, &raw)
	return core.opened(op, status, &raw)
}

// RaycastTriangles finds the triangle that each ray meets first, exactly, of several the one with
// the smallest id: one row for each ray. Where it meets none the item is [NoItem] and the distance
// NaN. A triangle is filled and met from either side. [ErrUnsupported] if the items are no
// triangles.
func (x *Index) RaycastTriangles(rays Rays, into *Hits) error {
	const op = "index_raycast_triangles"
	return x.first(op, rays, into, func(
		raw *C.spatio_index, rows int, ids []uint32, t []float64, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_index_raycast_triangles(raw, C.size_t(rows), cFloats(rays.Origin),
			cFloats(rays.Direction), cFloats(rays.MaxT), cItems(ids), cFloats(t), e)
	})
}
