package spatio

// #include <stdlib.h>
// #include <spatio.h>
// #include "clock.h"
// #include "notices.h"
import "C"

import (
	"context"
	"log/slog"
	"time"
	"unsafe"
)

// SyncPolicy says when writes become durable.
type SyncPolicy uint32

const (
	// SyncEvery makes writes durable every sync period (the default). A crash of the machine
	// loses at most what came after.
	SyncEvery SyncPolicy = C.SPATIO_SYNC_EVERY
	// SyncAlways makes a write return once it is on disk; concurrent writers share one fsync.
	SyncAlways SyncPolicy = C.SPATIO_SYNC_ALWAYS
	// SyncNever makes writes durable only by Sync, Checkpoint and Close.
	SyncNever SyncPolicy = C.SPATIO_SYNC_NEVER
)

// RecoveryMode says what to do with damage that is found on opening.
type RecoveryMode uint32

const (
	// RecoveryStrict refuses to open (the default); a torn end is no damage.
	RecoveryStrict RecoveryMode = C.SPATIO_RECOVERY_STRICT
	// RecoverySalvage leaves damage out and tells it by [DB.Recovery].
	RecoverySalvage RecoveryMode = C.SPATIO_RECOVERY_SALVAGE
)

// Level says how grave a message is.
type Level int32

const (
	// LevelError: something failed in the background.
	LevelError Level = C.SPATIO_LEVEL_ERROR
	// LevelWarning: something was lost or mended.
	LevelWarning Level = C.SPATIO_LEVEL_WARNING
	// LevelInfo: what was done.
	LevelInfo Level = C.SPATIO_LEVEL_INFO
)

// Option changes how a database is opened.
type Option func(*options)

type options struct {
	raw   C.spatio_options
	clock *Clock
	tell  func(Level, string)
}

func newOptions(given []Option) *options {
	o := new(options)
	C.spatio_options_init(&o.raw, C.sizeof_spatio_options)
	for _, option := range given {
		option(o)
	}
	if o.clock != nil {
		o.raw.clock = C.spatio_clock_callback(C.spatio_go_clock_read)
		o.raw.clock_user = unsafe.Pointer(o.clock.us)
	}
	return o
}

// WithSync sets when writes become durable.
func WithSync(policy SyncPolicy) Option {
	return func(o *options) { o.raw.sync_policy = C.uint32_t(policy) }
}

// WithSyncPeriod sets the period of [SyncEvery]; a second by default.
func WithSyncPeriod(period time.Duration) Option {
	return func(o *options) { o.raw.sync_period_us = C.int64_t(duration(period)) }
}

// WithBuffer sets how many records are gathered before the operating system gets them; 512 by
// default.
func WithBuffer(records uint64) Option {
	return func(o *options) { o.raw.buffer_records = C.uint64_t(records) }
}

// WithSegmentBytes sets the size at which a segment of the log is closed; 64 MiB by default.
func WithSegmentBytes(bytes uint64) Option {
	return func(o *options) { o.raw.segment_bytes = C.uint64_t(bytes) }
}

// WithRecovery sets what to do with damage.
func WithRecovery(mode RecoveryMode) Option {
	return func(o *options) { o.raw.recovery = C.uint32_t(mode) }
}

// ReadOnly opens for reading only: it takes no lock, writes nothing, and refuses changes.
func ReadOnly() Option {
	return func(o *options) { o.raw.read_only = 1 }
}

// NoBackground starts no thread: [SyncEvery] is then kept by the writing calls themselves, and
// what expired is swept by [DB.Sweep] alone.
func NoBackground() Option {
	return func(o *options) { o.raw.no_background = 1 }
}

// WithClock makes the database go by a clock of the program's own instead of the system's.
func WithClock(clock *Clock) Option {
	return func(o *options) { o.clock = clock }
}

// WithLog hands the messages of the database to tell, one after the other, on a goroutine of their
// own: tell may do what it likes except to call Close, which waits for the last message.
func WithLog(tell func(level Level, message string)) Option {
	return func(o *options) { o.tell = tell }
}

// WithLogger hands the messages of the database to a logger.
func WithLogger(logger *slog.Logger) Option {
	levels := map[Level]slog.Level{
		LevelError: slog.LevelError, LevelWarning: slog.LevelWarn, LevelInfo: slog.LevelInfo,
	}
	return WithLog(func(level Level, message string) {
		logger.Log(context.Background(), levels[level], message)
	})
}
