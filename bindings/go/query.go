package spatio

// #include <spatio.h>
import "C"

import (
	"math"
	"runtime"
	"time"
	"unsafe"
)

// NoLimit is a limit that is none.
const NoLimit = -1

// Query is a question about where things are now. It is made by [Circle], [Nearest] and their
// like, and made narrower by its methods, each of which gives a changed copy:
//
//	spatio.Nearest(spatio.XY(13.38, 52.52), 10).Within(2000).IDPrefix("taxi:").WithIDs()
type Query struct {
	c       C.spatio_query
	prefix  string
	polygon *Polygon
}

// kinds holds what every kind of query begins with.
var kinds = func() (kinds [C.SPATIO_QUERY_BOX_3D_AROUND + 1]C.spatio_query) {
	for kind := range kinds {
		C.spatio_query_init(&kinds[kind], C.sizeof_spatio_query, C.uint32_t(kind))
	}
	return kinds
}()

// Origin is what a query is laid around: a [Point], or an object wherever it is, by its [Handle].
// The object is part of the answer, first, unless [Query.ExcludeOrigin] is asked for.
type Origin interface {
	lay(q *Query)
}

func (p Point) lay(q *Query) {
	q.c.x, q.c.y, q.c.z = C.double(p.X), C.double(p.Y), C.double(p.Z)
}

func (h Handle) lay(q *Query) {
	q.c.flags |= C.SPATIO_QUERY_AROUND_OBJECT
	q.c.origin = C.uint64_t(h)
}

func around(kind int, origin Origin) Query {
	q := Query{c: kinds[kind]}
	origin.lay(&q)
	return q
}

// Circle finds what lies within radius along the ground, whatever its altitude; nearest first.
func Circle(origin Origin, radius float64) Query {
	q := around(C.SPATIO_QUERY_CIRCLE, origin)
	q.c.radius = C.double(radius)
	return q
}

// Sphere finds what lies within radius, altitude included; nearest first.
func Sphere(origin Origin, radius float64) Query {
	q := around(C.SPATIO_QUERY_SPHERE, origin)
	q.c.radius = C.double(radius)
	return q
}

// Cylinder finds what lies within radius along the ground and from minZ to maxZ; nearest first.
func Cylinder(origin Origin, radius, minZ, maxZ float64) Query {
	q := around(C.SPATIO_QUERY_CYLINDER, origin)
	q.c.radius = C.double(radius)
	q.c.min_z, q.c.max_z = C.double(minZ), C.double(maxZ)
	return q
}

// Nearest finds the k nearest, altitude included; nearest first, of equal distances in the order
// of ids. See [Query.Within].
func Nearest(origin Origin, k int) Query {
	return around(C.SPATIO_QUERY_NEAREST, origin).Limit(k)
}

// Box finds what lies in the box of x and y, in no promised order. A minX above maxX crosses the
// antimeridian in a geographic namespace.
func Box(minX, minY, maxX, maxY float64) Query {
	q := Query{c: kinds[C.SPATIO_QUERY_BOX]}
	q.c.min_x, q.c.min_y = C.double(minX), C.double(minY)
	q.c.max_x, q.c.max_y = C.double(maxX), C.double(maxY)
	return q
}

// Box3D finds what lies in the box from min to max, in no promised order.
func Box3D(min, max Point) Query {
	q := Query{c: kinds[C.SPATIO_QUERY_BOX_3D]}
	q.c.min_x, q.c.min_y, q.c.min_z = C.double(min.X), C.double(min.Y), C.double(min.Z)
	q.c.max_x, q.c.max_y, q.c.max_z = C.double(max.X), C.double(max.Y), C.double(max.Z)
	return q
}

// BoxAround finds what lies in the box of width and height (degrees, or units) around the origin;
// nearest first.
func BoxAround(origin Origin, width, height float64) Query {
	q := around(C.SPATIO_QUERY_BOX_AROUND, origin)
	q.c.width, q.c.height = C.double(width), C.double(height)
	return q
}

// Box3DAround is [BoxAround] with a depth of altitudes (metres, or units).
func Box3DAround(origin Origin, width, height, depth float64) Query {
	q := around(C.SPATIO_QUERY_BOX_3D_AROUND, origin)
	q.c.width, q.c.height, q.c.depth = C.double(width), C.double(height), C.double(depth)
	return q
}

// Inside finds what lies in the polygon, its borders included, in no promised order.
func Inside(polygon *Polygon) Query {
	return Query{c: kinds[C.SPATIO_QUERY_POLYGON], polygon: polygon}
}

// Everywhere finds everything, in no promised order.
func Everywhere() Query {
	return Query{c: kinds[C.SPATIO_QUERY_EVERYWHERE]}
}

// Limit finds at most n: the nearest where there is an order, else any. 0 finds nothing.
func (q Query) Limit(n int) Query {
	q.c.limit = cLimit(n)
	return q
}

// cLimit is a limit for the library.
func cLimit(n int) C.uint32_t {
	if n < 0 || uint64(n) > math.MaxUint32 {
		return C.SPATIO_NO_LIMIT
	}
	return C.uint32_t(n)
}

// Within makes the radius of a [Nearest]: nothing that is further away is found.
func (q Query) Within(radius float64) Query {
	q.c.radius = C.double(radius)
	return q
}

// ExcludeOrigin leaves out the object that the query is laid around.
func (q Query) ExcludeOrigin() Query {
	q.c.flags |= C.SPATIO_QUERY_EXCLUDE_ORIGIN
	return q
}

// Altitude finds only what lies from min to max.
func (q Query) Altitude(min, max float64) Query {
	q.c.min_altitude, q.c.max_altitude = C.double(min), C.double(max)
	return q
}

// Since finds only objects whose last update has this event time or a later one.
func (q Query) Since(t time.Time) Query {
	q.c.since_us = C.int64_t(t.UnixMicro())
	return q
}

// MaxAge finds only objects whose last update is at most so long ago by the database's clock.
func (q Query) MaxAge(age time.Duration) Query {
	q.c.max_age_us = C.int64_t(duration(age))
	return q
}

// IDPrefix finds only objects whose id begins so.
func (q Query) IDPrefix(prefix string) Query {
	q.prefix = prefix
	return q
}

// WithIDs gives the answer its column of ids. One query of a call that asks for it is enough.
func (q Query) WithIDs() Query {
	q.c.flags |= C.SPATIO_QUERY_WITH_IDS
	return q
}

// WithPayloads gives the answer its column of payloads. One query of a call that asks for it is
// enough.
func (q Query) WithPayloads() Query {
	q.c.flags |= C.SPATIO_QUERY_WITH_PAYLOADS
	return q
}

// put writes the query as the library wants it. What it points to stays in place until the pins
// are taken out, and its polygon until leave.
func (q *Query) put(op string, raw *C.spatio_query, pins *runtime.Pinner) error {
	*raw = q.c
	if q.prefix != "" {
		text := unsafe.StringData(q.prefix)
		pins.Pin(text)
		raw.id_prefix = (*C.char)(unsafe.Pointer(text))
		raw.id_prefix_length = C.uint64_t(len(q.prefix))
	}
	if q.polygon != nil {
		if err := q.polygon.core.begin(op); err != nil {
			return err
		}
		raw.polygon = q.polygon.core.raw
	}
	return nil
}

// leave ends what put began.
func (q *Query) leave() {
	if q.polygon != nil {
		q.polygon.core.end()
	}
}
