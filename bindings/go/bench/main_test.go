package main

import (
	"testing"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// The benchmark works; how quick anything is, no test says.
func TestEveryPieceIsMeasuredBothWays(t *testing.T) {
	rows, err := run(2)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 6 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, row := range rows {
		if row.Ours <= 0 || row.Theirs <= 0 {
			t.Errorf("%+v", row)
		}
	}
	if left := spatio.LiveHandles(); left != 0 {
		t.Errorf("%d handles of the library were not freed", left)
	}
}
