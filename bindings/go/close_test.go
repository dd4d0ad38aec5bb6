package spatio

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// wantClosed checks that a call was refused because something was closed.
func wantClosed(t *testing.T, name string, err error) {
	t.Helper()
	if !errors.Is(err, ErrClosed) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("%s: %v", name, err)
	}
}

func TestWhateverIsClosedRefuses(t *testing.T) {
	db := must[*DB](t)(Memory())
	ns := must[*Namespace](t)(db.CreateNamespace("cars", Settings{History: HistoryOn}))
	other := must[*Namespace](t)(db.OpenNamespace("cars"))
	polygon := must[*Polygon](t)(NewPolygon([]Point{XY(0, 0), XY(1, 0), XY(0, 1)}))
	polygon.Close()
	polygon.Close()
	_, err := polygon.Contains(XY(0, 0))
	wantClosed(t, "Contains", err)
	_, err = ns.QueryPolygon(polygon, NoLimit)
	wantClosed(t, "QueryPolygon", err)
	_, err = ns.Query(context.Background(), Everywhere(), Inside(polygon))
	wantClosed(t, "Query", err)
	_, err = ns.QueryInto(Inside(polygon), NewBuffer(1))
	wantClosed(t, "QueryInto", err)

	other.Close()
	other.Close()
	_, err = other.Count()
	wantClosed(t, "Count of a closed namespace", err)
	if _, err := ns.Count(); err != nil {
		t.Errorf("another handle of the same namespace: %v", err)
	}

	check(t, db.Close())
	check(t, db.Close())
	for name, err := range everyCall(db, ns) {
		wantClosed(t, name, err)
	}
	ns.Close()
	for name, err := range everyCall(db, ns) {
		wantClosed(t, name+" after Close", err)
	}
}

// everyCall makes each call once, and gives what came of it.
func everyCall(db *DB, ns *Namespace) map[string]error {
	ctx := context.Background()
	failed := make(map[string]error)
	note := func(name string) func(any, error) {
		return func(_ any, err error) { failed[name] = err }
	}
	look := func(*Columns) error { return errors.New("it was shown an answer") }
	failed["Flush"], failed["Sync"], failed["Checkpoint"] = db.Flush(), db.Sync(), db.Checkpoint()
	note("Sweep")(db.Sweep())
	note("Stats")(db.Stats())
	note("Recovery")(db.Recovery())
	note("Namespaces")(db.Namespaces())
	note("OpenNamespace")(db.OpenNamespace("cars"))
	note("CreateNamespace")(db.CreateNamespace("cars", Settings{}))
	note("Settings")(ns.Settings())
	note("Freeze")(ns.Freeze("refused.psindex", FreezeOptions{}))
	note("Count")(ns.Count())
	note("Intern")(ns.Intern("a"))
	note("InternBatch")(ns.InternBatch("a"))
	note("FindHandle")(ns.FindHandle("a"))
	note("ID")(ns.ID(0))
	note("IDs")(ns.IDs(0))
	note("Upsert")(ns.Upsert("a", XY(0, 0)))
	note("Move")(ns.Move(0, XY(0, 0), time.Time{}))
	note("MoveBatch")(ns.MoveBatch(Moves{}))
	note("UpsertBatch")(ns.UpsertBatch(Upserts{}))
	note("UpsertArrow")(ns.UpsertArrow(nil, nil))
	note("InsertTrajectory")(ns.InsertTrajectory("a", Track{}))
	note("Delete")(ns.Delete("a"))
	note("DeleteBatch")(ns.DeleteBatch(0))
	note("Get")(ns.Get("a"))
	note("GetByHandle")(ns.GetByHandle(0))
	note("Payload")(ns.Payload(0, nil))
	failed["GetBatch"] = ns.GetBatch(nil, new(Positions))
	note("Query")(ns.Query(ctx, Everywhere()))
	failed["View"] = ns.View(ctx, look, Everywhere())
	for _, err := range ns.Rows(ctx, Everywhere()) {
		failed["Rows"] = err
	}
	note("QueryInto")(ns.QueryInto(Everywhere(), NewBuffer(1)))
	note("QueryArrow")(ns.QueryArrow(ctx, Everywhere()))
	note("QueryRadius")(ns.QueryRadius(XY(0, 0), 1, 1))
	note("QueryBox")(ns.QueryBox(0, 0, 1, 1, 1))
	note("QueryNear")(ns.QueryNear(0, 1, 1))
	note("KNN")(ns.KNN(XY(0, 0), 1))
	note("ConvexHull")(ns.ConvexHull())
	note("Bounds")(ns.Bounds())
	note("Trajectory")(ns.Trajectory(ctx, Span{}, 0))
	failed["ViewTrajectory"] = ns.ViewTrajectory(ctx, look, Span{}, 0)
	failed["PositionsAt"] = ns.PositionsAt(nil, time.Now(), Last, new(Positions))
	note("DistanceBetween")(ns.DistanceBetween(nil, nil, Haversine))
	note("DistanceTo")(ns.DistanceTo(XY(0, 0), Haversine))
	return failed
}

