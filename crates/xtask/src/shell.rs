//! Running programs: where the workspace is, where its products go, and how output is followed.
//!
//! Owns: the folders and the environment that every verb shares. Products that need other compiler
//! flags go to folders of their own below the target folder, so that no verb throws away what
//! another has built.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A clone of the project, and the folder that its products go to.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// The clone that `cargo xtask` was typed in.
    pub(crate) fn find() -> Result<Self, String> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(directory) => PathBuf::from(directory),
            None => env::current_dir().map_err(|error| error.to_string())?,
        };
        let root = start.ancestors().find(|at| at.join("Cargo.lock").is_file());
        let root = root.ok_or("run this inside the clone, by `cargo xtask`")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => root.join(directory),
            None => root.join("target"),
        };
        Ok(Workspace { root, target })
    }

    /// A command in the root of the clone.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // These describe the crate `xtask`; to the programs below they would be lies.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Cargo, the one that runs this program, with its arguments.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(cargo);
        command.args(arguments);
        command
    }

    /// Cargo with more compiler flags, and so with a folder of its own below the target folder.
    pub(crate) fn cargo_apart(&self, folder: &str, flags: &str, arguments: &[&str]) -> Command {
        let given = env::var("RUSTFLAGS").unwrap_or_default();
        let mut command = self.cargo(arguments);
        command.env("RUSTFLAGS", format!("{given} {flags}").trim());
        command.env("CARGO_TARGET_DIR", self.target.join(folder));
        command
    }
}

/// Runs a command to its end; whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, String> {
    let status = command.status().map_err(|error| cannot_run(command, &error))?;
    Ok(status.success())
}

/// Runs a command, shows its standard output as it comes, and hands each line to `take`.
pub(crate) fn follow(command: &mut Command, mut take: impl FnMut(&str)) -> Result<bool, String> {
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_run(command, &error))?;
    let output = child.stdout.take().expect("standard output was piped above");
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        // A reader that went away (a closed pipe) is no reason to stop testing.
        let mut screen = std::io::stdout().lock();
        let _ = screen.write_all(&line).and_then(|()| screen.flush());
        take(String::from_utf8_lossy(&line).trim_end());
    }
    let status = child.wait().map_err(|error| cannot_run(command, &error))?;
    Ok(status.success())
}

/// The standard output of a short command, or nothing if it failed.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Runs a command to its end and shows nothing; its standard output, or on failure the command and
/// all that it said.
pub(crate) fn quietly(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| cannot_run(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let program = command.get_program().to_string_lossy();
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{program} {}` ended with {}:\n{text}{said}", words.join(" "), output.status))
}

/// Runs a command to its end and shows only its errors; its standard output, which on failure is a
/// part of the reason.
pub(crate) fn heard(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| cannot_run(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(text) }
}

/// Whether `program` stands in a folder of `PATH`, or where its absolute path says.
pub(crate) fn has_program(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The files in `folder` whose names end in `.extension`, as stems, sorted.
pub(crate) fn stems(folder: &Path, extension: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let chosen = paths.filter(|path| path.extension().is_some_and(|e| e == extension));
    let mut names: Vec<String> = chosen
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

fn cannot_run(command: &Command, error: &std::io::Error) -> String {
    format!("cannot run {}: {error}", command.get_program().to_string_lossy())
}
