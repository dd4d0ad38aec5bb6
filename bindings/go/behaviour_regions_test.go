package spatio

import "slices"

// Steps about regions, nearness, estimates and triangles.

func playBuildTriangles(s *stage, args object) (object, error) {
	triangles := Triangles{
		Dims: int(s.whole(args["dims"])), Corners: s.points(args["corners"]),
		Metadata: s.words(args),
	}
	return s.keepIndex(args)(BuildTriangles(triangles, s.indexOptions(args)))
}

// four reads rows of four numbers.
func (s *stage) four(value any) [][4]float64 {
	return each(s, value, func(row any) [4]float64 { return [4]float64(s.numbers(row)) })
}

func (s *stage) region(given object) (*Region, error) {
	column := func(name string) []float64 { return s.numbers(given[name]) }
	size := func(name string) float64 { return s.number(given[name]) }
	switch shape := s.text(given["shape"]); shape {
	case "ball":
		return NewBall(column("centre"), size("radius"))
	case "capsule":
		return NewCapsule(column("from"), column("to"), size("radius"))
	case "cone":
		return NewCone(column("apex"), column("direction"), size("half_angle_rad"), size("length"))
	case "half_space":
		return NewHalfSpace(column("normal"), size("offset"))
	case "convex":
		return NewConvex(each(s, given["points"], func(value any) Point {
			at := s.numbers(value)
			return Point{X: at[0], Y: at[1]}
		})...)
	case "polygon":
		polygon, err := s.polygon(given["polygon"])
		if err != nil {
			return nil, err
		}
		defer polygon.Close()
		return NewPolygonRegion(polygon)
	case "frustum":
		return NewFrustum([6][4]float64(s.four(given["planes"])))
	case "view_projection":
		matrix := [4][4]float64(s.four(given["matrix"]))
		return NewViewProjection(matrix, given["depth_from_zero"] == true)
	default:
		return nil, s.wrong("no shape %v", shape)
	}
}

func playRegion(s *stage, index *Index, args object) (object, error) {
	given, _ := args["region"].(object)
	region, err := s.region(given)
	if err != nil {
		return nil, err
	}
	defer region.Close()
	answer, err := s.tellIDs(index.SearchRegion(region, &s.hits))
	if err != nil {
		return nil, err
	}
	count, err := index.CountRegion(region)
	if err != nil {
		return nil, err
	}
	any, err := index.AnyRegion(region)
	answer["counts"], answer["any"] = listOf([]uint64{count}), listOf([]bool{any})
	return answer, err
}

func playEstimate(s *stage, index *Index, args object) (object, error) {
	var found Estimates
	err := index.Estimate(s.boxes(args), int(s.whole(args["stop_level"])), &found)
	return object{
		"lower": listOf(found.Lower), "upper": listOf(found.Upper), "estimates": listOf(found.Guess),
	}, err
}

func playAntiJoin(s *stage, index *Index, args object) (object, error) {
	other, err := s.index(args, "other")
	if err != nil {
		return nil, err
	}
	return s.tellIDs(index.AntiJoin(s.context(args), other, s.number(args["max_distance"]), &s.hits))
}

func playClosestPair(s *stage, index *Index, args object) (object, error) {
	var other *Index
	if args["other"] != nil {
		var err error
		if other, err = s.index(args, "other"); err != nil {
			return nil, err
		}
	}
	pair, err := index.ClosestPair(s.context(args), other)
	if pair.ID == NoItem {
		return object{"pair": nil, "distance": nil}, err
	}
	ids := listOf([]uint32{pair.ID, pair.Other})
	return object{"pair": ids, "distance": listOf([]float64{pair.Distance})[0]}, err
}

func playComponents(s *stage, index *Index, args object) (object, error) {
	labels, err := index.Components(s.context(args), s.number(args["max_distance"]), nil)
	return object{"labels": listOf(slices.Clip(labels))}, err
}

var nearnessPlays = map[string]func(*stage, *Index, object) (object, error){
	"index_region":       playRegion,
	"index_estimate":     playEstimate,
	"index_anti_join":    playAntiJoin,
	"index_closest_pair": playClosestPair,
	"index_components":   playComponents,
}
