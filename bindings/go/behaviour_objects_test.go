package spatio

import (
	"math"
	"strings"
)

// Steps that write and read objects, and those about their past.

type play = func(*stage, *Namespace, object) (object, error)

var namespacePlays = map[string]play{
	"upsert":            playUpsert,
	"move":              playMove,
	"move_batch":        playMoveBatch,
	"upsert_batch":      playUpsertBatch,
	"upsert_arrow":      playUpsertArrow,
	"insert_trajectory": playInsertTrajectory,
	"delete": func(s *stage, ns *Namespace, args object) (object, error) {
		deleted, err := ns.Delete(s.id(args))
		return object{"deleted": deleted}, err
	},
	"delete_batch": func(s *stage, ns *Namespace, args object) (object, error) {
		deleted, err := ns.DeleteBatch(s.handles(ns, args["handles"])...)
		return object{"deleted": deleted}, err
	},
	"get": func(s *stage, ns *Namespace, args object) (object, error) {
		return tellObject(ns.Get(s.id(args)))
	},
	"get_by_handle": func(s *stage, ns *Namespace, args object) (object, error) {
		return tellObject(ns.GetByHandle(s.handle(ns, args["handle"])))
	},
	"get_payload": func(s *stage, ns *Namespace, args object) (object, error) {
		payload, err := ns.Payload(s.handle(ns, args["handle"]), nil)
		return object{"found": true, "payload": tellPayload(payload)}, err
	},
	"get_batch": playGetBatch,
	"intern": func(s *stage, ns *Namespace, args object) (object, error) {
		handle, err := ns.Intern(s.id(args))
		return object{"handle": handle}, err
	},
	"intern_batch": func(s *stage, ns *Namespace, args object) (object, error) {
		handles, err := ns.InternBatch(each(s, args["ids"], s.text)...)
		distinct := make(map[Handle]bool)
		for _, handle := range handles {
			distinct[handle] = true
		}
		return object{"distinct": len(distinct)}, err
	},
	"find_handle": func(s *stage, ns *Namespace, args object) (object, error) {
		handle, err := ns.FindHandle(s.id(args))
		return object{"found": true, "handle": handle}, err
	},
	"id": func(s *stage, ns *Namespace, args object) (object, error) {
		id, err := ns.ID(s.handle(ns, args["handle"]))
		return object{"id": id}, err
	},
	"ids": func(s *stage, ns *Namespace, args object) (object, error) {
		ids, err := ns.IDs(s.handles(ns, args["handles"])...)
		return object{"ids": listOf(ids)}, err
	},
	"settings": func(_ *stage, ns *Namespace, _ object) (object, error) {
		settings, err := ns.Settings()
		return object{
			"space": tellSpace(settings.Space), "ttl_us": settings.TTL.Microseconds(),
			"history": settings.History == HistoryOn,
		}, err
	},
	"count": func(_ *stage, ns *Namespace, _ object) (object, error) {
		objects, err := ns.Count()
		return object{"objects": objects}, err
	},
	"trajectory":       playTrajectory,
	"positions_at":     playPositionsAt,
	"distance_between": playDistanceBetween,
	"distance_to":      playDistanceTo,
	"query": func(s *stage, ns *Namespace, args object) (object, error) {
		return s.ask(ns, args)
	},
	"query_run": func(s *stage, ns *Namespace, args object) (object, error) {
		return s.askSeveral(ns, args)
	},
	"freeze":        playFreeze,
	"query_arrow":   playQueryArrow,
	"query_radius":  playNamed,
	"query_box":     playNamed,
	"query_polygon": playNamed,
	"query_near":    playNamed,
	"knn":           playNamed,
	"convex_hull":   playHull,
	"bounds":        playBounds,
}

func tellSpace(space Space) string {
	return map[Space]string{Geographic: "geographic", Cartesian: "cartesian"}[space]
}

func tellPlace(p Point) any {
	return []any{p.X, p.Y, p.Z}
}

func tellPayload(payload []byte) any {
	if payload == nil {
		return nil
	}
	return string(payload)
}

func tellObject(o Object, err error) (object, error) {
	if err != nil {
		return nil, err
	}
	found := object{
		"found": true, "at": tellPlace(o.Position), "time_us": o.Time.UnixMicro(),
		"expires_us": nil, "payload": tellPayload(o.Payload),
	}
	if !o.Expires.IsZero() {
		found["expires_us"] = o.Expires.UnixMicro()
	}
	return found, nil
}

