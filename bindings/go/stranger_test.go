//go:build linux && !spatio_static

package spatio

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stranger is a library with the same names and another version of the interface.
const stranger = `
#include <stdint.h>
uint32_t spatio_abi_version(void) { return 99; }
const char *spatio_version(void) { return "9.9.9"; }
`

// asStranger tells a child process that it runs with it.
const asStranger = "SPATIO_TEST_STRANGER"

func TestAStrangeLibraryIsRefusedAtOpening(t *testing.T) {
	if os.Getenv(asStranger) != "" {
		refusedStranger(t)
		return
	}
	program := must[string](t)(os.Executable())
	folder := t.TempDir()
	source, library := filepath.Join(folder, "stranger.c"), filepath.Join(folder, "stranger.so")
	check(t, os.WriteFile(source, []byte(stranger), 0o666))
	compiler := exec.Command("cc", "-shared", "-fPIC", "-o", library, source)
	if said, err := compiler.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	child := exec.Command(program, "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), asStranger+"=1", "LD_PRELOAD="+library)
	said, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(said), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, said)
	}
}

// refusedStranger runs in the child: nothing may be called that the stranger has otherwise.
func refusedStranger(t *testing.T) {
	_, open := Open(t.TempDir())
	_, memory := Memory()
	_, polygon := NewPolygon()
	_, looked := Check(t.TempDir())
	_, saved := Salvage(t.TempDir(), t.TempDir())
	_, distance := Distance(Geographic, Haversine, XY(0, 0), XY(1, 1))
	for name, err := range map[string]error{
		"Open": open, "Memory": memory, "NewPolygon": polygon, "Check": looked, "Salvage": saved,
		"Distance": distance,
	} {
		if err == nil || !strings.Contains(err.Error(), "(9.9.9) has version 99") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
