package spatio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"
)

// freeze freezes a namespace into a file of its own, and opens it.
func freeze(t testing.TB, ns *Namespace) *Pack {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frozen.psindex")
	must[Frozen](t)(ns.Freeze(path, FreezeOptions{}))
	return must[*Pack](t)(OpenPack(path))
}

// square is a square for fences.
func square(t testing.TB, x, y, size float64) *Polygon {
	t.Helper()
	polygon := must[*Polygon](t)(NewPolygon([]Point{
		XY(x, y), XY(x+size, y), XY(x+size, y+size), XY(x, y+size),
	}))
	t.Cleanup(polygon.Close)
	return polygon
}

// gridOfFences are squares of the plane beside each other, ten of them in a row.
func gridOfFences(t testing.TB, rows int) *Fences {
	t.Helper()
	items := FenceItems{Space: Cartesian}
	for row := range rows {
		items.IDs = append(items.IDs, fmt.Sprintf("zone:%03d", row))
		items.Polygons = append(items.Polygons, square(t, float64(row%10), float64(row/10), 1))
		items.Payloads = append(items.Payloads, []byte{byte(row)})
	}
	fences := must[*Fences](t)(BuildFences(items))
	t.Cleanup(fences.Close)
	return fences
}

func TestAPackAgainstLookingAtEveryObject(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	const objects = 500
	ns := must[*Namespace](t)(memory(t).CreateNamespace("crowd", Settings{Space: Cartesian}))
	batch, far := Upserts{}, make([]float64, objects)
	for row := range objects {
		x, y, z := random.NormFloat64(), random.NormFloat64(), random.NormFloat64()
		batch.IDs = append(batch.IDs, fmt.Sprintf("unit:%03d", row))
		batch.X, batch.Y, batch.Z = append(batch.X, x), append(batch.Y, y), append(batch.Z, z)
		far[row] = math.Sqrt(x*x + y*y + z*z)
	}
	must[Applied](t)(ns.UpsertBatch(batch))
	// Handles of a pack are places in the order of ids, which is that of the rows here.
	nearest := make([]Handle, objects)
	for row := range nearest {
		nearest[row] = Handle(row)
	}
	slices.SortFunc(nearest, func(a, b Handle) int { return cmp.Compare(far[a], far[b]) })
	for _, layout := range []Layout{LayoutFast, LayoutOrigin, LayoutBoth} {
		path := filepath.Join(t.TempDir(), "crowd.psindex")
		frozen := must[Frozen](t)(ns.Freeze(path, FreezeOptions{Layout: layout, Threads: 2}))
		file := must[os.FileInfo](t)(os.Stat(path))
		if frozen.Objects != objects || int64(frozen.Bytes) != file.Size() {
			t.Errorf("%+v in a file of %d bytes", frozen, file.Size())
		}
		pack := must[*Pack](t)(OpenPack(path))
		check(t, pack.Verify())
		radius := random.Float64() * 3
		queries := []Query{Nearest(XYZ(0, 0, 0), NoLimit).WithIDs(), Sphere(XYZ(0, 0, 0), radius)}
		found := must[*Columns](t)(pack.Query(context.Background(), queries...))
		all, inside := found.Of(0), found.Of(1)
		if !slices.Equal(all.Handles, nearest) {
			t.Errorf("%v instead of %v", all.Handles, nearest)
		}
		for row, handle := range all.Handles {
			if all.ID(row) != batch.IDs[handle] || math.Abs(all.Distance[row]-far[handle]) > 1e-12 {
				t.Errorf("%s is %v away, not %v", all.ID(row), all.Distance[row], far[handle])
			}
		}
		within := slices.IndexFunc(nearest, func(handle Handle) bool { return far[handle] > radius })
		if within < 0 {
			within = objects
		}
		if !slices.Equal(inside.Handles, nearest[:within]) {
			t.Errorf("%v instead of %v within %v", inside.Handles, nearest[:within], radius)
		}
		pack.Close()
	}
}

