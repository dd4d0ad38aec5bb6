//go:build race

package spatio

const raceEnabled = true
