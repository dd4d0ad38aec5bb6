package spatio

import (
	"context"
	"errors"
	"testing"
)

// What a namespace keeps for further calls is bounded, in number and in size.
func TestWhatIsKeptIsBounded(t *testing.T) {
	ns := cars(t)
	fill(t, ns, keptRows+1)
	before := LiveHandles()
	var nest func(depth int) error
	nest = func(depth int) error {
		if depth == 0 {
			return nil
		}
		return ns.View(context.Background(), func(found *Columns) error {
			if err := nest(depth - 1); err != nil {
				return err
			}
			if found.Len() != depth {
				t.Errorf("an inner view changed an outer one: %d rows, not %d", found.Len(), depth)
			}
			return nil
		}, Everywhere().Limit(depth))
	}
	check(t, nest(3*keptAnswers))
	if kept := LiveHandles() - before; kept != keptAnswers {
		t.Errorf("%d results are kept, %d at most", kept, keptAnswers)
	}
	for range keptAnswers + 1 {
		found := must[*Columns](t)(ns.Query(context.Background(), Everywhere()))
		if found.Len() != keptRows+1 {
			t.Fatalf("%d rows", found.Len())
		}
	}
	if kept := LiveHandles() - before; kept != 0 {
		t.Errorf("%d results are kept that are too large", kept)
	}
}

// A polygon that is closed while queries use it is freed by the last of them.
func TestAPolygonIsClosedWhileItIsUsed(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 2000)
	ring := []Point{XY(-1, -1), XY(31, -1), XY(31, 31), XY(-1, 31)}
	must[*Columns](t)(ns.Query(context.Background(), Everywhere()))
	before := LiveHandles()
	for range 200 {
		polygon := must[*Polygon](t)(NewPolygon(ring))
		started, ended := make(chan struct{}), make(chan error)
		go func() {
			close(started)
			for {
				found, err := ns.QueryPolygon(polygon, NoLimit)
				if err != nil {
					ended <- err
					return
				}
				if found.Len() != 2000 {
					ended <- errors.New("not all were found")
					return
				}
			}
		}()
		<-started
		polygon.Close()
		wantClosed(t, "QueryPolygon", <-ended)
	}
	if left := LiveHandles(); left != before {
		t.Errorf("%d handles, before %d", left, before)
	}
}
