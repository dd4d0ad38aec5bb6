//go:build spatio_static && !linux

package spatio

// The folder that pkg-config names must hold the static library alone.

// #cgo pkg-config: --static spatio
import "C"
