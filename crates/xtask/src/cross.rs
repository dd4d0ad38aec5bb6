//! The verb `cross`: builds the library for four targets, runs what can run, says what ran where.
//!
//! Owns: the targets and where their products go, `cross/TRIPLE` below the target folder. Debian's
//! packages alone are needed: its compiler builds the standard library for each target from source.
//! Not part of the everyday test, because that takes some minutes.

mod build;
mod cmake;
mod programs;

use std::path::PathBuf;

use crate::checks::Checks;
use crate::package::Scratch;
use crate::setup;
use crate::shell::Workspace;

/// Where programs for a target run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    Here,
    Qemu,
    Wine,
    Nowhere,
}

impl Runs {
    fn place(self) -> &'static str {
        match self {
            Runs::Here => "on this machine",
            Runs::Qemu => "under qemu-user",
            Runs::Wine => "under Wine",
            Runs::Nowhere => "nowhere",
        }
    }
}

/// A target and its tools.
pub(crate) struct Target {
    name: &'static str,
    triple: &'static str,
    /// What the names of its C tools begin with.
    tools: &'static str,
    runs: Runs,
}

const TARGETS: [Target; 4] = [
    Target {
        name: "linux",
        triple: "x86_64-unknown-linux-gnu",
        tools: "/usr/bin/",
        runs: Runs::Here,
    },
    Target {
        name: "aarch64",
        triple: "aarch64-unknown-linux-gnu",
        tools: "/usr/bin/aarch64-linux-gnu-",
        runs: Runs::Qemu,
    },
    Target {
        name: "windows",
        triple: "x86_64-pc-windows-gnu",
        tools: "/usr/bin/x86_64-w64-mingw32-",
        runs: Runs::Wine,
    },
    Target {
        name: "android",
        triple: "aarch64-linux-android",
        tools: "/usr/bin/aarch64-linux-gnu-",
        runs: Runs::Nowhere,
    },
];

impl Target {
    fn is_windows(&self) -> bool {
        self.runs == Runs::Wine
    }

    fn tool(&self, name: &str) -> String {
        format!("{}{name}", self.tools)
    }
}

/// One target at work.
pub(crate) struct Site<'a> {
    workspace: &'a Workspace,
    target: &'a Target,
    scratch: &'a Scratch,
}

impl Site<'_> {
    /// Where cargo builds.
    fn cargo_folder(&self) -> PathBuf {
        self.workspace.target.join("cross")
    }

    /// Where cargo leaves the libraries.
    fn built(&self) -> PathBuf {
        self.cargo_folder().join(self.target.triple).join("release")
    }

    /// A temporary place of this target alone.
    fn place(&self, name: &str) -> PathBuf {
        self.scratch.join(&format!("{}-{name}", self.target.name))
    }
}

/// The verb: all targets, or those named.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let known = TARGETS.map(|target| target.name);
    if let Some(word) = words.iter().find(|word| !known.contains(&word.as_str())) {
        return Err(format!("no target {word:?}; there are: {}", known.join(", ")));
    }
    if setup::install(workspace, &["cross"]) > 0 {
        return Err("nothing can be built for other targets without these".into());
    }
    let scratch = Scratch::new("cross")?;
    let mut checks = Checks::default();
    let mut report = Vec::new();
    let chosen = |target: &&Target| words.is_empty() || words.iter().any(|w| w == target.name);
    for target in TARGETS.iter().filter(chosen) {
        println!("\n== {}: {}", target.name, target.triple);
        let site = Site { workspace, target, scratch: &scratch };
        report.push(format!("{:<8} {}", target.name, one(&mut checks, &site)));
    }
    let (totals, failures) = checks.end();
    println!("\n{}", report.join("\n"));
    for name in failures {
        println!("    failed: {name}");
    }
    println!("\n{totals}");
    Ok(totals.failed == 0)
}

/// Builds and runs for one target; what ran where, in words.
fn one(checks: &mut Checks, site: &Site<'_>) -> String {
    let name = site.target.name;
    let Some(native) = checks.take(&format!("{name}: builds"), build::build(site)) else {
        return "not built".to_owned();
    };
    checks.take(&format!("{name}: exports what was committed"), build::exports(site));
    if site.target.runs == Runs::Nowhere {
        return "libspatio.a built; not linked, run nowhere".to_owned();
    }
    let mut ran = Vec::new();
    if let Some(kit) =
        checks.take(&format!("{name}: can run programs"), programs::prepare(site, native))
    {
        programs::check(checks, site, &kit, &mut ran);
        cmake::check(checks, site, &kit, &mut ran);
    }
    let place = site.target.runs.place();
    let what = if ran.is_empty() { "nothing".to_owned() } else { ran.join(", ") };
    format!("built; ran {place}: {what}")
}
