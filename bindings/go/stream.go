package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"unsafe"
)

// Range is a part of a file.
type Range struct {
	Offset, Length int64
}

// RangeReader is what an [io.ReaderAt] may be besides, to fetch several ranges in its own way: at
// the same time, or by one request. It is asked once for each round of a question. A context that
// is done should end it.
type RangeReader interface {
	// ReadRanges gives the bytes of each range, in their order. They ascend.
	ReadRanges(ctx context.Context, ranges []Range) ([][]byte, error)
}

// StreamIndex is a packed index whose bytes lie elsewhere: behind a URL, in a bucket, in an
// archive. Of its file no more is read than a question needs, in one round of reads or two. It is
// asked by any number of goroutines, if its reader may be. Items have ranks beside their ids, by
// which their payloads are asked for.
//
// Close it when it is no longer needed, which leaves the reader open; one that is forgotten is
// freed by the garbage collector.
type StreamIndex struct {
	core *stream
}

// stream is what a StreamIndex stands for. It outlives it while calls are under way.
type stream struct {
	guard
	raw    *C.spatio_stream
	reader io.ReaderAt
	dims   int
	asks   pool[*ask]

	mutex sync.Mutex
	spent Spent
}

// StreamOptions say how an index is streamed, and what opening it and each question may cost; what
// is 0 has its default.
type StreamOptions struct {
	// GapBytes: two parts with no more bytes between them are fetched as one range; 16 KiB by
	// default, and none if it is negative.
	GapBytes int64
	// ReadBytes: a range of several parts is no longer than this; 4 MiB by default.
	ReadBytes int64
	// RoundBytes: a round asks for no more than this, unless a single part is larger; 64 MiB by
	// default.
	RoundBytes int64
	// KeptBytes of the upper levels are kept from the time of opening; 1 MiB by default, and none
	// if it is negative.
	KeptBytes int64
	// WithoutFast uses the tree of the format where a file has both trees.
	WithoutFast bool
	// MaxReads, MaxBytes and MaxItems are how many ranges and bytes one question may read, and how
	// many items it may find; MaxBytes is 1 GiB by default, the others anything. Who exceeds one
	// gets [ErrLimitExceeded], before it is read.
	MaxReads, MaxBytes, MaxItems int64
}

// raw is the options in the library's words.
func (o *StreamOptions) raw() C.spatio_stream_options {
	var raw C.spatio_stream_options
	C.spatio_stream_options_init(&raw, C.sizeof_spatio_stream_options)
	if o.WithoutFast {
		raw.without_fast = 1
	}
	for _, given := range [...]struct {
		value int64
		raw   *C.uint64_t
	}{
		{o.GapBytes, &raw.gap_bytes}, {o.ReadBytes, &raw.read_bytes},
		{o.RoundBytes, &raw.round_bytes}, {o.KeptBytes, &raw.kept_bytes},
		{o.MaxReads, &raw.max_reads}, {o.MaxBytes, &raw.max_bytes}, {o.MaxItems, &raw.max_items},
	} {
		if given.value != 0 {
			*given.raw = C.uint64_t(max(given.value, 0))
		}
	}
	return raw
}

// Spent is what was asked of a reader.
type Spent struct {
	// Rounds are how often something was wanted, Reads the ranges of all rounds.
	Rounds, Reads, Bytes uint64
}

