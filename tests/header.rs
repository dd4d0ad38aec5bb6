//! Test: `include/spatio.h` is what `src/capi` says, and says it in every C since C89.
//!
//! Owns: making the header. With `SPATIO_WRITE_HEADER=1` it is written anew instead of compared.

use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config, DocumentationLength, DocumentationStyle, Language, Style};

/// The files of the border in the order in which a reader of the header meets them.
const FILES: [&str; 26] = [
    "status",
    "error",
    "library",
    "options",
    "database",
    "files",
    "namespace",
    "ids",
    "writing",
    "reading",
    "polygon",
    "result",
    "query",
    "queries",
    "past",
    "distances",
    "index/options",
    "index/build",
    "index/open",
    "index/hits",
    "index/windows",
    "index/nearest",
    "index/rays",
    "index/triangles",
    "index/joins",
    "index/regions",
];
const LAST: [&str; 17] = [
    "index/contents",
    "index/handle",
    "stream/options",
    "stream/open",
    "stream/fetch",
    "stream/asking",
    "stream/shapes",
    "stream/answers",
    "stream/handle",
    "pack/freeze",
    "pack/open",
    "pack/asking",
    "pack/fences",
    "pack/finding",
    "cancel",
    "arrow/export",
    "arrow/import",
];

const HEAD: &str = "\
/*
 * libspatio: an embeddable database for moving objects.
 *
 * Words: a database holds namespaces; a namespace holds objects, which have an id (text) and a
 * handle (a number that stands for the id in the fast calls), a position, the event time of that
 * position, and perhaps a payload. x is the longitude and y the latitude in degrees (WGS84), z the
 * altitude in metres; in a Cartesian namespace all three are in one unit of your own. Times are
 * microseconds since 1970-01-01 UTC. Names end in the unit where it could be doubted. A packed
 * index stands alone: boxes that do not change, in memory or in a file, which are its items and
 * have their places as ids; where such a file lies elsewhere it is streamed. A pack is a namespace
 * that was frozen into such a file, and fences are polygons with ids in one.
 *
 * Calls: a function that can fail returns a spatio_status, SPATIO_OK or what went wrong, and fills
 * the spatio_error that is its last argument, unless that is NULL. What was refused changed
 * nothing.
 *
 * Memory: arguments are looked at during the call only. What a call gives out by a pointer to a
 * pointer is yours, until the function that is named there takes it back (spatio_close,
 * spatio_namespace_close, spatio_result_free ...); these take NULL too. Nothing that you allocate
 * is freed by the library, and nothing that it allocates may be freed by anything else.
 *
 * Structs begin with struct_size: the functions named ..._init set it; in structs that receive an
 * answer you set it yourself to sizeof. So programs and libraries of different versions get on.
 *
 * Columns: batches go in, and answers come out, as one array for each field. Texts and payloads
 * are one array of bytes with an array of offsets, one more than there are rows.
 *
 * Threads: every function may be called by any thread at the same time as any other, but what
 * closes, frees or refills something needs it for itself. Nothing is kept per thread.
 *
 * This file is made from the library's sources; do not edit it.
 */";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<PathBuf> {
    let names = FILES.iter().chain(&LAST);
    names.map(|name| root().join("src/capi").join(format!("{name}.rs"))).collect()
}

fn config() -> Config {
    let mut config = Config {
        language: Language::C,
        header: Some(HEAD.to_owned()),
        include_guard: Some("SPATIO_H".to_owned()),
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        cpp_compat: true,
        style: Style::Both,
        usize_is_size_t: true,
        documentation: true,
        documentation_style: DocumentationStyle::Doxy,
        documentation_length: DocumentationLength::Full,
        line_length: 100,
        tab_width: 4,
        ..Config::default()
    };
    // The structs of the Arrow C data interface are named only: who uses them has them already.
    config.after_includes = Some("\nstruct ArrowSchema;\nstruct ArrowArray;".to_owned());
    for name in ["ArrowSchema", "ArrowArray"] {
        config.export.rename.insert(name.to_owned(), format!("struct {name}"));
    }
    config.export.exclude = vec!["spatio__test_panic".to_owned()];
    config
}

/// The header as the sources have it now.
fn generate() -> String {
    let builder = sources().into_iter().fold(Builder::new(), Builder::with_src);
    let bindings = builder.with_config(config()).generate().expect("the sources can be read");
    let mut text = Vec::new();
    bindings.write(&mut text);
    tidy(&String::from_utf8(text).expect("text"))
}

