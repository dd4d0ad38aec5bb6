package spatio

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestMain fails the suite if anything that the library gave out was not freed at its end.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := settle(0); left != 0 {
		fmt.Printf("--- FAIL: %d handles of the library were not freed\n", left)
		code = 1
	}
	os.Exit(code)
}

// settle collects garbage until no more than so many handles are left; how many are.
func settle(atMost uint64) uint64 {
	for range 200 {
		if LiveHandles() <= atMost {
			break
		}
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	return LiveHandles()
}

// memory opens a database in memory for one test.
func memory(t testing.TB, given ...Option) *DB {
	t.Helper()
	db, err := Memory(given...)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	return db
}

// cars is a geographic namespace with history in a database of its own.
func cars(t testing.TB, given ...Option) *Namespace {
	t.Helper()
	ns, err := memory(t, given...).CreateNamespace("cars", Settings{History: HistoryOn})
	check(t, err)
	return ns
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must gives the value of a call that may not fail.
func must[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		check(t, err)
		return value
	}
}
