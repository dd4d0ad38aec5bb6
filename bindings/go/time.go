package spatio

import (
	"math"
	"time"
)

// now is the time that stands for the present in a call.
const now = math.MinInt64

// never is the time at which nothing expires.
const never = math.MaxInt64

// micros is a time for the library; the zero time is now.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return now
	}
	return t.UnixMicro()
}

// duration is a duration for the library, which counts microseconds; what is less than one is one,
// because 0 has a meaning of its own.
func duration(d time.Duration) int64 {
	us := int64(d / time.Microsecond)
	switch rest := d % time.Microsecond; {
	case rest > 0:
		return us + 1
	case rest < 0:
		return us - 1
	}
	return us
}

// moment is a time of the library.
func moment(us int64) time.Time {
	return time.UnixMicro(us).UTC()
}
