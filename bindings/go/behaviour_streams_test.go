package spatio

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"math"
	"slices"
)

// Steps about streamed indexes.

// countedReader reads memory, and counts its rounds.
type countedReader struct {
	io.ReaderAt
	size   int64
	rounds uint64
}

func newCountedReader(file []byte) *countedReader {
	return &countedReader{ReaderAt: bytes.NewReader(file), size: int64(len(file))}
}

func (r *countedReader) ReadRanges(_ context.Context, ranges []Range) ([][]byte, error) {
	r.rounds++
	parts := make([][]byte, len(ranges))
	for at, wanted := range ranges {
		parts[at] = make([]byte, wanted.Length)
		if _, err := r.ReadAt(parts[at], wanted.Offset); err != nil && err != io.EOF {
			return nil, err
		}
	}
	return parts, nil
}

// streamed is a stream and where its bytes come from.
type streamed struct {
	*StreamIndex
	reader *countedReader
}

func playStreamOpen(s *stage, args object) (object, error) {
	var file []byte
	if args["bytes"] != nil {
		file = each(s, args["bytes"], func(value any) byte { return byte(s.whole(value)) })
	} else {
		from, err := s.index(args, "from")
		if err != nil {
			return nil, err
		}
		if file, err = from.Bytes(); err != nil {
			return nil, err
		}
	}
	reader := newCountedReader(file)
	options := s.streamOptions(args)
	// Of an option 0 is the default, and what is below it stands for none.
	opened, err := OpenStreamIndex(context.Background(), reader, reader.size, options)
	if err != nil {
		return nil, err
	}
	if spent := opened.Spent(); spent.Rounds != reader.rounds {
		return nil, errTwice
	}
	_, err = keep(s.streams, word(args, "as", "stream"))(streamed{opened, reader}, nil)
	return object{"rounds": reader.rounds}, err
}

func (s *stage) streamOptions(args object) StreamOptions {
	options := StreamOptions{WithoutFast: args["without_fast"] == true}
	for name, value := range map[string]*int64{
		"gap_bytes": &options.GapBytes, "read_bytes": &options.ReadBytes,
		"round_bytes": &options.RoundBytes, "kept_bytes": &options.KeptBytes,
		"max_reads": &options.MaxReads, "max_bytes": &options.MaxBytes,
		"max_items": &options.MaxItems,
	} {
		if args[name] == nil {
			continue
		}
		if *value = s.whole(args[name]); *value == 0 {
			*value = -1
		}
	}
	return options
}

func (s *stage) window(args object) Window {
	return Window{Min: s.numbers(args["min"]), Max: s.numbers(args["max"])}
}

func (s *stage) reach(args object, name string) float64 {
	if args[name] == nil {
		return math.Inf(1)
	}
	return s.number(args[name])
}

// asked asks a question, and tells how many rounds it took, which the index must say too.
func (x streamed) asked(found object, ask func(context.Context) error) (object, error) {
	before, said := x.reader.rounds, x.Spent()
	if err := ask(context.Background()); err != nil {
		return nil, err
	}
	rounds := x.reader.rounds - before
	if x.Spent().Rounds-said.Rounds != rounds {
		return nil, errTwice
	}
	found["rounds"] = rounds
	return found, nil
}

// withRegion makes the region of a step, and asks about it.
func (s *stage) withRegion(args object, ask func(*Region) error) error {
	given, _ := args["region"].(object)
	region, err := s.region(given)
	if err != nil {
		return err
	}
	defer region.Close()
	return ask(region)
}

// counted is asked of a question whose answer is a number.
func (x streamed) counted(ask func(context.Context) (uint64, error)) (object, error) {
	found := object{}
	return x.asked(found, func(ctx context.Context) error {
		count, err := ask(ctx)
		found["count"] = count
		return err
	})
}

// streamItems is asked of a question that finds items in no order.
func (s *stage) streamItems(x streamed, ask func(context.Context) error) (object, error) {
	found, err := x.asked(object{}, ask)
	if err == nil {
		found["ids"] = listOf(slices.Sorted(slices.Values(s.hits.IDs)))
	}
	return found, err
}

// streamNearest is asked of a question that finds items nearest first.
func (s *stage) streamNearest(x streamed, ask func(context.Context) error) (object, error) {
	found, err := x.asked(object{}, ask)
	if err == nil {
		found["ids"], found["distances"] = listOf(s.hits.IDs), listOf(s.hits.Distance)
	}
	return found, err
}

