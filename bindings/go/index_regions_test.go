package spatio

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// wantInside asks all three questions of a region; wanted are the items that belong to it.
func wantInside(t *testing.T, what string, index *Index, region *Region, wanted []uint32) {
	t.Helper()
	defer region.Close()
	if len(wanted) == 0 {
		t.Fatalf("%s: no item is wanted", what)
	}
	var hits Hits
	check(t, index.SearchRegion(region, &hits))
	wantItems(t, what, hits.Of(0), wanted)
	if count := must[uint64](t)(index.CountRegion(region)); count != uint64(len(wanted)) {
		t.Errorf("%s: %d instead of %d", what, count, len(wanted))
	}
	if !must[bool](t)(index.AnyRegion(region)) {
		t.Errorf("%s: not any", what)
	}
}

// where are the items of which holds is true of the box.
func (s scene) where(holds func(minX, minY, maxX, maxY float64) bool) []uint32 {
	found := []uint32{}
	for i := range s.items {
		low, high := s.boxes.Min[2*i:2*i+2], s.boxes.Max[2*i:2*i+2]
		if holds(low[0], low[1], high[0], high[1]) {
			found = append(found, uint32(i))
		}
	}
	return found
}

func TestRegionsAgainstLookingAtEveryBox(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	scene := newScene(rand.New(rand.NewPCG(seed, 0)), 2000)
	at := Points(50, 50)
	for _, layout := range []Layout{LayoutFast, LayoutOrigin} {
		index := scene.build(t, IndexOptions{Layout: layout})
		near := scene.within(Boxes{Min: at.Min, Max: at.Min}, 0, 20)
		wantInside(t, "ball", index, must[*Region](t)(NewBall(at.Min, 20)), near)
		// Without length a capsule is a ball.
		wantInside(t, "capsule", index, must[*Region](t)(NewCapsule(at.Min, at.Min, 20)), near)
		wantInside(t, "half-space", index, must[*Region](t)(NewHalfSpace([]float64{2, -1}, 60)),
			scene.where(func(_, minY, maxX, _ float64) bool { return 2*maxX-minY >= 60 }))
		inside := scene.where(func(minX, minY, maxX, maxY float64) bool {
			return minX <= 70 && maxX >= 30 && minY <= 60 && maxY >= 20
		})
		ring := []Point{XY(30, 20), XY(70, 20), XY(70, 60), XY(30, 60)}
		wantInside(t, "convex", index, must[*Region](t)(NewConvex(append(ring, XY(50, 50))...)), inside)
		polygon := must[*Polygon](t)(NewPolygon(ring))
		region := must[*Region](t)(NewPolygonRegion(polygon))
		polygon.Close()
		wantInside(t, "polygon", index, region, inside)
	}
}

func TestRegionsInSpace(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	items := IndexItems{Dims: 3}
	for range 900 {
		items.Min = append(items.Min, float64(random.IntN(60)))
	}
	index := must[*Index](t)(BuildIndex(items, IndexOptions{}))
	defer index.Close()
	where := func(holds func(x, y, z float64) bool) []uint32 {
		found := []uint32{}
		for i := range 300 {
			if at := items.Min[3*i:]; holds(at[0], at[1], at[2]) {
				found = append(found, uint32(i))
			}
		}
		return found
	}
	matrix := [4][4]float64{{2, 0, 1, -60}, {0, 2, 1, -60}, {0, 0, 2, -30}, {0, 0, 1, 0}}
	seen := func(least float64) func(x, y, z float64) bool {
		return func(x, y, z float64) bool {
			return math.Abs(2*x+z-60) <= z && math.Abs(2*y+z-60) <= z && z >= least && z <= 30
		}
	}
	wantInside(t, "depth from -w", index, must[*Region](t)(NewViewProjection(matrix, false)),
		where(seen(10)))
	wantInside(t, "depth from 0", index, must[*Region](t)(NewViewProjection(matrix, true)),
		where(seen(15)))
	planes := [6][4]float64{{1, 0, 0, 5}, {-1, 0, 0, -40}, {0, 1, 0, 9}, {0, -1, 0, -50}, {0, 0, 1, 2}, {1, 1, 1, 60}}
	wantInside(t, "frustum", index, must[*Region](t)(NewFrustum(planes)),
		where(func(x, y, z float64) bool {
			return x >= 5 && x <= 40 && y >= 9 && y <= 50 && z >= 2 && x+y+z >= 60
		}))
	// Its side rises by one for each step along the axis, and its end is a ball that touches it at
	// half of its length. No whole number lies on its border.
	apex := []float64{0.1234, 0.4321, -0.777}
	cone := must[*Region](t)(NewCone(apex, []float64{0, 0, 3}, math.Pi/4, 40))
	wantInside(t, "cone", index, cone, where(func(x, y, z float64) bool {
		side, along := math.Hypot(x-apex[0], y-apex[1]), z-apex[2]
		return along <= 20 && side <= along || side*side+(along-40)*(along-40) <= 40*40/2.0
	}))
}

