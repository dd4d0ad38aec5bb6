// Command bench measures what Go adds to the C interface: each piece of work once from C and once
// from Go, in turns, in one run. `cargo xtask bench ffi` runs it beside the other languages.
//
//	cd bindings/go && go run ./bench [--quick]
//
// It prints a line of JSON for each piece of work: what it is, and the nanoseconds of one operation
// in Go and in C. Each number is the best of many rounds.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
)

// row is one line of the answer.
type row struct {
	Work   string  `json:"work"`
	Ours   float64 `json:"ours"`
	Theirs float64 `json:"theirs"`
}

// work is a piece of work, both ways; each does it that many times.
type work struct {
	name string
	// units is what a piece is divided into, 1 or its rows.
	units        float64
	times        int
	ours, theirs func(times int) error
}

func main() {
	rounds := 400
	if slices.Contains(os.Args[1:], "--quick") {
		rounds = 100
	}
	rows, err := run(rounds)
	for _, row := range rows {
		line, failed := json.Marshal(row)
		if failed != nil {
			err = failed
			break
		}
		fmt.Println(string(line))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything.
func run(rounds int) ([]row, error) {
	w, err := newWorld()
	if err != nil {
		return nil, err
	}
	defer w.close()
	// Its processor time is what is measured.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var rows []row
	for _, piece := range w.pieces() {
		row, err := measure(piece, rounds)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", piece.name, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// measure takes the best of rounds in which the two take turns.
func measure(piece work, rounds int) (row, error) {
	ours, theirs := math.Inf(1), math.Inf(1)
	for range rounds {
		for _, way := range []struct {
			best *float64
			do   func(int) error
		}{{&ours, piece.ours}, {&theirs, piece.theirs}} {
			start := cpuNS()
			if err := way.do(piece.times); err != nil {
				return row{}, err
			}
			ns := cpuNS() - start
			*way.best = min(*way.best, ns/float64(piece.times)/piece.units)
		}
	}
	return row{piece.name, rounded(ours), rounded(theirs)}, nil
}

func rounded(number float64) float64 {
	return math.Round(number*1000) / 1000
}
