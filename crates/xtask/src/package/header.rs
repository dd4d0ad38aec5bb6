//! The header as a compiler sees it: its functions, its constants, and a library of nothing else.
//!
//! The interface that is held stable is the one that C programs were compiled with, so it is taken
//! from the header. That the library is what the header says is the business of other tests. Text
//! from the preprocessor has no comment and no directive left, which makes it easy to take apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::write;
use crate::checks::ensure;
use crate::shell::{Workspace, quietly};

/// The header, without comments and directives.
pub(crate) fn preprocessed(workspace: &Workspace) -> Result<String, String> {
    quietly(preprocessor(workspace).arg("-P").arg(path(workspace)))
}

/// The functions that the header declares.
pub(crate) fn declared(workspace: &Workspace) -> Result<BTreeSet<String>, String> {
    let text = preprocessed(workspace)?;
    Ok(prototypes(&text).map(|(name, _)| name.to_owned()).collect())
}

/// The constants of the header: what each macro stands for.
pub(crate) fn constants(workspace: &Workspace) -> Result<BTreeMap<String, String>, String> {
    let text = quietly(preprocessor(workspace).arg("-dM").arg(path(workspace)))?;
    Ok(macros(&text))
}

/// Compiles a library that defines each function which `text` declares and does nothing, with
/// debug information: what the interface is, and nothing of how it is done.
pub(crate) fn library(
    workspace: &Workspace,
    text: &str,
    soname: &str,
    folder: &Path,
) -> Result<PathBuf, String> {
    super::make_folder(folder)?;
    let (source, library) = (folder.join("interface.c"), folder.join("interface.so"));
    write(&source, &with_bodies(text)?)?;
    let mut compile = workspace.command("cc");
    compile.args(["-std=gnu99", "-w", "-g", "-gdwarf-4", "-O0", "-fPIC", "-shared", "-nostdlib"]);
    compile.arg(format!("-Wl,-soname,{soname}")).arg(&source).arg("-o").arg(&library);
    quietly(&mut compile)?;
    Ok(library)
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join("include/spatio.h")
}

fn preprocessor(workspace: &Workspace) -> Command {
    let mut command = workspace.command("cc");
    command.args(["-std=c99", "-E"]);
    command
}

/// The name and the text of each function that is declared, without its semicolon.
fn prototypes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|statement| {
        // A structure before it would have ended in a semicolon.
        let statement = statement.trim();
        let name = statement.split('(').next()?.trim_end();
        let start = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        let is_function = statement.ends_with(')')
            && name[start..].starts_with("spatio_")
            && !statement.starts_with("typedef")
            && !statement.contains(['{', '}']);
        is_function.then_some((&name[start..], statement))
    })
}

/// `text` with a body in place of each semicolon that ends the declaration of a function.
fn with_bodies(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(2 * text.len());
    let mut rest = text;
    let mut count = 0;
    for (_, statement) in prototypes(text) {
        let at = rest.find(&format!("{statement};"));
        let end = at.ok_or("the header cannot be taken apart")? + statement.len();
        out.push_str(&rest[..end]);
        out.push_str(" { __builtin_trap(); }");
        rest = &rest[end + 1..];
        count += 1;
    }
    out.push_str(rest);
    ensure(count > 0, || "the header declares no function".into())?;
    Ok(out)
}

/// The macros of the project that stand for something, from `#define NAME VALUE` lines.
fn macros(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("#define SPATIO_"));
    let pairs = lines.filter_map(|line| line.split_once(' '));
    let pairs = pairs.filter(|(name, value)| !name.contains('(') && !value.trim().is_empty());
    pairs.map(|(name, value)| (format!("SPATIO_{name}"), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "\
typedef unsigned int uint32_t;
typedef struct spatio_db spatio_db;
typedef void (*spatio_log)(void *user, uint32_t level);
typedef struct spatio_error { uint32_t size; char message[8]; } spatio_error;
const char *spatio_version(void);
int spatio_open(const char *path,
                spatio_log log, spatio_db **db);
";

    #[test]
    fn functions_are_told_from_types() {
        let names: Vec<&str> = prototypes(HEADER).map(|(name, _)| name).collect();
        assert_eq!(names, ["spatio_version", "spatio_open"]);
    }

    #[test]
    fn each_function_gets_a_body_and_the_rest_stays() {
        let text = with_bodies(HEADER).expect("it declares functions");
        assert_eq!(text.matches("{ __builtin_trap(); }").count(), 2);
        assert!(text.contains("spatio_version(void) { __builtin_trap(); }\nint "), "{text}");
        assert_eq!(text.replace(" { __builtin_trap(); }", ";"), HEADER);
    }

    #[test]
    fn constants_are_told_from_guards_and_macros_with_arguments() {
        let text =
            "#define SPATIO_H \n#define SPATIO_OK 0\n#define SPATIO_MAX(a,b) a\n#define X 1\n";
        let expected = BTreeMap::from([("SPATIO_OK".to_owned(), "0".to_owned())]);
        assert_eq!(macros(text), expected);
    }
}
