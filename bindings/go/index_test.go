package spatio

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// scene is boxes of the plane, and every question about them answered by looking at each.
type scene struct {
	boxes Boxes
	items int
}

func newScene(random *rand.Rand, items int) scene {
	s := scene{items: items}
	for range items {
		x, y := random.Float64()*100, random.Float64()*100
		s.boxes.Min = append(s.boxes.Min, x, y)
		s.boxes.Max = append(s.boxes.Max, x+random.Float64()*3, y+random.Float64()*3)
	}
	return s
}

// gap is how far item i is from box j of others, on either axis.
func (s scene) gap(i int, others Boxes, j int) float64 {
	var gaps [2]float64
	for axis := range gaps {
		a, b := 2*i+axis, 2*j+axis
		gaps[axis] = max(0, s.boxes.Min[a]-others.Max[b], others.Min[b]-s.boxes.Max[a])
	}
	return math.Sqrt(gaps[0]*gaps[0] + gaps[1]*gaps[1])
}

// within are the items at most so far from a box of others.
func (s scene) within(others Boxes, j int, distance float64) []uint32 {
	found := []uint32{}
	for i := range s.items {
		if s.gap(i, others, j) <= distance {
			found = append(found, uint32(i))
		}
	}
	return found
}

func (s scene) build(t testing.TB, options IndexOptions) *Index {
	t.Helper()
	index := must[*Index](t)(BuildIndex(IndexItems{Dims: 2, Boxes: s.boxes}, options))
	t.Cleanup(index.Close)
	return index
}

func wantItems(t *testing.T, what string, found, wanted []uint32) {
	t.Helper()
	sorted := slices.Sorted(slices.Values(found))
	if !slices.Equal(sorted, wanted) {
		t.Errorf("%s: %v instead of %v", what, sorted, wanted)
	}
}

func TestAnIndexAgainstLookingAtEveryBox(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	scene, windows := newScene(random, 2000), newScene(random, 50)
	distances := make([]float64, windows.items)
	for query := range distances {
		distances[query] = random.Float64() * 5
	}
	var hits Hits
	for _, layout := range []Layout{LayoutFast, LayoutOrigin, LayoutBoth} {
		index := scene.build(t, IndexOptions{Layout: layout})
		check(t, index.Search(windows.boxes, &hits))
		counts := must[[]uint64](t)(index.Count(windows.boxes, nil))
		any := must[[]bool](t)(index.Any(windows.boxes, nil))
		if hits.Queries() != windows.items || len(counts) != windows.items {
			t.Fatalf("%d answers and %d counts", hits.Queries(), len(counts))
		}
		for query := range windows.items {
			wanted := scene.within(windows.boxes, query, 0)
			wantItems(t, "Search", hits.Of(query), wanted)
			if counts[query] != uint64(len(wanted)) || any[query] != (len(wanted) > 0) {
				t.Errorf("%d, %t of %d", counts[query], any[query], len(wanted))
			}
		}
		check(t, index.SearchWithin(windows.boxes, distances, &hits))
		for query, distance := range distances {
			wanted := scene.within(windows.boxes, query, distance)
			wantItems(t, "SearchWithin", hits.Of(query), wanted)
		}
		scene.wantNearest(t, index, windows, &hits)
	}
}

func (s scene) wantNearest(t *testing.T, index *Index, windows scene, hits *Hits) {
	const k = 7
	check(t, index.Nearest(windows.boxes, k, nil, hits))
	for query := range windows.items {
		all := make([]uint32, s.items)
		for i := range all {
			all[i] = uint32(i)
		}
		slices.SortStableFunc(all, func(a, b uint32) int {
			return cmp.Compare(s.gap(int(a), windows.boxes, query), s.gap(int(b), windows.boxes, query))
		})
		if found := hits.Of(query); !slices.Equal(found, all[:k]) {
			t.Errorf("Nearest: %v instead of %v", found, all[:k])
		}
		for row, distance := range hits.DistanceOf(query) {
			wanted := s.gap(int(all[row]), windows.boxes, query)
			if math.Abs(distance-wanted) > tolerance {
				t.Errorf("item %d is %v away, not %v", all[row], distance, wanted)
			}
		}
	}
}

