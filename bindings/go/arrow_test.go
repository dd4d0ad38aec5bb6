package spatio

import (
	"fmt"
	"math"
	"runtime"
	"unsafe"
)

// The Arrow C data interface, version 1, laid out as its specification says, read and written
// without any of this package's own code.

type arrowSchema struct {
	format, name, metadata unsafe.Pointer
	flags, children        int64
	child                  unsafe.Pointer
	dictionary             unsafe.Pointer
	// release is no pointer of Go's.
	release uintptr
	private unsafe.Pointer
}

type arrowArray struct {
	length, nulls, offset   int64
	bufferCount, childCount int64
	buffers                 unsafe.Pointer
	child                   unsafe.Pointer
	dictionary              unsafe.Pointer
	release                 uintptr
	private                 unsafe.Pointer
}

// arrowWriter makes a struct array in Go's memory, which it pins.
type arrowWriter struct {
	pins    runtime.Pinner
	rows    int
	schemas []*arrowSchema
	arrays  []*arrowArray
}

// notReleased is what stands where a function would; nobody may call it.
const notReleased = 1

func (w *arrowWriter) text(text string) unsafe.Pointer {
	bytes := append([]byte(text), 0)
	w.pins.Pin(&bytes[0])
	return unsafe.Pointer(&bytes[0])
}

// column adds a column of these buffers; what is nil is a NULL.
func (w *arrowWriter) column(name, format string, nulls int64, buffers ...unsafe.Pointer) {
	schema := &arrowSchema{format: w.text(format), name: w.text(name), flags: 2,
		release: notReleased}
	for _, buffer := range buffers {
		if buffer != nil {
			w.pins.Pin(buffer)
		}
	}
	w.pins.Pin(unsafe.SliceData(buffers))
	array := &arrowArray{length: int64(w.rows), nulls: nulls, bufferCount: int64(len(buffers)),
		buffers: unsafe.Pointer(unsafe.SliceData(buffers)), release: notReleased}
	w.pins.Pin(schema)
	w.pins.Pin(array)
	w.schemas, w.arrays = append(w.schemas, schema), append(w.arrays, array)
}

func (w *arrowWriter) end() (schema, array unsafe.Pointer) {
	w.pins.Pin(unsafe.SliceData(w.schemas))
	w.pins.Pin(unsafe.SliceData(w.arrays))
	buffers := []unsafe.Pointer{nil}
	w.pins.Pin(&buffers[0])
	s := &arrowSchema{format: w.text("+s"), name: w.text(""), children: int64(len(w.schemas)),
		child: unsafe.Pointer(unsafe.SliceData(w.schemas)), release: notReleased}
	a := &arrowArray{length: int64(w.rows), bufferCount: 1, childCount: int64(len(w.arrays)),
		buffers: unsafe.Pointer(&buffers[0]), child: unsafe.Pointer(unsafe.SliceData(w.arrays)),
		release: notReleased}
	w.pins.Pin(s)
	w.pins.Pin(a)
	return unsafe.Pointer(s), unsafe.Pointer(a)
}

func playUpsertArrow(s *stage, ns *Namespace, args object) (object, error) {
	rows := s.upserts(args)
	w := &arrowWriter{rows: len(rows.IDs)}
	defer w.pins.Unpin()
	// utf8 has offsets of 32 bits.
	offsets, bytes := []int32{0}, []byte{}
	for _, id := range rows.IDs {
		bytes = append(bytes, id...)
		offsets = append(offsets, int32(len(bytes)))
	}
	w.column("id", "u", 0, nil, unsafe.Pointer(&offsets[0]), unsafe.Pointer(&bytes[0]))
	w.column("x", "g", 0, nil, unsafe.Pointer(&rows.X[0]))
	w.column("y", "g", 0, nil, unsafe.Pointer(&rows.Y[0]))
	if rows.Z != nil {
		w.column("z", "g", 0, nil, unsafe.Pointer(&rows.Z[0]))
	}
	if rows.TimeUS != nil {
		w.column("time", "tsu:UTC", 0, nil, unsafe.Pointer(&rows.TimeUS[0]))
	}
	if rows.Payloads != nil {
		valid, nulls := make([]byte, w.rows/8+1), int64(w.rows)
		offsets, bytes := []int32{0}, []byte{}
		for row, payload := range rows.Payloads {
			if payload != nil {
				valid[row/8] |= 1 << (row % 8)
				nulls--
			}
			bytes = append(bytes, payload...)
			offsets = append(offsets, int32(len(bytes)))
		}
		w.column("payload", "z", nulls, unsafe.Pointer(&valid[0]), unsafe.Pointer(&offsets[0]),
			unsafe.Pointer(&bytes[0]))
	}
	return tellApplied(ns.UpsertArrow(w.end()))
}

