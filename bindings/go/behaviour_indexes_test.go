package spatio

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"
)

// Steps about packed indexes.

func playIndexBuild(s *stage, args object) (object, error) {
	return s.keepIndex(args)(BuildIndex(s.items(args), s.indexOptions(args)))
}

func playIndexWrite(s *stage, args object) (object, error) {
	path := filepath.Join(s.folder, s.text(args["path"]))
	bytes, err := WriteIndex(path, s.items(args), s.indexOptions(args))
	return object{"bytes": bytes}, err
}

func playIndexOpen(s *stage, args object) (object, error) {
	return s.keepIndex(args)(OpenIndex(filepath.Join(s.folder, s.text(args["path"]))))
}

func playIndexOpenBytes(s *stage, args object) (object, error) {
	if args["from"] == nil {
		bytes := each(s, args["bytes"], func(value any) byte { return byte(s.whole(value)) })
		return s.keepIndex(args)(OpenIndexBytes(bytes))
	}
	from, err := s.index(args, "from")
	if err != nil {
		return nil, err
	}
	bytes, err := from.Bytes()
	if err != nil {
		return nil, err
	}
	return s.keepIndex(args)(OpenIndexBytes(bytes))
}

func (s *stage) keepIndex(args object) func(*Index, error) (object, error) {
	return keep(s.indexes, word(args, "as", "index"))
}

// keep keeps what was opened under its name; what was kept under it is given up.
func keep[T interface{ Close() }](
	kept map[string]T, name string,
) func(opened T, err error) (object, error) {
	return func(opened T, err error) (object, error) {
		if err != nil {
			return nil, err
		}
		if before, ok := kept[name]; ok {
			before.Close()
		}
		kept[name] = opened
		return object{}, nil
	}
}

func (s *stage) index(args object, name string) (*Index, error) {
	index := s.indexes[word(args, name, "index")]
	if index == nil {
		return nil, s.wrong("no index %v", args[name])
	}
	return index, nil
}

// flat reads a list of points into one column; nil if it is missing.
func (s *stage) points(value any) []float64 {
	if value == nil {
		return nil
	}
	return append([]float64{}, slices.Concat(each(s, value, s.numbers)...)...)
}

func (s *stage) boxes(args object) Boxes {
	return Boxes{Min: s.points(args["min"]), Max: s.points(args["max"])}
}

func (s *stage) rays(args object) Rays {
	return Rays{
		Origin: s.points(args["origin"]), Direction: s.points(args["direction"]),
		MaxT: s.numbers(args["max_t"]),
	}
}

// words reads what an index says of itself.
func (s *stage) words(args object) IndexMetadata {
	said, _ := args["metadata"].(object)
	text := func(name string) *string {
		if text, ok := said[name].(string); ok {
			return &text
		}
		return nil
	}
	return IndexMetadata{
		CRS: text("crs"), ContentType: text("content_type"), Attribution: text("attribution"),
	}
}

func (s *stage) items(args object) IndexItems {
	return IndexItems{
		Dims: int(s.whole(args["dims"])), Boxes: s.boxes(args),
		Payloads: each(s, args["payloads"], func(value any) []byte { return []byte(s.text(value)) }),
		Values:   s.numbers(args["values"]),
		Masks:    each(s, args["masks"], func(value any) uint64 { return uint64(s.whole(value)) }),
		Metadata: s.words(args),
	}
}

var layouts = map[string]Layout{"fast": LayoutFast, "origin": LayoutOrigin, "both": LayoutBoth}

func (s *stage) indexOptions(args object) IndexOptions {
	var options IndexOptions
	if layout := args["layout"]; layout != nil {
		options.Layout = choose(s, layout, layouts)
	}
	for name, value := range map[string]*int{
		"bits": &options.CoordinateBits, "node_size": &options.NodeSize,
		"threads": &options.Threads, "prefix_bytes": &options.PrefixBytes,
	} {
		if args[name] != nil {
			*value = int(s.whole(args[name]))
		}
	}
	options.Interleaved = args["interleaved"] == true
	return options
}

