package spatio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// fleet is three buses in a database in memory.
func fleet() (*spatio.DB, *spatio.Namespace) {
	db, err := spatio.Memory()
	if err != nil {
		log.Fatal(err)
	}
	buses, err := db.CreateNamespace("buses", spatio.Settings{History: spatio.HistoryOn})
	if err != nil {
		log.Fatal(err)
	}
	_, err = buses.UpsertBatch(spatio.Upserts{
		IDs: []string{"bus:100", "bus:200", "tram:1"},
		X:   []float64{13.3694, 13.4132, 13.3777},
		Y:   []float64{52.5251, 52.5219, 52.5163},
	})
	if err != nil {
		log.Fatal(err)
	}
	return db, buses
}

func Example() {
	db, err := spatio.Memory()
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	buses, err := db.CreateNamespace("buses", spatio.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := buses.Upsert("bus:100", spatio.XY(13.3694, 52.5251)); err != nil {
		log.Fatal(err)
	}
	near := spatio.Nearest(spatio.XY(13.38, 52.52), 10).WithIDs()
	for row, err := range buses.Rows(context.Background(), near) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s, %.0f m\n", row.ID, row.Distance)
	}
	// Output: bus:100, 914 m
}

func ExampleNamespace_Query() {
	db, buses := fleet()
	defer db.Close()
	at := spatio.XY(13.38, 52.52)
	found, err := buses.Query(context.Background(),
		spatio.Nearest(at, 1).WithIDs(),
		spatio.Circle(at, 3000).IDPrefix("bus:"))
	if err != nil {
		log.Fatal(err)
	}
	for query := range found.Queries() {
		rows := found.Of(query)
		for row := range rows.Len() {
			fmt.Printf("%d: %s\n", query, rows.ID(row))
		}
	}
	// Output:
	// 0: tram:1
	// 1: bus:100
	// 1: bus:200
}

func ExampleNamespace_View() {
	db, buses := fleet()
	defer db.Close()
	// The columns are the library's own memory: nothing is copied, and nothing may be kept.
	err := buses.View(context.Background(), func(found *spatio.Columns) error {
		east := found.X[0]
		for _, x := range found.X {
			east = max(east, x)
		}
		fmt.Println(found.Len(), "rows, the easternmost at", east)
		return nil
	}, spatio.Everywhere())
	if err != nil {
		log.Fatal(err)
	}
	// Output: 3 rows, the easternmost at 13.4132
}

func ExampleNamespace_QueryInto() {
	db, buses := fleet()
	defer db.Close()
	buffer := spatio.NewBuffer(16) // once
	origin, err := buses.FindHandle("bus:100")
	if err != nil {
		log.Fatal(err)
	}
	rows, err := buses.QueryInto(spatio.Nearest(origin, 3).ExcludeOrigin(), buffer)
	if err != nil {
		log.Fatal(err)
	}
	for row := range rows {
		id, err := buses.ID(buffer.Handles[row])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s, %.0f m\n", id, buffer.Distance[row])
	}
	// Output:
	// tram:1, 1128 m
	// bus:200, 2985 m
}

func ExampleNamespace_MoveBatch() {
	db, buses := fleet()
	defer db.Close()
	handles, err := buses.InternBatch("bus:100", "bus:200") // once
	if err != nil {
		log.Fatal(err)
	}
	applied, err := buses.MoveBatch(spatio.Moves{
		Handles: handles,
		X:       []float64{13.37, 13.41},
		Y:       []float64{52.525, 52.522},
	})
	fmt.Println(applied.Applied, err)
	// Output: 2 <nil>
}

func ExampleNamespace_Trajectory() {
	db, buses := fleet()
	defer db.Close()
	handle, err := buses.Intern("bus:300")
	if err != nil {
		log.Fatal(err)
	}
	start := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	for minute := range 3 {
		at := spatio.XY(13.40+float64(minute)/100, 52.52)
		when := start.Add(time.Duration(minute) * time.Minute)
		if _, err := buses.Move(handle, at, when); err != nil {
			log.Fatal(err)
		}
	}
	span := spatio.Span{Start: start, End: start.Add(time.Minute), Limit: spatio.NoLimit}
	track, err := buses.Trajectory(context.Background(), span, handle)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range track.All() {
		fmt.Println(row.Time.Format(time.TimeOnly), row.Position.X)
	}
	// Output:
	// 08:00:00 13.4
	// 08:01:00 13.41
}

func ExampleError() {
	db, buses := fleet()
	defer db.Close()
	_, err := buses.Get("bus:404")
	fmt.Println(errors.Is(err, spatio.ErrNotFound))

	_, err = buses.Upsert("bus:100", spatio.XY(13.4, 152.5))
	var refused *spatio.Error
	if errors.As(err, &refused) {
		fmt.Printf("%v, in %s\n", refused.Code, refused.Op)
	}
	// Output:
	// true
	// spatio: OUT_OF_RANGE, in upsert
}

func ExampleNewPolygon() {
	db, buses := fleet()
	defer db.Close()
	district, err := spatio.NewPolygon([]spatio.Point{
		spatio.XY(13.36, 52.51), spatio.XY(13.39, 52.51), spatio.XY(13.39, 52.53),
		spatio.XY(13.36, 52.53),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer district.Close()
	inside := spatio.Inside(district).IDPrefix("bus:").WithIDs()
	found, err := buses.Query(context.Background(), inside)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Len(), found.ID(0))
	// Output: 1 bus:100
}

func ExampleClock() {
	clock := spatio.NewClock(time.Unix(1_700_000_000, 0))
	db, err := spatio.Memory(spatio.WithClock(clock), spatio.NoBackground())
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	sprites, err := db.CreateNamespace("sprites", spatio.Settings{
		Space: spatio.Cartesian, TTL: time.Second,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := sprites.Upsert("spark", spatio.XY(3, 4)); err != nil {
		log.Fatal(err)
	}
	clock.Advance(time.Second)
	_, err = sprites.Get("spark")
	fmt.Println(err != nil)
	// Output: true
}

func ExampleIndex() {
	// Three boxes in the plane, and which of them a window meets.
	index, err := spatio.BuildIndex(spatio.IndexItems{Dims: 2, Boxes: spatio.Boxes{
		Min: []float64{0, 0, 5, 5, 8, 1},
		Max: []float64{2, 2, 6, 9, 9, 2},
	}}, spatio.IndexOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()
	var hits spatio.Hits
	window := spatio.Boxes{Min: []float64{1, 1}, Max: []float64{5, 6}}
	if err := index.Search(window, &hits); err != nil {
		log.Fatal(err)
	}
	for _, id := range hits.IDs {
		fmt.Println(id)
	}
	// Unordered output:
	// 0
	// 1
}