// fill puts that many objects on a grid.
func fill(t testing.TB, ns *Namespace, rows int) []Handle {
	t.Helper()
	batch := Upserts{Handles: make([]Handle, rows)}
	for row := range rows {
		batch.IDs = append(batch.IDs, "car:"+string(rune('a'+row%26))+time.Duration(row).String())
		batch.X = append(batch.X, float64(row%300)/10)
		batch.Y = append(batch.Y, float64(row/300%300)/10)
	}
	must[Applied](t)(ns.UpsertBatch(batch))
	return batch.Handles
}

func TestClosingWhileOthersCall(t *testing.T) {
	for range 20 {
		db := must[*DB](t)(Open(filepath.Join(t.TempDir(), "db")))
		ns := must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
		fill(t, ns, 2000)
		var group sync.WaitGroup
		started := make(chan struct{}, 8)
		for worker := range 4 {
			group.Add(1)
			go func() {
				defer group.Done()
				for call := 0; ; call++ {
					err := oneOf(db, ns, worker, call)
					if call == 0 {
						started <- struct{}{}
					}
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("worker %d: %v", worker, err)
						return
					}
				}
			}()
		}
		for range 4 {
			<-started
		}
		group.Add(2)
		for range 2 {
			go func() {
				defer group.Done()
				if err := db.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
		}
		group.Wait()
	}
}

func oneOf(db *DB, ns *Namespace, worker, call int) error {
	switch worker {
	case 0:
		_, err := ns.Query(context.Background(), Circle(XY(15, 1), 1e6), Nearest(XY(1, 1), 9))
		return err
	case 1:
		_, err := ns.Upsert("car", XY(float64(call%300)/10, 1))
		return err
	case 2:
		_, err := db.Stats()
		return err
	}
	return ns.View(context.Background(), func(found *Columns) error {
		for range found.All() {
		}
		return nil
	}, Everywhere())
}

func TestAViewMayCloseWhatItLooksAt(t *testing.T) {
	db := must[*DB](t)(Memory())
	ns := must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
	fill(t, ns, 100)
	var kept *Columns
	err := ns.View(context.Background(), func(found *Columns) error {
		ns.Close()
		check(t, db.Close())
		kept = found
		count := 0
		for _, row := range found.All() {
			if !strings.HasPrefix(row.ID, "car:") {
				t.Errorf("row %v", row)
			}
			count++
		}
		if count != 100 {
			t.Errorf("%d rows", count)
		}
		return nil
	}, Everywhere().WithIDs())
	check(t, err)
	if kept.Len() != 0 || kept.X != nil || kept.HasIDs() {
		t.Errorf("columns that were kept still show %d rows", kept.Len())
	}
}

func TestAPanicInAViewLeavesEverythingInOrder(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 10)
	thrown := errors.New("thrown")
	func() {
		defer func() {
			if what := recover(); what != thrown {
				t.Errorf("recovered %v", what)
			}
		}()
		for range ns.Rows(context.Background(), Everywhere()) {
			panic(thrown)
		}
	}()
	if found := must[*Columns](t)(ns.Query(context.Background(), Everywhere())); found.Len() != 10 {
		t.Errorf("%d rows", found.Len())
	}
	err := ns.View(context.Background(), func(*Columns) error { return thrown }, Everywhere())
	if err != thrown {
		t.Errorf("the function's error came back as %v", err)
	}
}

func TestWhatIsForgottenIsFreed(t *testing.T) {
	before := settle(0)
	func() {
		clock, log := WithClock(NewClock(time.Unix(1, 0))), WithLog(func(Level, string) {})
		db := must[*DB](t)(Memory(clock, log))
		ns := must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
		fill(t, ns, 10)
		polygon := must[*Polygon](t)(NewPolygon([]Point{XY(0, 0), XY(1, 0), XY(0, 1)}))
		must[*Columns](t)(ns.QueryPolygon(polygon, NoLimit))
		must[*ArrowBatch](t)(ns.QueryArrow(context.Background(), Everywhere()))
		pack := freeze(t, ns)
		must[*Columns](t)(pack.Query(context.Background(), Everywhere()))
		must[*ArrowBatch](t)(pack.QueryArrow(context.Background(), Everywhere()))
		items := FenceItems{IDs: []string{"a"}, Polygons: []*Polygon{polygon}}
		fences := must[*Fences](t)(BuildFences(items))
		must[*Columns](t)(fences.Containing([]float64{0}, []float64{0}, FenceIDs))
		if LiveHandles() <= before {
			t.Error("nothing was counted")
		}
	}()
	if left := settle(before); left != before {
		t.Errorf("%d handles are left, there were %d", left, before)
	}
}

func TestANamespaceKeepsItsDatabaseOpen(t *testing.T) {
	ns := func() *Namespace {
		db := must[*DB](t)(Memory())
		return must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
	}()
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := ns.Upsert("a", XY(1, 1)); err != nil {
		t.Error(err)
	}
	check(t, ns.db.Close())
}
