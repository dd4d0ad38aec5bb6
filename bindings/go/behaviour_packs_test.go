package spatio

import (
	"os"
	"path/filepath"
	"reflect"
)

// Steps about packs and fences.

// frozenObjects is a pack whose handles are found by ids.
type frozenObjects struct{ *Pack }

func (p frozenObjects) FindHandle(id string) (Handle, error) {
	object, err := p.Get(id)
	return object.Handle, err
}

// frozenFences are fences whose handles are found by ids.
type frozenFences struct{ *Fences }

func (f frozenFences) FindHandle(id string) (Handle, error) {
	fence, err := f.Get(id)
	return fence.Handle, err
}

// path is the file that a step is about.
func (s *stage) path(args object) string {
	return filepath.Join(s.folder, s.text(args["path"]))
}

// bytes are those of the file that a step is about.
func (s *stage) bytes(args object) []byte {
	bytes, err := os.ReadFile(s.path(args))
	if err != nil {
		s.wrong("%v", err)
	}
	return bytes
}

func (s *stage) freezeOptions(args object) FreezeOptions {
	options := s.indexOptions(args)
	return FreezeOptions{Layout: options.Layout, Threads: options.Threads}
}

func playFreeze(s *stage, ns *Namespace, args object) (object, error) {
	frozen, err := ns.Freeze(s.path(args), s.freezeOptions(args))
	return object{"objects": frozen.Objects, "bytes": frozen.Bytes}, err
}

func (s *stage) keepPack(args object) func(*Pack, error) (object, error) {
	return keep(s.packs, word(args, "as", "pack"))
}

func playPackOpen(s *stage, args object) (object, error) {
	return s.keepPack(args)(OpenPack(s.path(args)))
}

func playPackOpenBytes(s *stage, args object) (object, error) {
	return s.keepPack(args)(OpenPackBytes(s.bytes(args)))
}

var packPlays = map[string]func(*stage, frozenObjects, object) (object, error){
	"pack_close": func(_ *stage, pack frozenObjects, _ object) (object, error) {
		pack.Close()
		return object{}, nil
	},
	"pack_verify": func(_ *stage, pack frozenObjects, _ object) (object, error) {
		return object{}, pack.Verify()
	},
	"pack_info": func(_ *stage, pack frozenObjects, _ object) (object, error) {
		info, err := pack.Info()
		return object{
			"space": tellSpace(info.Space), "objects": info.Objects, "bytes": info.Bytes,
			"dims": info.Dims, "frozen_us": info.Frozen.UnixMicro(),
		}, err
	},
	"pack_get": func(s *stage, pack frozenObjects, args object) (object, error) {
		return tellObject(pack.Get(s.id(args)))
	},
	"pack_id": func(s *stage, pack frozenObjects, args object) (object, error) {
		id, err := pack.ID(s.handle(pack, args["handle"]))
		return object{"id": id}, err
	},
	"pack_payload": func(s *stage, pack frozenObjects, args object) (object, error) {
		payload, err := pack.Payload(s.handle(pack, args["handle"]), nil)
		return object{"payload": tellPayload(payload)}, err
	},
	"pack_query": func(s *stage, pack frozenObjects, args object) (object, error) {
		return s.ask(pack, args)
	},
	"pack_query_run": func(s *stage, pack frozenObjects, args object) (object, error) {
		return s.askSeveral(pack, args)
	},
}

func (s *stage) keepFences(args object) func(*Fences, error) (object, error) {
	return keep(s.fences, word(args, "as", "fences"))
}

// fenceItems reads what fences are built from; release closes its polygons.
func (s *stage) fenceItems(args object) (items FenceItems, release func(), err error) {
	items = FenceItems{
		Space: s.space(args["space"]), IDs: each(s, args["ids"], s.text),
		Payloads: each(s, args["payloads"], func(value any) []byte {
			if value == nil {
				return nil
			}
			return []byte(s.text(value))
		}),
	}
	release = func() {
		for _, polygon := range items.Polygons {
			polygon.Close()
		}
	}
	for _, value := range s.list(args["polygons"]) {
		polygon, err := s.polygon(value)
		if err != nil {
			return items, release, err
		}
		items.Polygons = append(items.Polygons, polygon)
	}
	return items, release, nil
}

