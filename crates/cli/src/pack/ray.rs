//! `spatio pack ray`: the items on a way from one point to another.

use spatio::packed::{Index, Ray, Remote};

use crate::args::PackRayArgs;
use crate::failure::Outcome;
use crate::output;
use crate::pack::open::{PackedFile, Task, parse_point, with_source};
use crate::pack::remote::{HttpRanges, RemoteFile, RemoteTask};
use crate::pack::rows;

/// Runs the command.
pub(crate) fn run(args: &PackRayArgs) -> Outcome<()> {
    let only_mapped = (!args.closest).then_some("a ray without --closest");
    with_source(&args.source, only_mapped, Shoot { args })
}

struct Shoot<'a> {
    args: &'a PackRayArgs,
}

impl Task for Shoot<'_> {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let args = self.args;
        let (ray, length) = way::<D>(args)?;
        let hits = if args.closest {
            file.told(index.raycast_closest(&ray))?.into_iter().collect()
        } else {
            file.told(index.raycast_hits(&ray))?
        };
        let shown = rows::shown(hits.len(), args.output.limit);
        let found = hits[..shown].iter().map(|hit| (hit.id, Some(hit.t * length)));
        let items = rows::fetch(file, index, found)?;
        rows::write(&mut output::stdout(), &items, args.output.form)?;
        rows::tell_of_limit(shown, hits.len());
        Ok(())
    }
}

impl RemoteTask for Shoot<'_> {
    fn run<const D: usize>(
        self,
        file: &RemoteFile<'_>,
        index: &Remote<&HttpRanges, D>,
    ) -> Outcome<()> {
        let (ray, length) = way::<D>(self.args)?;
        let hit = file.told(index.raycast_closest(&ray))?;
        let items = hit.map(|hit| (hit.id, hit.rank, Some(hit.distance * length)));
        file.write(index, items.as_slice(), self.args.output.form)
    }
}

/// The ray, and how long the way is; all of it is 1, so that what is hit lies between both points.
fn way<const D: usize>(args: &PackRayArgs) -> Outcome<(Ray<D>, f64)> {
    let (from, to) = (parse_point::<D>(&args.from)?, parse_point::<D>(&args.to)?);
    let direction: [f64; D] = std::array::from_fn(|axis| to[axis] - from[axis]);
    let length = direction.iter().map(|side| side * side).sum::<f64>().sqrt();
    Ok((Ray::new(from, direction, 1.0)?, length))
}
