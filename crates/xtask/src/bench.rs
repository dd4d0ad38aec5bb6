//! The verb `bench`: this engine beside its peers.
//!
//! Owns: what has to be built before the program `spatio-bench` runs: for its part `ffi` the two C
//! interfaces that it loads, and the programs of the languages that it starts. Does not own what is
//! measured. Invariant: a language that cannot be had is told of with its reason, and left out.

mod languages;

use crate::setup;
use crate::shell::{Workspace, succeeds};

/// The verb; its arguments are handed on.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    setup::install(workspace, &["bench"]);
    if !words.iter().any(|word| word == "ffi" || word == "all") {
        let mut bench = workspace.cargo(&["run", "--locked", "--release", "--package"]);
        return succeeds(bench.args(["spatio-bench", "--"]).args(words));
    }
    let folder = match wants_languages(words) {
        true => Some(languages::build(workspace)?),
        false => None,
    };
    // The two C interfaces that are loaded at run time; the other parts need neither.
    let packages = ["-p", "spatio-bench", "-p", "libspatio", "-p", "spatio-cabi"];
    let mut build = workspace.cargo(&["build", "--locked", "--release"]);
    if !succeeds(build.args(packages))? {
        return Ok(false);
    }
    // Not by `cargo run`, which would compile the library once more, for the one package alone.
    let mut bench = workspace.command(workspace.target.join("release/spatio-bench"));
    bench.args(words);
    if let Some(folder) = folder {
        bench.arg("--languages").arg(folder);
    }
    succeeds(&mut bench)
}

/// Whether the rows that are wanted may be those of languages: the others say `ffi` at their head.
fn wants_languages(words: &[String]) -> bool {
    let only = words.iter().position(|word| word == "--only").and_then(|at| words.get(at + 1));
    only.is_none_or(|only| !only.starts_with("ffi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_c_interface_alone_need_no_language() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(wants_languages(&words("ffi --quick")));
        assert!(wants_languages(&words("ffi --only Java")));
        assert!(!wants_languages(&words("ffi --only ffi:")));
    }
}