func TestJoinsAgainstLookingAtEveryPair(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	a, b := newScene(random, 300), newScene(random, 200)
	first, second := a.build(t, IndexOptions{}), b.build(t, IndexOptions{Layout: LayoutOrigin})
	pairs := func(hits *Hits) map[[2]uint32]int {
		found := make(map[[2]uint32]int)
		for row, id := range hits.IDs {
			found[[2]uint32{id, hits.Others[row]}]++
		}
		return found
	}
	want := func(found map[[2]uint32]int, wanted int, far func(i, j int) float64, most float64) {
		t.Helper()
		if len(found) != wanted {
			t.Errorf("%d pairs instead of %d", len(found), wanted)
		}
		for pair, times := range found {
			if times != 1 || far(int(pair[0]), int(pair[1])) > most {
				t.Errorf("%v was found %d times", pair, times)
			}
		}
	}
	var hits Hits
	for _, most := range []float64{0, 2.5} {
		joined, inside := 0, 0
		for i := range a.items {
			for j := range b.items {
				if a.gap(i, b.boxes, j) <= most {
					joined++
				}
			}
			for j := i + 1; j < a.items; j++ {
				if a.gap(i, a.boxes, j) <= most {
					inside++
				}
			}
		}
		check(t, first.Join(context.Background(), second, most, &hits))
		want(pairs(&hits), joined, func(i, j int) float64 { return a.gap(i, b.boxes, j) }, most)
		check(t, first.Pairs(context.Background(), most, &hits))
		want(pairs(&hits), inside, func(i, j int) float64 { return a.gap(i, a.boxes, j) }, most)
	}
}

func TestAFileHasWhatWasWritten(t *testing.T) {
	scene := newScene(rand.New(rand.NewPCG(7, 7)), 500)
	crs, nobody := "EPSG:4326", ""
	items := IndexItems{
		Dims: 2, Boxes: scene.boxes,
		Metadata: IndexMetadata{CRS: &crs, Attribution: &nobody},
	}
	for item := range scene.items {
		items.Payloads = append(items.Payloads, []byte(strconv.Itoa(item)))
	}
	path := filepath.Join(t.TempDir(), "boxes.idx")
	length := must[uint64](t)(WriteIndex(path, items, IndexOptions{}))
	index := must[*Index](t)(OpenIndex(path))
	defer index.Close()
	info := must[IndexInfo](t)(index.Info())
	if info.Bytes != length || info.Items != scene.items || !info.HasPayloads || info.HasValues {
		t.Errorf("%+v of %d bytes", info, length)
	}
	said := must[IndexMetadata](t)(index.Metadata())
	if !reflect.DeepEqual(said, items.Metadata) {
		t.Errorf("it says %+v", said)
	}
	var hits Hits
	check(t, index.Search(Boxes{Min: []float64{20, 20}, Max: []float64{40, 40}}, &hits))
	ids := slices.Clone(hits.IDs)
	if len(ids) == 0 {
		t.Fatal("nothing was found")
	}
	// The column may be that of the hits that are filled.
	check(t, index.Payloads(hits.IDs, &hits))
	for row, id := range ids {
		if said := string(hits.Payload(row)); said != strconv.Itoa(int(id)) {
			t.Errorf("item %d says %q", id, said)
		}
		alone := must[[]byte](t)(index.Payload(id, make([]byte, 0, 8)))
		if string(alone) != strconv.Itoa(int(id)) {
			t.Errorf("item %d says %q alone", id, alone)
		}
	}
	var boxes Boxes
	check(t, index.Boxes(ids, &boxes))
	for row, id := range ids {
		if !slices.Equal(boxes.Max[2*row:2*row+2], scene.boxes.Max[2*id:2*id+2]) {
			t.Errorf("the box of %d ends at %v", id, boxes.Max[2*row:2*row+2])
		}
	}
}