func TestAPackKeepsWhatWasFrozen(t *testing.T) {
	clock := NewClock(time.UnixMicro(1_000_000))
	ns := cars(t, WithClock(clock))
	update := Update{Payload: []byte("red"), TTL: time.Hour}
	must[Written](t)(ns.UpsertWith("van", XY(13.4, 52.5), update))
	must[Written](t)(ns.Upsert("bus", XY(13.5, 52.5)))
	path := filepath.Join(t.TempDir(), "fleet.psindex")
	frozen := must[Frozen](t)(ns.Freeze(path, FreezeOptions{}))
	must[bool](t)(ns.Delete("van"))
	ns.Close()
	bytes := must[[]byte](t)(os.ReadFile(path))
	for _, pack := range []*Pack{
		must[*Pack](t)(OpenPack(path)), must[*Pack](t)(OpenPackBytes(bytes)),
	} {
		wanted := PackInfo{
			Space: Geographic, Objects: 2, Bytes: frozen.Bytes, Frozen: clock.Now().UTC(), Dims: 2,
		}
		if info := must[PackInfo](t)(pack.Info()); !reflect.DeepEqual(info, wanted) {
			t.Errorf("%+v instead of %+v", info, wanted)
		}
		van := must[Object](t)(pack.Get("van"))
		if van.Handle != 1 || van.Position != XY(13.4, 52.5) || string(van.Payload) != "red" ||
			!van.Expires.Equal(clock.Now().Add(time.Hour)) {
			t.Errorf("%+v", van)
		}
		near := Nearest(van.Handle, 5).ExcludeOrigin().WithIDs().WithPayloads()
		found := must[*Columns](t)(pack.Query(context.Background(), near))
		if found.Len() != 1 || found.ID(0) != "bus" || found.Payload(0) != nil {
			t.Errorf("%+v", found)
		}
		buffer := make([]byte, 0, 8)
		payload := must[[]byte](t)(pack.Payload(van.Handle, buffer))
		if string(payload) != "red" || &payload[0] != &buffer[:1][0] {
			t.Errorf("payload %q, or in memory of its own", payload)
		}
		if none := must[[]byte](t)(pack.Payload(0, buffer)); none != nil {
			t.Errorf("the bus has %q", none)
		}
		pack.Close()
	}
}

func TestFencesAgainstEachPolygon(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	items := FenceItems{Space: Cartesian}
	for row := range 40 {
		x, y := float64(random.IntN(20)), float64(random.IntN(20))
		items.IDs = append(items.IDs, fmt.Sprintf("zone:%02d", row))
		items.Polygons = append(items.Polygons, square(t, x, y, float64(1+random.IntN(9))))
		items.Payloads = append(items.Payloads, make([]byte, row%3))
	}
	x, y := make([]float64, 60), make([]float64, 60)
	for point := range x {
		// Halves lie on borders too.
		x[point], y[point] = float64(random.IntN(60))/2, float64(random.IntN(60))/2
	}
	path := filepath.Join(t.TempDir(), "zones.psindex")
	options := FreezeOptions{Layout: LayoutBoth}
	length := must[uint64](t)(WriteFences(path, items, options))
	written := must[*Fences](t)(OpenFences(path))
	defer written.Close()
	if info := must[FencesInfo](t)(written.Info()); info.Bytes != length || info.Fences != 40 {
		t.Errorf("%+v of %d bytes", info, length)
	}
	built := must[*Fences](t)(BuildFences(items))
	defer built.Close()
	for _, fences := range []*Fences{built, written} {
		check(t, fences.Verify())
		found := must[*Columns](t)(fences.Containing(x, y, FenceIDs|FencePayloads))
		met := must[*Columns](t)(fences.Intersecting(x, y, x, y, FenceHandles))
		if met.HasIDs() || !slices.Equal(met.Handles, found.Handles) {
			t.Errorf("%v met, %v contain", met.Handles, found.Handles)
		}
		for point := range x {
			var wanted []Handle
			for row, polygon := range items.Polygons {
				if must[[]bool](t)(polygon.Contains(XY(x[point], y[point])))[0] {
					wanted = append(wanted, Handle(row))
				}
			}
			here := found.Of(point)
			if !slices.Equal(here.Handles, wanted) {
				t.Errorf("(%v, %v): %v instead of %v", x[point], y[point], here.Handles, wanted)
			}
			for row, handle := range here.Handles {
				if here.ID(row) != items.IDs[handle] || len(here.Payload(row)) != int(handle)%3 {
					t.Errorf("fence %d is %s with %v", handle, here.ID(row), here.Payload(row))
				}
			}
		}
	}
}

