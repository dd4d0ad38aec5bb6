// Command drivers is an HTTP service that knows where the drivers of a city are.
//
//	PUT    /drivers/{id}      {"lon": 13.38, "lat": 52.52}   where a driver is now
//	DELETE /drivers/{id}                                     off duty
//	GET    /drivers/{id}/track?minutes=30                    where a driver was
//	GET    /nearest?lon=13.38&lat=52.52&k=5&within=3000      who is near
//
// A driver who says nothing for a minute is not offered any more. The database survives kill -9:
// what was acknowledged more than a second ago is on disk.
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	spatio "github.com/spatio/libspatio/bindings/go"
)

func main() {
	address := flag.String("listen", "localhost:8080", "where to listen")
	path := flag.String("database", "drivers.spatio", "the directory of the database")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *address)
	if err == nil {
		slog.Info("listening", "address", listener.Addr().String())
		err = run(ctx, listener, *path)
	}
	if err != nil {
		slog.Error("drivers", "error", err)
		os.Exit(1)
	}
}

// run serves until the context is done, and then closes the database in good order.
func run(ctx context.Context, listener net.Listener, path string) (err error) {
	db, err := spatio.Open(path, spatio.WithLogger(slog.Default()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	drivers, err := db.CreateNamespace("drivers", spatio.Settings{TTL: time.Minute})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler(drivers), ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(patience)
	})
	err = server.Serve(listener)
	if stop() || !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
