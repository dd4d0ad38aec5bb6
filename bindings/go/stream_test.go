package spatio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// streamScene is an index in memory with payloads and values, and the bytes of it.
func streamScene(t *testing.T, items int) (*Index, []byte) {
	t.Helper()
	scene := newScene(rand.New(rand.NewPCG(7, 7)), items)
	payloads, values := make([][]byte, items), make([]float64, items)
	for item := range payloads {
		payloads[item], values[item] = []byte("item "+strconv.Itoa(item)), float64(item)
	}
	index := must[*Index](t)(BuildIndex(IndexItems{
		Dims: 2, Boxes: scene.boxes, Payloads: payloads, Values: values,
	}, IndexOptions{}))
	t.Cleanup(index.Close)
	return index, must[[]byte](t)(index.Bytes())
}

func openStream(t *testing.T, reader io.ReaderAt, size int, options StreamOptions) *StreamIndex {
	t.Helper()
	stream := must[*StreamIndex](t)(
		OpenStreamIndex(context.Background(), reader, int64(size), options))
	t.Cleanup(stream.Close)
	return stream
}

// wantStreamed compares the answers of a stream with those of its index in memory.
func wantStreamed(t *testing.T, stream *StreamIndex, index *Index) {
	t.Helper()
	ctx := context.Background()
	low, high := []float64{20, 20}, []float64{35, 40}
	var hits, wanted, told Hits
	check(t, stream.Search(ctx, Window{low, high}, &hits))
	check(t, index.Search(Boxes{low, high}, &wanted))
	wantItems(t, "Search", hits.IDs, slices.Sorted(slices.Values(wanted.IDs)))
	if count, err := stream.Count(ctx, Window{low, high}); err != nil || int(count) != hits.Len() {
		t.Errorf("%d items, %v", count, err)
	}
	check(t, stream.Payloads(ctx, hits.Ranks, &told))
	for row, id := range hits.IDs {
		if payload := string(told.Payload(row)); payload != "item "+strconv.Itoa(int(id)) {
			t.Errorf("item %d has the payload %q", id, payload)
		}
	}
	// The ranks may be those of the very hits that are filled.
	rows := hits.Len()
	check(t, stream.Payloads(ctx, hits.Ranks, &hits))
	if hits.Len() != rows || rows == 0 || len(hits.IDs) != 0 {
		t.Errorf("%d payloads of %d items", hits.Len(), rows)
	}
	check(t, stream.Nearest(ctx, low, 9, math.Inf(1), &hits))
	check(t, index.Nearest(Points(low...), 9, nil, &wanted))
	if !slices.Equal(hits.IDs, wanted.IDs) || !slices.Equal(hits.Distance, wanted.Distance) {
		t.Errorf("Nearest: %v instead of %v", hits.IDs, wanted.IDs)
	}
	check(t, stream.RaycastClosest(ctx, []float64{-1, 50}, []float64{1, 0}, math.Inf(1), &hits))
	check(t, index.RaycastClosest(Rays{
		Origin: []float64{-1, 50}, Direction: []float64{1, 0},
	}, &wanted))
	if !slices.Equal(hits.IDs, wanted.IDs) || !slices.Equal(hits.Distance, wanted.Distance) {
		t.Errorf("RaycastClosest: %v instead of %v", hits.IDs, wanted.IDs)
	}
	var sums Aggregates
	check(t, index.Aggregate(Boxes{low, high}, &sums))
	summed := must[StreamAggregate](t)(stream.Aggregate(ctx, Window{low, high}))
	if summed.Count != sums.Counts[0] || summed.Sum != sums.Sums[0] || summed.Least != sums.Least[0] {
		t.Errorf("Aggregate: %+v instead of %+v", summed, sums)
	}
}

func TestAStreamReadsFewParts(t *testing.T) {
	index, file := streamScene(t, 20000)
	reader := newCountedReader(file)
	stream := openStream(t, reader, len(file), StreamOptions{})
	wantStreamed(t, stream, index)
	before := stream.Spent()
	if before.Rounds != reader.rounds || before.Rounds > 16 {
		t.Errorf("%+v, and %d rounds", before, reader.rounds)
	}
	everything := Window{[]float64{-9, -9}, []float64{200, 200}}
	count := must[uint64](t)(stream.Count(context.Background(), everything))
	if count != 20000 || stream.Spent() != before {
		t.Errorf("%d items, for which %+v was read", count, stream.Spent())
	}
	var hits Hits
	check(t, stream.Search(context.Background(), Window{Min: []float64{50, 50}}, &hits))
	if spent := stream.Spent(); spent.Bytes-before.Bytes > uint64(len(file))/4 {
		t.Errorf("a point took %d of %d bytes", spent.Bytes-before.Bytes, len(file))
	}
}