var streamPlays = map[string]func(*stage, streamed, object) (object, error){
	"stream_close": func(_ *stage, stream streamed, _ object) (object, error) {
		stream.Close()
		return object{}, nil
	},
	"stream_info": playStreamInfo,
	"stream_search": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamItems(stream, func(ctx context.Context) error {
			return stream.Search(ctx, s.window(args), &s.hits)
		})
	},
	"stream_search_region": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamItems(stream, func(ctx context.Context) error {
			return s.withRegion(args, func(region *Region) error {
				return stream.SearchRegion(ctx, region, &s.hits)
			})
		})
	},
	"stream_search_within": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamItems(stream, func(ctx context.Context) error {
			return stream.SearchWithin(ctx, s.window(args), s.reach(args, "max_distance"), &s.hits)
		})
	},
	"stream_search_great_circle": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamItems(stream, func(ctx context.Context) error {
			return stream.SearchGreatCircle(ctx, s.number(args["lon"]), s.number(args["lat"]),
				s.reach(args, "max_distance"), &s.hits)
		})
	},
	"stream_count": func(s *stage, stream streamed, args object) (object, error) {
		return stream.counted(func(ctx context.Context) (uint64, error) {
			return stream.Count(ctx, s.window(args))
		})
	},
	"stream_count_region": func(s *stage, stream streamed, args object) (object, error) {
		return stream.counted(func(ctx context.Context) (count uint64, err error) {
			err = s.withRegion(args, func(region *Region) (err error) {
				count, err = stream.CountRegion(ctx, region)
				return err
			})
			return count, err
		})
	},
	"stream_count_within": func(s *stage, stream streamed, args object) (object, error) {
		return stream.counted(func(ctx context.Context) (uint64, error) {
			return stream.CountWithin(ctx, s.window(args), s.reach(args, "max_distance"))
		})
	},
	"stream_aggregate": func(s *stage, stream streamed, args object) (object, error) {
		found := object{}
		return stream.asked(found, func(ctx context.Context) error {
			sums, err := stream.Aggregate(ctx, s.window(args))
			found["count"], found["sum"], found["mask"] = sums.Count, sums.Sum, sums.Mask
			found["least"], found["greatest"] = sums.Least, sums.Greatest
			return err
		})
	},
	"stream_nearest": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamNearest(stream, func(ctx context.Context) error {
			return stream.Nearest(ctx, s.numbers(args["at"]), s.k(args),
				s.reach(args, "max_distance"), &s.hits)
		})
	},
	"stream_nearest_great_circle": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamNearest(stream, func(ctx context.Context) error {
			return stream.NearestGreatCircle(ctx, s.number(args["lon"]), s.number(args["lat"]),
				s.k(args), s.reach(args, "max_distance"), &s.hits)
		})
	},
	"stream_raycast_closest": func(s *stage, stream streamed, args object) (object, error) {
		found, err := stream.asked(object{}, func(ctx context.Context) error {
			return stream.RaycastClosest(ctx, s.numbers(args["origin"]),
				s.numbers(args["direction"]), s.reach(args, "max_t"), &s.hits)
		})
		if err == nil {
			found["id"], found["distance"] = nil, nil
		}
		if err == nil && s.hits.Len() == 1 {
			found["id"], found["distance"] = s.hits.IDs[0], s.hits.Distance[0]
		}
		return found, err
	},
	"stream_payloads": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamPayloads(stream, args, stream.Payloads)
	},
	"stream_prefixes": func(s *stage, stream streamed, args object) (object, error) {
		return s.streamPayloads(stream, args, stream.Prefixes)
	},
}

func playStreamInfo(_ *stage, stream streamed, _ object) (object, error) {
	info, err := stream.Info()
	found := object{
		"dims": info.Dims, "items": info.Items, "asks_fast": info.AsksFast,
		"has_payloads": info.HasPayloads, "has_aggregates": info.HasAggregates,
		"prefix_bytes": info.PrefixBytes, "min": nil, "max": nil,
	}
	if info.Min != nil {
		found["min"], found["max"] = listOf(info.Min), listOf(info.Max)
	}
	return found, err
}

// streamPayloads asks for those of ranks, or of the items of a window in the order of their ids.
func (s *stage) streamPayloads(
	stream streamed, args object, ask func(context.Context, []uint32, *Hits) error,
) (object, error) {
	ids, ranks := []uint32{}, s.number32s(args["ranks"])
	if args["ranks"] == nil {
		if err := stream.Search(context.Background(), s.window(args), &s.hits); err != nil {
			return nil, err
		}
		rows := make([]int, s.hits.Len())
		for row := range rows {
			rows[row] = row
		}
		slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(s.hits.IDs[a], s.hits.IDs[b]) })
		for _, row := range rows {
			ids, ranks = append(ids, s.hits.IDs[row]), append(ranks, s.hits.Ranks[row])
		}
	}
	found, err := stream.asked(object{"ids": listOf(ids)}, func(ctx context.Context) error {
		return ask(ctx, ranks, &s.hits)
	})
	if err != nil {
		return nil, err
	}
	payloads := make([]any, s.hits.Len())
	for row := range payloads {
		payloads[row] = string(s.hits.Payload(row))
	}
	found["payloads"] = payloads
	return found, nil
}
