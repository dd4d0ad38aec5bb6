package spatio

// #include <spatio.h>
import "C"

// Search finds the items that share a point with windows, their borders included, in no promised
// order: any number of windows in one call. On failure the error's row is the window that was
// refused: [ErrInvalidArgument] for a NaN or a window whose Min is above its Max, [ErrCorrupt] for
// what is damaged on the way.
func (x *Index) Search(windows Boxes, into *Hits) error {
	const op = "index_search"
	into.clear()
	rows, err := windows.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_search(raw, C.size_t(rows), cFloats(windows.Min),
			cFloats(windows.Max), &a.hits, &a.columns, &a.raw)
	})
}

// Count tells how many items share a point with each of the windows, in the memory of buffer if
// there is room. What lies wholly inside of a window is not looked at.
func (x *Index) Count(windows Boxes, buffer []uint64) ([]uint64, error) {
	const op = "index_count"
	rows, err := windows.rows(op, x.core.dims)
	if err != nil {
		return nil, err
	}
	counts := sized(buffer, rows)
	return counts, x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_count(raw, C.size_t(rows), cFloats(windows.Min),
			cFloats(windows.Max), cOffsets(counts), e)
	})
}

// Any tells whether any item shares a point with each of the windows, in the memory of buffer if
// there is room. It ends at the first.
func (x *Index) Any(windows Boxes, buffer []bool) ([]bool, error) {
	const op = "index_any"
	rows, err := windows.rows(op, x.core.dims)
	if err != nil {
		return nil, err
	}
	any := sized(buffer, rows)
	return any, x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_any(raw, C.size_t(rows), cFloats(windows.Min),
			cFloats(windows.Max), cFlags(any), e)
	})
}

// call runs a call that gives no hits.
func (i *index) call(
	op string, run func(*C.spatio_index, *C.spatio_error) C.spatio_status,
) error {
	if err := i.begin(op); err != nil {
		return err
	}
	defer i.end()
	// Its error would be allocated for each call, if it were not kept.
	a := i.asks.take(newAsk)
	defer i.asks.put(a)
	if status := run(i.raw, &a.raw); status != C.SPATIO_OK {
		return failed(op, status, &a.raw)
	}
	return nil
}

// SearchWithin finds the items within a Euclidean distance of each box, in no promised order;
// maxDistance has a number for each. What is exactly as far belongs to it, and at 0 what touches.
func (x *Index) SearchWithin(boxes Boxes, maxDistance []float64, into *Hits) error {
	const op = "index_search_within"
	into.clear()
	rows, err := boxes.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	if err := whole(op, "maxDistance", maxDistance, rows); err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_search_within(raw, C.size_t(rows), cFloats(boxes.Min),
			cFloats(boxes.Max), cFloats(maxDistance), &a.hits, &a.columns, &a.raw)
	})
}

// Nearest finds the k items nearest to each box by Euclidean distance, nearest first, of equal
// distances the smaller id first; k may be [NoLimit]. Nothing further than maxDistance is found,
// which has a number for each box; nil: however far.
func (x *Index) Nearest(boxes Boxes, k int, maxDistance []float64, into *Hits) error {
	const op = "index_nearest"
	into.clear()
	rows, err := boxes.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	if err := same(op, "maxDistance", maxDistance, rows); err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_nearest(raw, C.size_t(rows), cFloats(boxes.Min),
			cFloats(boxes.Max), cLimit(k), cFloats(maxDistance), &a.hits, &a.columns, &a.raw)
	})
}

// SearchPolygon finds the items that share a point with a polygon, which lies on the first two
// axes, in no promised order. It is exact: a box in a hole, or beside a slope, is not found.
func (x *Index) SearchPolygon(polygon *Polygon, into *Hits) error {
	const op = "index_search_polygon"
	into.clear()
	if err := polygon.core.begin(op); err != nil {
		return err
	}
	defer polygon.core.end()
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_search_polygon(raw, polygon.core.raw, &a.hits, &a.columns, &a.raw)
	})
}

// NearestGreatCircle finds the k items nearest to each place on the globe, nearest first, with
// distances in metres along the great circle on the mean sphere, also across the antimeridian and
// at the poles. Axis 0 of the index is the longitude and axis 1 the latitude in degrees. Of k and
// maxDistance, in metres, see [Index.Nearest]. A place that is not on the globe is
// [ErrOutOfRange].
func (x *Index) NearestGreatCircle(
	lon, lat []float64, k int, maxDistance []float64, into *Hits,
) error {
	const op = "index_nearest_great_circle"
	into.clear()
	rows := len(lon)
	if err := whole(op, "lat", lat, rows); err != nil {
		return err
	}
	if err := same(op, "maxDistance", maxDistance, rows); err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_nearest_great_circle(raw, C.size_t(rows), cFloats(lon),
			cFloats(lat), cLimit(k), cFloats(maxDistance), &a.hits, &a.columns, &a.raw)
	})
}

// SearchGreatCircle finds the items within a distance in metres of each place on the globe, in no
// promised order; see [Index.NearestGreatCircle]. maxDistance has a number for each place.
func (x *Index) SearchGreatCircle(lon, lat, maxDistance []float64, into *Hits) error {
	const op = "index_search_great_circle"
	into.clear()
	rows := len(lon)
	if err := whole(op, "lat", lat, rows); err != nil {
		return err
	}
	if err := whole(op, "maxDistance", maxDistance, rows); err != nil {
		return err
	}
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_search_great_circle(raw, C.size_t(rows), cFloats(lon),
			cFloats(lat), cFloats(maxDistance), &a.hits, &a.columns, &a.raw)
	})
}
