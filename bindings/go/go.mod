module github.com/spatio/libspatio/bindings/go

go 1.24.0
