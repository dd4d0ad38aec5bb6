package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// wordsBytes is the room for the words of a report; they tell a line for each file.
const wordsBytes = 1 << 20

// CheckReport is what looking through a database's files found.
type CheckReport struct {
	// IsSound tells that an ordinary Open would keep every byte that was known to be on disk.
	IsSound bool
	// Files that were looked through.
	Files uint64
	// Records in them that are sound, and their Bytes.
	Records, Bytes uint64
	// DamagedFiles have damage other than a torn end.
	DamagedFiles uint64
	// TornTails are files with a torn end, which an ordinary Open drops.
	TornTails uint64
	// Text tells it in words.
	Text string
}

// Check reads every record of a database that is not open for writing, and says what is sound. It
// writes nothing. Damage is an answer and not a failure.
func Check(path string) (CheckReport, error) {
	const op = "check"
	directory, err := cPath(op, path)
	if err != nil {
		return CheckReport{}, err
	}
	defer C.free(unsafe.Pointer(directory))
	raw := C.spatio_check_report{struct_size: C.sizeof_spatio_check_report}
	words := make([]byte, wordsBytes)
	var length C.size_t
	var e C.spatio_error
	status := C.spatio_check(directory, &raw, cChars(words), wordsBytes, &length, &e)
	if status != C.SPATIO_OK && status != C.SPATIO_BUFFER_TOO_SMALL {
		return CheckReport{}, failed(op, status, &e)
	}
	return CheckReport{
		IsSound:      raw.is_sound != 0,
		Files:        uint64(raw.files),
		Records:      uint64(raw.records),
		Bytes:        uint64(raw.bytes),
		DamagedFiles: uint64(raw.damaged_files),
		TornTails:    uint64(raw.torn_tails),
		Text:         told(status, words, length),
	}, nil
}

// SalvageReport is what salvaging carried over.
type SalvageReport struct {
	// Segments that were written.
	Segments uint64
	// Damaged segments, and missing ones.
	Damaged uint64
	// RecordsKept were carried over.
	RecordsKept uint64
	// BytesDropped could not be read.
	BytesDropped uint64
	// Text tells it in words.
	Text string
}

// Salvage writes what can be read of the damaged database in source into target, a new directory
// that must not exist or be empty. The damaged one is not changed.
func Salvage(source, target string) (SalvageReport, error) {
	const op = "salvage"
	from, err := cPath(op, source)
	if err != nil {
		return SalvageReport{}, err
	}
	defer C.free(unsafe.Pointer(from))
	to, err := cPath(op, target)
	if err != nil {
		return SalvageReport{}, err
	}
	defer C.free(unsafe.Pointer(to))
	raw := C.spatio_salvage_report{struct_size: C.sizeof_spatio_salvage_report}
	words := make([]byte, wordsBytes)
	var length C.size_t
	var e C.spatio_error
	status := C.spatio_salvage(from, to, &raw, cChars(words), wordsBytes, &length, &e)
	if status != C.SPATIO_OK && status != C.SPATIO_BUFFER_TOO_SMALL {
		return SalvageReport{}, failed(op, status, &e)
	}
	return SalvageReport{
		Segments:     uint64(raw.segments),
		Damaged:      uint64(raw.damaged),
		RecordsKept:  uint64(raw.records_kept),
		BytesDropped: uint64(raw.bytes_dropped),
		Text:         told(status, words, length),
	}, nil
}

// told is the words of a report whose numbers were filled in any case.
func told(status C.spatio_status, words []byte, length C.size_t) string {
	if status == C.SPATIO_BUFFER_TOO_SMALL {
		return fmt.Sprintf("(the words are %d bytes long and were left out)", length)
	}
	return string(words[:length])
}