func (s *stage) number32s(value any) []uint32 {
	return each(s, value, func(value any) uint32 { return uint32(s.whole(value)) })
}

func (s *stage) k(args object) int {
	if args["k"] == nil {
		return NoLimit
	}
	return int(s.whole(args["k"]))
}

var indexPlays = map[string]func(*stage, *Index, object) (object, error){
	"index_close": func(_ *stage, index *Index, _ object) (object, error) {
		index.Close()
		return object{}, nil
	},
	"index_info":     playIndexInfo,
	"index_metadata": playIndexMetadata,
	"index_verify": func(_ *stage, index *Index, _ object) (object, error) {
		return object{}, index.Verify()
	},
	"index_search": func(s *stage, index *Index, args object) (object, error) {
		return s.tellIDs(index.Search(s.boxes(args), &s.hits))
	},
	"index_count": func(s *stage, index *Index, args object) (object, error) {
		counts, err := index.Count(s.boxes(args), nil)
		return object{"counts": listOf(counts)}, err
	},
	"index_any": func(s *stage, index *Index, args object) (object, error) {
		any, err := index.Any(s.boxes(args), nil)
		return object{"any": listOf(any)}, err
	},
	"index_search_within": func(s *stage, index *Index, args object) (object, error) {
		return s.tellIDs(index.SearchWithin(s.boxes(args), s.numbers(args["max_distance"]), &s.hits))
	},
	"index_nearest": func(s *stage, index *Index, args object) (object, error) {
		most := s.numbers(args["max_distance"])
		return s.tellRanked(index.Nearest(s.boxes(args), s.k(args), most, &s.hits))
	},
	"index_nearest_great_circle": func(s *stage, index *Index, args object) (object, error) {
		return s.tellRanked(index.NearestGreatCircle(s.numbers(args["lon"]),
			s.numbers(args["lat"]), s.k(args), s.numbers(args["max_distance"]), &s.hits))
	},
	"index_search_great_circle": func(s *stage, index *Index, args object) (object, error) {
		return s.tellIDs(index.SearchGreatCircle(s.numbers(args["lon"]), s.numbers(args["lat"]),
			s.numbers(args["max_distance"]), &s.hits))
	},
	"index_search_polygon": func(s *stage, index *Index, args object) (object, error) {
		polygon, err := s.polygon(args["polygon"])
		if err != nil {
			return nil, err
		}
		defer polygon.Close()
		return s.tellIDs(index.SearchPolygon(polygon, &s.hits))
	},
	"index_raycast": func(s *stage, index *Index, args object) (object, error) {
		return s.tellRanked(index.Raycast(s.rays(args), &s.hits))
	},
	"index_raycast_any": func(s *stage, index *Index, args object) (object, error) {
		any, err := index.RaycastAny(s.rays(args), nil)
		return object{"any": listOf(any)}, err
	},
	"index_raycast_closest": func(s *stage, index *Index, args object) (object, error) {
		return s.tellClosest(index.RaycastClosest(s.rays(args), &s.hits))
	},
	"index_raycast_triangles": func(s *stage, index *Index, args object) (object, error) {
		return s.tellClosest(index.RaycastTriangles(s.rays(args), &s.hits))
	},
	"index_pairs": func(s *stage, index *Index, args object) (object, error) {
		return s.tellPairs(index.Pairs(s.context(args), s.number(args["max_distance"]), &s.hits))
	},
	"index_join": func(s *stage, index *Index, args object) (object, error) {
		other, err := s.index(args, "other")
		if err != nil {
			return nil, err
		}
		distance := s.number(args["max_distance"])
		return s.tellPairs(index.Join(s.context(args), other, distance, &s.hits))
	},
	"index_payload": func(s *stage, index *Index, args object) (object, error) {
		payload, err := index.Payload(uint32(s.whole(args["id"])), nil)
		return object{"payload": tellPayload(payload)}, err
	},
	"index_payloads": func(s *stage, index *Index, args object) (object, error) {
		if err := index.Payloads(s.number32s(args["ids"]), &s.hits); err != nil {
			return nil, err
		}
		payloads := make([]any, s.hits.Len())
		for row := range payloads {
			payloads[row] = string(s.hits.Payload(row))
		}
		return object{"payloads": payloads}, nil
	},
	"index_boxes":     playIndexBoxes,
	"index_aggregate": playAggregate,
}