func TestColumnsOfAnotherLengthAreRefused(t *testing.T) {
	index := newScene(rand.New(rand.NewPCG(1, 2)), 10).build(t, IndexOptions{})
	one, odd := []float64{1, 2}, []float64{1, 2, 3}
	var hits Hits
	check(t, index.Search(Points(one...), &hits))
	build := func(items IndexItems, options IndexOptions) error {
		items.Dims, items.Boxes = 2, Points(one...)
		_, err := BuildIndex(items, options)
		return err
	}
	for name, err := range map[string]error{
		"Min":          index.Search(Points(odd...), &hits),
		"Max":          index.Search(Boxes{Min: one, Max: odd}, &hits),
		"no distances": index.SearchWithin(Points(one...), nil, &hits),
		"distances":    index.Nearest(Points(one...), 1, odd, &hits),
		"lat":          index.NearestGreatCircle(one, odd, 1, nil, &hits),
		"globe":        index.SearchGreatCircle(one, one, odd, &hits),
		"Direction":    index.Raycast(Rays{Origin: one}, &hits),
		"MaxT":         index.Raycast(Rays{Origin: one, Direction: one, MaxT: odd}, &hits),
		"Payloads":     build(IndexItems{Payloads: [][]byte{}}, IndexOptions{}),
		"Values":       build(IndexItems{Values: odd}, IndexOptions{}),
		"Threads":      build(IndexItems{}, IndexOptions{Threads: -1}),
	} {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if hits.Len() != 0 || hits.Queries() != 0 {
		t.Errorf("a call that failed left %d rows", hits.Len())
	}
}

func TestAnIndexThatIsClosedRefuses(t *testing.T) {
	scene := newScene(rand.New(rand.NewPCG(3, 4)), 10)
	open, index := scene.build(t, IndexOptions{}), scene.build(t, IndexOptions{})
	polygon := must[*Polygon](t)(NewPolygon([]Point{XY(0, 0), XY(1, 0), XY(0, 1)}))
	defer polygon.Close()
	index.Close()
	index.Close()
	ctx, at, one := context.Background(), Points(1, 2), []float64{1}
	rays := Rays{Origin: at.Min, Direction: at.Min}
	hits := Hits{IDs: []uint32{1}}
	failed := map[string]error{
		"Search": index.Search(at, &hits), "SearchWithin": index.SearchWithin(at, one, &hits),
		"Nearest": index.Nearest(at, 1, nil, &hits), "Verify": index.Verify(),
		"NearestGreatCircle": index.NearestGreatCircle(one, one, 1, nil, &hits),
		"SearchGreatCircle":  index.SearchGreatCircle(one, one, one, &hits),
		"SearchPolygon":      index.SearchPolygon(polygon, &hits),
		"Raycast":            index.Raycast(rays, &hits),
		"RaycastClosest":     index.RaycastClosest(rays, &hits),
		"Pairs":              index.Pairs(ctx, 1, &hits), "Join": index.Join(ctx, open, 1, &hits),
		"Join with it": open.Join(ctx, index, 1, &hits),
		"Payloads":     index.Payloads([]uint32{1}, &hits),
		"Boxes":        index.Boxes([]uint32{1}, new(Boxes)),
		"Aggregate":    index.Aggregate(at, new(Aggregates)),
	}
	_, failed["Count"] = index.Count(at, nil)
	_, failed["Any"] = index.Any(at, nil)
	_, failed["RaycastAny"] = index.RaycastAny(rays, nil)
	_, failed["Payload"] = index.Payload(1, nil)
	_, failed["Info"] = index.Info()
	_, failed["Metadata"] = index.Metadata()
	_, failed["Bytes"] = index.Bytes()
	for name, err := range failed {
		wantClosed(t, name, err)
	}
	polygon.Close()
	wantClosed(t, "a closed polygon", open.SearchPolygon(polygon, &hits))
}

func TestAnIndexIsClosedWhileOthersAsk(t *testing.T) {
	scene := newScene(rand.New(rand.NewPCG(5, 6)), 3000)
	window := Boxes{Min: []float64{-1, -1}, Max: []float64{200, 200}}
	before := LiveHandles()
	for range 20 {
		index := must[*Index](t)(BuildIndex(IndexItems{Dims: 2, Boxes: scene.boxes}, IndexOptions{}))
		var group, started sync.WaitGroup
		for range 4 {
			group.Add(1)
			started.Add(1)
			go func() {
				defer group.Done()
				var hits Hits
				for call := 0; ; call++ {
					err := index.Search(window, &hits)
					if call == 0 {
						started.Done()
					}
					if err != nil {
						wantClosed(t, "Search", err)
						return
					}
					if hits.Len() != scene.items {
						t.Errorf("%d items", hits.Len())
						return
					}
				}
			}()
		}
		started.Wait()
		index.Close()
		group.Wait()
	}
	if left := LiveHandles(); left != before {
		t.Errorf("%d handles, before %d", left, before)
	}
}

func TestAnIndexThatIsForgottenIsFreed(t *testing.T) {
	before := settle(0)
	func() {
		scene := newScene(rand.New(rand.NewPCG(8, 9)), 10)
		index := must[*Index](t)(BuildIndex(IndexItems{Dims: 2, Boxes: scene.boxes}, IndexOptions{}))
		check(t, index.Search(scene.boxes, new(Hits)))
		if LiveHandles() <= before {
			t.Error("nothing was counted")
		}
	}()
	if left := settle(before); left != before {
		t.Errorf("%d handles are left, there were %d", left, before)
	}
}

func TestAContextThatIsDoneStopsAJoin(t *testing.T) {
	index := newScene(rand.New(rand.NewPCG(1, 1)), 4000).build(t, IndexOptions{})
	cause := errors.New("no longer needed")
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(time.Millisecond, func() { cancel(cause) })
	var hits Hits
	var err error
	// All pairs are 8 million; it is asked until the context is done in the middle.
	for err == nil {
		err = index.Pairs(ctx, 1000, &hits)
	}
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, cause) || hits.Len() != 0 {
		t.Errorf("%v with %d rows", err, hits.Len())
	}
	// The index, and what it keeps for further calls, is as before.
	check(t, index.Pairs(context.Background(), 0, &hits))
	if err := index.Join(ctx, index, 0, &hits); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
}
