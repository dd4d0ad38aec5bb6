//! Reading files of positions into a namespace.

mod columns;
mod csv;
mod geojson;
mod input;
mod row;
