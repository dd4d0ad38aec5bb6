//go:build !race

package spatio

const raceEnabled = false