func TestAStreamOfAReaderOfRangesByOne(t *testing.T) {
	index, file := streamScene(t, 5000)
	wantStreamed(t, openStream(t, bytes.NewReader(file), len(file), StreamOptions{}), index)
	wantStreamed(t, openStream(t, bytes.NewReader(file), len(file), StreamOptions{
		GapBytes: -1, KeptBytes: -1, RoundBytes: 1,
	}), index)
}

func TestManyGoroutinesAskOneStream(t *testing.T) {
	index, file := streamScene(t, 3000)
	stream := openStream(t, bytes.NewReader(file), len(file), StreamOptions{KeptBytes: -1})
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 5 {
				wantStreamed(t, stream, index)
			}
		}()
	}
	wait.Wait()
}

// brokenReader fails while it is broken.
type brokenReader struct {
	io.ReaderAt
	broken error
}

func (r *brokenReader) ReadAt(into []byte, offset int64) (int, error) {
	if r.broken != nil {
		return 0, r.broken
	}
	return r.ReaderAt.ReadAt(into, offset)
}

func TestWhatAReaderFailsWithEndsTheQuestionAlone(t *testing.T) {
	index, file := streamScene(t, 3000)
	reader := &brokenReader{ReaderAt: bytes.NewReader(file)}
	stream := openStream(t, reader, len(file), StreamOptions{KeptBytes: -1})
	reader.broken = errors.New("the line is cut")
	hits := Hits{IDs: []uint32{7}}
	err := stream.Search(context.Background(), Window{Min: []float64{5, 5}}, &hits)
	if !errors.Is(err, reader.broken) || hits.Len() != 0 {
		t.Errorf("%v, and %d rows", err, hits.Len())
	}
	reader.broken = nil
	wantStreamed(t, stream, index)
	why := errors.New("nobody waits any more")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	err = stream.Search(ctx, Window{Min: []float64{5, 5}}, &hits)
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, why) {
		t.Errorf("a context that was done: %v", err)
	}
}

func TestWhatAStreamRefuses(t *testing.T) {
	_, file := streamScene(t, 3000)
	ctx := context.Background()
	stream := openStream(t, bytes.NewReader(file), len(file), StreamOptions{})
	var hits Hits
	for _, err := range []error{
		stream.Search(ctx, Window{}, &hits),
		stream.Search(ctx, Window{Min: []float64{1, 2, 3}}, &hits),
		stream.Search(ctx, Window{Min: []float64{5, 5}, Max: []float64{4, 4}}, &hits),
		stream.Nearest(ctx, []float64{1}, 1, 1, &hits),
		stream.RaycastClosest(ctx, []float64{1, 1}, nil, 1, &hits),
		stream.Payloads(ctx, []uint32{3000}, &hits),
	} {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%v", err)
		}
	}
	if err := stream.Prefixes(ctx, []uint32{0}, &hits); !errors.Is(err, ErrNotFound) {
		t.Errorf("prefixes of a file without: %v", err)
	}
	_, err := OpenStreamIndex(ctx, bytes.NewReader(file), -1, StreamOptions{})
	if !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("a size below 0: %v", err)
	}
	_, err = OpenStreamIndex(ctx, bytes.NewReader([]byte("words")), 5, StreamOptions{})
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("words: %v", err)
	}
	_, err = OpenStreamIndex(ctx, bytes.NewReader(file[:100]), int64(len(file)), StreamOptions{})
	if !errors.Is(err, io.EOF) {
		t.Errorf("a file cut short: %v", err)
	}
	stream.Close()
	stream.Close()
	if err := stream.Search(ctx, Window{Min: []float64{1, 1}}, &hits); !errors.Is(err, ErrClosed) {
		t.Errorf("asked after closing: %v", err)
	}
}
