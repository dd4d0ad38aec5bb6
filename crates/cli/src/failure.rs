//! How a command ends badly: one sentence for the person, one exit code for the program.
//!
//! Owns the exit codes, which `--help` and docs/CLI.md promise.

use std::fmt;
use std::io;
use std::path::Path;

use spatio::ErrorKind;

/// The promised exit codes.
pub(crate) mod exit {
    /// The engine or the operating system refused.
    pub(crate) const ENGINE: u8 = 1;
    /// The command line is wrong.
    pub(crate) const USAGE: u8 = 2;
    /// A bad row stopped a strict import.
    pub(crate) const BAD_ROWS: u8 = 3;
    /// Stored bytes are not what was written.
    pub(crate) const CORRUPT: u8 = 4;
    /// A namespace or an object that was named does not exist.
    pub(crate) const NOT_FOUND: u8 = 5;
}

/// The end of a command that did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
    /// The reader of our output went away: no failure to speak of.
    broken_pipe: bool,
}

/// The result of everything that a command does.
pub(crate) type Outcome<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Failure { code, message: message.into(), broken_pipe: false }
    }

    /// The command line is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Failure::new(exit::USAGE, message)
    }

    /// A named thing does not exist.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Failure::new(exit::NOT_FOUND, message)
    }

    /// A failed call to the operating system about a file.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Failure::new(exit::ENGINE, format!("{}: {error}", path.display()))
    }

    pub(crate) fn code(&self) -> u8 {
        self.code
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Only for writing to the standard output; files go through [`Failure::file`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Failure { code: exit::ENGINE, message: format!("output: {error}"), broken_pipe }
    }
}

impl From<spatio::Error> for Failure {
    fn from(error: spatio::Error) -> Self {
        let code = match error.kind() {
            ErrorKind::InvalidArgument | ErrorKind::OutOfRange => exit::USAGE,
            ErrorKind::Corrupt => exit::CORRUPT,
            ErrorKind::NotFound => exit::NOT_FOUND,
            _ => exit::ENGINE,
        };
        Failure::new(code, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_error_keeps_its_sentence_and_gets_a_code() {
        let failure = Failure::from(spatio::Error::range("knn", "lat", 91.0, "-90 to 90"));
        assert_eq!((failure.code(), failure.to_string().contains("91")), (exit::USAGE, true));
        let corrupt = spatio::Error::corrupt("open", Path::new("a"), 3, "bad checksum");
        assert_eq!(Failure::from(corrupt).code(), exit::CORRUPT);
    }

    #[test]
    fn a_broken_pipe_is_told_apart() {
        assert!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).is_broken_pipe());
    }
}
