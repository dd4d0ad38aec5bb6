package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// city is a service that runs, with its own client.
type city struct {
	t    *testing.T
	base string
	stop func()
}

func start(t *testing.T, path string) *city {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, listener, path) }()
	return &city{t: t, base: "http://" + listener.Addr().String(), stop: func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the service ended with %v", err)
		}
	}}
}

// ask makes a request, checks its status, and reads the answer into value.
func (c *city) ask(method, path, body string, status int, value any) {
	c.t.Helper()
	request, err := http.NewRequest(method, c.base+path, bytes.NewBufferString(body))
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		c.t.Fatalf("%s %s: %v, status %d: %s", method, path, err, response.StatusCode, text)
	}
	if value != nil {
		if err := json.Unmarshal(text, value); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
}

func haversineM(a, b place) float64 {
	const degree = math.Pi / 180
	dx, dy := (b.Lon-a.Lon)*degree, (b.Lat-a.Lat)*degree
	h := math.Pow(math.Sin(dy/2), 2) +
		math.Cos(a.Lat*degree)*math.Cos(b.Lat*degree)*math.Pow(math.Sin(dx/2), 2)
	return 2 * 6371008.8 * math.Asin(math.Sqrt(h))
}

func TestNearestDrivers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "drivers.spatio")
	city := start(t, path)
	random := rand.New(rand.NewPCG(1, 2))
	where := map[string]place{}
	for driver := range 60 {
		id := fmt.Sprintf("driver-%d", driver)
		at := place{Lon: 13.2 + random.Float64()/3, Lat: 52.4 + random.Float64()/5}
		where[id] = at
		body, _ := json.Marshal(at)
		city.ask("PUT", "/drivers/"+id, string(body), http.StatusNoContent, nil)
	}
	city.ask("DELETE", "/drivers/driver-7", "", http.StatusNoContent, nil)
	delete(where, "driver-7")
	city.ask("DELETE", "/drivers/driver-7", "", http.StatusNotFound, nil)
	city.wantNearest(where)
	city.stop()

	// The service starts again with what it knew.
	city = start(t, path)
	defer city.stop()
	city.wantNearest(where)
	city.ask("PUT", "/drivers/driver-1", `{"lon": 13.5, "lat": 52.5}`, http.StatusNoContent, nil)
	var track []step
	city.ask("GET", "/drivers/driver-1/track?minutes=5", "", http.StatusOK, &track)
	if len(track) != 2 || track[0].place != where["driver-1"] || track[1].Lon != 13.5 {
		t.Errorf("the track is %v", track)
	}
}

// wantNearest compares the answer with a look at every driver.
func (c *city) wantNearest(where map[string]place) {
	c.t.Helper()
	at := place{Lon: 13.38, Lat: 52.52}
	var ids []string
	for id := range where {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Compare(haversineM(where[a], at), haversineM(where[b], at))
	})
	var found []near
	c.ask("GET", "/nearest?lon=13.38&lat=52.52&k=7&within=1e6", "", http.StatusOK, &found)
	if len(found) != 7 {
		c.t.Fatalf("%d drivers", len(found))
	}
	for row, driver := range found {
		distance := haversineM(where[driver.ID], at)
		if driver.ID != ids[row] || math.Abs(float64(driver.DistanceM)-distance) > 1 {
			c.t.Errorf("row %d: %+v instead of %s at %v m", row, driver, ids[row], distance)
		}
	}
	var none []near
	c.ask("GET", "/nearest?lon=0&lat=0", "", http.StatusOK, &none)
	if none == nil || len(none) != 0 {
		c.t.Errorf("near the null island: %v", none)
	}
}

func TestWhatAClientGetsWrong(t *testing.T) {
	city := start(t, filepath.Join(t.TempDir(), "drivers.spatio"))
	for _, request := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/drivers/a", `{"lon": 13, "lat": 152}`, http.StatusBadRequest},
		{"PUT", "/drivers/a", `no json`, http.StatusBadRequest},
		{"PUT", "/drivers/" + string(bytes.Repeat([]byte("a"), 300)), `{}`, http.StatusBadRequest},
		{"GET", "/drivers/nobody/track", "", http.StatusNotFound},
		{"GET", "/nearest?lon=here", "", http.StatusBadRequest},
		{"GET", "/nearest?lat=91", "", http.StatusBadRequest},
	} {
		city.ask(request.method, request.path, request.body, request.status, nil)
	}
	city.stop()
	if left := spatio.LiveHandles(); left != 0 {
		t.Errorf("%d handles of the library were not freed", left)
	}
}
