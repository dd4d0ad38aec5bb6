package spatio

// #include <spatio.h>
import "C"

import "context"

// QueryRadius finds what lies within radius of a point, altitude included, nearest first. The
// answer has handles; for ids see [Namespace.IDs], or ask [Sphere] with [Query.WithIDs]. This goes
// for the next four too.
func (n *Namespace) QueryRadius(at Point, radius float64, limit int) (*Columns, error) {
	return n.ask("query_radius", func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_query_radius(ns, C.double(at.X), C.double(at.Y), C.double(at.Z),
			C.double(radius), cLimit(limit), &a.result, &a.columns, &a.raw)
	})
}

// QueryBox finds what lies in a box, in no promised order. A minX above maxX crosses the
// antimeridian in a geographic namespace.
func (n *Namespace) QueryBox(minX, minY, maxX, maxY float64, limit int) (*Columns, error) {
	return n.ask("query_box", func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_query_box(ns, C.double(minX), C.double(minY), C.double(maxX),
			C.double(maxY), cLimit(limit), &a.result, &a.columns, &a.raw)
	})
}

// QueryPolygon finds what lies in a polygon, its borders included, in no promised order.
func (n *Namespace) QueryPolygon(polygon *Polygon, limit int) (*Columns, error) {
	const op = "query_polygon"
	if err := polygon.core.begin(op); err != nil {
		return nil, err
	}
	defer polygon.core.end()
	return n.ask(op, func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_query_polygon(ns, polygon.core.raw, cLimit(limit), &a.result, &a.columns,
			&a.raw)
	})
}

// QueryNear finds what lies within radius of an object, altitude included, nearest first: the
// object itself, which the limit counts, and then the others.
func (n *Namespace) QueryNear(origin Handle, radius float64, limit int) (*Columns, error) {
	return n.ask("query_near", func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_query_near(ns, C.uint64_t(origin), C.double(radius), cLimit(limit),
			&a.result, &a.columns, &a.raw)
	})
}

// KNN finds the k nearest to a point, altitude included, nearest first.
func (n *Namespace) KNN(at Point, k int) (*Columns, error) {
	return n.ask("knn", func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_knn(ns, C.double(at.X), C.double(at.Y), C.double(at.Z), cLimit(k),
			&a.result, &a.columns, &a.raw)
	})
}

// ConvexHull is the convex hull of all objects in the plane of x and y: a closed ring against the
// clock, empty if there are no objects.
func (n *Namespace) ConvexHull() ([]Point, error) {
	found, err := n.ask("convex_hull", func(ns *C.spatio_namespace, a *answer) C.spatio_status {
		return C.spatio_convex_hull(ns, &a.result, &a.columns, &a.raw)
	})
	if err != nil {
		return nil, err
	}
	ring := make([]Point, len(found.X))
	for i := range ring {
		ring[i] = XY(found.X[i], found.Y[i])
	}
	return ring, nil
}

// ask runs a call that gives columns and copies them.
func (n *Namespace) ask(
	op string, run func(*C.spatio_namespace, *answer) C.spatio_status,
) (*Columns, error) {
	var copied *Columns
	err := n.answer(context.Background(), op, copyTo(&copied), func(
		ns *C.spatio_namespace, _ *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		return run(ns, a), nil
	})
	return copied, err
}

// Bounds is the smallest box around objects, in plain numbers: it does not wrap.
type Bounds struct {
	// IsEmpty tells that there are no objects.
	IsEmpty  bool
	Min, Max Point
}

// Bounds is the smallest box around all objects.
func (n *Namespace) Bounds() (Bounds, error) {
	const op = "bounds"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Bounds{}, err
	}
	defer ns.end()
	b := C.spatio_bounds{struct_size: C.sizeof_spatio_bounds}
	var e C.spatio_error
	if status := C.spatio_get_bounds(ns.raw, &b, &e); status != C.SPATIO_OK {
		return Bounds{}, failed(op, status, &e)
	}
	return Bounds{
		IsEmpty: b.is_empty != 0,
		Min:     XYZ(float64(b.min_x), float64(b.min_y), float64(b.min_z)),
		Max:     XYZ(float64(b.max_x), float64(b.max_y), float64(b.max_z)),
	}, nil
}
