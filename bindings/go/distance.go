package spatio

// #include <spatio.h>
import "C"

// Metric says how a distance is measured.
type Metric uint32

const (
	// Haversine: great circle on the mean sphere, in metres.
	Haversine Metric = C.SPATIO_METRIC_HAVERSINE
	// Geodesic: shortest way on the WGS84 ellipsoid, in metres.
	Geodesic Metric = C.SPATIO_METRIC_GEODESIC
	// Rhumb: line of constant bearing on the mean sphere, in metres.
	Rhumb Metric = C.SPATIO_METRIC_RHUMB
	// Euclidean: straight line through the coordinates as numbers; the only one of a Cartesian
	// namespace.
	Euclidean Metric = C.SPATIO_METRIC_EUCLIDEAN
)

// Distance measures between two points, altitude included, without a database. It fails with
// [ErrUnsupported] for a metric that the space does not have.
func Distance(space Space, metric Metric, a, b Point) (float64, error) {
	if misfit != nil {
		return 0, misfit
	}
	var distance C.double
	var e C.spatio_error
	status := C.spatio_distance(C.uint32_t(space), C.uint32_t(metric), C.double(a.X),
		C.double(a.Y), C.double(a.Z), C.double(b.X), C.double(b.Y), C.double(b.Z), &distance, &e)
	if status != C.SPATIO_OK {
		return 0, failed("distance", status, &e)
	}
	return float64(distance), nil
}

// DistanceBetween measures between pairs of objects, altitude included; NaN where one of the two
// is not here. On failure the error's row is the pair that was refused.
func (n *Namespace) DistanceBetween(a, b []Handle, metric Metric) ([]float64, error) {
	const op = "distance_between"
	if err := whole(op, "b", b, len(a)); err != nil {
		return nil, err
	}
	ns := n.core
	if err := ns.begin(op); err != nil {
		return nil, err
	}
	defer ns.end()
	distances := make([]float64, len(a))
	var e C.spatio_error
	status := C.spatio_distance_between(ns.raw, C.size_t(len(a)), cHandles(a), cHandles(b),
		C.uint32_t(metric), cFloats(distances), &e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	return distances, nil
}

// DistanceTo measures from objects to a point, altitude included; NaN where the object is not
// here. On failure the error's row is the handle that was refused.
func (n *Namespace) DistanceTo(to Point, metric Metric, handles ...Handle) ([]float64, error) {
	const op = "distance_to"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return nil, err
	}
	defer ns.end()
	distances := make([]float64, len(handles))
	var e C.spatio_error
	status := C.spatio_distance_to(ns.raw, C.size_t(len(handles)), cHandles(handles),
		C.double(to.X), C.double(to.Y), C.double(to.Z), C.uint32_t(metric), cFloats(distances),
		&e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	return distances, nil
}