func TestNearnessAgainstLookingAtEveryPair(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	a, b := newScene(random, 300), newScene(random, 100)
	first, second := a.build(t, IndexOptions{}), b.build(t, IndexOptions{Layout: LayoutOrigin})
	var hits Hits
	for _, most := range []float64{0, 4} {
		alone := []uint32{}
		for i := range a.items {
			if len(b.within(a.boxes, i, most)) == 0 {
				alone = append(alone, uint32(i))
			}
		}
		check(t, first.AntiJoin(t.Context(), second, most, &hits))
		wantItems(t, "AntiJoin", hits.Of(0), alone)
		labels := make([]uint32, a.items)
		for i := range labels {
			labels[i] = uint32(i)
		}
		for changed := true; changed; {
			changed = false
			for i := range labels {
				for _, j := range a.within(a.boxes, i, most) {
					if labels[j] < labels[i] {
						labels[i], changed = labels[j], true
					}
				}
			}
		}
		found := must[[]uint32](t)(first.Components(t.Context(), most, make([]uint32, 0, a.items)))
		if !slices.Equal(found, labels) {
			t.Errorf("Components at %v: %v instead of %v", most, found, labels)
		}
	}
	far := newScene(random, 50)
	for i := range far.boxes.Min {
		far.boxes.Min[i] += 500
		far.boxes.Max[i] += 500
	}
	least := math.Inf(1)
	for i := range a.items {
		for j := range far.items {
			least = min(least, a.gap(i, far.boxes, j))
		}
	}
	pair := must[Pair](t)(first.ClosestPair(t.Context(), far.build(t, IndexOptions{})))
	if gap := a.gap(int(pair.ID), far.boxes, int(pair.Other)); math.Abs(gap-least) > 1e-9 ||
		math.Abs(pair.Distance-least) > 1e-9 {
		t.Errorf("%+v with a gap of %v instead of %v", pair, gap, least)
	}
	one := newScene(random, 1).build(t, IndexOptions{})
	pair = must[Pair](t)(one.ClosestPair(t.Context(), nil))
	if pair.ID != NoItem || pair.Other != NoItem || !math.IsNaN(pair.Distance) {
		t.Errorf("one item has the pair %+v", pair)
	}
}

func TestEstimatesHoldTheTrueNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 3))
	scene, windows := newScene(random, 3000), newScene(random, 40)
	for i := range windows.boxes.Max {
		windows.boxes.Max[i] += 30
	}
	index := scene.build(t, IndexOptions{})
	counts := must[[]uint64](t)(index.Count(windows.boxes, nil))
	var found Estimates
	for level := range 4 {
		check(t, index.Estimate(windows.boxes, level, &found))
		for query, count := range counts {
			lower, upper, guess := found.Lower[query], found.Upper[query], found.Guess[query]
			if count < lower || upper < count || guess < float64(lower) || float64(upper) < guess {
				t.Errorf("level %d: %d to %d, about %v, of %d", level, lower, upper, guess, count)
			}
			if level == 0 && lower != upper {
				t.Errorf("at level 0 it is %d or %d", lower, upper)
			}
		}
	}
	if err := index.Estimate(windows.boxes, -1, &found); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("a level of -1: %v", err)
	}
}

