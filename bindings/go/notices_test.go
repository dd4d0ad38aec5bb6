package spatio

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestMessagesAreTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	var mutex sync.Mutex
	told := map[string]Level{}
	log := WithLog(func(level Level, message string) {
		mutex.Lock()
		defer mutex.Unlock()
		told[message] = level
	})
	check(t, must[*DB](t)(Open(path, log)).Close())
	// Close has waited for the last one.
	if len(told) == 0 {
		t.Fatal("nothing was told")
	}
	for message, level := range told {
		if level != LevelInfo || message == "" {
			t.Errorf("level %d: %q", level, message)
		}
	}

	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, nil))
	check(t, must[*DB](t)(Open(path, WithLogger(logger))).Close())
	if !strings.Contains(text.String(), "level=INFO") {
		t.Errorf("the logger was told %q", text.String())
	}
	if _, err := Open(filepath.Join(path, "00000001.log"), log); err == nil {
		t.Error("a file was opened as a database")
	}
}

func TestAPanicInTheFunctionForMessagesHarmsNobody(t *testing.T) {
	var text bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&text, nil)))
	defer slog.SetDefault(before)
	panics := WithLog(func(Level, string) { panic(errors.New("thrown")) })
	db := must[*DB](t)(Open(filepath.Join(t.TempDir(), "db"), panics))
	ns := must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
	must[Written](t)(ns.Upsert("a", XY(1, 1)))
	check(t, db.Close())
	if !strings.Contains(text.String(), "panicked") || !strings.Contains(text.String(), "thrown") {
		t.Errorf("the log says %q", text.String())
	}
}

func TestAFunctionForMessagesMayCallTheDatabase(t *testing.T) {
	ready, done := make(chan *Namespace, 1), make(chan error, 1)
	var once sync.Once
	log := WithLog(func(Level, string) {
		once.Do(func() {
			_, err := (<-ready).Upsert("a", XY(1, 1))
			done <- err
		})
	})
	db := must[*DB](t)(Open(filepath.Join(t.TempDir(), "db"), log))
	ready <- must[*Namespace](t)(db.CreateNamespace("cars", Settings{}))
	check(t, <-done)
	check(t, db.Close())
}
