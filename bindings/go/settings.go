package spatio

// #include <spatio.h>
import "C"

import "time"

// Space says what coordinates mean.
type Space uint32

const (
	// Geographic: longitudes and latitudes in degrees, altitudes and distances in metres.
	Geographic Space = C.SPATIO_GEOGRAPHIC
	// Cartesian: x, y and z in any one unit, distances in that unit.
	Cartesian Space = C.SPATIO_CARTESIAN
)

// History says whether trajectories are kept.
type History uint32

const (
	// HistoryDefault keeps them in a directory, and does not in memory.
	HistoryDefault History = C.SPATIO_HISTORY_DEFAULT
	// HistoryOn keeps every accepted position.
	HistoryOn History = C.SPATIO_HISTORY_ON
	// HistoryOff keeps only the last position of each object.
	HistoryOff History = C.SPATIO_HISTORY_OFF
)

// Settings say how a namespace is made. The zero value is geographic, with the default of history,
// without expiry.
type Settings struct {
	Space   Space
	History History
	// TTL is how long an object lives after its last update; 0: for ever.
	TTL time.Duration
}

func (s Settings) raw() C.spatio_namespace_options {
	var raw C.spatio_namespace_options
	C.spatio_namespace_options_init(&raw, C.sizeof_spatio_namespace_options)
	raw.space = C.uint32_t(s.Space)
	raw.history = C.uint32_t(s.History)
	raw.ttl_us = C.int64_t(duration(s.TTL))
	return raw
}

// Settings tells what the namespace was made with; its history is on or off.
func (n *Namespace) Settings() (Settings, error) {
	const op = "settings"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Settings{}, err
	}
	defer ns.end()
	raw := C.spatio_namespace_options{struct_size: C.sizeof_spatio_namespace_options}
	var e C.spatio_error
	if status := C.spatio_namespace_settings(ns.raw, &raw, &e); status != C.SPATIO_OK {
		return Settings{}, failed(op, status, &e)
	}
	return Settings{
		Space:   Space(raw.space),
		History: History(raw.history),
		TTL:     time.Duration(raw.ttl_us) * time.Microsecond,
	}, nil
}
