package spatio

import (
	"context"
	"errors"
	"testing"
	"time"
)

// longQuestions are more than can be answered while anybody waits: each looks at every object and
// finds none.
func longQuestions() []Query {
	questions := make([]Query, 1<<18)
	for i := range questions {
		questions[i] = Everywhere().IDPrefix("nobody")
	}
	return questions
}

func TestAContextStopsAQuery(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 20000)
	questions := longQuestions()
	why := errors.New("the driver went home")
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	_, err := ns.Query(ctx, questions...)
	var told *Error
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, why) || !errors.As(err, &told) {
		t.Fatalf("a query that was cancelled: %v", err)
	}

	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	for _, err := range ns.Rows(ctx, questions...) {
		if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("a query that took too long: %v", err)
		}
	}
	// What was cancelled can be asked again, with the same namespace and another context.
	ctx, stop = context.WithCancel(context.Background())
	defer stop()
	if found := must[*Columns](t)(ns.Query(ctx, Everywhere())); found.Len() != 20000 {
		t.Errorf("%d rows", found.Len())
	}
}

func TestAContextThatIsDoneStopsEveryCallThatTakesOne(t *testing.T) {
	ns := cars(t)
	handle := fill(t, ns, 1)[0]
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	look := func(*Columns) error { return errors.New("it was shown an answer") }
	span := Span{End: time.Now(), Limit: NoLimit}
	_, query := ns.Query(ctx, Everywhere())
	_, arrow := ns.QueryArrow(ctx, Everywhere())
	_, track := ns.Trajectory(ctx, span, handle)
	for name, err := range map[string]error{
		"Query": query, "QueryArrow": arrow, "Trajectory": track,
		"View":           ns.View(ctx, look, Everywhere()),
		"ViewTrajectory": ns.ViewTrajectory(ctx, look, span, handle),
	} {
		if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A context that is done at any moment of the call either stops it or does not; nothing else.
func TestACancelThatComesWhenItLikes(t *testing.T) {
	ns := cars(t)
	fill(t, ns, 500)
	stopped := 0
	for round := range 2000 {
		ctx, cancel := context.WithCancel(context.Background())
		go cancel()
		found, err := ns.Query(ctx, Circle(XY(1, 1), 50000), Nearest(XY(2, 0), 5))
		switch {
		case errors.Is(err, ErrCancelled) && errors.Is(err, context.Canceled):
			stopped++
		case err != nil:
			t.Fatalf("round %d: %v", round, err)
		case found.Queries() != 2 || found.Of(1).X == nil:
			t.Fatalf("round %d: half an answer", round)
		}
	}
	t.Logf("%d of 2000 were stopped", stopped)
}
