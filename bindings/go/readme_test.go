package spatio

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// blocks are the blocks of a language in the README.
func blocks(t *testing.T, language string) []string {
	rest := string(must[[]byte](t)(os.ReadFile("README.md")))
	var blocks []string
	for {
		_, after, found := strings.Cut(rest, "```"+language+"\n")
		if !found {
			return blocks
		}
		block, behind, ended := strings.Cut(after, "```\n")
		if !ended {
			t.Fatalf("a block of %s does not end", language)
		}
		blocks, rest = append(blocks, block), behind
	}
}

// The first program of the README runs word for word, in a module of its own.
func TestTheFirstProgramRuns(t *testing.T) {
	programs, prints := blocks(t, "go"), blocks(t, "text")
	if len(programs) == 0 || len(prints) == 0 || !strings.HasPrefix(programs[0], "package main") {
		t.Fatal("the README does not begin with a program and what it prints")
	}
	module := must[string](t)(filepath.Abs("."))
	folder := t.TempDir()
	check(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(programs[0]), 0o666))
	goTool(t, folder, "mod", "init", "example.org/first")
	const path = "github.com/spatio/libspatio/bindings/go"
	goTool(t, folder, "mod", "edit", "-require", path+"@v0.0.0", "-replace", path+"="+module)
	if said := goTool(t, folder, "run", "."); said != prints[0] {
		t.Errorf("it printed\n%sinstead of\n%s", said, prints[0])
	}
	if _, err := os.Stat(filepath.Join(folder, "fleet.spatio")); err != nil {
		t.Error(err)
	}
}

// The other blocks of Go are parts of a program, which compiles with them.
func TestTheOtherBlocksCompile(t *testing.T) {
	parts := blocks(t, "go")[1:]
	if len(parts) < 3 {
		t.Fatalf("only %d blocks", len(parts))
	}
	var program strings.Builder
	program.WriteString(`package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

var (
	ctx    = context.Background()
	logger = slog.Default()
	db     *spatio.DB
	buses  *spatio.Namespace
	_      = fmt.Sprint
	_      = errors.Is
	_      = time.Now
	err    error
)

func meet(spatio.Handle, float64) {}

func main() {}
`)
	for _, part := range parts {
		program.WriteString("\nfunc _() {\n" + part + "}\n")
	}
	// Inside the module, so that it needs no other.
	folder := must[string](t)(os.MkdirTemp(".", "readme-"))
	defer os.RemoveAll(folder)
	check(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(program.String()), 0o666))
	goTool(t, folder, "build", "-o", os.DevNull, ".")
}

// goTool runs the go command; what it says.
func goTool(t *testing.T, folder string, arguments ...string) string {
	t.Helper()
	command := exec.Command("go", arguments...)
	command.Dir = folder
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	return string(said)
}
