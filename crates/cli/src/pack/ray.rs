//! `spatio pack ray`: the items on a way from one point to another.

use spatio::packed::{Index, Ray};

use crate::args::PackRayArgs;
use crate::failure::Outcome;
use crate::output;
use crate::pack::open::{PackedFile, Task, parse_point, with_index};
use crate::pack::rows;

/// Runs the command.
pub(crate) fn run(args: &PackRayArgs) -> Outcome<()> {
    with_index(&args.file, Shoot { args })
}

struct Shoot<'a> {
    args: &'a PackRayArgs,
}

impl Task for Shoot<'_> {
    fn run<const D: usize>(self, file: &PackedFile<'_>, index: &Index<D>) -> Outcome<()> {
        let args = self.args;
        let (from, to) = (parse_point::<D>(&args.from)?, parse_point::<D>(&args.to)?);
        let direction: [f64; D] = std::array::from_fn(|axis| to[axis] - from[axis]);
        let length = direction.iter().map(|side| side * side).sum::<f64>().sqrt();
        // The whole way is 1, so that what is hit lies between the two points.
        let ray = Ray::new(from, direction, 1.0)?;
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
