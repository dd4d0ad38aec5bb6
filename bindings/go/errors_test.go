package spatio

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnErrorTellsWhatAndWhere(t *testing.T) {
	ns := cars(t)
	handles := must[[]Handle](t)(ns.InternBatch("a", "b", "c"))
	_, err := ns.MoveBatch(Moves{Handles: handles, X: []float64{1, 2, 3}, Y: []float64{1, 91, 3}})
	var told *Error
	if !errors.As(fmt.Errorf("frame 7: %w", err), &told) {
		t.Fatalf("%T is no *Error", err)
	}
	if told.Code != ErrOutOfRange || told.Op != "move_batch" || told.Row != 1 || told.Offset != -1 {
		t.Errorf("%+v", told)
	}
	if !errors.Is(err, ErrOutOfRange) || errors.Is(err, ErrNotFound) {
		t.Errorf("%v is of the wrong sort", err)
	}
	if !strings.HasPrefix(err.Error(), "spatio: row 1: ") || !strings.Contains(err.Error(), "91") {
		t.Errorf("it says %q", err)
	}
	if count := must[int](t)(ns.Count()); count != 0 {
		t.Errorf("%d objects of a batch that was refused", count)
	}
	if text := ErrNotFound.Error(); text != "spatio: NOT_FOUND" {
		t.Errorf("the code says %q", text)
	}
}

func TestAnErrorOfTheSystemIsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(path, []byte("no directory"), 0o666))
	_, err := Open(filepath.Join(path, "db"))
	var told *Error
	if !errors.As(err, &told) || told.Errno == 0 || !errors.Is(err, told.Errno) {
		t.Fatalf("%#v", err)
	}
	_, err = Open(filepath.Join(t.TempDir(), "missing"), ReadOnly())
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
	if errors.As(err, &told) && told.Errno != 0 && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("errno %d", told.Errno)
	}
}

func TestColumnsOfOtherLengthsAreRefused(t *testing.T) {
	ns := cars(t)
	handles := must[[]Handle](t)(ns.InternBatch("a", "b"))
	two, three, times := make([]float64, 2), make([]float64, 3), make([]int64, 2)
	refused := map[string]func() error{}
	moves := func(moves Moves) func() error {
		return func() error { _, err := ns.MoveBatch(moves); return err }
	}
	upserts := func(rows Upserts) func() error {
		return func() error { _, err := ns.UpsertBatch(rows); return err }
	}
	refused["column X has 3"] = moves(Moves{Handles: handles, X: three, Y: two})
	refused["column Y is missing"] = moves(Moves{Handles: handles, X: two})
	refused["column Z has 3"] = moves(Moves{Handles: handles, X: two, Y: two, Z: three})
	refused["column TimeUS has 2"] = moves(Moves{Handles: handles[:1], X: two[:1], Y: two[:1],
		TimeUS: times})
	ids := []string{"a", "b"}
	refused["column Payloads has 1"] = upserts(Upserts{IDs: ids, X: two, Y: two,
		Payloads: make([][]byte, 1)})
	refused["column TTLUS has 0"] = upserts(Upserts{IDs: ids, X: two, Y: two, TTLUS: []int64{}})
	refused["column Handles has 1"] = upserts(Upserts{IDs: ids, X: two, Y: two,
		Handles: handles[:1]})
	refused["column X is missing"] = func() error {
		_, err := ns.InsertTrajectory("a", Track{TimeUS: times, Y: two})
		return err
	}
	refused["column b has 1"] = func() error {
		_, err := ns.DistanceBetween(handles, handles[:1], Haversine)
		return err
	}
	refused["column Distance has 2"] = func() error {
		_, err := ns.QueryInto(Everywhere(), &Buffer{X: three, Distance: two})
		return err
	}
	for words, call := range refused {
		var told *Error
		err := call()
		if !errors.Is(err, ErrInvalidArgument) || !errors.As(err, &told) ||
			!strings.Contains(err.Error(), told.Op+": "+words) {
			t.Errorf("%s: %v", words, err)
		}
	}
	if count := must[int](t)(ns.Count()); count != 0 {
		t.Errorf("%d objects came of it", count)
	}
}

func TestAPathWithANULIsRefused(t *testing.T) {
	inside := filepath.Join(t.TempDir(), "a\x00b")
	_, open := Open(inside)
	_, looked := Check(inside)
	_, source := Salvage(inside, t.TempDir())
	_, target := Salvage(t.TempDir(), inside)
	for _, err := range []error{open, looked, source, target} {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Error(err)
		}
	}
}

func TestALibraryOfAnotherVersionIsRefused(t *testing.T) {
	if misfit != nil {
		t.Fatal(misfit)
	}
	err := fits(1, 2)
	if !errors.Is(err, ErrUnsupported) {
		t.Fatal(err)
	}
	for _, word := range []string{"ABI version 1", "has version 2", "install"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}
