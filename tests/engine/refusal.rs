//! A small database in which every refusal is looked at the same way: the error's kind, what its
//! text says, and that nothing changed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use spatio::clock::{Clock, ManualClock};
use spatio::vfs::MemoryVfs;
use spatio::{
    Database, ErrorKind, Namespace, NamespaceOptions, Object, Options, Point, Query, Result, Stats,
    SyncPolicy, Upsert,
};

/// Everything that a refused call must leave as it was.
#[derive(Clone, Debug, PartialEq)]
struct Snapshot {
    stats: Stats,
    namespaces: Vec<String>,
    objects: Vec<Object>,
}

/// A database in a directory in memory, with four namespaces and a few objects.
pub(crate) struct House {
    pub(crate) db: Database,
    /// Geographic, with the objects `a` and `b`.
    pub(crate) globe: Namespace,
    /// Cartesian, with the objects `a` and `b`.
    pub(crate) plane: Namespace,
    /// Geographic, without history, with the object `a`.
    pub(crate) no_past: Namespace,
    /// Geographic, with a time to live, with the object `a`.
    pub(crate) short: Namespace,
    before: Snapshot,
}

impl House {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new(1_000_000));
        let options = Options::new()
            .vfs(Arc::new(MemoryVfs::new()))
            .clock(clock as Arc<dyn Clock>)
            .sync(SyncPolicy::Never)
            .seed(5);
        let db = options.open(Path::new("/db")).unwrap();
        let geographic = NamespaceOptions::geographic();
        let make = |name, options| db.create_namespace(name, &options).unwrap();
        let globe = make("globe", geographic);
        let plane = make("plane", NamespaceOptions::cartesian());
        let no_past = make("no past", geographic.history(false));
        let short = make("short", geographic.ttl(Duration::from_secs(60)));
        for namespace in [&globe, &plane, &no_past, &short] {
            let with = Upsert::new().time_us(500).payload(b"payload");
            namespace.upsert_with("a", Point::new_3d(1.0, 2.0, 3.0), &with).unwrap();
        }
        for namespace in [&globe, &plane] {
            namespace.upsert("b", Point::new(1.5, 2.5), None).unwrap();
        }
        let before = snapshot(&db);
        House { db, globe, plane, no_past, short, before }
    }

    /// Says that `method` refused: with an error of `kind` that names the method, says each of
    /// `words`, and came with no change.
    pub(crate) fn refuses<T>(
        &self,
        method: &str,
        kind: ErrorKind,
        words: &[&str],
        result: Result<T>,
    ) {
        let Err(error) = result else { panic!("{method} should refuse {words:?}") };
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{method}: {text}");
        for word in words {
            assert!(text.contains(word), "{method}: {text:?} does not say {word:?}");
        }
        // `upsert_with` may call itself `upsert`.
        assert!(method.starts_with(error.operation()), "{method} is called {text:?}");
        assert_eq!(snapshot(&self.db), self.before, "{method} changed something: {text}");
    }
}

fn snapshot(db: &Database) -> Snapshot {
    let mut objects = Vec::new();
    for name in db.namespaces() {
        let namespace = db.namespace(&name).unwrap();
        let rows = namespace.query(&Query::everywhere()).unwrap();
        assert_eq!(rows.len(), namespace.len());
        objects.extend(rows.iter().map(|row| namespace.get(row.id).unwrap().unwrap()));
    }
    objects.sort_by_key(|object| object.handle);
    Snapshot { stats: db.stats().unwrap(), namespaces: db.namespaces(), objects }
}

/// Places that are none on the globe: argument and value as the error has to name them.
pub(crate) fn bad_places() -> Vec<(Point, &'static str, &'static str)> {
    let numbers = [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")];
    let mut bad = Vec::new();
    for (value, text) in numbers.into_iter().chain([(180.1, "180.1"), (-181.0, "-181.0")]) {
        bad.push((Point::new(value, 2.0), "lon", text));
    }
    for (value, text) in numbers.into_iter().chain([(90.5, "90.5"), (-90.000001, "-90.000001")]) {
        bad.push((Point::new(1.0, value), "lat", text));
    }
    bad.extend(numbers.map(|(value, text)| (Point::new_3d(1.0, 2.0, value), "alt", text)));
    bad
}

/// Places that are none in the plane.
pub(crate) fn bad_spots() -> Vec<(Point, &'static str, &'static str)> {
    let numbers = [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")];
    let mut bad = Vec::new();
    for (value, text) in numbers {
        bad.push((Point::new_3d(value, 2.0, 3.0), "x", text));
        bad.push((Point::new_3d(1.0, value, 3.0), "y", text));
        bad.push((Point::new_3d(1.0, 2.0, value), "z", text));
    }
    bad
}

/// Ids that are none, each with the kind of the refusal and what it says.
pub(crate) fn bad_ids() -> [(String, ErrorKind, [&'static str; 2]); 2] {
    [
        (String::new(), ErrorKind::InvalidArgument, ["id", "empty"]),
        ("x".repeat(256), ErrorKind::LimitExceeded, ["id", "256"]),
    ]
}