func TestFencesOfColumnsThatDoNotFitAreRefused(t *testing.T) {
	park := square(t, 0, 0, 1)
	closed := must[*Polygon](t)(NewPolygon([]Point{XY(0, 0), XY(1, 0), XY(0, 1)}))
	closed.Close()
	build := func(items FenceItems) error {
		_, err := BuildFences(items)
		_, written := WriteFences(filepath.Join(t.TempDir(), "a"), items, FreezeOptions{})
		var first, second *Error
		if !errors.As(err, &first) || !errors.As(written, &second) || first.Code != second.Code {
			t.Errorf("built: %v; written: %v", err, written)
		}
		return err
	}
	two, one := []string{"a", "b"}, []*Polygon{park}
	wantClosed(t, "BuildFences", build(FenceItems{IDs: two, Polygons: []*Polygon{park, closed}}))
	fences := gridOfFences(t, 3)
	_, short := fences.Containing([]float64{1, 2}, []float64{1}, FenceHandles)
	_, missing := fences.Intersecting([]float64{1}, []float64{1}, nil, []float64{1}, FenceHandles)
	_, threads := WriteFences("a", FenceItems{}, FreezeOptions{Threads: -1})
	for name, err := range map[string]error{
		"Polygons are missing": build(FenceItems{IDs: two}),
		"Polygons are short":   build(FenceItems{IDs: two, Polygons: one}),
		"Payloads are short":   build(FenceItems{IDs: two[:1], Polygons: one, Payloads: [][]byte{}}),
		"y is short":           short, "maxX is missing": missing, "Threads": threads,
	} {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := fences.Containing([]float64{1, math.NaN()}, []float64{1, 1}, FenceHandles)
	var told *Error
	if !errors.As(err, &told) || told.Code != ErrOutOfRange || told.Row != 1 {
		t.Errorf("NaN: %v", err)
	}
}

// everyFrozenCall makes each call once, and gives what came of it.
func everyFrozenCall(pack *Pack, fences *Fences) map[string]error {
	ctx, point := context.Background(), []float64{0.5}
	failed := make(map[string]error)
	note := func(name string) func(any, error) {
		return func(_ any, err error) { failed[name] = err }
	}
	look := func(*Columns) error { return errors.New("it was shown an answer") }
	failed["Verify"], failed["Verify of fences"] = pack.Verify(), fences.Verify()
	note("Info")(pack.Info())
	note("Get")(pack.Get("a"))
	note("ID")(pack.ID(0))
	note("Payload")(pack.Payload(0, nil))
	note("Query")(pack.Query(ctx, Everywhere()))
	failed["View"] = pack.View(ctx, look, Everywhere())
	for _, err := range pack.Rows(ctx, Everywhere()) {
		failed["Rows"] = err
	}
	note("QueryInto")(pack.QueryInto(Everywhere(), NewBuffer(1)))
	note("QueryArrow")(pack.QueryArrow(ctx, Everywhere()))
	note("Info of fences")(fences.Info())
	note("Get of fences")(fences.Get("a"))
	note("GetByHandle")(fences.GetByHandle(0))
	note("Containing")(fences.Containing(point, point, FenceIDs))
	failed["ViewContaining"] = fences.ViewContaining(look, point, point, FenceIDs)
	note("Intersecting")(fences.Intersecting(point, point, point, point, FenceIDs))
	failed["ViewIntersecting"] = fences.ViewIntersecting(look, point, point, point, point, 0)
	return failed
}

func TestPacksAndFencesThatAreClosedRefuse(t *testing.T) {
	pack, fences := freeze(t, cars(t)), gridOfFences(t, 1)
	for range 2 {
		pack.Close()
		fences.Close()
	}
	failed := everyFrozenCall(pack, fences)
	if len(failed) != 18 {
		t.Errorf("%d calls", len(failed))
	}
	for name, err := range failed {
		wantClosed(t, name, err)
	}
}

func TestPacksAndFencesAreClosedWhileTheyAreAsked(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 300)
	before := LiveHandles()
	for range 50 {
		pack, fences := freeze(t, ns), gridOfFences(t, 20)
		var group sync.WaitGroup
		started := make(chan struct{}, 4)
		for range 4 {
			group.Add(1)
			go func() {
				defer group.Done()
				for call := 0; ; call++ {
					err := askFrozen(pack, fences)
					if call == 0 {
						started <- struct{}{}
					}
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			}()
		}
		for range 4 {
			<-started
		}
		pack.Close()
		fences.Close()
		group.Wait()
	}
	// The polygons of the fences are closed at the end of the test.
	if left := LiveHandles(); left != before+50*20 {
		t.Errorf("%d handles, before %d", left, before)
	}
}

// askFrozen asks a pack of 300 objects and 20 fences of a grid.
func askFrozen(pack *Pack, fences *Fences) error {
	found, err := pack.Query(context.Background(), Everywhere())
	if err != nil {
		return err
	}
	id, err := pack.ID(5)
	if err != nil {
		return err
	}
	zones, err := fences.Containing([]float64{3.5}, []float64{1.5}, FenceIDs)
	if err != nil {
		return err
	}
	if found.Len() != 300 || id[:4] != "car:" || zones.Len() != 1 || zones.ID(0) != "zone:013" {
		return fmt.Errorf("%d rows, %s, %d zones", found.Len(), id, zones.Len())
	}
	return nil
}

func TestAContextStopsAQueryOfAPack(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 20000)
	pack := freeze(t, ns)
	defer pack.Close()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	_, err := pack.Query(ctx, longQuestions()...)
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a query that took too long: %v", err)
	}
}
