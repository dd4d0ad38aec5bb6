package spatio

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"
)

// What every object looked through one by one says, against what the library says.

// meanRadiusM is the radius of the mean sphere.
const meanRadiusM = 6371008.8

func haversineM(a, b Point) float64 {
	const degree = math.Pi / 180
	dx, dy := (b.X-a.X)*degree, (b.Y-a.Y)*degree
	h := math.Pow(math.Sin(dy/2), 2) +
		math.Cos(a.Y*degree)*math.Cos(b.Y*degree)*math.Pow(math.Sin(dx/2), 2)
	return 2 * meanRadiusM * math.Asin(math.Min(1, math.Sqrt(h)))
}

// crowd is a namespace of objects, and the same in a map.
func crowd(t *testing.T, random *rand.Rand, rows int) (*Namespace, map[Handle]Point) {
	ns := cars(t)
	batch := Upserts{Handles: make([]Handle, rows)}
	for row := range rows {
		batch.IDs = append(batch.IDs, strconv.Itoa(row))
		batch.X = append(batch.X, random.Float64()*10-5)
		batch.Y = append(batch.Y, random.Float64()*10+45)
	}
	applied := must[Applied](t)(ns.UpsertBatch(batch))
	if applied.Applied != rows {
		t.Fatalf("%+v of %d rows", applied, rows)
	}
	where := make(map[Handle]Point)
	for row, handle := range batch.Handles {
		where[handle] = XY(batch.X[row], batch.Y[row])
	}
	// Half of them move, by handle.
	var moves Moves
	for handle := range where {
		if random.IntN(2) == 0 {
			continue
		}
		to := XY(random.Float64()*10-5, random.Float64()*10+45)
		where[handle] = to
		moves.Handles = append(moves.Handles, handle)
		moves.X, moves.Y = append(moves.X, to.X), append(moves.Y, to.Y)
	}
	must[Applied](t)(ns.MoveBatch(moves))
	return ns, where
}

func TestQueriesAgainstLookingAtEveryObject(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	ns, where := crowd(t, random, 3000)
	var queries []Query
	var wanted [][]Handle
	for range 40 {
		at := XY(random.Float64()*10-5, random.Float64()*10+45)
		radius, k := random.Float64()*100e3, random.IntN(30)
		queries = append(queries, Circle(at, radius), Nearest(at, k))
		near := nearest(where, at)
		beyond, _ := slices.BinarySearchFunc(near, radius, func(h Handle, radius float64) int {
			return cmp.Compare(haversineM(where[h], at), radius)
		})
		wanted = append(wanted, near[:beyond], near[:k])
	}
	found := must[*Columns](t)(ns.Query(context.Background(), queries...))
	if found.Queries() != len(queries) {
		t.Fatalf("%d answers to %d questions", found.Queries(), len(queries))
	}
	rows := 0
	for q, handles := range wanted {
		part := found.Of(q)
		if !slices.Equal(part.Handles, handles) {
			t.Errorf("question %d: %v instead of %v", q, part.Handles, handles)
		}
		for row, handle := range part.Handles {
			if part.Position(row) != where[handle] {
				t.Errorf("object %d is at %v, not %v", handle, part.Position(row), where[handle])
			}
		}
		rows += part.Len()
	}
	for index, row := range found.All() {
		if row.Handle != found.Handles[index] || row.Position != where[row.Handle] {
			t.Fatalf("row %d: %v", index, row)
		}
		if !slices.Contains(wanted[row.Query], row.Handle) {
			t.Fatalf("row %d is said to be of question %d", index, row.Query)
		}
	}
	if rows != found.Len() {
		t.Errorf("%d rows in parts, %d in all", rows, found.Len())
	}
}

// nearest are all objects, nearest first.
func nearest(where map[Handle]Point, at Point) []Handle {
	handles := make([]Handle, 0, len(where))
	for handle := range where {
		handles = append(handles, handle)
	}
	slices.SortFunc(handles, func(a, b Handle) int {
		return cmp.Compare(haversineM(where[a], at), haversineM(where[b], at))
	})
	return handles
}

func TestColumnsHaveTheRowsOfTheirQueries(t *testing.T) {
	ns := cars(t)
	for id, at := range map[string]Point{"a": XY(1, 1), "b": XYZ(2, 2, 30), "c": XY(3, 3)} {
		update := Update{Time: time.Unix(100, 0)}
		if id == "b" {
			update.Payload = []byte("two")
		}
		must[Written](t)(ns.UpsertWith(id, at, update))
	}
	ctx := context.Background()
	found := must[*Columns](t)(ns.Query(ctx, Box(5, 5, 6, 6),
		Nearest(XY(0, 0), 2).WithIDs(), Box(1.5, 1.5, 9, 9).WithPayloads(), Box(7, 7, 8, 8)))
	var told []string
	for _, row := range found.All() {
		told = append(told, strconv.Itoa(row.Query)+row.ID+string(row.Payload))
		if hasDistance := !math.IsNaN(row.Distance); hasDistance != (row.Query == 1) {
			t.Errorf("a row of query %d has the distance %v", row.Query, row.Distance)
		}
		if !row.Time.Equal(time.Unix(100, 0)) {
			t.Errorf("%s is of %v", row.ID, row.Time)
		}
	}
	slices.Sort(told[2:])
	if !slices.Equal(told, []string{"1a", "1btwo", "2btwo", "2c"}) {
		t.Errorf("rows %q", told)
	}
	second := found.Of(2)
	for row := range second.Len() {
		if id := second.ID(row); (second.Payload(row) != nil) != (id == "b") {
			t.Errorf("payload of %s: %q", id, second.Payload(row))
		}
	}
	first, last := found.Of(0), found.Of(3)
	if first.Len() != 0 || last.Len() != 0 {
		t.Errorf("boxes without objects have %d and %d", first.Len(), last.Len())
	}
}
