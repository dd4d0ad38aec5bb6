package spatio

import "sync"

// How many answers a handle keeps for further calls, and how large they may be: what a library
// call fills anew needs no memory of its own.
const (
	keptAnswers = 4
	keptRows    = 1 << 16
)

// pooled is what a call works with and a later one may use again: memory of the library.
type pooled interface {
	// reset forgets the error of the last call, and tells how many rows there is memory for.
	reset() uint64
	// free gives back what the library gave.
	free()
}

// pool holds what no call of its handle uses. Its zero value is empty and ready.
type pool[T pooled] struct {
	mutex sync.Mutex
	idle  []T
}

// take gives one to a call, which puts it back; a fresh one if none is idle.
func (p *pool[T]) take(fresh func() T) T {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return fresh()
	}
	one := p.idle[last]
	p.idle = p.idle[:last]
	return one
}

// put takes one back, and frees it if it is large or enough are idle.
func (p *pool[T]) put(one T) {
	rows := one.reset()
	p.mutex.Lock()
	isKept := len(p.idle) < keptAnswers && rows <= keptRows
	if isKept {
		p.idle = append(p.idle, one)
	}
	p.mutex.Unlock()
	if !isKept {
		one.free()
	}
}

// free frees all; no call is under way.
func (p *pool[T]) free() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, one := range p.idle {
		one.free()
	}
	p.idle = nil
}
