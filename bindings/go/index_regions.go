package spatio

// #include <spatio.h>
import "C"

// SearchRegion finds the items that share a point with a region, in no promised order.
// [ErrInvalidArgument] for a region of other axes than the index has.
func (x *Index) SearchRegion(region *Region, into *Hits) error {
	const op = "index_search_region"
	into.clear()
	if err := region.core.begin(op); err != nil {
		return err
	}
	defer region.core.end()
	return x.core.fill(op, into, func(raw *C.spatio_index, a *ask) C.spatio_status {
		return C.spatio_index_search_region(raw, region.core.raw, &a.hits, &a.columns, &a.raw)
	})
}

// CountRegion tells how many items share a point with a region. What lies wholly inside of it is
// not looked at. Errors are as of [Index.SearchRegion].
func (x *Index) CountRegion(region *Region) (uint64, error) {
	const op = "index_count_region"
	if err := region.core.begin(op); err != nil {
		return 0, err
	}
	defer region.core.end()
	var count C.uint64_t
	err := x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_count_region(raw, region.core.raw, &count, e)
	})
	return uint64(count), err
}

// AnyRegion tells whether any item shares a point with a region. It ends at the first. Errors are
// as of [Index.SearchRegion].
func (x *Index) AnyRegion(region *Region) (bool, error) {
	const op = "index_any_region"
	if err := region.core.begin(op); err != nil {
		return false, err
	}
	defer region.core.end()
	var any C.uint8_t
	err := x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_any_region(raw, region.core.raw, &any, e)
	})
	return any != 0, err
}
