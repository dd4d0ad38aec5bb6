package spatio

import "fmt"

// Point is a position: longitude, latitude in degrees and altitude in metres; or x, y and z in the
// unit of a Cartesian namespace.
type Point struct {
	X, Y, Z float64
}

// XY is a position on the ground.
func XY(x, y float64) Point {
	return Point{X: x, Y: y}
}

// XYZ is a position with its altitude.
func XYZ(x, y, z float64) Point {
	return Point{X: x, Y: y, Z: z}
}

// String is the point as "(x, y, z)".
func (p Point) String() string {
	return fmt.Sprintf("(%g, %g, %g)", p.X, p.Y, p.Z)
}

// Handle stands for an object's id in the fast calls. It is given when an id is first seen and
// lasts as long as the database exists.
type Handle uint64
