package spatio

import (
	"math"
	"sync/atomic"
)

// guarded is the state of a guard that is closed and in no call.
const guarded = math.MinInt64

// A guard lets a handle be closed while it is used: it counts the calls, refuses those that begin
// after closing, and names the one that ends last, which frees the handle.
//
// Invariant: exactly one of close and leave reports true for idle, once.
type guard struct {
	// state is the number of calls; the sign bit is set once it is closed.
	state atomic.Int64
}

// enter begins a call, and reports whether it may.
func (g *guard) enter() bool {
	for {
		state := g.state.Load()
		if state < 0 {
			return false
		}
		if g.state.CompareAndSwap(state, state+1) {
			return true
		}
	}
}

// leave ends a call, and reports whether the handle was closed meanwhile and is idle now.
func (g *guard) leave() (idle bool) {
	return g.state.Add(-1) == guarded
}

// close refuses further calls. It reports whether it was the first to, and whether no call is
// under way.
func (g *guard) close() (first, idle bool) {
	for {
		state := g.state.Load()
		if state < 0 {
			return false, false
		}
		if g.state.CompareAndSwap(state, state|guarded) {
			return true, state == 0
		}
	}
}