func playUpsert(s *stage, ns *Namespace, args object) (object, error) {
	update := Update{Time: s.moment(args["time_us"]), TTL: s.duration(args["ttl_us"])}
	if bytes := args["payload_bytes"]; bytes != nil {
		update.Payload = []byte(strings.Repeat("x", int(s.whole(bytes))))
	} else if payload := args["payload"]; payload != nil {
		update.Payload = []byte(s.text(payload))
	}
	written, err := ns.UpsertWith(s.id(args), s.point(args["at"]), update)
	return object{"outcome": written.Outcome.String(), "handle": written.Handle}, err
}

func playMove(s *stage, ns *Namespace, args object) (object, error) {
	handle := s.handle(ns, args["handle"])
	outcome, err := ns.Move(handle, s.point(args["at"]), s.moment(args["time_us"]))
	return object{"late": outcome == Late}, err
}

func tellApplied(applied Applied, err error) (object, error) {
	return object{"applied": applied.Applied, "late": applied.Late}, err
}

func playMoveBatch(s *stage, ns *Namespace, args object) (object, error) {
	return tellApplied(ns.MoveBatch(Moves{
		Handles: s.handles(ns, args["handles"]), X: s.numbers(args["x"]), Y: s.numbers(args["y"]),
		Z: s.numbers(args["z"]), TimeUS: s.wholes(args["time_us"]),
	}))
}

func playUpsertBatch(s *stage, ns *Namespace, args object) (object, error) {
	return tellApplied(ns.UpsertBatch(s.upserts(args)))
}

func (s *stage) upserts(args object) Upserts {
	return Upserts{
		IDs: each(s, args["ids"], s.text), X: s.numbers(args["x"]), Y: s.numbers(args["y"]),
		Z: s.numbers(args["z"]), TimeUS: s.wholes(args["time_us"]),
		Payloads: each(s, args["payloads"], func(value any) []byte {
			if value == nil {
				return nil
			}
			return []byte(s.text(value))
		}),
		TTLUS: s.wholes(args["ttl_us"]),
	}
}

func playInsertTrajectory(s *stage, ns *Namespace, args object) (object, error) {
	inserted, err := ns.InsertTrajectory(s.id(args), Track{
		TimeUS: s.wholes(args["time_us"]), X: s.numbers(args["x"]), Y: s.numbers(args["y"]),
		Z: s.numbers(args["z"]),
	})
	return object{"inserted": inserted}, err
}

func playGetBatch(s *stage, ns *Namespace, args object) (object, error) {
	var into Positions
	err := ns.GetBatch(s.handles(ns, args["handles"]), &into)
	return object{
		"found": listOf(into.Found), "x": listOf(into.X), "y": listOf(into.Y),
		"z": listOf(into.Z), "time_us": listOf(into.TimeUS),
	}, err
}

func playTrajectory(s *stage, ns *Namespace, args object) (object, error) {
	handles := s.handles(ns, args["handles"])
	span := Span{
		Start: s.moment(args["start_us"]), End: s.moment(args["end_us"]), Limit: s.limit(args),
		Order: choose(s, args["order"], map[string]Order{
			"oldest_first": OldestFirst, "newest_first": NewestFirst,
		}),
	}
	found, err := ns.Trajectory(s.context(args), span, handles...)
	if err != nil {
		return nil, err
	}
	tracks := make([]any, len(handles))
	for object := range tracks {
		track := found.Of(object)
		positions := make([]any, track.Len())
		for row := range positions {
			p := track.Position(row)
			positions[row] = []any{track.TimeUS[row], p.X, p.Y, p.Z}
		}
		tracks[object] = positions
	}
	return object{"tracks": tracks}, nil
}

func playPositionsAt(s *stage, ns *Namespace, args object) (object, error) {
	how := choose(s, args["interpolation"], map[string]Interpolation{
		"linear": Linear, "last": Last,
	})
	var into Positions
	handles := s.handles(ns, args["handles"])
	if err := ns.PositionsAt(handles, s.moment(args["time_us"]), how, &into); err != nil {
		return nil, err
	}
	positions := make([]any, len(handles))
	for row := range positions {
		if into.Found[row] {
			positions[row] = tellPlace(XYZ(into.X[row], into.Y[row], into.Z[row]))
		}
	}
	return object{"positions": positions}, nil
}

func playDistanceBetween(s *stage, ns *Namespace, args object) (object, error) {
	return tellDistances(ns.DistanceBetween(s.handles(ns, args["a"]), s.handles(ns, args["b"]),
		s.metric(args["metric"])))
}

func playDistanceTo(s *stage, ns *Namespace, args object) (object, error) {
	return tellDistances(ns.DistanceTo(s.point(args["at"]), s.metric(args["metric"]),
		s.handles(ns, args["handles"])...))
}

func tellDistances(distances []float64, err error) (object, error) {
	told := listOf(distances)
	for row, distance := range distances {
		if math.IsNaN(distance) {
			told[row] = nil
		}
	}
	return object{"distances": told}, err
}
