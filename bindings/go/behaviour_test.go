package spatio

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The cases of tests/behaviour, which run against every language; their expected values were
// worked out by an oracle apart from the engine.

type topic struct {
	Topic string
	Cases []behaviourCase
}

type behaviourCase struct {
	Name    string
	Where   string
	ClockUS json.Number `json:"clock_us"`
	Options object
	Needs   []string
	Steps   []step
}

type step struct {
	Op      string
	Args    object
	Expect  object
	Error   string
	Message []string
	Row     *json.Number
	Bind    string
}

// object is an object of JSON, with numbers as they were written.
type object = map[string]any

// needs are those of the cases' special needs that this language has.
var needs = []string{"raw", "arrow", "cancel"}

func TestBehaviour(t *testing.T) {
	reached := make(map[string]int)
	cases := 0
	for _, topic := range topics(t) {
		t.Run(topic.Topic, func(t *testing.T) {
			for _, c := range topic.Cases {
				cases++
				t.Run(c.Name, func(t *testing.T) { c.play(t, reached) })
			}
		})
	}
	var told []string
	for _, op := range slices.Sorted(maps.Keys(reached)) {
		told = append(told, fmt.Sprintf("%s %d", op, reached[op]))
	}
	t.Logf("%d cases; operations reached: %s", cases, strings.Join(told, ", "))
	if cases < 300 {
		t.Errorf("only %d cases: where are the others?", cases)
	}
}

// root is the folder of the whole repository; a copy of the module alone has none.
func root(t testing.TB) string {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "include", "spatio.h")); err != nil {
		t.Skip("this needs the whole repository, and not the module alone")
	}
	return root
}

func topics(t *testing.T) []topic {
	paths := must[[]string](t)(filepath.Glob(filepath.Join(root(t), "tests/behaviour/*.json")))
	var topics []topic
	for _, path := range paths {
		file := must[*os.File](t)(os.Open(path))
		decoder := json.NewDecoder(file)
		decoder.UseNumber()
		decoder.DisallowUnknownFields()
		var read struct {
			topic
			About string
		}
		if err := decoder.Decode(&read); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		check(t, file.Close())
		topics = append(topics, read.topic)
	}
	return topics
}

func (c behaviourCase) play(t *testing.T, reached map[string]int) {
	for _, need := range c.Needs {
		if !slices.Contains(needs, need) {
			t.Skipf("it needs %s", need)
		}
	}
	stage, err := newStage(t, c)
	if err != nil {
		t.Fatalf("the case's own database: %v", err)
	}
	for number, step := range c.Steps {
		reached[step.Op]++
		if err := stage.step(step); err != nil {
			t.Fatalf("step %d, %s: %v", number, step.Op, err)
		}
	}
}
