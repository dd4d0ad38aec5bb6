//! The door to packed files: a file is mapped, and asked with as many axes as it has.
//!
//! Owns: every opening of a packed file, and the naming of the file in what goes wrong.
//! Invariants: a file is mapped, not read, so that opening costs the same for any size.

use std::io;
use std::path::Path;
use std::sync::Arc;

use spatio::packed::{Bytes, Index, axes};
use spatio::vfs::{OpenMode, RealVfs, Vfs};

use crate::args::PackSource;
use crate::failure::{Failure, Outcome, exit};
use crate::pack::remote::{self, RemoteTask, with_remote};

/// A file whose head has been read.
pub(crate) struct PackedFile<'a> {
    path: &'a Path,
    bytes: Bytes,
    pub(crate) axes: u8,
}

/// What is done with an index, whatever its number of axes.
pub(crate) trait Task {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()>;
}

/// Maps a file and does something with its index.
pub(crate) fn with_index(path: &Path, task: impl Task) -> Outcome<()> {
    let file = PackedFile::open(path)?;
    match file.axes {
        2 => task.run(&file, &file.index::<2>()?),
        3 => task.run(&file, &file.index::<3>()?),
        4 => task.run(&file, &file.index::<4>()?),
        other => {
            let message = format!("{}: boxes of {other} axes, expected 2 to 4", path.display());
            Err(Failure::new(exit::CORRUPT, message))
        }
    }
}

/// Opens a file, wherever it lies, and does something with its index. `only_mapped` is what of the
/// command a URL cannot be asked.
pub(crate) fn with_source<T: Task + RemoteTask>(
    source: &PackSource,
    only_mapped: Option<&str>,
    task: T,
) -> Outcome<()> {
    match (remote::url(&source.file), only_mapped) {
        (Some(url), Some(what)) => Err(remote::refuse(url, what)),
        (Some(url), None) => with_remote(url, source.stats, task),
        (None, _) if source.stats => {
            Err(Failure::usage("--stats tells of requests; a file that is mapped has none"))
        }
        (None, _) => with_index(&source.file, task),
    }
}

impl<'a> PackedFile<'a> {
    /// Maps a file and reads its head.
    pub(crate) fn open(path: &'a Path) -> Outcome<Self> {
        if let Some(url) = remote::url(path) {
            return Err(remote::refuse(url, "this command"));
        }
        let map = || RealVfs.open(path, OpenMode::Read)?.map();
        let mapping = map().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Failure::not_found(format!("no packed file at {}", path.display()))
            }
            _ => Failure::file(path, &error),
        })?;
        let bytes: Bytes = Arc::new(mapping);
        let axes = axes((*bytes).as_ref()).map_err(|error| named(path, error))?;
        Ok(PackedFile { path, bytes, axes })
    }

    /// The index of it, if it has `D` axes.
    pub(crate) fn index<const D: usize>(&self) -> Outcome<Index<D>> {
        if usize::from(self.axes) != D {
            let (path, axes) = (self.path.display(), self.axes);
            let message = format!("{path} has boxes of {axes} axes, the other file of {D}");
            return Err(Failure::usage(message));
        }
        self.told(Index::open(Arc::clone(&self.bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// What the index answered; an error gets the name of the file.
    pub(crate) fn told<T>(&self, answer: spatio::Result<T>) -> Outcome<T> {
        answer.map_err(|error| named(self.path, error))
    }
}

/// An error of an index does not know which file it is of.
fn named(path: &Path, error: spatio::Error) -> Failure {
    let failure = Failure::from(error);
    Failure::new(failure.code(), format!("{}: {failure}", path.display()))
}

/// The names of the axes.
pub(crate) const AXES: [&str; 4] = ["x", "y", "z", "t"];

/// Exactly `D` numbers with commas.
pub(crate) fn parse_point<const D: usize>(text: &str) -> Outcome<[f64; D]> {
    numbers(text).ok_or_else(|| {
        let form = AXES[..D].join(",").to_uppercase();
        Failure::usage(format!("`{text}` is no place of {D} axes; expected {form}"))
    })
}

/// `2 * D` numbers with commas: the least coordinates, then the greatest.
pub(crate) fn parse_box<const D: usize>(text: &str) -> Outcome<([f64; D], [f64; D])> {
    let parts: Vec<&str> = text.split(',').collect();
    let halves = (parts.len() == 2 * D).then(|| parts.split_at(D));
    let parse = |(low, high): (&[&str], &[&str])| {
        Some((numbers(&low.join(","))?, numbers(&high.join(","))?))
    };
    halves.and_then(parse).ok_or_else(|| {
        let side = |prefix| AXES[..D].iter().map(move |axis| format!("{prefix}{axis}"));
        let form = side("min").chain(side("max")).collect::<Vec<_>>().join(",").to_uppercase();
        Failure::usage(format!("`{text}` is no box of {D} axes; expected {form}"))
    })
}

fn numbers<const D: usize>(text: &str) -> Option<[f64; D]> {
    let all: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    all?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_boxes_have_as_many_numbers_as_axes() {
        assert_eq!(parse_point::<2>("1, -2.5").unwrap(), [1.0, -2.5]);
        assert_eq!(parse_box::<2>("1,2,3,4").unwrap(), ([1.0, 2.0], [3.0, 4.0]));
        let refused = parse_box::<3>("1,2,3,4").unwrap_err().to_string();
        assert!(refused.contains("MINX,MINY,MINZ,MAXX,MAXY,MAXZ"), "{refused}");
        assert!(parse_point::<2>("1,2,3").unwrap_err().to_string().contains("expected X,Y"));
        assert!(parse_point::<2>("1,b").is_err() && parse_box::<2>("").is_err());
    }
}
