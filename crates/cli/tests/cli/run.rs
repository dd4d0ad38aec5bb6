//! Running the program in a directory of its own, and looking at what it said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A directory for one test, removed at its end.
pub struct Room(PathBuf);

impl Room {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("spatio-cli-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Room(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file and returns its name.
    pub fn write<'a>(&self, name: &'a str, content: impl AsRef<[u8]>) -> &'a str {
        fs::write(self.path(name), content).unwrap();
        name
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, to be run in this directory.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spatio"));
        command.args(words(arguments)).current_dir(&self.0).env_remove("SPATIO_DB");
        // What is asked over the network here is this machine.
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        command.env_remove("SSL_CERT_FILE");
        command.stdin(Stdio::null());
        command
    }

    /// Runs the program; `arguments` are separated by blanks, quotes keep them together.
    pub fn run(&self, arguments: &str) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs the program and expects success.
    pub fn ok(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "spatio {arguments}\n{}{}", ran.out, ran.err);
        ran
    }

    /// Runs the program, expects success, and reads its JSON.
    pub fn json(&self, arguments: &str) -> Value {
        self.ok(arguments).json()
    }

    /// Runs the program and expects a failure with this code, whose message holds `part`.
    pub fn fails(&self, code: i32, part: &str, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, code, "spatio {arguments}\n{}{}", ran.out, ran.err);
        assert!(ran.err.contains(part), "spatio {arguments}: no {part:?} in {:?}", ran.err);
        ran
    }

    /// Expects that commands, each with its part of the message, all fail with this code.
    pub fn all_fail(&self, code: i32, refused: &[(&str, &str)]) {
        for (part, arguments) in refused {
            self.fails(code, part, arguments);
        }
    }

    pub fn dir(&self) -> &Path {
        &self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

/// Splits at blanks that stand outside of single quotes.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted, mut is_open) = (vec![], String::new(), false, false);
    for c in text.chars() {
        match c {
            '\'' => (is_quoted, is_open) = (!is_quoted, true),
            ' ' | '\n' if !is_quoted => {
                if is_open {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            c => {
                word.push(c);
                is_open = true;
            }
        }
    }
    if is_open {
        words.push(word);
    }
    words
}

/// The `id` of every row of a JSON answer.
pub fn ids(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}