func playIndexInfo(_ *stage, index *Index, _ object) (object, error) {
	info, err := index.Info()
	found := object{
		"dims": info.Dims, "items": info.Items, "bytes": info.Bytes, "bits": info.CoordinateBits,
		"has_payloads": info.HasPayloads, "has_values": info.HasValues, "min": nil, "max": nil,
		"has_masks": info.HasMasks, "prefix_bytes": info.PrefixBytes,
	}
	for name, layout := range layouts {
		if layout == info.Layout {
			found["layout"] = name
		}
	}
	if info.Min != nil {
		found["min"], found["max"] = listOf(info.Min), listOf(info.Max)
	}
	return found, err
}

func playIndexMetadata(_ *stage, index *Index, _ object) (object, error) {
	said, err := index.Metadata()
	found := object{}
	for name, word := range map[string]*string{
		"crs": said.CRS, "content_type": said.ContentType, "attribution": said.Attribution,
	} {
		found[name] = nil
		if word != nil {
			found[name] = *word
		}
	}
	return found, err
}

// tellIDs tells the items of each query, which have no order, sorted.
func (s *stage) tellIDs(err error) (object, error) {
	ids := make([]any, s.hits.Queries())
	for query := range ids {
		ids[query] = listOf(slices.Sorted(slices.Values(s.hits.Of(query))))
	}
	return object{"ids": ids}, err
}

// tellRanked tells items and distances in their order.
func (s *stage) tellRanked(err error) (object, error) {
	ids, distances := make([]any, s.hits.Queries()), make([]any, s.hits.Queries())
	for query := range ids {
		ids[query] = listOf(s.hits.Of(query))
		distances[query] = listOf(s.hits.DistanceOf(query))
	}
	return object{"ids": ids, "distances": distances}, err
}

func (s *stage) tellPairs(err error) (object, error) {
	pairs := make([][2]uint32, s.hits.Len())
	for row := range pairs {
		pairs[row] = [2]uint32{s.hits.IDs[row], s.hits.Others[row]}
	}
	slices.SortFunc(pairs, func(a, b [2]uint32) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	told := make([]any, len(pairs))
	for row, pair := range pairs {
		told[row] = listOf(pair[:])
	}
	return object{"pairs": told}, err
}

func (s *stage) tellClosest(err error) (object, error) {
	ids, distances := listOf(s.hits.IDs), listOf(s.hits.Distance)
	for ray, id := range s.hits.IDs {
		if (id == NoItem) != math.IsNaN(s.hits.Distance[ray]) {
			return nil, errTwice
		}
		if id == NoItem {
			ids[ray], distances[ray] = nil, nil
		}
	}
	return object{"ids": ids, "distances": distances}, err
}

func playIndexBoxes(s *stage, index *Index, args object) (object, error) {
	info, err := index.Info()
	if err != nil {
		return nil, err
	}
	var boxes Boxes
	err = index.Boxes(s.number32s(args["ids"]), &boxes)
	points := func(column []float64) []any {
		points := []any{}
		for point := range slices.Chunk(column, info.Dims) {
			points = append(points, listOf(point))
		}
		return points
	}
	return object{"min": points(boxes.Min), "max": points(boxes.Max)}, err
}

func playAggregate(s *stage, index *Index, args object) (object, error) {
	var found Aggregates
	err := index.Aggregate(s.boxes(args), &found)
	return object{
		"counts": listOf(found.Counts), "sums": listOf(found.Sums),
		"least": listOf(found.Least), "greatest": listOf(found.Greatest),
		"masks": listOf(found.Masks),
	}, err
}
