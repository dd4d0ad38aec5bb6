//! `spatio pack verify`: whether a file is what was written.

use std::io::Write;

use serde_json::json;
use spatio::packed::Index;

use crate::args::PackVerifyArgs;
use crate::failure::{Outcome, exit};
use crate::output::{self, number, write_json};
use crate::pack::open::{PackedFile, Task, with_index};

/// Runs the command.
pub(crate) fn run(args: &PackVerifyArgs) -> Outcome<()> {
    let checked = with_index(&args.file, Verify { as_json: args.json });
    if let Err(failure) = &checked
        && failure.code() == exit::CORRUPT
        && args.json
    {
        let problem = failure.to_string();
        write_json(&mut output::stdout(), &json!({ "sound": false, "problem": problem }))?;
    }
    checked
}

struct Verify {
    as_json: bool,
}

impl Task for Verify {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        file.told(index.verify())?;
        let mut out = output::stdout();
        if self.as_json {
            return write_json(&mut out, &json!({ "sound": true, "items": index.len() }));
        }
        writeln!(out, "sound: {} items", number::grouped(index.len() as u64))?;
        out.flush()?;
        Ok(())
    }
}
