package spatio

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// isProgram tells a whole program from a part of one.
func isProgram(block string) bool {
	return strings.HasPrefix(block, "package main\n")
}

// The programs of the README run word for word, in a module of their own, and print what it says.
func TestTheProgramsRun(t *testing.T) {
	all, prints := blocks(t, "go"), blocks(t, "text")
	programs := slices.DeleteFunc(slices.Clone(all), func(block string) bool {
		return !isProgram(block)
	})
	if len(programs) < 2 || len(programs) != len(prints) || !isProgram(all[0]) {
		t.Fatalf("%d programs, and what %d print", len(programs), len(prints))
	}
	module := must[string](t)(filepath.Abs("."))
	folder := t.TempDir()
	goTool(t, folder, "mod", "init", "example.org/first")
	const path = "github.com/spatio/libspatio/bindings/go"
	goTool(t, folder, "mod", "edit", "-require", path+"@v0.0.0", "-replace", path+"="+module)
	for at, program := range programs {
		check(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o666))
		if said := goTool(t, folder, "run", "."); said != prints[at] {
			t.Errorf("program %d printed\n%sinstead of\n%s", at, said, prints[at])
		}
	}
	for _, file := range []string{"fleet.spatio", "fleet.psindex"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Error(err)
		}
	}
}

// The other blocks of Go are parts of a program, which compiles with them.
func TestTheOtherBlocksCompile(t *testing.T) {
	parts := slices.DeleteFunc(blocks(t, "go"), isProgram)
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
	"os"
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
	file   *os.File
	size   int64
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
