//go:build spatio_static

package main

// #cgo pkg-config: spatio-static
import "C"
