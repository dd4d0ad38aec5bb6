//go:build linux

package spatio

import (
	"debug/elf"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// needed are the shared libraries that a program names.
func needed(t *testing.T, program string) []string {
	file := must[*elf.File](t)(elf.Open(program))
	defer file.Close()
	return must[[]string](t)(file.ImportedLibraries())
}

func TestAProgramIsLinkedAsItsTagSays(t *testing.T) {
	for _, tags := range []string{"", "spatio_static"} {
		program := filepath.Join(t.TempDir(), "drivers")
		goTool(t, ".", "build", "-tags", tags, "-o", program, "./examples/drivers")
		isShared := slices.ContainsFunc(needed(t, program), func(name string) bool {
			return strings.HasPrefix(name, "libspatio")
		})
		if isShared != (tags == "") {
			t.Errorf("tags %q: the program needs %v", tags, needed(t, program))
		}
	}
}
