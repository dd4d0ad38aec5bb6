// Package spatio is an embeddable database for moving objects: where everything is, and where it
// was. It is libspatio, whose C library it calls through cgo.
//
// A database holds namespaces, a namespace holds objects. An object has an id (text), a handle (a
// number that stands for the id in the fast calls), a position, the event time of that position,
// and perhaps a payload. X is the longitude and Y the latitude in degrees (WGS84), Z the altitude
// in metres; in a Cartesian namespace all three are in one unit of your own. Columns of times hold
// microseconds since 1970-01-01 UTC.
//
//	db, err := spatio.Open("fleet.spatio")
//	...
//	defer db.Close()
//	buses, err := db.CreateNamespace("buses", spatio.Settings{})
//	...
//	_, err = buses.Upsert("bus:100", spatio.XY(13.3694, 52.5251))
//	...
//	near := spatio.Nearest(spatio.XY(13.38, 52.52), 10).WithIDs()
//	for row, err := range buses.Rows(ctx, near) {
//		...
//	}
//
// # Which way to ask
//
// [Namespace.Query] gives an answer that is yours, in columns. [Namespace.View] shows the columns
// where the library has them, without a copy, while your function runs. [Namespace.Rows] goes
// through an answer row by row. [Namespace.QueryInto] fills your own columns and allocates
// nothing. All take a [Query], and all but the last take any number of them, which cross into the
// library once.
//
// # Packed indexes
//
// An [Index] holds what does not change, such as towns, roads and walls: boxes or points of two to
// four axes. It stands apart from any database; see [BuildIndex] and [OpenIndex].
//
// # Packs and fences
//
// A [Pack] is a namespace that [Namespace.Freeze] wrote into a file, and answers the same queries;
// [Fences] are polygons with ids, and tell which of them contain a point. Both stand apart from any
// database and never change; see [OpenPack], [BuildFences] and [OpenFences].
//
// # Goroutines
//
// Every method may be called from any goroutine at the same time as any other, Close too: a call
// that has begun ends as if Close had come later, and one that begins afterwards gets
// [ErrClosed].
//
// # Errors
//
// What the library refuses is an [*Error]; [errors.Is] tells its code from others, as in
// errors.Is(err, spatio.ErrNotFound). What was refused changed nothing.
package spatio
