package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// place is where a driver is, or was.
type place struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// near is a driver who was found.
type near struct {
	ID        string `json:"id"`
	DistanceM int    `json:"distance_m"`
	place
}

// step is one position of a track.
type step struct {
	Time time.Time `json:"time"`
	place
}

// service answers requests about one namespace.
type service struct {
	drivers *spatio.Namespace
}

func handler(drivers *spatio.Namespace) http.Handler {
	s := &service{drivers: drivers}
	routes := http.NewServeMux()
	routes.HandleFunc("PUT /drivers/{id}", s.put)
	routes.HandleFunc("DELETE /drivers/{id}", s.delete)
	routes.HandleFunc("GET /drivers/{id}/track", s.track)
	routes.HandleFunc("GET /nearest", s.nearest)
	return routes
}

func (s *service) put(w http.ResponseWriter, r *http.Request) {
	var at place
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&at); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, err := s.drivers.Upsert(r.PathValue("id"), spatio.XY(at.Lon, at.Lat)); err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *service) delete(w http.ResponseWriter, r *http.Request) {
	wasHere, err := s.drivers.Delete(r.PathValue("id"))
	switch {
	case err != nil:
		refuse(w, err)
	case !wasHere:
		http.Error(w, "there is no such driver", http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// nearest asks the database; a client who goes away stops the query, by its context.
func (s *service) nearest(w http.ResponseWriter, r *http.Request) {
	var wrong error
	number := func(name string, without float64) float64 {
		text := r.FormValue(name)
		if text == "" {
			return without
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			wrong = errors.Join(wrong, errors.New(name+" is no number"))
		}
		return value
	}
	at := spatio.XY(number("lon", 0), number("lat", 0))
	query := spatio.Nearest(at, int(number("k", 5))).Within(number("within", 10e3)).WithIDs()
	if wrong != nil {
		http.Error(w, wrong.Error(), http.StatusBadRequest)
		return
	}
	found := []near{}
	for row, err := range s.drivers.Rows(r.Context(), query) {
		if err != nil {
			refuse(w, err)
			return
		}
		found = append(found, near{
			ID: row.ID, DistanceM: int(row.Distance),
			place: place{Lon: row.Position.X, Lat: row.Position.Y},
		})
	}
	answer(w, found)
}

func (s *service) track(w http.ResponseWriter, r *http.Request) {
	minutes, err := strconv.Atoi(r.FormValue("minutes"))
	if err != nil {
		minutes = 30
	}
	handle, err := s.drivers.FindHandle(r.PathValue("id"))
	if err != nil {
		refuse(w, err)
		return
	}
	now := time.Now()
	span := spatio.Span{
		Start: now.Add(-time.Duration(minutes) * time.Minute), End: now, Limit: 10_000,
	}
	track, err := s.drivers.Trajectory(r.Context(), span, handle)
	if err != nil {
		refuse(w, err)
		return
	}
	steps := []step{}
	for _, row := range track.All() {
		at := place{Lon: row.Position.X, Lat: row.Position.Y}
		steps = append(steps, step{Time: row.Time, place: at})
	}
	answer(w, steps)
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	// A client who is gone cannot be told.
	_ = json.NewEncoder(w).Encode(value)
}

// refuse tells a client what the database refused.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, spatio.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, spatio.ErrInvalidArgument), errors.Is(err, spatio.ErrOutOfRange),
		errors.Is(err, spatio.ErrLimitExceeded), errors.Is(err, spatio.ErrInvalidUTF8):
		status = http.StatusBadRequest
	case errors.Is(err, spatio.ErrNoSpace), errors.Is(err, spatio.ErrClosed):
		status = http.StatusServiceUnavailable
	}
	http.Error(w, err.Error(), status)
}
