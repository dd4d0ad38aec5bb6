package spatio

// #include <stdlib.h>
// #include "clock.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"
)

// Clock is a clock that stands still until the program sets it: for games, simulations and tests.
// See [WithClock].
type Clock struct {
	// us is memory of C, because the library reads it without calling Go.
	us *int64
}

// NewClock makes a clock that shows t.
func NewClock(t time.Time) *Clock {
	us := (*int64)(C.calloc(1, C.size_t(unsafe.Sizeof(int64(0)))))
	clock := &Clock{us: us}
	runtime.AddCleanup(clock, func(us *int64) { C.free(unsafe.Pointer(us)) }, us)
	clock.Set(t)
	return clock
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	us := atomic.LoadInt64(c.us)
	runtime.KeepAlive(c)
	return moment(us)
}

// Set makes the clock show t.
func (c *Clock) Set(t time.Time) {
	atomic.StoreInt64(c.us, t.UnixMicro())
	runtime.KeepAlive(c)
}

// Advance puts the clock forward, to the microsecond.
func (c *Clock) Advance(d time.Duration) {
	atomic.AddInt64(c.us, int64(d/time.Microsecond))
	runtime.KeepAlive(c)
}
