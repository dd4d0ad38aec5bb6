package spatio

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stage is what a case plays on: a directory, a clock, and what it has open.
type stage struct {
	folder string
	clock  *Clock
	open   map[string]*opened
	bound  map[string]Handle
	// indexes are the packed indexes by their names; hits is the answer that each of them fills anew.
	indexes map[string]*Index
	hits    Hits
	// streams are the streamed indexes by their names.
	streams map[string]streamed
	// packs and fences are those that were opened, by their names.
	packs  map[string]*Pack
	fences map[string]*Fences
	// bad is the first thing in the arguments of a step that makes no sense.
	bad error
}

type opened struct {
	db     *DB
	spaces map[string]*Namespace
}

func newStage(t *testing.T, c behaviourCase) (*stage, error) {
	s := &stage{
		folder: t.TempDir(),
		open:   make(map[string]*opened),
		bound:  make(map[string]Handle),

		indexes: make(map[string]*Index),
		streams: make(map[string]streamed),
		packs:   make(map[string]*Pack),
		fences:  make(map[string]*Fences),
	}
	s.clock = NewClock(time.UnixMicro(s.whole(c.ClockUS)))
	t.Cleanup(func() {
		for _, index := range s.indexes {
			index.Close()
		}
		for _, stream := range s.streams {
			stream.Close()
		}
		for _, pack := range s.packs {
			pack.Close()
		}
		for _, fences := range s.fences {
			fences.Close()
		}
		for _, open := range s.open {
			check(t, open.db.Close())
		}
	})
	_, err := s.openDB(object{"options": any(c.Options), "memory": c.Where == "memory"})
	return s, errors.Join(err, s.bad)
}

// step plays a step and checks what came of it.
func (s *stage) step(step step) error {
	args := step.Args
	if args == nil {
		args = object{}
	}
	found, err := s.play(step.Op, args)
	if s.bad != nil {
		return fmt.Errorf("the case makes no sense: %w", s.bad)
	}
	if step.Error != "" {
		return checkError(step, found, err)
	}
	mayLack := step.Op == "get" || step.Op == "get_by_handle" || step.Op == "get_payload" ||
		step.Op == "find_handle" || step.Op == "pack_get" || step.Op == "fences_get"
	if mayLack && errors.Is(err, ErrNotFound) {
		found, err = object{"found": false}, nil
	}
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	if step.Bind != "" {
		handle, ok := found["handle"].(Handle)
		if !ok {
			return fmt.Errorf("no handle to bind in %v", found)
		}
		s.bound[step.Bind] = handle
	}
	return compare(step.Expect, found, s.bound)
}

func checkError(step step, found object, err error) error {
	if err == nil {
		return fmt.Errorf("expected %s, found %v", step.Error, found)
	}
	var told *Error
	if !errors.As(err, &told) || told.Code.String() != step.Error || !errors.Is(err, told.Code) {
		return fmt.Errorf("expected %s, found %w", step.Error, err)
	}
	for _, word := range step.Message {
		if !strings.Contains(err.Error(), word) {
			return fmt.Errorf("%q is not in %q", word, err)
		}
	}
	if step.Row != nil {
		if row, _ := step.Row.Int64(); int(row) != told.Row {
			return fmt.Errorf("expected row %d, found %d", row, told.Row)
		}
	}
	return nil
}

// play does what a step says.
func (s *stage) play(op string, args object) (object, error) {
	if play := wholePlays[op]; play != nil {
		return play(s, args)
	}
	asked := indexPlays[op]
	if asked == nil {
		asked = nearnessPlays[op]
	}
	if asked != nil {
		index, err := s.index(args, "index")
		if err != nil {
			return nil, err
		}
		return asked(s, index, args)
	}
	if play := streamPlays[op]; play != nil {
		stream, ok := s.streams[word(args, "stream", "stream")]
		if !ok {
			return nil, s.wrong("no stream %v", args["stream"])
		}
		return play(s, stream, args)
	}
	if play := packPlays[op]; play != nil {
		pack := s.packs[word(args, "pack", "pack")]
		if pack == nil {
			return nil, s.wrong("no pack %v", args["pack"])
		}
		return play(s, frozenObjects{pack}, args)
	}
	if play := fencesPlays[op]; play != nil {
		fences := s.fences[word(args, "fences", "fences")]
		if fences == nil {
			return nil, s.wrong("no fences %v", args["fences"])
		}
		return play(s, frozenFences{fences}, args)
	}
	if play := databasePlays[op]; play != nil {
		open := s.open[word(args, "db", "db")]
		if open == nil {
			return nil, s.wrong("no database %v", args["db"])
		}
		return play(s, open.db, args)
	}
	play := namespacePlays[op]
	if play == nil {
		return nil, s.wrong("no such operation")
	}
	ns, err := s.namespace(args)
	if err != nil || s.bad != nil {
		return nil, err
	}
	return play(s, ns, args)
}

// openDB opens a database under a name; one that was open under it is given up.
func (s *stage) openDB(args object) (object, error) {
	given := []Option{WithClock(s.clock), NoBackground()}
	options, _ := args["options"].(object)
	for key, value := range options {
		given = append(given, s.option(key, value))
	}
	var db *DB
	var err error
	if args["memory"] == true {
		db, err = Memory(given...)
	} else {
		db, err = Open(filepath.Join(s.folder, word(args, "path", "db")), given...)
	}
	if err != nil {
		return nil, err
	}
	name := word(args, "as", "db")
	if before := s.open[name]; before != nil {
		if err := before.db.Close(); err != nil {
			return nil, err
		}
	}
	s.open[name] = &opened{db: db, spaces: make(map[string]*Namespace)}
	return object{}, nil
}

func (s *stage) option(key string, value any) Option {
	switch key {
	case "sync":
		return WithSync(choose(s, value, map[string]SyncPolicy{
			"every": SyncEvery, "always": SyncAlways, "never": SyncNever,
		}))
	case "recovery":
		return WithRecovery(choose(s, value, map[string]RecoveryMode{
			"strict": RecoveryStrict, "salvage": RecoverySalvage,
		}))
	case "read_only":
		if value == true {
			return ReadOnly()
		}
		return func(*options) {}
	case "segment_bytes":
		return WithSegmentBytes(uint64(s.whole(value)))
	case "buffer_records":
		return WithBuffer(uint64(s.whole(value)))
	case "sync_period_us":
		return WithSyncPeriod(time.Duration(s.whole(value)) * time.Microsecond)
	}
	s.wrong("option %s", key)
	return func(*options) {}
}

// namespace is the namespace that a step is about, opened when it is first named.
func (s *stage) namespace(args object) (*Namespace, error) {
	open := s.open[word(args, "db", "db")]
	if open == nil {
		return nil, s.wrong("no database %v", args["db"])
	}
	name := word(args, "ns", "main")
	if ns := open.spaces[name]; ns != nil {
		return ns, nil
	}
	ns, err := open.db.OpenNamespace(name)
	if err == nil {
		open.spaces[name] = ns
	}
	return ns, err
}

// file is the file that a step is about: by its name, or the last in a folder with an ending.
func (s *stage) file(args object) string {
	path := filepath.Join(s.folder, s.text(args["file"]))
	ending, ok := args["ending"].(string)
	if !ok {
		return path
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		s.wrong("%v", err)
	}
	last := ""
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ending) {
			last = entry.Name()
		}
	}
	if last == "" {
		s.wrong("no file in %s ends in %s", path, ending)
	}
	return filepath.Join(path, last)
}
