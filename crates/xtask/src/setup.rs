//! Installing what a verb needs and the machine lacks, from Debian's packages.
//!
//! It is quick and silent when all is there. What it cannot install it names, and goes on: the
//! step that needs it is then skipped and counted as skipped.

use std::process::Stdio;

use crate::shell::{Workspace, has_program, succeeds};

/// A program (or another file, by its whole path), the package that holds it, and the verbs that
/// want it.
struct Need {
    program: &'static str,
    package: &'static str,
    verbs: &'static [&'static str],
    purpose: &'static str,
}

const NEEDS: &[Need] = &[
    need(
        "cc",
        "gcc",
        &["test", "fuzz", "c", "java", "package", "install", "cross", "bench"],
        "to link Rust programs",
    ),
    need("javac", "default-jdk-headless", &["java"], "to compile Java, and for jni.h"),
    need("mvn", "maven", &["java"], "to build and test the Java SDK"),
    need(
        "c++",
        "g++",
        &["fuzz", "c", "cpp", "package", "install", "cross", "bench"],
        "to build libFuzzer and programs in C++",
    ),
    need("clang", "clang", &["c", "cpp"], "to compile the header once more"),
    need(
        "/usr/lib/llvm-14/lib/clang/14.0.6/include/sanitizer/asan_interface.h",
        "libclang-rt-14-dev",
        &["cpp"],
        "AddressSanitizer and UBSan of clang",
    ),
    need("clang-format", "clang-format", &["cpp"], "to check the format of C++"),
    need("/usr/include/doctest/doctest.h", "doctest-dev", &["cpp"], "to write tests in C++"),
    need("doxygen", "doxygen", &["cpp"], "to read the comments of the C++ header"),
    need("valgrind", "valgrind", &["c"], "to watch the memory of the C suite"),
    need(
        "/usr/lib/python3/dist-packages/cffi/__init__.py",
        "python3-cffi",
        &["c"],
        "to read the header from Python",
    ),
    need("cmake", "cmake", &["cpp", "package", "install", "cross"], "to install the library"),
    need("make", "make", &["cpp", "package", "install", "cross"], "what cmake builds with"),
    need(
        "pkg-config",
        "pkg-config",
        &["go", "package", "install"],
        "to find the installed library",
    ),
    need("go", "golang-go", &["go"], "to compile Go"),
    need("nm", "binutils", &["java", "package"], "to list exported symbols"),
    need("abidiff", "abigail-tools", &["package"], "to compare interfaces"),
    need(
        "python3",
        "python3",
        &["test", "install"],
        "to work out the expectations of the behaviour cases, and to pack the module for Go",
    ),
    need(
        "/usr/include/cjson/cJSON.h",
        "libcjson-dev",
        &["test"],
        "to read the behaviour cases in C",
    ),
    need("/usr/bin/cargo", "cargo-web", &["cross"], "cargo that builds the standard library"),
    need("/usr/bin/rustc", "rustc-web", &["cross"], "rustc that fits the packaged sources"),
    need(
        "/usr/lib/rustlib/src/rust/library/Cargo.lock",
        "rust-web-src",
        &["cross"],
        "the standard library's sources",
    ),
    need("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64", &["cross"], "to link for Windows"),
    need(
        "x86_64-w64-mingw32-g++",
        "g++-mingw-w64-x86-64",
        &["cross"],
        "programs in C++ for Windows",
    ),
    need("/usr/lib/wine/wine64", "wine64", &["cross"], "to run programs for Windows"),
    need("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", &["cross"], "to link for aarch64"),
    need(
        "aarch64-linux-gnu-g++",
        "g++-aarch64-linux-gnu",
        &["cross"],
        "programs in C++ for aarch64",
    ),
    need(
        "/usr/aarch64-linux-gnu/include/stdio.h",
        "libc6-dev-arm64-cross",
        &["cross"],
        "the C library of aarch64",
    ),
    need("qemu-aarch64", "qemu-user", &["cross"], "to run programs for aarch64"),
    need("redis-server", "redis-server", &["bench"], "a peer of the benchmarks"),
];

const fn need(
    program: &'static str,
    package: &'static str,
    verbs: &'static [&'static str],
    purpose: &'static str,
) -> Need {
    Need { program, package, verbs, purpose }
}

/// What can be installed for. `cross` is large, so that only its own name asks for it.
const VERBS: [&str; 10] =
    ["test", "fuzz", "c", "cpp", "go", "java", "package", "install", "bench", "cross"];

/// The verb: installs for the verbs named, or for all that `cargo xtask test` runs.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let mut verbs: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some(unknown) = verbs.iter().find(|v| **v != "all" && !VERBS.contains(v)) {
        return Err(format!("setup knows {} and all, not {unknown:?}", VERBS.join(", ")));
    }
    if verbs.is_empty() {
        verbs = vec!["test", "fuzz", "c", "cpp", "go", "java", "package", "install"];
    } else if verbs.contains(&"all") {
        verbs.extend(VERBS.iter().filter(|verb| **verb != "cross"));
        verbs.retain(|verb| *verb != "all");
    }
    let missing = install(workspace, &verbs);
    if missing == 0 {
        println!("setup: everything is there for {}", verbs.join(", "));
    }
    Ok(missing == 0)
}

/// Installs what `verbs` lack; how many programs are still missing afterwards.
pub(crate) fn install(workspace: &Workspace, verbs: &[&str]) -> usize {
    let wanted = NEEDS.iter().filter(|need| need.verbs.iter().any(|verb| verbs.contains(verb)));
    let missing: Vec<&Need> = wanted.filter(|need| !has_program(need.program)).collect();
    if missing.is_empty() {
        return 0;
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    println!("setup: installing {}", packages.join(" "));
    if let Err(reason) = apt_get(workspace, &packages) {
        println!("setup: {reason}");
    }
    let still: Vec<&&Need> = missing.iter().filter(|need| !has_program(need.program)).collect();
    for need in &still {
        println!("setup: {} is still missing ({})", need.program, need.purpose);
    }
    still.len()
}

/// Asks apt-get, through sudo where this is not root; sudo never asks for a password.
pub(crate) fn apt_get(workspace: &Workspace, packages: &[&str]) -> Result<(), String> {
    if !has_program("apt-get") {
        return Err("there is no apt-get here; install these by hand".into());
    }
    let prefix: &[&str] = if is_root(workspace) { &[] } else { &["sudo", "-n"] };
    if !prefix.is_empty() && !has_program("sudo") {
        return Err("this is not root and there is no sudo; install these by hand".into());
    }
    let run = |arguments: &[&str]| {
        let mut words = prefix.to_vec();
        words.push("apt-get");
        words.extend_from_slice(arguments);
        let mut command = workspace.command(words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        succeeds(&mut command)
    };
    // The lists may be older than the packages they name; a failure shows in the next step.
    run(&["update", "-qq"])?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend_from_slice(packages);
    if run(&install)? { Ok(()) } else { Err("apt-get failed".into()) }
}

fn is_root(workspace: &Workspace) -> bool {
    let id = crate::shell::output_of(workspace.command("id").arg("-u"));
    id.is_some_and(|id| id.trim() == "0")
}