func TestMasksAreUnitedAndTrianglesMet(t *testing.T) {
	scene := newScene(rand.New(rand.NewPCG(4, 4)), 400)
	items := IndexItems{Dims: 2, Boxes: scene.boxes, Masks: make([]uint64, scene.items)}
	var all uint64
	for item := range items.Masks {
		items.Masks[item] = 1 << (item % 64)
		items.Payloads = append(items.Payloads, make([]byte, item%3))
	}
	window := Boxes{Min: []float64{20, 20}, Max: []float64{40, 40}}
	for _, item := range scene.within(window, 0, 0) {
		all |= items.Masks[item]
	}
	index := must[*Index](t)(BuildIndex(items, IndexOptions{PrefixBytes: 2}))
	defer index.Close()
	info := must[IndexInfo](t)(index.Info())
	if !info.HasMasks || info.HasValues || info.PrefixBytes != 2 {
		t.Errorf("%+v", info)
	}
	var found Aggregates
	check(t, index.Aggregate(window, &found))
	if found.Masks[0] != all || found.Sums[0] != 0 || !math.IsNaN(found.Least[0]) {
		t.Errorf("%x instead of %x: %+v", found.Masks[0], all, found)
	}
	triangles := Triangles{Dims: 3, Corners: []float64{
		0, 0, 5, 4, 0, 5, 0, 4, 5, 0, 0, 9, 8, 0, 9, 0, 8, 9,
	}}
	solid := must[*Index](t)(BuildTriangles(triangles, IndexOptions{}))
	defer solid.Close()
	rays := Rays{
		Origin:    []float64{1, 1, 0, 3, 3, 0, 7, 7, 0},
		Direction: []float64{0, 0, 1, 0, 0, 1, 0, 0, 1},
	}
	var hits Hits
	check(t, solid.RaycastTriangles(rays, &hits))
	if !slices.Equal(hits.IDs, []uint32{0, 1, NoItem}) || hits.Distance[1] != 9 {
		t.Errorf("%v at %v", hits.IDs, hits.Distance)
	}
	if err := index.RaycastTriangles(Rays{
		Origin: []float64{0, 0}, Direction: []float64{1, 1},
	}, &hits); !errors.Is(err, ErrUnsupported) {
		t.Errorf("boxes are triangles: %v", err)
	}
	triangles.Corners[4] = math.NaN()
	_, err := BuildTriangles(triangles, IndexOptions{})
	wantRefusal(t, err, ErrInvalidArgument)
	triangles.Corners = triangles.Corners[:10]
	_, err = BuildTriangles(triangles, IndexOptions{})
	wantRefusal(t, err, ErrInvalidArgument)
}

func wantRefusal(t *testing.T, err, wanted error) {
	t.Helper()
	if !errors.Is(err, wanted) {
		t.Errorf("%v instead of %v", err, wanted)
	}
}

func TestRegionsThatAreClosedOrOfOtherAxesRefuse(t *testing.T) {
	index := newScene(rand.New(rand.NewPCG(1, 1)), 10).build(t, IndexOptions{})
	solid, closed := must[*Region](t)(NewBall(make([]float64, 3), 1)),
		must[*Region](t)(NewBall(make([]float64, 2), 1))
	defer solid.Close()
	closed.Close()
	closed.Close()
	var hits Hits
	for region, wanted := range map[*Region]error{solid: ErrInvalidArgument, closed: ErrClosed} {
		wantRefusal(t, index.SearchRegion(region, &hits), wanted)
		_, err := index.CountRegion(region)
		wantRefusal(t, err, wanted)
		_, err = index.AnyRegion(region)
		wantRefusal(t, err, wanted)
	}
	_, err := NewCapsule([]float64{0, 0}, []float64{1}, 1)
	wantRefusal(t, err, ErrInvalidArgument)
	_, err = NewCone([]float64{0, 0}, []float64{1, 0}, 2, 1)
	wantRefusal(t, err, ErrOutOfRange)
	_, err = NewBall([]float64{0}, 1)
	wantRefusal(t, err, ErrInvalidArgument)
	other := newScene(rand.New(rand.NewPCG(1, 1)), 10).build(t, IndexOptions{})
	other.Close()
	wantRefusal(t, index.AntiJoin(t.Context(), other, 0, &hits), ErrClosed)
	_, err = index.ClosestPair(t.Context(), other)
	wantRefusal(t, err, ErrClosed)
	_, err = other.Components(t.Context(), 0, nil)
	wantRefusal(t, err, ErrClosed)
}
