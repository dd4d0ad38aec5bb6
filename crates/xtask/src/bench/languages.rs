//! The programs that measure a language beside the C interface: built, and laid out as scripts.
//!
//! Owns: the folder `bench` in the target folder. There lies `LANGUAGE.sh` for each program, which
//! `spatio-bench` runs with arguments of its own, or `LANGUAGE.skipped` with the reason why there
//! is none. Does not own the programs, which are in the folder `bench` of each binding.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::{make_folder, write};
use crate::shell::{Workspace, has_program, heard, quietly};
use crate::{go, java, python, tree};

/// What upstream's own package for Python is, on its registry.
const UPSTREAM: &str = "spatio==0.3.0";

/// The work in C that every language is measured against; it says itself why it lies there.
const WORK: &str = "bindings/go/bench";

/// Builds what can be built; the folder of the scripts.
pub(super) fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    type Build<'a> = fn(&Site<'a>) -> Result<Command, String>;
    let languages: [(&str, Build<'_>); 5] = [
        ("C++", Site::cpp),
        ("Java", Site::java),
        ("Go", Site::go),
        ("Python", Site::python),
        ("Python beside upstream", Site::upstream),
    ];
    let prefix = tree::plant(workspace)?;
    let folder = workspace.target.join("bench");
    let scripts = folder.join("languages");
    // What an earlier run could build is not what this one measures.
    let _ = fs::remove_dir_all(&scripts);
    make_folder(&scripts)?;
    let site = Site { workspace, prefix, folder };
    for (language, build) in languages {
        println!("bench: building for {language}");
        match build(&site) {
            Ok(command) => write(&scripts.join(format!("{language}.sh")), &script(&command))?,
            Err(reason) => write(&scripts.join(format!("{language}.skipped")), &reason)?,
        }
    }
    Ok(scripts)
}

/// A command as a script for `sh`, which hands its own arguments on.
fn script(command: &Command) -> String {
    let mut text = String::from("set -eu\n");
    if let Some(folder) = command.get_current_dir() {
        text += &format!("cd {}\n", quoted(folder.as_os_str()));
    }
    for (name, value) in command.get_envs() {
        let name = name.to_string_lossy();
        match value {
            Some(value) => text += &format!("export {name}={}\n", quoted(value)),
            None => text += &format!("unset {name}\n"),
        }
    }
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(quoted).collect();
    text + &format!("exec {} \"$@\"\n", words.join(" "))
}

/// A word that `sh` takes as it stands.
fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))
}

/// Where the programs are built: with the installed library, in a folder.
struct Site<'a> {
    workspace: &'a Workspace,
    prefix: PathBuf,
    folder: PathBuf,
}

