package spatio

// #include <spatio.h>
import "C"

import "context"

// SearchRegion finds the items that share a point with a region of as many axes, or with one on the
// first two: their ids and ranks, in no promised order. [ErrInvalidArgument] for a region of other
// axes.
func (x *StreamIndex) SearchRegion(ctx context.Context, region *Region, into *Hits) error {
	const op = "stream_search_region"
	if err := region.core.begin(op); err != nil {
		into.clear()
		return err
	}
	defer region.core.end()
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_search_region(raw, region.core.raw, fetch, e)
	})
}

// CountRegion tells how many items share a point with a region. What lies wholly inside is not
// read. Errors are as of [StreamIndex.SearchRegion].
func (x *StreamIndex) CountRegion(ctx context.Context, region *Region) (uint64, error) {
	const op = "stream_count_region"
	if err := region.core.begin(op); err != nil {
		return 0, err
	}
	defer region.core.end()
	return x.core.number(ctx, op, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_count_region(raw, region.core.raw, fetch, e)
	})
}

// SearchWithin finds the items within a Euclidean distance of a box or a point: their ids and ranks,
// in no promised order. What is exactly as far belongs to it, and at 0 it is what touches.
// [ErrOutOfRange] for a distance that is negative or NaN.
func (x *StreamIndex) SearchWithin(
	ctx context.Context, box Window, maxDistance float64, into *Hits,
) error {
	const op = "stream_search_within"
	if err := box.check(op, x.core.dims); err != nil {
		into.clear()
		return err
	}
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_search_within(raw, cFloats(box.Min), cFloats(box.Max),
			C.double(maxDistance), fetch, e)
	})
}

// CountWithin tells how many items are within a Euclidean distance of a box or a point. Errors are
// as of [StreamIndex.SearchWithin].
func (x *StreamIndex) CountWithin(
	ctx context.Context, box Window, maxDistance float64,
) (uint64, error) {
	const op = "stream_count_within"
	if err := box.check(op, x.core.dims); err != nil {
		return 0, err
	}
	return x.core.number(ctx, op, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_count_within(raw, cFloats(box.Min), cFloats(box.Max),
			C.double(maxDistance), fetch, e)
	})
}

// NearestGreatCircle finds the k items nearest to a place on the globe, in metres along the great
// circle, as [StreamIndex.Nearest]; what boxes mean there is said at [Index.NearestGreatCircle].
// [ErrOutOfRange] for a place that is not on the globe.
func (x *StreamIndex) NearestGreatCircle(
	ctx context.Context, lon, lat float64, k int, maxDistance float64, into *Hits,
) error {
	const op = "stream_nearest_great_circle"
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_nearest_great_circle(raw, C.double(lon), C.double(lat), cLimit(k),
			C.double(maxDistance), fetch, e)
	})
}

// SearchGreatCircle finds the items within a distance in metres along the great circle of a place
// on the globe: their ids and ranks, in no promised order. Errors are as of
// [StreamIndex.NearestGreatCircle].
func (x *StreamIndex) SearchGreatCircle(
	ctx context.Context, lon, lat, maxDistance float64, into *Hits,
) error {
	const op = "stream_search_great_circle"
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_search_great_circle(raw, C.double(lon), C.double(lat),
			C.double(maxDistance), fetch, e)
	})
}
