//! `spatio pack query`: the items of a window.

use spatio::packed::{BoxN, Index, Remote};

use crate::args::PackQueryArgs;
use crate::failure::Outcome;
use crate::output;
use crate::pack::open::{PackedFile, Task, parse_box, with_source};
use crate::pack::picture::{self, Focus, Walk};
use crate::pack::remote::{HttpRanges, RemoteFile, RemoteTask};
use crate::pack::rows;

/// Runs the command.
pub(crate) fn run(args: &PackQueryArgs) -> Outcome<()> {
    let only_mapped = args.svg.is_some().then_some("--svg");
    with_source(&args.source, only_mapped, Query { args })
}

struct Query<'a> {
    args: &'a PackQueryArgs,
}

impl Task for Query<'_> {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let args = self.args;
        let (min, max) = parse_box::<D>(&args.window)?;
        let window = BoxN::new(min, max);
        let mut out = output::stdout();
        if args.count && args.svg.is_none() {
            let count = file.told(index.count(&window))?;
            return rows::write_count(&mut out, count, args.output.form.json);
        }
        let mut ids = file.told(index.search(&window))?;
        ids.sort_unstable();
        if let Some(path) = &args.svg {
            let seen = file.told(index.trace_search(&window))?;
            let focus = Focus::Window(window);
            picture::draw(path, &Walk { file, index, seen, ids: &ids, focus })?;
        }
        if args.count {
            return rows::write_count(&mut out, ids.len(), args.output.form.json);
        }
        let shown = rows::shown(ids.len(), args.output.limit);
        let items = rows::fetch(file, index, ids[..shown].iter().map(|id| (*id, None)))?;
        rows::write(&mut out, &items, args.output.form)?;
        rows::tell_of_limit(shown, ids.len());
        Ok(())
    }
}

impl RemoteTask for Query<'_> {
    fn run<const D: usize>(
        self,
        file: &RemoteFile<'_>,
        index: &Remote<&HttpRanges, D>,
    ) -> Outcome<()> {
        let args = self.args;
        let (min, max) = parse_box::<D>(&args.window)?;
        let window = BoxN::new(min, max);
        if args.count {
            let count = file.told(index.count(&window))?;
            return rows::write_count(&mut output::stdout(), count, args.output.form.json);
        }
        let mut found = file.told(index.search(&window))?;
        found.sort_unstable_by_key(|found| found.id);
        let shown = rows::shown(found.len(), args.output.limit);
        let items: Vec<_> = found[..shown].iter().map(|f| (f.id, f.rank, None)).collect();
        file.write(index, &items, args.output.form)?;
        rows::tell_of_limit(shown, found.len());
        Ok(())
    }
}