impl Site<'_> {
    fn include(&self) -> PathBuf {
        self.workspace.root.join("include")
    }

    /// A compiler with the two headers that all need.
    fn compiler(&self, name: &str) -> Command {
        let mut compiler = self.workspace.command(name);
        compiler.arg("-O2").arg("-I").arg(self.include()).arg("-I").arg(WORK);
        compiler
    }

    fn lib(&self) -> PathBuf {
        self.prefix.join("lib")
    }

    fn cpp(&self) -> Result<Command, String> {
        let (work, program) = (self.folder.join("work.o"), self.folder.join("cpp"));
        let source = Path::new(WORK).join("crossing.c");
        quietly(self.compiler("cc").arg("-c").arg(source).arg("-o").arg(&work))?;
        let mut compiler = self.compiler("c++");
        compiler.args(["-std=c++17", "-I", "bindings/cpp/include", "-o"]).arg(&program);
        compiler.arg("bindings/cpp/bench/crossing.cpp").arg(work).arg("-L").arg(self.lib());
        compiler.arg(format!("-Wl,-rpath,{}", self.lib().display())).arg("-lspatio");
        quietly(&mut compiler)?;
        Ok(self.workspace.command(program))
    }

    fn java(&self) -> Result<Command, String> {
        if let Some(missing) = ["javac", "gcc"].iter().find(|program| !has_program(program)) {
            return Err(format!("there is no {missing}"));
        }
        let (archive, home) = (self.lib().join("libspatio.a"), self.folder.join("java"));
        java::build_shim(self.workspace, &archive, &home)?;
        let work = home.join("libspatio_bench_c.so");
        let script = self.workspace.root.join("bindings/java/bench/native/build.sh");
        let mut native = self.workspace.command(script);
        quietly(native.arg(self.include()).arg(&archive).arg(&work))?;
        let classes = home.join("classes");
        let mut javac = self.workspace.command("javac");
        javac.arg("-d").arg(&classes);
        for module in ["spatio", "bench"] {
            let folder = format!("bindings/java/{module}/src/main/java");
            javac.args(sources(&self.workspace.root, &folder)?);
        }
        quietly(&mut javac)?;
        let mut java = self.workspace.command("java");
        java.arg("-cp").arg(format!("{}:{}", classes.display(), home.display()));
        java.arg("org.libspatio.bench.Crossing").arg(work);
        Ok(java)
    }

    fn go(&self) -> Result<Command, String> {
        let found = go::find(self.workspace)?;
        let tools = go::Tools::new(self.workspace, found, self.prefix.clone())?;
        let program = self.folder.join("go");
        let mut build = tools.go(&self.workspace.root.join(go::MODULE), &["build", "-o"]);
        quietly(build.arg(&program).arg("./bench"))?;
        let mut go = self.workspace.command(program);
        go.env("LD_LIBRARY_PATH", self.lib());
        Ok(go)
    }

    /// The environment with our wheel in it; it is kept, and the wheel put in again.
    fn environment(&self) -> Result<python::Environment<'_>, String> {
        python::has_python(self.workspace)?;
        let dist = self.folder.join("dist");
        // What an earlier run built is not what is measured.
        let _ = fs::remove_dir_all(&dist);
        let library = self.lib().join("libspatio.so.0");
        let wheel = python::build_wheel(self.workspace, &library, &dist)?;
        let wheel = wheel.to_string_lossy();
        let environment = python::Environment::new(self.workspace, self.folder.join("python"));
        if environment.is_current()? {
            environment.install(&["--no-deps", "--force-reinstall", &wheel])?;
        } else {
            environment.make()?;
            environment.install(&[&wheel])?;
            environment.finish()?;
        }
        Ok(environment)
    }

    fn python(&self) -> Result<Command, String> {
        let environment = self.environment()?;
        let work = self.folder.join("work.so");
        let source = Path::new(WORK).join("crossing.c");
        let mut compiler = self.compiler("cc");
        quietly(compiler.args(["-shared", "-fPIC"]).arg(source).arg("-o").arg(&work))?;
        let mut python = environment.python();
        python.arg("bench/crossing.py").arg(work);
        Ok(python)
    }

    /// Both packages, each in an environment of its own: they have one import name.
    fn upstream(&self) -> Result<Command, String> {
        let ours = self.environment()?;
        let folder = self.folder.join("upstream");
        let theirs = python::Environment::new(self.workspace, folder.clone());
        if !theirs.is_current()? {
            theirs.make()?;
            theirs.install(&[UPSTREAM])?;
            theirs.finish()?;
        }
        let mut python = ours.python();
        python.arg("bench/peer.py").arg(folder.join("bin/python"));
        Ok(python)
    }
}

/// The sources of Java below a folder of the clone.
fn sources(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let mut command = Command::new("find");
    let said = heard(command.current_dir(root).args([folder, "-name", "*.java"]))?;
    Ok(said.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_does_what_its_command_does() {
        let mut command = Command::new("printf");
        command.args(["%s|", "it's", "a b"]).current_dir("/").env("KEY", "x y");
        let text = script(&command);
        assert!(text.contains("export KEY='x y'\n"), "{text}");
        let mut shell = Command::new("sh");
        let said = quietly(shell.args(["-c", &text, "sh", "more"]));
        assert_eq!(said.as_deref(), Ok("it's|a b|more|"));
    }
}
