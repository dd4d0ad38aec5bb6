//go:build spatio_static

package spatio

// #cgo pkg-config: spatio-static
import "C"
