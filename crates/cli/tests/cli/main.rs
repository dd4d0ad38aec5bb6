//! The program as a person or a script meets it: every command is run as a process, and its
//! output and its exit code are looked at.

mod demo;
mod export;
mod failures;
mod import;
mod objects;
mod pack;
mod pack_build;
mod pack_failures;
mod pack_page;
mod pack_real;
mod pack_sources;
mod pack_url;
mod query;
mod range_server;
mod real_data;
mod run;
mod upkeep;
