package spatio

import (
	"context"
	"errors"
	"iter"
	"math"
	"reflect"
	"strings"
)

// Steps that ask where things are.

// context is one that is done already if the step says so.
func (s *stage) context(args object) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	if args["cancelled"] != true {
		ctx = context.Background()
	}
	cancel()
	return ctx
}

// asker is what answers queries: a namespace, a pack.
type asker interface {
	finder
	Query(ctx context.Context, queries ...Query) (*Columns, error)
	View(ctx context.Context, look func(found *Columns) error, queries ...Query) error
	Rows(ctx context.Context, queries ...Query) iter.Seq2[Row, error]
	QueryInto(query Query, into *Buffer) (rows int, err error)
}

// query reads a query as a case writes it down; what it opens is closed by release.
func (s *stage) query(in finder, args object) (query Query, release func(), err error) {
	origin := func() Origin {
		if around := args["around"]; around != nil {
			return s.handle(in, around)
		}
		return s.point(args["at"])
	}
	number := func(name string) float64 { return s.number(args[name]) }
	release = func() {}
	size := append(s.numbers(args["size"]), 0, 0, 0)
	low, high := append(s.numbers(args["min"]), 0, 0, 0), append(s.numbers(args["max"]), 0, 0, 0)
	switch kind := s.text(args["kind"]); kind {
	case "circle":
		query = Circle(origin(), number("radius"))
	case "sphere":
		query = Sphere(origin(), number("radius"))
	case "cylinder":
		query = Cylinder(origin(), number("radius"), number("min_z"), number("max_z"))
	case "nearest":
		query = Nearest(origin(), NoLimit)
		if args["radius"] != nil {
			query = query.Within(number("radius"))
		}
	case "box":
		query = Box(low[0], low[1], high[0], high[1])
	case "box_3d":
		query = Box3D(XYZ(low[0], low[1], low[2]), XYZ(high[0], high[1], high[2]))
	case "box_around":
		query = BoxAround(origin(), size[0], size[1])
	case "box_3d_around":
		query = Box3DAround(origin(), size[0], size[1], size[2])
	case "everywhere":
		query = Everywhere()
	case "polygon":
		polygon, err := s.polygon(args["polygon"])
		if err != nil {
			return query, release, err
		}
		query, release = Inside(polygon), polygon.Close
	default:
		// A number that names no kind; there is no other way to ask for it.
		query = Everywhere()
		digits, ok := strings.CutPrefix(kind, "#")
		if !ok {
			return query, release, s.wrong("kind %s", kind)
		}
		setKind(&query, uint32(s.whole(digits)))
	}
	return s.narrow(query, args), release, nil
}

func (s *stage) narrow(query Query, args object) Query {
	query = query.Limit(s.limit(args)).WithIDs().WithPayloads()
	if args["exclude_origin"] == true {
		query = query.ExcludeOrigin()
	}
	if prefix := args["id_prefix"]; prefix != nil {
		query = query.IDPrefix(s.text(prefix))
	}
	if since := args["since_us"]; since != nil {
		query = query.Since(s.moment(since))
	}
	if age := args["max_age_us"]; age != nil {
		query = query.MaxAge(s.duration(age))
	}
	if altitudes := args["altitude"]; altitudes != nil {
		span := s.numbers(altitudes)
		query = query.Altitude(span[0], span[1])
	}
	return query
}

// tellRow puts a row into the words of the cases: a distance and a payload are there where the row
// has one.
func tellRow(row Row) any {
	told := object{"id": row.ID, "at": tellPlace(row.Position), "time_us": row.Time.UnixMicro()}
	if !math.IsNaN(row.Distance) {
		told["distance"] = row.Distance
	}
	if row.Payload != nil {
		told["payload"] = string(row.Payload)
	}
	return told
}

func tellRows(found *Columns) []any {
	rows := []any{}
	for _, row := range found.All() {
		rows = append(rows, tellRow(row))
	}
	return rows
}

