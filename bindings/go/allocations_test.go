//go:build !race

package spatio

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// The race detector allocates, so that it is not asked.

// What a frame or a packet calls again and again must leave no garbage.
func TestTheFastCallsDoNotAllocate(t *testing.T) {
	ns := cars(t)
	handles := fill(t, ns, 1000)
	x, y := make([]float64, 1000), make([]float64, 1000)
	buffer, positions := NewBuffer(100), new(Positions)
	ctx, when := context.Background(), time.Time{}
	query := Nearest(handles[0], 16)
	queries := []Query{query, Circle(XY(1, 1), 1000), Everywhere()}
	look := func(found *Columns) error { return nil }
	prefixed := query.IDPrefix("car:")
	scene := newScene(rand.New(rand.NewPCG(1, 1)), 1000)
	index, hits := scene.build(t, IndexOptions{}), new(Hits)
	counts := make([]uint64, scene.items)
	pack, fences := freeze(t, ns), gridOfFences(t, 100)
	defer pack.Close()
	ofPack := []Query{Nearest(Handle(0), 16), Circle(XY(1, 1), 1000), Everywhere()}
	ok := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		most float64
		call func()
	}{
		{"Move", 0, func() { _, err := ns.Move(handles[3], XY(1, 2), when); ok(err) }},
		{"Upsert", 0, func() { _, err := ns.Upsert("car:x", XY(1, 2)); ok(err) }},
		{"MoveBatch", 0, func() {
			_, err := ns.MoveBatch(Moves{Handles: handles, X: x, Y: y})
			ok(err)
		}},
		{"Get", 0, func() { _, err := ns.GetByHandle(handles[1]); ok(err) }},
		{"GetBatch", 0, func() { ok(ns.GetBatch(handles, positions)) }},
		{"QueryInto", 0, func() { _, err := ns.QueryInto(query, buffer); ok(err) }},
		{"QueryInto with a prefix", 0, func() { _, err := ns.QueryInto(prefixed, buffer); ok(err) }},
		{"Search", 0, func() { ok(index.Search(scene.boxes, hits)) }},
		{"Nearest of an index", 0, func() { ok(index.Nearest(scene.boxes, 4, nil, hits)) }},
		{"Count of an index", 0, func() { _, err := index.Count(scene.boxes, counts); ok(err) }},
		{"Payloads", 0, func() { ok(index.Payloads(hits.IDs, hits)) }},
		{"QueryInto of a pack", 0, func() { _, err := pack.QueryInto(ofPack[0], buffer); ok(err) }},
		{"ID of a pack", 1, func() { _, err := pack.ID(3); ok(err) }},
		{"View of a pack", 6, func() { ok(pack.View(ctx, look, ofPack...)) }},
		{"ViewContaining", 3, func() {
			ok(fences.ViewContaining(look, x, y, FenceIDs|FencePayloads))
		}},
		{"View", 6, func() { ok(ns.View(ctx, look, queries...)) }},
	} {
		test.call()
		if count := testing.AllocsPerRun(200, test.call); count > test.most {
			t.Errorf("%s: %v allocations, %v at most", test.name, count, test.most)
		}
	}
}