// OpenStreamIndex opens the index that a reader reads, of so many bytes, in two or three rounds. A
// reader that is a [RangeReader] too is asked as such.
//
// It fails with [ErrCorrupt] if it is no index, with what the reader fails with, and with
// [ErrCancelled] and the context's cause if that is done.
func OpenStreamIndex(
	ctx context.Context, reader io.ReaderAt, size int64, options StreamOptions,
) (*StreamIndex, error) {
	const op = "stream_open"
	if misfit != nil {
		return nil, misfit
	}
	if size < 0 {
		return nil, refuse(op, ErrInvalidArgument, "size is %d", size)
	}
	s := &stream{reader: reader}
	chosen := options.raw()
	var fetch *C.spatio_fetch
	var e C.spatio_error
	status := C.spatio_stream_begin(C.uint64_t(size), &chosen, &fetch, &e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	defer C.spatio_fetch_free(fetch)
	if err := s.feed(ctx, op, fetch); err != nil {
		return nil, err
	}
	if status := C.spatio_stream_open(fetch, &s.raw, &e); status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	info, err := s.info(op)
	if err != nil {
		C.spatio_stream_free(s.raw)
		return nil, err
	}
	s.dims = info.Dims
	x := &StreamIndex{core: s}
	runtime.AddCleanup(x, func(core *stream) { core.shut() }, s)
	return x, nil
}

// Close frees the index once no call uses it; its reader stays open. Closing again does nothing.
func (x *StreamIndex) Close() {
	x.core.shut()
}

func (s *stream) shut() {
	if _, idle := s.close(); idle {
		s.free()
	}
}

func (s *stream) free() {
	s.asks.free()
	C.spatio_stream_free(s.raw)
}

// begin begins a call; every begin that succeeds needs an end.
func (s *stream) begin(op string) error {
	if !s.enter() {
		return refuse(op, ErrClosed, "the index is closed")
	}
	return nil
}

func (s *stream) end() {
	if s.leave() {
		s.free()
	}
}

// StreamInfo is what a streamed index is.
type StreamInfo struct {
	// Dims are the axes of its boxes: 2, 3 or 4.
	Dims int
	// Items is how many it has; their ids, and their ranks, are 0 up to, not including, this.
	Items int
	// AsksFast tells whether the library's own tree is asked, and not that of the format.
	AsksFast bool
	// HasPayloads tells whether its items have payloads, HasAggregates whether there is something
	// to add up.
	HasPayloads, HasAggregates bool
	// PrefixBytes is how many first bytes of each payload Prefixes gives; 0: none.
	PrefixBytes int
	// Min and Max are the box of all its items, a number for each axis; nil if it has no item.
	Min, Max []float64
}

// Info tells what the index is.
func (x *StreamIndex) Info() (StreamInfo, error) {
	const op = "stream_get_info"
	if err := x.core.begin(op); err != nil {
		return StreamInfo{}, err
	}
	defer x.core.end()
	return x.core.info(op)
}

func (s *stream) info(op string) (StreamInfo, error) {
	raw := C.spatio_stream_info{struct_size: C.sizeof_spatio_stream_info}
	var e C.spatio_error
	if status := C.spatio_stream_get_info(s.raw, &raw, &e); status != C.SPATIO_OK {
		return StreamInfo{}, failed(op, status, &e)
	}
	info := StreamInfo{
		Dims: int(raw.dims), Items: int(raw.items), AsksFast: raw.asks_fast != 0,
		HasPayloads: raw.has_payloads != 0, HasAggregates: raw.has_aggregates != 0,
		PrefixBytes: int(raw.prefix_bytes),
	}
	if info.Items > 0 {
		for axis := range info.Dims {
			info.Min = append(info.Min, float64(raw.min[axis]))
			info.Max = append(info.Max, float64(raw.max[axis]))
		}
	}
	return info, nil
}

// Spent tells what opening the index and all questions that were answered took.
func (x *StreamIndex) Spent() Spent {
	x.core.mutex.Lock()
	defer x.core.mutex.Unlock()
	return x.core.spent
}

// feed goes round until a question wants nothing more, and adds up what it took.
func (s *stream) feed(ctx context.Context, op string, fetch *C.spatio_fetch) error {
	var e C.spatio_error
	for {
		var n C.size_t
		var offsets, lengths *C.uint64_t
		status := C.spatio_fetch_wanted(fetch, &n, &offsets, &lengths, &e)
		if status != C.SPATIO_OK {
			return failed(op, status, &e)
		}
		if n == 0 {
			return s.count(op, fetch)
		}
		starts, sizes := look[int64](offsets, uint64(n)), look[int64](lengths, uint64(n))
		ranges := make([]Range, n)
		for at := range ranges {
			ranges[at] = Range{Offset: starts[at], Length: sizes[at]}
		}
		parts, err := s.read(ctx, op, ranges)
		if err != nil {
			return err
		}
		if status := give(fetch, parts, &e); status != C.SPATIO_OK {
			return failed(op, status, &e)
		}
	}
}

// count adds up what a question took.
func (s *stream) count(op string, fetch *C.spatio_fetch) error {
	var rounds, reads, bytes C.uint64_t
	var e C.spatio_error
	status := C.spatio_fetch_spent(fetch, &rounds, &reads, &bytes, &e)
	if status != C.SPATIO_OK {
		return failed(op, status, &e)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.spent.Rounds += uint64(rounds)
	s.spent.Reads += uint64(reads)
	s.spent.Bytes += uint64(bytes)
	return nil
}

// give hands the library what was read of a round, which it copies.
func give(fetch *C.spatio_fetch, parts [][]byte, e *C.spatio_error) C.spatio_status {
	var pins runtime.Pinner
	defer pins.Unpin()
	places, sizes := make([]*C.uint8_t, len(parts)), make([]C.size_t, len(parts))
	for at, part := range parts {
		if len(part) > 0 {
			pins.Pin(unsafe.SliceData(part))
			places[at] = cBytes(part)
		}
		sizes[at] = C.size_t(len(part))
	}
	return C.spatio_fetch_feed(fetch, C.size_t(len(parts)), unsafe.SliceData(places),
		unsafe.SliceData(sizes), e)
}

// read asks the reader for the ranges of a round.
func (s *stream) read(ctx context.Context, op string, ranges []Range) ([][]byte, error) {
	if ctx.Err() != nil {
		return nil, caused(ctx, refuse(op, ErrCancelled, "the context is done"))
	}
	if reader, ok := s.reader.(RangeReader); ok {
		parts, err := reader.ReadRanges(ctx, ranges)
		if err != nil {
			return nil, fmt.Errorf("spatio: %s: %d ranges from %d on: %w", op, len(ranges),
				ranges[0].Offset, err)
		}
		return parts, nil
	}
	parts := make([][]byte, len(ranges))
	for at, wanted := range ranges {
		parts[at] = make([]byte, wanted.Length)
		// A reader may tell the end together with the last bytes.
		n, err := s.reader.ReadAt(parts[at], wanted.Offset)
		if int64(n) < wanted.Length {
			return nil, fmt.Errorf("spatio: %s: %d bytes from %d on: %w", op, wanted.Length,
				wanted.Offset, err)
		}
	}
	return parts, nil
}