// ask asks in every way there is: all must say the same.
func (s *stage) ask(on asker, args object) (object, error) {
	query, release, err := s.query(on, args)
	defer release()
	if err != nil {
		return nil, err
	}
	ctx := s.context(args)
	copied, err := on.Query(ctx, query)
	var viewed, walked []any
	viewErr := on.View(ctx, func(found *Columns) error {
		viewed = tellRows(found)
		return nil
	}, query)
	walked = []any{}
	var walkErr error
	for row, err := range on.Rows(ctx, query) {
		if walkErr = err; err == nil {
			walked = append(walked, tellRow(row))
		}
	}
	if err != nil {
		if !reflect.DeepEqual(err, viewErr) || !reflect.DeepEqual(err, walkErr) {
			return nil, errors.Join(errTwice, err, viewErr, walkErr)
		}
		return nil, err
	}
	rows := tellRows(copied)
	if !reflect.DeepEqual(rows, viewed) || !reflect.DeepEqual(rows, walked) ||
		!sameInto(on, query, copied) {
		return nil, errTwice
	}
	return object{"rows": rows}, nil
}

// sameInto asks once more, into a buffer.
func sameInto(on asker, query Query, wanted *Columns) bool {
	buffer := NewBuffer(wanted.Len() + 1)
	rows, err := on.QueryInto(query, buffer)
	if err != nil || rows != wanted.Len() {
		return false
	}
	for row := range rows {
		same := buffer.Handles[row] == wanted.Handles[row] && buffer.X[row] == wanted.X[row] &&
			buffer.Y[row] == wanted.Y[row] && buffer.Z[row] == wanted.Z[row] &&
			buffer.TimeUS[row] == wanted.TimeUS[row]
		if wanted.Distance == nil {
			same = same && math.IsNaN(buffer.Distance[row])
		} else {
			same = same && buffer.Distance[row] == wanted.Distance[row]
		}
		if !same {
			return false
		}
	}
	return true
}

// askSeveral asks several questions in one call.
func (s *stage) askSeveral(on asker, args object) (object, error) {
	var queries []Query
	for _, args := range s.list(args["queries"]) {
		query, release, err := s.query(on, args.(object))
		defer release()
		if err != nil {
			return nil, err
		}
		queries = append(queries, query)
	}
	found, err := on.Query(context.Background(), queries...)
	if err != nil {
		return nil, err
	}
	results := make([]any, found.Queries())
	for q := range results {
		part := found.Of(q)
		results[q] = object{"rows": tellRows(&part)}
	}
	return object{"results": results}, nil
}

// playNamed plays the calls that have a name of their own. Their answers have handles; ids and
// payloads are asked for by these.
func playNamed(s *stage, ns *Namespace, args object) (object, error) {
	found, err := s.named(ns, args)
	if err != nil {
		return nil, err
	}
	ids, err := ns.IDs(found.Handles...)
	if err != nil {
		return nil, err
	}
	rows := []any{}
	for i, row := range found.All() {
		row.ID = ids[i]
		if row.Payload, err = ns.Payload(row.Handle, nil); err != nil {
			return nil, err
		}
		rows = append(rows, tellRow(row))
	}
	return object{"rows": rows}, nil
}

func (s *stage) named(ns *Namespace, args object) (*Columns, error) {
	limit := s.limit(args)
	switch {
	case args["k"] != nil:
		return ns.KNN(s.point(args["at"]), int(s.whole(args["k"])))
	case args["origin"] != nil:
		return ns.QueryNear(s.handle(ns, args["origin"]), s.number(args["radius"]), limit)
	case args["polygon"] != nil:
		polygon, err := s.polygon(args["polygon"])
		if err != nil {
			return nil, err
		}
		defer polygon.Close()
		return ns.QueryPolygon(polygon, limit)
	case args["min"] != nil:
		low, high := s.point(args["min"]), s.point(args["max"])
		return ns.QueryBox(low.X, low.Y, high.X, high.Y, limit)
	}
	return ns.QueryRadius(s.point(args["at"]), s.number(args["radius"]), limit)
}

func playHull(_ *stage, ns *Namespace, _ object) (object, error) {
	ring := []any{}
	hull, err := ns.ConvexHull()
	for _, point := range hull {
		ring = append(ring, []any{point.X, point.Y})
	}
	return object{"ring": ring}, err
}

func playBounds(_ *stage, ns *Namespace, _ object) (object, error) {
	bounds, err := ns.Bounds()
	if bounds.IsEmpty {
		return object{"empty": true}, err
	}
	low, high := tellPlace(bounds.Min), tellPlace(bounds.Max)
	return object{"empty": false, "min": low, "max": high}, err
}

// setKind makes a query of a kind that may not exist.
func setKind(query *Query, kind uint32) {
	reflect.ValueOf(&query.c.kind).Elem().SetUint(uint64(kind))
}
