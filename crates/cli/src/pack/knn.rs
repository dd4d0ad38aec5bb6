//! `spatio pack knn`: the nearest items.

use spatio::packed::{Index, Remote};

use crate::args::{PackKnnArgs, PackMetric};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::pack::open::{PackedFile, Task, parse_point, with_source};
use crate::pack::picture::{self, Focus, Walk};
use crate::pack::remote::{HttpRanges, RemoteFile, RemoteTask};
use crate::pack::rows;

/// Runs the command.
pub(crate) fn run(args: &PackKnnArgs) -> Outcome<()> {
    if args.svg.is_some() && args.metric == PackMetric::GreatCircle {
        return Err(Failure::usage("--svg draws straight distances: --metric euclidean"));
    }
    let only_mapped = args.svg.is_some().then_some("--svg");
    with_source(&args.source, only_mapped, Knn { args })
}

struct Knn<'a> {
    args: &'a PackKnnArgs,
}

impl Task for Knn<'_> {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let (args, k) = (self.args, self.args.k);
        let point = parse_point::<D>(&args.point)?;
        let max_distance = args.max_distance.unwrap_or(f64::INFINITY);
        let found = file.told(match args.metric {
            PackMetric::Euclidean => index.neighbors_within(point, k, max_distance),
            PackMetric::GreatCircle => {
                index.neighbors_great_circle(point[0], point[1], k, max_distance)
            }
        })?;
        if let Some(path) = &args.svg {
            let seen = file.told(index.trace_neighbors(point, k, max_distance))?;
            let ids: Vec<u32> = found.iter().map(|found| found.id).collect();
            let radius = found.last().map_or(0.0, |found| found.distance);
            let focus = Focus::Nearest { point, radius };
            picture::draw(path, &Walk { file, index, seen, ids: &ids, focus })?;
        }
        let items = found.iter().map(|found| (found.id, Some(found.distance)));
        let items = rows::fetch(file, index, items)?;
        rows::write(&mut output::stdout(), &items, args.form)
    }
}

impl RemoteTask for Knn<'_> {
    fn run<const D: usize>(
        self,
        file: &RemoteFile<'_>,
        index: &Remote<&HttpRanges, D>,
    ) -> Outcome<()> {
        let args = self.args;
        let point = parse_point::<D>(&args.point)?;
        let max_distance = args.max_distance.unwrap_or(f64::INFINITY);
        let found = file.told(match args.metric {
            PackMetric::Euclidean => index.neighbors(point, args.k, max_distance),
            PackMetric::GreatCircle => {
                index.neighbors_great_circle(point[0], point[1], args.k, max_distance)
            }
        })?;
        let items: Vec<_> = found.iter().map(|f| (f.id, f.rank, Some(f.distance))).collect();
        file.write(index, &items, args.form)
    }
}