func playQueryArrow(s *stage, ns *Namespace, args object) (object, error) {
	query, release, err := s.query(ns, args)
	defer release()
	if err != nil {
		return nil, err
	}
	batch, err := ns.QueryArrow(s.context(args), query)
	if err != nil {
		return nil, err
	}
	defer batch.Release()
	rows, err := readArrow((*arrowSchema)(batch.Schema()), (*arrowArray)(batch.Array()))
	return object{"rows": rows}, err
}

// readArrow puts the rows of an exported answer into the words of the cases.
func readArrow(schema *arrowSchema, array *arrowArray) ([]any, error) {
	rows := make([]Row, array.length)
	for i := range rows {
		rows[i].Distance = math.NaN()
	}
	schemas := unsafe.Slice((**arrowSchema)(schema.child), schema.children)
	arrays := unsafe.Slice((**arrowArray)(array.child), array.childCount)
	if cText := goText(schema.format); cText != "+s" || len(schemas) != len(arrays) {
		return nil, fmt.Errorf("format %q with %d and %d columns", cText, len(schemas), len(arrays))
	}
	for i, column := range arrays {
		name, format := goText(schemas[i].name), goText(schemas[i].format)
		if err := readColumn(rows, name+" "+format, column); err != nil {
			return nil, err
		}
	}
	told := []any{}
	for _, row := range rows {
		told = append(told, tellRow(row))
	}
	return told, nil
}

func readColumn(rows []Row, what string, column *arrowArray) error {
	buffers := unsafe.Slice((*unsafe.Pointer)(column.buffers), column.bufferCount)
	if int(column.length) != len(rows) || column.offset != 0 {
		return fmt.Errorf("%s has %d rows from %d on", what, column.length, column.offset)
	}
	bytes := func(row int) []byte {
		offsets := unsafe.Slice((*int64)(buffers[1]), len(rows)+1)
		return unsafe.Slice((*byte)(buffers[2]), offsets[len(rows)])[offsets[row]:offsets[row+1]]
	}
	isNull := func(row int) bool {
		return buffers[0] != nil &&
			unsafe.Slice((*byte)(buffers[0]), len(rows)/8+1)[row/8]>>(row%8)&1 == 0
	}
	for i := range rows {
		float := func() float64 { return unsafe.Slice((*float64)(buffers[1]), len(rows))[i] }
		switch row := &rows[i]; what {
		case "handle L":
			row.Handle = unsafe.Slice((*Handle)(buffers[1]), len(rows))[i]
		case "x g":
			row.Position.X = float()
		case "y g":
			row.Position.Y = float()
		case "z g":
			row.Position.Z = float()
		case "time tsu:UTC":
			row.Time = moment(unsafe.Slice((*int64)(buffers[1]), len(rows))[i])
		case "distance g":
			if !isNull(i) {
				row.Distance = float()
			}
		case "id U":
			row.ID = string(bytes(i))
		case "payload Z":
			// An object without a payload has no bytes.
			if payload := bytes(i); len(payload) > 0 {
				row.Payload = payload
			}
		default:
			return fmt.Errorf("a column %q", what)
		}
	}
	return nil
}

func goText(text unsafe.Pointer) string {
	length := 0
	for *(*byte)(unsafe.Add(text, length)) != 0 {
		length++
	}
	return string(unsafe.Slice((*byte)(text), length))
}
