package spatio

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Steps about no database, or about one as a whole.

var wholePlays = map[string]func(*stage, object) (object, error){
	"open":                  (*stage).openDB,
	"stream_open":           playStreamOpen,
	"index_build":           playIndexBuild,
	"index_build_triangles": playBuildTriangles,
	"index_write":           playIndexWrite,
	"index_open":            playIndexOpen,
	"index_open_bytes":      playIndexOpenBytes,
	"pack_open":             playPackOpen,
	"pack_open_bytes":       playPackOpenBytes,
	"fences_build":          playFencesBuild,
	"fences_write":          playFencesWrite,
	"fences_open":           playFencesOpen,
	"fences_open_bytes":     playFencesOpenBytes,
	"clock": func(s *stage, args object) (object, error) {
		s.clock.Advance(time.Duration(s.whole(args["advance_us"])) * time.Microsecond)
		return object{}, nil
	},
	"write_file": func(s *stage, args object) (object, error) {
		return object{}, os.WriteFile(s.file(args), []byte(s.text(args["text"])), 0o666)
	},
	"remove_file": func(s *stage, args object) (object, error) {
		return object{}, os.Remove(s.file(args))
	},
	"flip_byte": func(s *stage, args object) (object, error) {
		return s.edit(args, func(bytes []byte) []byte {
			bytes[s.whole(args["offset"])] ^= 0xff
			return bytes
		})
	},
	"write_bytes": func(s *stage, args object) (object, error) {
		return s.edit(args, func(bytes []byte) []byte {
			written := each(s, args["bytes"], func(value any) byte { return byte(s.whole(value)) })
			at := len(bytes)
			if args["offset"] != "end" {
				at = int(s.whole(args["offset"]))
			}
			bytes = append(bytes, make([]byte, max(at+len(written)-len(bytes), 0))...)
			copy(bytes[at:], written)
			return bytes
		})
	},
	"check": func(s *stage, args object) (object, error) {
		r, err := Check(filepath.Join(s.folder, s.text(args["path"])))
		return object{
			"is_sound": r.IsSound, "files": r.Files, "records": r.Records,
			"damaged_files": r.DamagedFiles, "torn_tails": r.TornTails, "text": r.Text,
		}, err
	},
	"salvage": func(s *stage, args object) (object, error) {
		source := filepath.Join(s.folder, s.text(args["source"]))
		r, err := Salvage(source, filepath.Join(s.folder, s.text(args["target"])))
		return object{
			"damaged": r.Damaged, "records_kept": r.RecordsKept, "bytes_dropped": r.BytesDropped,
			"text": r.Text,
		}, err
	},
	"version": func(*stage, object) (object, error) {
		return object{"parts": len(strings.Split(Version(), "."))}, nil
	},
	"abi_version": func(*stage, object) (object, error) {
		return object{"version": ABIVersion()}, nil
	},
	"status_name": func(s *stage, args object) (object, error) {
		return object{"name": Code(s.whole(args["status"])).String()}, nil
	},
	"polygon": func(s *stage, args object) (object, error) {
		polygon, err := s.polygon(args["polygon"])
		if err == nil {
			polygon.Close()
		}
		return object{}, err
	},
	"polygon_contains": func(s *stage, args object) (object, error) {
		polygon, err := s.polygon(args["polygon"])
		if err != nil {
			return nil, err
		}
		defer polygon.Close()
		inside, err := polygon.Contains(each(s, args["points"], s.point)...)
		return object{"inside": listOf(inside)}, err
	},
	"distance": func(s *stage, args object) (object, error) {
		distance, err := Distance(s.space(args["space"]), s.metric(args["metric"]),
			s.point(args["from"]), s.point(args["to"]))
		return object{"distance": distance}, err
	},
}

// edit changes the bytes of a file.
func (s *stage) edit(args object, change func([]byte) []byte) (object, error) {
	path := s.file(args)
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, s.wrong("%v", err)
	}
	return object{}, os.WriteFile(path, change(bytes), 0o666)
}

var databasePlays = map[string]func(*stage, *DB, object) (object, error){
	"close":      plain((*DB).Close),
	"flush":      plain((*DB).Flush),
	"sync":       plain((*DB).Sync),
	"checkpoint": plain((*DB).Checkpoint),
	"sweep": func(_ *stage, db *DB, _ object) (object, error) {
		removed, err := db.Sweep()
		return object{"removed": removed}, err
	},
	"stats": func(_ *stage, db *DB, _ object) (object, error) {
		s, err := db.Stats()
		return object{
			"namespaces": s.Namespaces, "objects": s.Objects, "handles": s.Handles,
			"leaves": s.Leaves, "memory_bytes": s.MemoryBytes, "disk_bytes": s.DiskBytes,
			"segments": s.Segments, "records": s.Records, "last_seq": s.LastSeq,
			"durable_seq": s.DurableSeq, "buffered_records": s.BufferedRecords,
		}, err
	},
	"recovery": func(_ *stage, db *DB, _ object) (object, error) {
		r, err := db.Recovery()
		found := object{
			"has_checkpoint": r.HasCheckpoint, "segments": r.Segments,
			"records_kept": r.RecordsKept, "bytes_dropped": r.BytesDropped,
			"first_bad_offset": r.FirstBadOffset,
		}
		if r.FirstBadOffset < 0 {
			found["first_bad_offset"] = nil
		}
		return found, err
	},
	"recovery_text": func(_ *stage, db *DB, _ object) (object, error) {
		r, err := db.Recovery()
		return object{"text": r.Text}, err
	},
	"namespaces": func(_ *stage, db *DB, _ object) (object, error) {
		names, err := db.Namespaces()
		return object{"names": listOf(names)}, err
	},
	"create_namespace": func(s *stage, db *DB, args object) (object, error) {
		settings := Settings{Space: s.space(args["space"]), TTL: s.duration(args["ttl_us"])}
		if history := args["history"]; history != nil {
			settings.History = choose(s, history, map[string]History{
				"on": HistoryOn, "off": HistoryOff,
			})
		}
		ns, err := db.CreateNamespace(s.text(args["name"]), settings)
		if err == nil {
			ns.Close()
		}
		return object{}, err
	},
	"open_namespace": func(s *stage, db *DB, args object) (object, error) {
		ns, err := db.OpenNamespace(s.text(args["name"]))
		if err == nil {
			ns.Close()
		}
		return object{}, err
	},
}

// plain is a step that gives nothing.
func plain(call func(*DB) error) func(*stage, *DB, object) (object, error) {
	return func(_ *stage, db *DB, _ object) (object, error) { return object{}, call(db) }
}

// listOf puts a column into the types of JSON.
func listOf[T any](column []T) []any {
	list := make([]any, len(column))
	for i, value := range column {
		list[i] = value
	}
	return list
}

// errTwice says that two ways to ask gave two answers.
var errTwice = errors.New("two ways to ask gave two answers")
