//! Installing what a verb needs and the machine lacks, from Debian's packages.
//!
//! It is quick and silent when all is there. What it cannot install it names, and goes on: the
//! step that needs it is then skipped and counted as skipped.

use std::process::Stdio;

use crate::shell::{Workspace, has_program, succeeds};

/// A program, the package that holds it, and the verbs that want it.
struct Need {
    program: &'static str,
    package: &'static str,
    verbs: &'static [&'static str],
    purpose: &'static str,
}

const NEEDS: [Need; 11] = [
    Need {
        program: "cc",
        package: "gcc",
        verbs: &["test", "fuzz", "c", "package", "bench"],
        purpose: "to link Rust programs",
    },
    Need {
        program: "c++",
        package: "g++",
        verbs: &["fuzz", "c", "package"],
        purpose: "to build libFuzzer and programs in C++",
    },
    Need {
        program: "clang",
        package: "clang",
        verbs: &["c"],
        purpose: "to compile the header once more",
    },
    Need {
        program: "valgrind",
        package: "valgrind",
        verbs: &["c"],
        purpose: "to watch the memory of the C suite",
    },
    Need {
        program: "/usr/lib/python3/dist-packages/cffi/__init__.py",
        package: "python3-cffi",
        verbs: &["c"],
        purpose: "to read the header from Python",
    },
    Need {
        program: "cmake",
        package: "cmake",
        verbs: &["package"],
        purpose: "to install the library",
    },
    Need {
        program: "make",
        package: "make",
        verbs: &["package"],
        purpose: "what cmake builds with",
    },
    Need {
        program: "pkg-config",
        package: "pkg-config",
        verbs: &["package"],
        purpose: "to find the installed library",
    },
    Need {
        program: "nm",
        package: "binutils",
        verbs: &["package"],
        purpose: "to list exported symbols",
    },
    Need {
        program: "abidiff",
        package: "abigail-tools",
        verbs: &["package"],
        purpose: "to compare interfaces",
    },
    Need {
        program: "redis-server",
        package: "redis-server",
        verbs: &["bench"],
        purpose: "a peer of the benchmarks",
    },
];

/// The verb: installs for the verbs named, or for `test` and `fuzz`.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let mut verbs: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some(unknown) = verbs.iter().find(|v| !["test", "fuzz", "bench", "all"].contains(v)) {
        return Err(format!("setup knows test, fuzz, bench and all, not {unknown:?}"));
    }
    if verbs.is_empty() {
        verbs = vec!["test", "fuzz"];
    } else if verbs.contains(&"all") {
        verbs = vec!["test", "fuzz", "bench"];
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
fn apt_get(workspace: &Workspace, packages: &[&str]) -> Result<(), String> {
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
