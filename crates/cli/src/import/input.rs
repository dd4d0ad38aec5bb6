//! A file to be read: opened, unpacked when it is gzipped, and its bytes counted on the way.
//!
//! Gzip is told by its first two bytes, not by the file's name.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use crate::failure::{Failure, Outcome};

const BUFFER_BYTES: usize = 256 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// An open input and how far it has been read.
pub(crate) struct Input {
    pub(crate) reader: Box<dyn BufRead>,
    /// Bytes of the file as it lies on disk; None for a pipe.
    pub(crate) total_bytes: Option<u64>,
    /// Bytes of it that were read so far.
    pub(crate) read_bytes: Rc<Cell<u64>>,
}

/// Opens `path`; `-` is the standard input.
pub(crate) fn open(path: &Path) -> Outcome<Input> {
    let (source, total_bytes): (Box<dyn Read>, _) = if path.as_os_str() == "-" {
        (Box::new(io::stdin().lock()), None)
    } else {
        let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
        let meta = file.metadata().map_err(|error| Failure::file(path, &error))?;
        if meta.is_dir() {
            return Err(Failure::usage(format!("{} is a directory", path.display())));
        }
        let total_bytes = meta.is_file().then_some(meta.len());
        (Box::new(file), total_bytes)
    };
    let read_bytes = Rc::new(Cell::new(0));
    let counted = Counted { source, read_bytes: Rc::clone(&read_bytes) };
    let mut packed = BufReader::with_capacity(BUFFER_BYTES, counted);
    let head = packed.fill_buf().map_err(|error| Failure::file(path, &error))?;
    let reader: Box<dyn BufRead> = if head.starts_with(&GZIP_MAGIC) {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(packed)))
    } else {
        Box::new(packed)
    };
    Ok(Input { reader, total_bytes, read_bytes })
}

/// Counts what passes through.
struct Counted {
    source: Box<dyn Read>,
    read_bytes: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read_bytes.set(self.read_bytes.get() + count as u64);
        Ok(count)
    }
}
