//! Test: the programs that the README shows in other languages are those of the bindings' own
//! pages, which their suites build, run and compare with what they are said to print.

use std::fs;
use std::path::Path;

/// Languages of the README's code blocks, and the pages on which the same programs stand.
const PAGES: [(&str, &str); 5] = [
    ("c", "docs/C-API.md"),
    ("cpp", "bindings/cpp/README.md"),
    ("python", "bindings/python/README.md"),
    ("go", "bindings/go/README.md"),
    ("java", "bindings/java/README.md"),
];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match (&mut open, line) {
            (Some(_), "```") => found.extend(open.take()),
            (Some(block), _) => *block += &format!("{line}\n"),
            (None, _) if line == format!("```{language}") => open = Some(String::new()),
            (None, _) => {}
        }
    }
    found
}

#[test]
fn the_first_programs_are_those_that_the_bindings_run() {
    let readme = read("README.md");
    for (language, path) in PAGES {
        let shown = blocks(&readme, language);
        assert_eq!(shown.len(), 1, "the README has one first program in {language}");
        let known = blocks(&read(path), language);
        assert!(known.contains(&shown[0]), "the program in {language} is not that of {path}");
    }
}

#[test]
fn the_table_of_languages_names_every_function_of_the_header_that_does_something() {
    let (table, header) = (read("docs/LANGUAGES.md"), read("include/spatio.h"));
    let functions = header.lines().filter(|line| !line.starts_with([' ', '*', '/', '#', '}']));
    let names = functions.filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next());
    let mut count = 0;
    for name in names.filter_map(|name| name.strip_prefix("spatio_")) {
        count += 1;
        let is_household = name.ends_with("_init")
            || name.ends_with("_free")
            || name.ends_with("_new")
            || ["namespace_close", "cancel_reset"].contains(&name)
            || ["abi_version", "version", "status_name", "live_handles"].contains(&name);
        assert!(is_household || table.contains(&format!("`{name}`")), "{name} is in no row");
    }
    assert!(count > 60, "{count} functions were found");
}