func playFencesBuild(s *stage, args object) (object, error) {
	items, release, err := s.fenceItems(args)
	defer release()
	if err != nil {
		return nil, err
	}
	return s.keepFences(args)(BuildFences(items))
}

func playFencesWrite(s *stage, args object) (object, error) {
	items, release, err := s.fenceItems(args)
	defer release()
	if err != nil {
		return nil, err
	}
	bytes, err := WriteFences(s.path(args), items, s.freezeOptions(args))
	return object{"bytes": bytes}, err
}

func playFencesOpen(s *stage, args object) (object, error) {
	return s.keepFences(args)(OpenFences(s.path(args)))
}

func playFencesOpenBytes(s *stage, args object) (object, error) {
	return s.keepFences(args)(OpenFencesBytes(s.bytes(args)))
}

var fencesPlays = map[string]func(*stage, frozenFences, object) (object, error){
	"fences_close": func(_ *stage, fences frozenFences, _ object) (object, error) {
		fences.Close()
		return object{}, nil
	},
	"fences_verify": func(_ *stage, fences frozenFences, _ object) (object, error) {
		return object{}, fences.Verify()
	},
	"fences_info": func(_ *stage, fences frozenFences, _ object) (object, error) {
		info, err := fences.Info()
		return object{
			"space": tellSpace(info.Space), "fences": info.Fences, "bytes": info.Bytes,
		}, err
	},
	"fences_get": func(s *stage, fences frozenFences, args object) (object, error) {
		return tellFence(fences.Get(s.id(args)))
	},
	"fences_get_by_handle": func(s *stage, fences frozenFences, args object) (object, error) {
		return tellFence(fences.GetByHandle(s.handle(fences, args["handle"])))
	},
	"fences_containing":   playContaining,
	"fences_intersecting": playIntersecting,
}

func tellFence(fence Fence, err error) (object, error) {
	return object{"found": true, "id": fence.ID, "payload": tellPayload(fence.Payload)}, err
}

// axes reads a list of points into two columns.
func (s *stage) axes(value any) (x, y []float64) {
	for _, at := range each(s, value, s.point) {
		x, y = append(x, at.X), append(y, at.Y)
	}
	return x, y
}

func playContaining(s *stage, fences frozenFences, args object) (object, error) {
	x, y := s.axes(args["points"])
	with := FenceIDs | FencePayloads
	copied, err := fences.Containing(x, y, with)
	return fences.told(copied, err, func(look func(found *Columns) error) error {
		return fences.ViewContaining(look, x, y, with)
	})
}

func playIntersecting(s *stage, fences frozenFences, args object) (object, error) {
	minX, minY := s.axes(args["min"])
	maxX, maxY := s.axes(args["max"])
	with := FenceIDs | FencePayloads
	copied, err := fences.Intersecting(minX, minY, maxX, maxY, with)
	return fences.told(copied, err, func(look func(found *Columns) error) error {
		return fences.ViewIntersecting(look, minX, minY, maxX, maxY, with)
	})
}

// told tells ids and payloads of each question. A view must say the same, and the handles must lead
// to the same fences.
func (f frozenFences) told(
	copied *Columns, err error, view func(look func(found *Columns) error) error,
) (object, error) {
	var viewed object
	viewErr := view(func(found *Columns) error {
		viewed = tellFences(found)
		return nil
	})
	if !reflect.DeepEqual(err, viewErr) {
		return nil, errTwice
	}
	if err != nil {
		return nil, err
	}
	told := tellFences(copied)
	if !reflect.DeepEqual(told, viewed) {
		return nil, errTwice
	}
	for row, handle := range copied.Handles {
		fence, err := f.GetByHandle(handle)
		if err != nil {
			return nil, err
		}
		wanted := Fence{Handle: handle, ID: copied.ID(row), Payload: copied.Payload(row)}
		if !reflect.DeepEqual(fence, wanted) {
			return nil, errTwice
		}
	}
	return told, nil
}

func tellFences(found *Columns) object {
	ids, payloads := make([]any, found.Queries()), make([]any, found.Queries())
	for query := range ids {
		part := found.Of(query)
		alone, loads := make([]any, part.Len()), make([]any, part.Len())
		for row := range alone {
			alone[row], loads[row] = part.ID(row), string(part.Payload(row))
		}
		ids[query], payloads[query] = alone, loads
	}
	return object{"ids": ids, "payloads": payloads}
}
