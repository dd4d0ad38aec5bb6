package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// The world of crossing.h.
const (
	side     = 100
	objects  = 10_000
	followed = 1_000
	stride   = 97
	apart    = 10
	step     = 0.25
)

// world is one database for Go and one for C, with the same in both.
type world struct {
	db      *spatio.DB
	ns      *spatio.Namespace
	c       *cWorld
	turn    int
	handles []spatio.Handle
	// Where the followed are: at home, and a step away.
	x    [2][]float64
	y, z []float64
}

func newWorld() (*world, error) {
	db, err := spatio.Memory()
	if err != nil {
		return nil, err
	}
	w := &world{db: db, z: make([]float64, followed)}
	if err = w.fill(); err == nil {
		w.c, err = newCWorld()
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return w, nil
}

func (w *world) fill() (err error) {
	settings := spatio.Settings{Space: spatio.Cartesian, History: spatio.HistoryOff}
	if w.ns, err = w.db.CreateNamespace("world", settings); err != nil {
		return err
	}
	rows := spatio.Upserts{Handles: make([]spatio.Handle, objects)}
	for i := range objects {
		rows.IDs = append(rows.IDs, "unit:"+strconv.Itoa(i))
		rows.X = append(rows.X, float64(i%side*apart))
		rows.Y = append(rows.Y, float64(i/side*apart))
	}
	if _, err = w.ns.UpsertBatch(rows); err != nil {
		return err
	}
	for i := range followed {
		at := i * stride % objects
		w.handles = append(w.handles, rows.Handles[at])
		w.x[0] = append(w.x[0], rows.X[at])
		w.x[1] = append(w.x[1], rows.X[at]+step)
		w.y = append(w.y, rows.Y[at])
	}
	return nil
}

func (w *world) close() {
	w.c.close()
	// What was measured is in memory: there is nothing to lose.
	_ = w.db.Close()
}

// sum keeps the compiler from seeing through what is measured.
var sum float64

func (w *world) pieces() []work {
	query := spatio.Box(95, 95, 495, 345)
	ctx := context.Background()
	take := func(found *spatio.Columns) error {
		if found.Len() != followed {
			return errors.New("not a thousand rows")
		}
		sum = found.X[followed-1] + float64(found.Handles[0])
		return nil
	}
	buffer := spatio.NewBuffer(followed)
	box := func(ask func() error) func(int) error {
		return func(times int) error {
			for range times {
				if err := ask(); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return []work{
		{"get by handle", 1, 10_000, w.get, w.c.get},
		{"move by handle", 1, 10_000, w.move, w.c.move},
		{"batch of 1,000 moves", followed, 20, w.moveBatch, w.c.moveBatch},
		{"box of 1,000 rows", followed, 100, box(func() error {
			found, err := w.ns.Query(ctx, query)
			if err != nil {
				return err
			}
			return take(found)
		}), w.c.box},
		{"box of 1,000 rows, viewed", followed, 100, box(func() error {
			return w.ns.View(ctx, take, query)
		}), w.c.box},
		{"box of 1,000 rows, into a buffer", followed, 100, box(func() error {
			rows, err := w.ns.QueryInto(query, buffer)
			if err == nil && rows != followed {
				err = errors.New("not a thousand rows")
			}
			return err
		}), w.c.box},
	}
}

func (w *world) get(times int) error {
	for i, at := 0, 0; i < times; i++ {
		object, err := w.ns.GetByHandle(w.handles[at])
		if err != nil {
			return err
		}
		sum = object.Position.X
		if at++; at == followed {
			at = 0
		}
	}
	return nil
}

func (w *world) move(times int) error {
	for i, at := 0, 0; i < times; i++ {
		to := spatio.XY(w.x[w.turn][at], w.y[at])
		if _, err := w.ns.Move(w.handles[at], to, time.Time{}); err != nil {
			return err
		}
		if at++; at == followed {
			at, w.turn = 0, w.turn^1
		}
	}
	return nil
}

func (w *world) moveBatch(times int) error {
	for range times {
		moves := spatio.Moves{Handles: w.handles, X: w.x[w.turn], Y: w.y, Z: w.z}
		if _, err := w.ns.MoveBatch(moves); err != nil {
			return err
		}
		w.turn ^= 1
	}
	return nil
}
