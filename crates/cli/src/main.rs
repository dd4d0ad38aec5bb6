mod args; mod failure; mod import; mod output; mod place; mod progress; mod when;
mod demo { pub(crate) mod rng; pub(crate) mod land; pub(crate) mod streets; pub(crate) mod vehicle; pub(crate) mod drone; pub(crate) mod ship; pub(crate) mod world; pub(crate) mod latency; pub(crate) mod simplify; pub(crate) mod event; pub(crate) mod page;
 pub(crate) mod zones; }
fn main() {}
