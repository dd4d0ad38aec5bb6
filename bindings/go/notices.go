package spatio

// #include "notices.h"
import "C"

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
)

// notices carries the messages of one database to the program's function, on a goroutine of its
// own. A function that panics loses its message; the panic is told to [slog.Default].
type notices struct {
	raw  *C.spatio_go_notices
	pipe *os.File
	done chan struct{}
}

// listen begins to hand messages to tell.
func listen(tell func(Level, string)) (*notices, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("spatio: open: a pipe for messages: %w", err)
	}
	// The descriptor is taken as it is: Fd would make it one that blocks.
	var end C.intptr_t
	connection, err := writer.SyscallConn()
	if err == nil {
		err = connection.Control(func(fd uintptr) { end = C.intptr_t(fd) })
	}
	if err != nil {
		writer.Close()
		reader.Close()
		return nil, fmt.Errorf("spatio: open: a pipe for messages: %w", err)
	}
	n := &notices{pipe: writer, done: make(chan struct{})}
	n.raw = C.spatio_go_notices_new(end)
	runtime.AddCleanup(n, func(raw *C.spatio_go_notices) { C.spatio_go_notices_free(raw) }, n.raw)
	go hear(reader, tell, n.done)
	return n, nil
}

// hear reads messages until the pipe is closed.
func hear(reader *os.File, tell func(Level, string), done chan<- struct{}) {
	defer close(done)
	defer reader.Close()
	var head [8]byte
	buffered := bufio.NewReader(reader)
	for {
		if _, err := io.ReadFull(buffered, head[:]); err != nil {
			return
		}
		text := make([]byte, binary.NativeEndian.Uint32(head[4:]))
		if _, err := io.ReadFull(buffered, text); err != nil {
			return
		}
		level := Level(binary.NativeEndian.Uint32(head[:4]))
		pass(tell, level, strings.ToValidUTF8(string(text), ""))
	}
}

// pass calls the program's function and outlives its panics.
func pass(tell func(Level, string), level Level, text string) {
	defer func() {
		if what := recover(); what != nil {
			slog.Error("spatio: the function that takes messages panicked",
				"panic", what, "message", text)
		}
	}()
	tell(level, text)
}

// end closes the pipe, and waits for the last message to be told.
func (n *notices) end(tell func(Level, string)) {
	if dropped := uint64(C.spatio_go_notices_end(n.raw)); dropped > 0 {
		defer pass(tell, LevelWarning, fmt.Sprintf("%d messages were dropped", dropped))
	}
	n.pipe.Close()
	<-n.done
}
