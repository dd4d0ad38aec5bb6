//go:build !spatio_static

package spatio

// #cgo pkg-config: spatio
import "C"
