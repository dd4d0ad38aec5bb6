package spatio

// #include <spatio.h>
import "C"

import "runtime"

// Region is a set of points that indexes with as many axes are searched for, its border included.
// It does not change, and any number of goroutines may use one. Close it when it is no longer
// needed; one that is forgotten is freed by the garbage collector.
type Region struct {
	core *region
}

type region struct {
	guard
	raw *C.spatio_region
}

// NewBall makes all that is within a Euclidean distance of a point of two, three or four axes.
// Like the others it fails with [ErrInvalidArgument] for a number that is not finite.
func NewBall(centre []float64, radius float64) (*Region, error) {
	return newRegion("region_ball", func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_ball(C.uint32_t(len(centre)), cFloats(centre), C.double(radius),
			raw, e)
	})
}

// NewCapsule makes all that is within a Euclidean distance of a segment.
func NewCapsule(from, to []float64, radius float64) (*Region, error) {
	const op = "region_capsule"
	if err := whole(op, "to", to, len(from)); err != nil {
		return nil, err
	}
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_capsule(C.uint32_t(len(from)), cFloats(from), cFloats(to),
			C.double(radius), raw, e)
	})
}

// NewCone makes a cone with a round end: all balls with their centres on its axis that just touch
// its side, up to the one whose centre is length from the apex. halfAngleRad is the angle between
// axis and side, above 0 and under a quarter turn; another one is [ErrOutOfRange].
func NewCone(apex, direction []float64, halfAngleRad, length float64) (*Region, error) {
	const op = "region_cone"
	if err := whole(op, "direction", direction, len(apex)); err != nil {
		return nil, err
	}
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_cone(C.uint32_t(len(apex)), cFloats(apex), cFloats(direction),
			C.double(halfAngleRad), C.double(length), raw, e)
	})
}

// NewHalfSpace makes the points x of which normal · x is offset or more.
func NewHalfSpace(normal []float64, offset float64) (*Region, error) {
	const op = "region_half_space"
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_half_space(C.uint32_t(len(normal)), cFloats(normal),
			C.double(offset), raw, e)
	})
}

// NewConvex makes the convex hull of points; of three it is a triangle. It lies on the first two
// axes of any index; Z is not looked at.
func NewConvex(points ...Point) (*Region, error) {
	xy := make([]float64, 0, 2*len(points))
	for _, point := range points {
		xy = append(xy, point.X, point.Y)
	}
	const op = "region_convex"
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_convex(C.size_t(len(points)), cFloats(xy), raw, e)
	})
}

// NewPolygonRegion makes a polygon a region, for one that is asked often: it is made ready here, and
// not by each question as in [Index.SearchPolygon]. The polygon may be closed afterwards.
func NewPolygonRegion(polygon *Polygon) (*Region, error) {
	const op = "region_polygon"
	if err := polygon.core.begin(op); err != nil {
		return nil, err
	}
	defer polygon.core.end()
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_polygon(polygon.core.raw, raw, e)
	})
}

// NewFrustum makes what lies between six planes in space, each given by its normal, which points
// inside, and its offset as of [NewHalfSpace]. It may keep a few boxes beside its edges.
func NewFrustum(planes [6][4]float64) (*Region, error) {
	var flat [24]float64
	for row, plane := range planes {
		copy(flat[4*row:], plane[:])
	}
	const op = "region_frustum"
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_frustum(cFloats(flat[:]), raw, e)
	})
}

// NewViewProjection makes what a camera sees from its matrix, row by row: clip = matrix * (x, y, z,
// 1), and seen is what comes to -w <= x, y <= w and, of the depth, to 0 <= z <= w if depthFromZero,
// else to -w <= z <= w. Otherwise it is as [NewFrustum].
func NewViewProjection(matrix [4][4]float64, depthFromZero bool) (*Region, error) {
	var flat [16]float64
	for row, numbers := range matrix {
		copy(flat[4*row:], numbers[:])
	}
	var fromZero C.uint32_t
	if depthFromZero {
		fromZero = 1
	}
	const op = "region_view_projection"
	return newRegion(op, func(raw **C.spatio_region, e *C.spatio_error) C.spatio_status {
		return C.spatio_region_view_projection(cFloats(flat[:]), fromZero, raw, e)
	})
}

// newRegion makes a Region by a call.
func newRegion(
	op string, run func(**C.spatio_region, *C.spatio_error) C.spatio_status,
) (*Region, error) {
	if misfit != nil {
		return nil, misfit
	}
	core := new(region)
	var e C.spatio_error
	if status := run(&core.raw, &e); status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	r := &Region{core: core}
	runtime.AddCleanup(r, func(core *region) { core.shut() }, core)
	return r, nil
}

// Close frees the region once no call uses it. Closing again does nothing.
func (r *Region) Close() {
	r.core.shut()
}

func (r *region) shut() {
	if _, idle := r.close(); idle {
		C.spatio_region_free(r.raw)
	}
}

func (r *region) begin(op string) error {
	if !r.enter() {
		return refuse(op, ErrClosed, "the region is closed")
	}
	return nil
}

func (r *region) end() {
	if r.leave() {
		C.spatio_region_free(r.raw)
	}
}
