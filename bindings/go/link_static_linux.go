//go:build spatio_static

package spatio

// The archive is named in full, and what it has settled the shared library is not taken for.

// #cgo pkg-config: --static spatio
// #cgo LDFLAGS: -Wl,--as-needed -l:libspatio.a
import "C"
