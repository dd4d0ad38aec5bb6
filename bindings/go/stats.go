package spatio

// #include <spatio.h>
import "C"

import "math"

// Stats are figures about a database.
type Stats struct {
	Namespaces uint64
	// Objects that are here now.
	Objects uint64
	// Handles: ids that were ever given one.
	Handles uint64
	// Leaves of all indexes.
	Leaves uint64
	// MemoryBytes that the indexes hold.
	MemoryBytes uint64
	// DiskBytes of all files.
	DiskBytes uint64
	// Segments of the log.
	Segments uint64
	// Records in the log.
	Records uint64
	// LastSeq is the number of the last record.
	LastSeq uint64
	// DurableSeq is the number of the last record that is known to be on disk.
	DurableSeq uint64
	// BufferedRecords were not yet handed to the operating system.
	BufferedRecords uint64
}

// Stats gives figures about the whole database. It costs a walk over all objects.
func (db *DB) Stats() (Stats, error) {
	raw := C.spatio_stats{struct_size: C.sizeof_spatio_stats}
	err := db.core.call("stats", func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_get_stats(db, &raw, e)
	})
	if err != nil {
		return Stats{}, err
	}
	return Stats{
		Namespaces:      uint64(raw.namespaces),
		Objects:         uint64(raw.objects),
		Handles:         uint64(raw.handles),
		Leaves:          uint64(raw.leaves),
		MemoryBytes:     uint64(raw.memory_bytes),
		DiskBytes:       uint64(raw.disk_bytes),
		Segments:        uint64(raw.segments),
		Records:         uint64(raw.records),
		LastSeq:         uint64(raw.last_seq),
		DurableSeq:      uint64(raw.durable_seq),
		BufferedRecords: uint64(raw.buffered_records),
	}, nil
}

// Recovery is what opening a database found.
type Recovery struct {
	// HasCheckpoint tells that a checkpoint was used, so that only what came after it was read.
	HasCheckpoint bool
	// Segments of the log.
	Segments uint64
	// RecordsKept were read and kept.
	RecordsKept uint64
	// BytesDropped: a torn end, or what salvaging could not read.
	BytesDropped uint64
	// CheckpointSeq is the number of the last record that the checkpoint holds.
	CheckpointSeq uint64
	// FirstBadOffset is the first bad byte of the file that Text names; -1 if none is bad.
	FirstBadOffset int64
	// Text tells it in words.
	Text string
}

// Recovery tells what opening this database found.
func (db *DB) Recovery() (Recovery, error) {
	raw := C.spatio_recovery{struct_size: C.sizeof_spatio_recovery}
	err := db.core.call("recovery", func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_get_recovery(db, &raw, e)
	})
	if err != nil {
		return Recovery{}, err
	}
	var words []byte
	var length C.size_t
	text := func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_recovery_text(db, cChars(words), C.size_t(len(words)), &length, e)
	}
	// First the length alone; it does not change, because the report does not.
	if err := db.core.call("recovery_text", text); err != nil {
		return Recovery{}, err
	}
	words = make([]byte, length+1)
	if err := db.core.call("recovery_text", text); err != nil {
		return Recovery{}, err
	}
	recovery := Recovery{
		HasCheckpoint:  raw.has_checkpoint != 0,
		Segments:       uint64(raw.segments),
		RecordsKept:    uint64(raw.records_kept),
		BytesDropped:   uint64(raw.bytes_dropped),
		CheckpointSeq:  uint64(raw.checkpoint_seq),
		FirstBadOffset: -1,
		Text:           string(words[:length]),
	}
	if uint64(raw.first_bad_offset) != math.MaxUint64 {
		recovery.FirstBadOffset = int64(raw.first_bad_offset)
	}
	return recovery, nil
}
