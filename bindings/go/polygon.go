package spatio

// #include <spatio.h>
import "C"

import (
	"runtime"
)

// Polygon is an area, or several, with holes, ready for queries. It does not change. Close it when
// it is no longer needed; one that is forgotten is freed by the garbage collector.
type Polygon struct {
	core *polygon
}

type polygon struct {
	guard
	raw *C.spatio_polygon
}

// NewPolygon makes a polygon as GeoJSON has it: its border and then its holes, each a ring of
// points, closed or open, in either direction. Borders belong to it, also those of holes; Z is not
// looked at.
//
// It fails with [ErrInvalidArgument] if a ring has less than three points or crosses itself or
// another, or a hole lies outside; with [ErrOutOfRange] if a coordinate is not finite.
func NewPolygon(rings ...[]Point) (*Polygon, error) {
	return NewMultiPolygon(rings)
}

// NewMultiPolygon makes one of several polygons, each of which has its border and its holes.
func NewMultiPolygon(polygons ...[][]Point) (*Polygon, error) {
	const op = "polygon"
	if misfit != nil {
		return nil, misfit
	}
	var xy []float64
	ringOffsets, polygonOffsets := []uint64{0}, []uint64{0}
	for _, rings := range polygons {
		for _, ring := range rings {
			for _, point := range ring {
				xy = append(xy, point.X, point.Y)
			}
			ringOffsets = append(ringOffsets, uint64(len(xy)/2))
		}
		polygonOffsets = append(polygonOffsets, uint64(len(ringOffsets)-1))
	}
	core := new(polygon)
	var raw C.spatio_error
	status := C.spatio_polygon_new(C.size_t(len(ringOffsets)-1), cOffsets(ringOffsets),
		cFloats(xy), C.size_t(len(polygons)), cOffsets(polygonOffsets), &core.raw, &raw)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &raw)
	}
	p := &Polygon{core: core}
	runtime.AddCleanup(p, func(core *polygon) { core.shut() }, core)
	return p, nil
}

// Contains tells which points lie in the polygon, its borders included.
func (p *Polygon) Contains(points ...Point) ([]bool, error) {
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for row, point := range points {
		x[row], y[row] = point.X, point.Y
	}
	return p.ContainsColumns(x, y)
}

// ContainsColumns is [Polygon.Contains] for points in columns.
func (p *Polygon) ContainsColumns(x, y []float64) ([]bool, error) {
	const op = "polygon_contains"
	if err := same(op, "y", y, len(x)); err != nil {
		return nil, err
	}
	if err := p.core.begin(op); err != nil {
		return nil, err
	}
	defer p.core.end()
	inside := make([]bool, len(x))
	var raw C.spatio_error
	status := C.spatio_polygon_contains(p.core.raw, C.size_t(len(x)), cFloats(x), cFloats(y),
		cFlags(inside), &raw)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &raw)
	}
	return inside, nil
}

// Close frees the polygon once no call uses it. Closing again does nothing.
func (p *Polygon) Close() {
	p.core.shut()
}

func (p *polygon) shut() {
	if _, idle := p.close(); idle {
		C.spatio_polygon_free(p.raw)
	}
}

func (p *polygon) begin(op string) error {
	if !p.enter() {
		return refuse(op, ErrClosed, "the polygon is closed")
	}
	return nil
}

func (p *polygon) end() {
	if p.leave() {
		C.spatio_polygon_free(p.raw)
	}
}
