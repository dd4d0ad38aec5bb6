package spatio

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Comparing an answer with what a case expects. What is expected must be there; an answer may say
// more than is asked, but a row may not. Answers are put into the types of JSON, except that they
// keep their numbers as float64, int64 or Handle.

// tolerance is how far a computed number may be off, relative.
const tolerance = 1e-9

// computed names what is computed and not stored.
var computed = []string{"distance", "distances", "positions"}

func compare(expected, found object, bound map[string]Handle) error {
	for key, wanted := range expected {
		var holds bool
		switch key {
		case "rows":
			holds = sameRows(wanted, found["rows"])
		case "rows_by_id":
			holds = sameRows(wanted, byID(found["rows"]))
		case "row_count":
			rows, ok := found["rows"].([]any)
			count, isWhole := asWhole(wanted)
			holds = ok && isWhole && count == int64(len(rows))
		case "among":
			holds = among(wanted, found["rows"])
		case "contains":
			holds = contains(wanted, found["text"])
		case "handle":
			name, _ := wanted.(string)
			handle, ok := bound[strings.TrimPrefix(name, "@")]
			holds = ok && found["handle"] == handle
		case "results":
			if err := compareEach(wanted, found["results"], bound); err != nil {
				return err
			}
			holds = true
		default:
			value, ok := found[key]
			holds = ok && matches(key, wanted, value)
		}
		if !holds {
			return fmt.Errorf("%s: expected %v, found %v", key, wanted, found)
		}
	}
	return nil
}

func compareEach(wanted, found any, bound map[string]Handle) error {
	results, _ := wanted.([]any)
	answers, ok := found.([]any)
	if !ok || len(results) != len(answers) {
		return fmt.Errorf("expected %d results, found %v", len(results), found)
	}
	for i, result := range results {
		if err := compare(result.(object), answers[i].(object), bound); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
	}
	return nil
}

// sameRows compares rows in their order, each with the same fields and no other.
func sameRows(wanted, found any) bool {
	rows, isList := wanted.([]any)
	answers, ok := found.([]any)
	if !isList || !ok {
		return false
	}
	return slices.EqualFunc(rows, answers, func(wanted, found any) bool {
		row, answer := wanted.(object), found.(object)
		for key, value := range row {
			if told, ok := answer[key]; !ok || !matches(key, value, told) {
				return false
			}
		}
		return len(row) == len(answer)
	})
}

func byID(rows any) any {
	list, ok := rows.([]any)
	if !ok {
		return nil
	}
	return slices.SortedFunc(slices.Values(list), func(a, b any) int {
		return strings.Compare(a.(object)["id"].(string), b.(object)["id"].(string))
	})
}

// among tells whether every row has an id of the list, and none twice.
func among(ids, rows any) bool {
	left := slices.Clone(ids.([]any))
	answers, ok := rows.([]any)
	for _, row := range answers {
		at := slices.Index(left, row.(object)["id"])
		if at < 0 {
			return false
		}
		left = slices.Delete(left, at, at+1)
	}
	return ok
}

func contains(words, text any) bool {
	told, ok := text.(string)
	for _, word := range words.([]any) {
		ok = ok && strings.Contains(told, word.(string))
	}
	return ok
}

func matches(key string, wanted, found any) bool {
	switch wanted := wanted.(type) {
	case object:
		least, isWhole := asWhole(wanted["at_least"])
		value, ok := toWhole(found)
		return isWhole && ok && value >= least
	case []any:
		answers, ok := found.([]any)
		if !ok {
			return false
		}
		if key == "at" && len(wanted) == 2 {
			// A third coordinate that is not given is 0.
			wanted = append(slices.Clone(wanted), json.Number("0"))
		}
		return slices.EqualFunc(wanted, answers, func(wanted, found any) bool {
			return matches(key, wanted, found)
		})
	case nil, bool:
		return wanted == found
	case string:
		if wanted == found {
			return true
		}
	}
	if value, ok := toWhole(found); ok {
		number, isWhole := asWhole(wanted)
		return isWhole && number == value
	}
	value, ok := found.(float64)
	number, isNumber := asNumber(wanted)
	return ok && isNumber && sameNumber(key, number, value)
}

func toWhole(found any) (int64, bool) {
	switch value := reflect.ValueOf(found); {
	case value.CanInt():
		return value.Int(), true
	case value.CanUint():
		return int64(value.Uint()), true
	}
	return 0, false
}

func sameNumber(key string, wanted, found float64) bool {
	if slices.Contains(computed, key) && !math.IsNaN(wanted) && !math.IsInf(wanted, 0) {
		return math.Abs(wanted-found) <= tolerance*math.Max(math.Abs(wanted), 1)
	}
	// Stored numbers come back as they were, the sign of a zero too; but NaN has no one form.
	return math.IsNaN(wanted) && math.IsNaN(found) ||
		math.Float64bits(wanted) == math.Float64bits(found)
}

func TestAWrongAnswerIsToldFromARightOne(t *testing.T) {
	row := func(id string, x, distance float64) object {
		at := []any{x, 2.0, 0.0}
		return object{"rows": []any{object{"id": id, "at": at, "distance": distance}}}
	}
	bound := map[string]Handle{"h": 7}
	for _, test := range []struct {
		expected string
		found    object
		holds    bool
	}{
		{`{"rows":[{"id":"a","at":[1,2],"distance":5.000000001}]}`, row("a", 1, 5), true},
		{`{"rows":[{"id":"a","at":[1,2],"distance":5.0001}]}`, row("a", 1, 5), false},
		{`{"rows":[{"id":"a","at":[1,2],"distance":5}]}`, row("a", 1+1e-12, 5), false},
		{`{"rows":[{"id":"a","at":[1,2]}]}`, row("a", 1, 5), false},
		{`{"rows":[]}`, row("a", 1, 5), false},
		{`{"rows":[]}`, object{}, false},
		{`{"row_count":1,"among":["b"]}`, row("a", 1, 5), false},
		{`{"row_count":1,"among":["b","a"]}`, row("a", 1, 5), true},
		{`{"found":true}`, object{"found": false}, false},
		{`{"found":true}`, object{}, false},
		{`{"payload":null}`, object{}, false},
		{`{"payload":null}`, object{"payload": nil}, true},
		{`{"handle":"@h"}`, object{"handle": Handle(7)}, true},
		{`{"handle":"@i"}`, object{"handle": Handle(7)}, false},
		{`{"x":[0.0]}`, object{"x": []any{math.Copysign(0, -1)}}, false},
		{`{"n":{"at_least":2}}`, object{"n": 2}, true},
		{`{"n":{"at_least":3}}`, object{"n": 2}, false},
		{`{"time_us":"9223372036854775807"}`, object{"time_us": int64(math.MaxInt64)}, true},
		{`{"time_us":"9223372036854775807"}`, object{"time_us": int64(math.MaxInt64 - 1)}, false},
	} {
		decoder := json.NewDecoder(strings.NewReader(test.expected))
		decoder.UseNumber()
		var expected object
		check(t, decoder.Decode(&expected))
		if err := compare(expected, test.found, bound); (err == nil) != test.holds {
			t.Errorf("%s and %v: %v", test.expected, test.found, err)
		}
	}
}
