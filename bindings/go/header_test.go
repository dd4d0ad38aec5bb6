package spatio

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unneeded are the functions of the header that this package does without, and why.
var unneeded = map[string]string{
	"spatio_hits_columns":   "every call that fills hits fills its columns in the same crossing",
	"spatio_result_columns": "every call that fills a result fills its columns in the same crossing",
}

var (
	comments  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	functions = regexp.MustCompile(`\b(spatio_[a-z0-9_]+)\s*\(`)
	calls     = regexp.MustCompile(`\bC\.(spatio_[a-z0-9_]+)\(`)
	marks     = regexp.MustCompile(`// #cgo (noescape|nocallback) (spatio_[a-z0-9_]+)`)
	codes     = regexp.MustCompile(`#define (SPATIO_[A-Z0-9_]+)`)
	constants = regexp.MustCompile(`\bC\.(SPATIO_[A-Z0-9_]+)\b`)
	fields    = regexp.MustCompile(`(?s)typedef struct (\w+) \{(.*?)\}`)
)

func header(t *testing.T) string {
	text := must[[]byte](t)(os.ReadFile(filepath.Join(root(t), "include", "spatio.h")))
	return comments.ReplaceAllString(string(text), "")
}

// sources are the Go files of the package, without its tests, as one text.
func sources(t *testing.T) string {
	var all strings.Builder
	for _, path := range must[[]string](t)(filepath.Glob("*.go")) {
		if !strings.HasSuffix(path, "_test.go") {
			all.Write(must[[]byte](t)(os.ReadFile(path)))
		}
	}
	return all.String()
}

func names(pattern *regexp.Regexp, text string, group int) []string {
	var names []string
	for _, found := range pattern.FindAllStringSubmatch(text, -1) {
		names = append(names, found[group])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryFunctionOfTheHeaderIsCalled(t *testing.T) {
	declared, code := names(functions, header(t), 1), sources(t)
	if len(declared) < 60 {
		t.Fatalf("only %d functions were found in the header", len(declared))
	}
	called := names(calls, code, 1)
	for _, name := range declared {
		_, isUnneeded := unneeded[name]
		if slices.Contains(called, name) == isUnneeded {
			t.Errorf("%s: called %t, explained as unneeded %t", name, !isUnneeded, isUnneeded)
		}
	}
	for name := range unneeded {
		if !slices.Contains(declared, name) {
			t.Errorf("%s is explained, but the header has no such function", name)
		}
	}
	t.Logf("%d functions of the header, %d called", len(declared), len(called))
}

func TestEveryCallIsMarkedForTheStack(t *testing.T) {
	code := sources(t)
	marked := make(map[string][]string)
	for _, mark := range marks.FindAllStringSubmatch(code, -1) {
		marked[mark[2]] = append(marked[mark[2]], mark[1])
	}
	for _, name := range names(functions, header(t), 1) {
		_, isUnneeded := unneeded[name]
		isMarked := slices.Equal(marked[name], []string{"noescape", "nocallback"})
		if isMarked == isUnneeded {
			t.Errorf("%s is marked %v in calls.go", name, marked[name])
		}
	}
}

func TestEveryConstantOfTheHeaderIsThere(t *testing.T) {
	used := names(constants, sources(t), 1)
	for _, name := range names(codes, header(t), 1) {
		if name != "SPATIO_H" && !slices.Contains(used, name) {
			t.Errorf("no constant of this package stands for %s", name)
		}
	}
}

func TestEveryFieldOfTheHeaderIsTouched(t *testing.T) {
	code := sources(t)
	for _, declared := range fields.FindAllStringSubmatch(header(t), -1) {
		for _, line := range strings.Split(declared[2], ";") {
			words := strings.FieldsFunc(line, func(r rune) bool {
				return strings.ContainsRune(" *\n\t[]", r)
			})
			if len(words) < 2 {
				continue
			}
			name := words[len(words)-1]
			if name == "480" || name == "2" || name == "4" {
				name = words[len(words)-2]
			}
			touched := regexp.MustCompile(`(\.|\b)` + name + `\b`)
			if name != "reserved" && !touched.MatchString(code) {
				t.Errorf("%s.%s is not used", declared[1], name)
			}
		}
	}
}
