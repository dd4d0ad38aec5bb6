// Command bench measures what Go adds to the C interface: each piece of work once from C and once
// from Go, in turns, in one run.
//
//	cd bindings/go && go run ./bench [-quick]
//
// It prints JSON, one row of an array for each piece of work:
//
//	{"workload","metric","unit","ours","peer","theirs","ratio","target"}
//
// where ours is Go, theirs the C interface, and target is what Go may add (of scalar calls, in ns)
// or the greatest ratio (of batches and answers). Each number is the best of many rounds.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"time"
)

// row is one line of the answer.
type row struct {
	Workload string  `json:"workload"`
	Metric   string  `json:"metric"`
	Unit     string  `json:"unit"`
	Ours     float64 `json:"ours"`
	Peer     string  `json:"peer"`
	Theirs   float64 `json:"theirs"`
	Ratio    float64 `json:"ratio"`
	Target   string  `json:"target"`
}

// work is a piece of work, both ways; each does it that many times.
type work struct {
	workload, metric, target string
	// units is what a piece is divided into, 1 or its rows.
	units        float64
	times        int
	ours, theirs func(times int) error
}

func main() {
	isQuick := flag.Bool("quick", false, "only see that it works")
	flag.Parse()
	rows, err := run(*isQuick)
	if err == nil {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(rows)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything.
func run(isQuick bool) ([]row, error) {
	w, err := newWorld()
	if err != nil {
		return nil, err
	}
	defer w.close()
	rounds := 40
	if isQuick {
		rounds = 2
	}
	var rows []row
	for _, piece := range w.pieces() {
		if isQuick {
			piece.times = 3
		}
		row, err := measure(piece, rounds)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", piece.workload, err)
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
			start := time.Now()
			if err := way.do(piece.times); err != nil {
				return row{}, err
			}
			ns := float64(time.Since(start).Nanoseconds())
			*way.best = min(*way.best, ns/float64(piece.times)/piece.units)
		}
	}
	return row{
		Workload: piece.workload, Metric: piece.metric, Unit: "ns", Ours: rounded(ours), Peer: "C",
		Theirs: rounded(theirs), Ratio: rounded(ours / theirs), Target: piece.target,
	}, nil
}

func rounded(number float64) float64 {
	return math.Round(number*1000) / 1000
}
