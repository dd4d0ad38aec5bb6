package spatio

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Reading the arguments of a step. What is missing or of another form is an error of the case.

// wrong notes that a case makes no sense.
func (s *stage) wrong(format string, values ...any) error {
	if s.bad == nil {
		s.bad = fmt.Errorf(format, values...)
	}
	return s.bad
}

// asNumber reads a number, which may be written as a word.
func asNumber(value any) (float64, bool) {
	var digits string
	switch value := value.(type) {
	case json.Number:
		digits = value.String()
	case string:
		switch value {
		case "NaN":
			return math.NaN(), true
		case "Infinity":
			return math.Inf(1), true
		case "-Infinity":
			return math.Inf(-1), true
		}
		digits = value
	default:
		return 0, false
	}
	number, err := strconv.ParseFloat(digits, 64)
	return number, err == nil
}

// asWhole reads a whole number of 64 bits, with or without quotes.
func asWhole(value any) (int64, bool) {
	var digits string
	switch value := value.(type) {
	case json.Number:
		digits = value.String()
	case string:
		digits = value
	}
	whole, err := strconv.ParseInt(digits, 10, 64)
	return whole, err == nil
}

func (s *stage) number(value any) float64 {
	number, ok := asNumber(value)
	if !ok {
		s.wrong("%v is no number", value)
	}
	return number
}

func (s *stage) whole(value any) int64 {
	whole, ok := asWhole(value)
	if !ok {
		s.wrong("%v is no whole number", value)
	}
	return whole
}

func (s *stage) text(value any) string {
	text, ok := value.(string)
	if !ok {
		s.wrong("%v is no text", value)
	}
	return text
}

// word is an argument that may be missing.
func word(args object, name, without string) string {
	if word, ok := args[name].(string); ok {
		return word
	}
	return without
}

func (s *stage) list(value any) []any {
	list, ok := value.([]any)
	if !ok {
		s.wrong("%v is no list", value)
	}
	return list
}

// each reads a list; nil if it is missing.
func each[T any](s *stage, value any, read func(any) T) []T {
	if value == nil {
		return nil
	}
	column := []T{}
	for _, value := range s.list(value) {
		column = append(column, read(value))
	}
	return column
}

func (s *stage) numbers(value any) []float64 { return each(s, value, s.number) }
func (s *stage) wholes(value any) []int64    { return each(s, value, s.whole) }

// choose reads a word that stands for a constant, or "#" and the number itself.
func choose[T ~uint32](s *stage, value any, words map[string]T) T {
	word := s.text(value)
	if digits, ok := strings.CutPrefix(word, "#"); ok {
		return T(s.whole(digits))
	}
	choice, ok := words[word]
	if !ok {
		s.wrong("%q is none of %v", word, words)
	}
	return choice
}

func (s *stage) space(value any) Space {
	return choose(s, value, map[string]Space{"geographic": Geographic, "cartesian": Cartesian})
}

func (s *stage) metric(value any) Metric {
	return choose(s, value, map[string]Metric{
		"haversine": Haversine, "geodesic": Geodesic, "rhumb": Rhumb, "euclidean": Euclidean,
	})
}

// limit is an argument that may be missing: no limit.
func (s *stage) limit(args object) int {
	if args["limit"] == nil {
		return NoLimit
	}
	return int(s.whole(args["limit"]))
}

// point reads a position of two or three numbers.
func (s *stage) point(value any) Point {
	switch at := s.numbers(value); len(at) {
	case 2:
		return XY(at[0], at[1])
	case 3:
		return XYZ(at[0], at[1], at[2])
	}
	s.wrong("%v is no position", value)
	return Point{}
}

// polygon makes a polygon as GeoJSON nests it.
func (s *stage) polygon(value any) (*Polygon, error) {
	ring := func(value any) []Point { return each(s, value, s.point) }
	part := func(value any) [][]Point { return each(s, value, ring) }
	return NewMultiPolygon(each(s, value, part)...)
}

// id is an id as text, or as bytes that are no text.
func (s *stage) id(args object) string {
	if bytes := args["id_bytes"]; bytes != nil {
		return string(each(s, bytes, func(value any) byte { return byte(s.whole(value)) }))
	}
	return s.text(args["id"])
}

// moment reads a time; the zero time if it is missing.
func (s *stage) moment(value any) time.Time {
	if value == nil {
		return time.Time{}
	}
	return time.UnixMicro(s.whole(value))
}

// duration reads microseconds; 0 if they are missing.
func (s *stage) duration(value any) time.Duration {
	if value == nil {
		return 0
	}
	return time.Duration(s.whole(value)) * time.Microsecond
}

// finder is what has handles: a namespace, a pack, fences.
type finder interface {
	FindHandle(id string) (Handle, error)
}

// handle is what a case means: "@name" of a bound one, "#number", or the id of an object.
func (s *stage) handle(in finder, value any) Handle {
	word := s.text(value)
	if name, ok := strings.CutPrefix(word, "@"); ok {
		handle, ok := s.bound[name]
		if !ok {
			s.wrong("%s is not bound", name)
		}
		return handle
	}
	if digits, ok := strings.CutPrefix(word, "#"); ok {
		handle, err := strconv.ParseUint(digits, 10, 64)
		if err != nil {
			s.wrong("%s is no handle", digits)
		}
		return Handle(handle)
	}
	handle, err := in.FindHandle(word)
	if err != nil {
		s.wrong("%q has no handle: %v", word, err)
	}
	return handle
}

func (s *stage) handles(in finder, value any) []Handle {
	return each(s, value, func(value any) Handle { return s.handle(in, value) })
}