/// What a reader of the header finds where: the first thing of each section, and its heading.
const SECTIONS: [(&str, &str); 42] = [
    ("#define SPATIO_OK ", "Status codes"),
    ("#define SPATIO_ABI_VERSION ", "Version of the interface"),
    ("#define SPATIO_SYNC_EVERY ", "Choices: when writes become durable, what to do with damage"),
    ("#define SPATIO_GEOGRAPHIC ", "Choices: what a namespace is"),
    ("#define SPATIO_OUTCOME_CREATED ", "What an update did"),
    ("#define SPATIO_QUERY_CIRCLE ", "Kinds of query"),
    ("#define SPATIO_QUERY_AROUND_OBJECT ", "Flags of a query"),
    ("#define SPATIO_OLDEST_FIRST ", "Choices: trajectories"),
    ("#define SPATIO_METRIC_HAVERSINE ", "Choices: how distances are measured"),
    ("#define SPATIO_INDEX_FAST ", "Choices: the trees of a packed index"),
    ("#define SPATIO_NO_ITEM ", "No item of a packed index"),
    ("typedef struct spatio_cancel spatio_cancel;", "Handles"),
    ("typedef int32_t spatio_status;", "Structs and callbacks"),
    ("uint32_t spatio_abi_version(", "The library"),
    ("void spatio_options_init(", "A database"),
    ("spatio_status spatio_check(", "Files of a database that is not open"),
    ("void spatio_namespace_options_init(", "Namespaces"),
    ("spatio_status spatio_intern(", "Ids and handles"),
    ("spatio_status spatio_upsert(", "Writing"),
    ("spatio_status spatio_get(", "Reading objects"),
    ("spatio_status spatio_polygon_new(", "Polygons"),
    ("spatio_status spatio_result_columns(", "Results"),
    ("void spatio_query_init(", "Where things are"),
    ("spatio_status spatio_convex_hull(", "The extent of a namespace"),
    ("spatio_status spatio_trajectory(", "Where things were"),
    ("spatio_status spatio_distance_between(", "How far things are from each other"),
    ("void spatio_index_options_init(", "Packed indexes: boxes that do not change"),
    ("spatio_status spatio_index_open(", "Opening a packed index"),
    ("spatio_status spatio_hits_columns(", "Answers of a packed index"),
    ("spatio_status spatio_index_search(", "What lies where in a packed index"),
    ("spatio_status spatio_region_ball(", "Regions that packed indexes are searched for"),
    ("spatio_status spatio_index_payload(", "What stands in a packed index"),
    ("void spatio_stream_options_init(", "Streamed indexes: packed ones whose bytes lie elsewhere"),
    ("spatio_status spatio_fetch_wanted(", "Fetching what a streamed index wants"),
    ("spatio_status spatio_stream_search(", "What lies where in a streamed index"),
    ("void spatio_freeze_options_init(", "Packs: a namespace frozen into a file"),
    ("spatio_status spatio_pack_open(", "Opening a pack"),
    ("spatio_status spatio_pack_query(", "Where things are in a pack"),
    ("spatio_status spatio_fences_build(", "Fences: polygons with ids that do not change"),
    ("spatio_status spatio_fences_containing(", "Which fences contain what"),
    ("struct spatio_cancel *spatio_cancel_new(", "Stopping a call"),
    ("spatio_status spatio_result_export_arrow(", "Exchange by Arrow"),
];

/// Puts the headings above the comments of what begins a section.
fn with_headings(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut missing: Vec<&str> = SECTIONS.iter().map(|(first, _)| *first).collect();
    for line in lines {
        if let Some((first, heading)) = SECTIONS.iter().find(|(first, _)| line.starts_with(first)) {
            missing.retain(|other| other != first);
            let above = out.iter().rposition(|line| line.starts_with("/**")).unwrap_or(out.len());
            let rule = "-".repeat(92_usize.saturating_sub(heading.len()));
            out.insert(above, format!("/* {heading} {rule} */"));
            out.insert(above + 1, String::new());
        }
        out.push(line);
    }
    assert!(missing.is_empty(), "the header lacks what begins a section: {missing:?}");
    out
}

/// Mends what C89 does not take (comments from `//` on behind a directive, a constant that is too
/// large for an int), and writes short comments on one line.
fn tidy(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let line = match line.split_once(" //") {
            Some((directive, _)) if directive.starts_with(['#', '}']) => directive.trim_end(),
            _ => line,
        };
        // Constants that are too large for an int.
        let line = line.replace("SPATIO_NO_LIMIT 4294967295", "SPATIO_NO_LIMIT 0xFFFFFFFFU");
        out.push(line.replace("SPATIO_NO_ITEM 4294967295", "SPATIO_NO_ITEM 0xFFFFFFFFU"));
        if let [.., open, only, close] = &out[..]
            && (open.trim(), close.trim()) == ("/**", "*/")
            && let Some((indent, words)) = only.split_once(" * ")
            && only.len() + "/** */".len() <= 100
        {
            let short = format!("{indent}/** {words} */");
            out.truncate(out.len() - 3);
            out.push(short);
        }
    }
    with_headings(out).join("\n") + "\n"
}

#[test]
fn the_header_is_what_the_sources_say() {
    let path = root().join("include/spatio.h");
    let generated = generate();
    if std::env::var_os("SPATIO_WRITE_HEADER").is_some() {
        std::fs::write(&path, &generated).expect("the header can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(generated.lines()).position(|(a, b)| a != b);
    assert!(
        committed == generated,
        "include/spatio.h is old from line {:?} on; write it by\n\
         SPATIO_WRITE_HEADER=1 cargo test --test header",
        differs.map(|line| line + 1)
    );
}
