//! The step `java`: the Java SDK of `bindings/java`, its shim by gcc and everything else by Maven.
//!
//! Owns: where these are built, below the target folder, and how Maven's tests are counted. Does
//! not own what is built, which `native/build.sh` and the `pom.xml` files say. What Maven downloads
//! it keeps in its own cache.

mod output;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checks::{Checks, ensure};
use crate::package::library;
use crate::setup;
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;
use crate::tree;
use output::MavenOutput;

/// The SDK, from the root of the clone.
const SDK: &str = "bindings/java";

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    if setup::install(workspace, &["java"]) > 0 {
        println!("the Java SDK cannot be tested without these");
        return Ok((Totals::skip(), Vec::new()));
    }
    let mut checks = Checks::default();
    let Some(library) = checks.take("builds the library", archive(workspace)) else {
        return Ok(checks.end());
    };
    let folder = workspace.target.join("java");
    let shim = build_shim(workspace, &library, &folder);
    let Some(shim) = checks.take("builds the shim", shim) else {
        return Ok(checks.end());
    };
    checks.take("the shim exports one function", exports(workspace, &shim));
    checks.take("the shim is aligned to pages of 16 KiB", library::pages(workspace, &shim));
    // A test that fails does not keep the others from it.
    let mut maven = maven(workspace, &folder);
    maven.args(["--fail-at-end", "-Dmaven.test.failure.ignore=true", "verify"]);
    suites(&mut checks, &mut maven)?;
    Ok(checks.end())
}

/// The static library: beside the shared one that the environment names, or the optimised one.
fn archive(workspace: &Workspace) -> Result<PathBuf, String> {
    match env::var_os("SPATIO_LIBRARY") {
        Some(named) => Ok(workspace.root.join(named).with_file_name("libspatio.a")),
        None => Ok(tree::plant(workspace)?.join("lib/libspatio.a")),
    }
}

/// Where the shims for Android lie, each in the folder of its ABI, if anyone made some.
pub(crate) fn android(workspace: &Workspace) -> PathBuf {
    workspace.target.join("java/android")
}

/// Builds the shim into the folder that the jar below `build` takes it from; where it is.
pub(crate) fn build_shim(
    workspace: &Workspace,
    library: &Path,
    build: &Path,
) -> Result<PathBuf, String> {
    let shim = build.join("native").join(platform()).join("libspatio_jni.so");
    let mut script = workspace.command(workspace.root.join(SDK).join("native/build.sh"));
    script.arg(workspace.root.join("include")).arg(library).arg(&shim);
    quietly(&mut script).map(|_| shim)
}

/// What the machine is called: SYSTEM-PROCESSOR, as in the jar.
pub(crate) fn platform() -> String {
    format!("{}-{}", env::consts::OS, env::consts::ARCH)
}

fn exports(workspace: &Workspace, shim: &Path) -> Result<(), String> {
    let exported = library::exported(workspace, shim)?;
    let holds = exported.iter().eq(["JNI_OnLoad"]);
    ensure(holds, || format!("it exports {exported:?}, not JNI_OnLoad alone"))
}

/// Maven for every module, built below `build`; what it is to do is added to it.
pub(crate) fn maven(workspace: &Workspace, build: &Path) -> Command {
    let mut command = workspace.command("mvn");
    command.args(["--batch-mode", "--no-transfer-progress", "-Dstyle.color=never"]);
    command.arg("--file").arg(workspace.root.join(SDK).join("pom.xml"));
    command.arg(format!("-Dspatio.build={}", build.display()));
    command.arg(format!("-Dspatio.natives={}", build.join("native").display()));
    command.arg(format!("-Dspatio.android={}", android(workspace).display()));
    command
}

/// Runs Maven and takes apart what it said; all of it is shown if something failed.
fn suites(checks: &mut Checks, maven: &mut Command) -> Result<(), String> {
    let ran = maven.output().map_err(|error| format!("cannot run mvn: {error}"))?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let mut output = MavenOutput::default();
    text.lines().for_each(|line| output.take(line));
    let is_robolectric_there = output.unresolved.is_none();
    if let Some(reason) = &output.unresolved {
        println!("skipped the tests on Android's class library: {reason}");
        checks.count(Totals::skip(), Vec::new());
    }
    let built = ensure(ran.status.success() || !is_robolectric_there, || {
        format!("{text}{}", String::from_utf8_lossy(&ran.stderr))
    });
    checks.take("every module is built", built);
    let faults = output.faults.join("\n");
    checks.take("the machine finds no fault with the shim", ensure(faults.is_empty(), || faults));
    if output.totals.failed > 0 && ran.status.success() {
        println!("{text}");
    }
    println!("ok      the suites of JUnit: {}", output.totals);
    output.reports.iter().for_each(|report| println!("        {report}"));
    checks.take("there are tests", ensure(output.totals.passed > 0, || "none ran".into()));
    checks.count(output.totals, output.failures);
    Ok(())
}
