package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

const (
	objects = 10_000
	batch   = 1_000
)

// world is one database for Go and one for C, with the same in both.
type world struct {
	db      *spatio.DB
	ns      *spatio.Namespace
	c       *cWorld
	handles []spatio.Handle
	x, y, z []float64
}

func newWorld() (*world, error) {
	db, err := spatio.Memory()
	if err != nil {
		return nil, err
	}
	w := &world{db: db, handles: make([]spatio.Handle, objects), z: make([]float64, objects)}
	settings := spatio.Settings{Space: spatio.Cartesian, History: spatio.HistoryOff}
	if w.ns, err = db.CreateNamespace("world", settings); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	random := rand.New(rand.NewPCG(3, 0))
	var ids []string
	for i := range objects {
		ids = append(ids, "unit:"+strconv.Itoa(i))
		w.x = append(w.x, random.Float64()*1000)
		w.y = append(w.y, random.Float64()*1000)
	}
	_, err = w.ns.UpsertBatch(spatio.Upserts{IDs: ids, X: w.x, Y: w.y, Handles: w.handles})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w.c = newCWorld(ids, w.x, w.y)
	if w.c == nil {
		return nil, errors.Join(errors.New("the world of C could not be made"), db.Close())
	}
	return w, nil
}

func (w *world) close() {
	w.c.close()
	// What was measured is in memory: there is nothing to lose.
	_ = w.db.Close()
}

// sum keeps the compiler from seeing through what is measured.
var sum float64

func (w *world) pieces() []work {
	moves := spatio.Moves{Handles: w.handles[:batch], X: w.x[:batch], Y: w.y[:batch],
		Z: w.z[:batch]}
	query := spatio.Circle(spatio.XY(500, 500), 5000).Limit(batch)
	ctx := context.Background()
	add := func(found *spatio.Columns) error {
		if found.Len() != batch {
			return errors.New("not a thousand rows")
		}
		for row, x := range found.X {
			sum += x + found.Distance[row]
		}
		return nil
	}
	buffer := spatio.NewBuffer(batch)
	repeat := func(call func(i int) error) func(int) error {
		return func(times int) error {
			for i := range times {
				if err := call(i); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return []work{
		{"find_handle", "one call", "+80 ns", 1, 200_000, repeat(func(int) error {
			_, err := w.ns.FindHandle("unit:77")
			return err
		}), w.c.findHandle},
		{"move", "one call", "+80 ns", 1, 200_000, func(times int) error {
			for i := range times {
				at := spatio.XY(w.x[i%objects], w.y[i%objects])
				when := time.UnixMicro(int64(i) + 1)
				if _, err := w.ns.Move(w.handles[i%objects], at, when); err != nil {
					return err
				}
			}
			return nil
		}, w.c.move},
		{"move_batch of 1,000", "per row", "1.3x", batch, 500, repeat(func(int) error {
			_, err := w.ns.MoveBatch(moves)
			return err
		}), w.c.moveBatch},
		{"query of 1,000 rows into columns", "one answer", "2x", 1, 300, repeat(func(int) error {
			found, err := w.ns.Query(ctx, query)
			if err != nil {
				return err
			}
			return add(found)
		}), w.c.query},
		{"query of 1,000 rows, viewed", "one answer", "2x", 1, 300, repeat(func(int) error {
			return w.ns.View(ctx, add, query)
		}), w.c.query},
		{"query of 1,000 rows, row by row", "one answer", "2x", 1, 300, repeat(func(int) error {
			for row, err := range w.ns.Rows(ctx, query) {
				if err != nil {
					return err
				}
				sum += row.Position.X + row.Distance
			}
			return nil
		}), w.c.query},
		{"query of 1,000 rows, into a buffer", "one answer", "2x", 1, 300, repeat(func(int) error {
			rows, err := w.ns.QueryInto(query, buffer)
			for row := range rows {
				sum += buffer.X[row] + buffer.Distance[row]
			}
			return err
		}), w.c.query},
	}
}
