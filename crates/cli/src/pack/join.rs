//! `spatio pack join`: which items of two files touch, or are near each other.

use std::io::Write;
use std::ops::ControlFlow;

use serde_json::{Map, Value, json};
use spatio::packed::Index;

use crate::args::PackJoinArgs;
use crate::failure::Outcome;
use crate::output::{self, Align, Table, payload_value, write_json_rows};
use crate::pack::open::{PackedFile, Task, with_index};
use crate::pack::rows;

/// Runs the command.
pub(crate) fn run(args: &PackJoinArgs) -> Outcome<()> {
    with_index(&args.left, Join { args })
}

struct Join<'a> {
    args: &'a PackJoinArgs,
}

impl Task for Join<'_> {
    fn run<const D: usize>(self, left: &PackedFile<'_>, a: &Index<D>) -> Outcome<()> {
        let args = self.args;
        let right = PackedFile::open(&args.right)?;
        let b = right.index::<D>()?;
        let mut out = output::stdout();
        if args.count {
            let mut count = 0;
            let told = a.join_within_each(&b, args.distance, |_, _| {
                count += 1;
                ControlFlow::Continue(())
            });
            left.told(told)?;
            return rows::write_count(&mut out, count, args.json);
        }
        let mut pairs = left.told(a.join_within(&b, args.distance))?;
        pairs.sort_unstable();
        let shown = rows::shown(pairs.len(), args.limit);
        let sides = ((left, a), (&right, &b));
        if args.json {
            let pair = |pair: &(u32, u32)| object(sides, *pair);
            write_json_rows(
                &mut out,
                &pairs[..shown].iter().map(pair).collect::<Outcome<Vec<_>>>()?,
            )?;
        } else {
            table(&mut out, sides, &pairs[..shown])?;
        }
        rows::tell_of_limit(shown, pairs.len());
        Ok(())
    }
}

/// Both files, and their indexes.
type Sides<'a, const D: usize> =
    ((&'a PackedFile<'a>, &'a Index<D>), (&'a PackedFile<'a>, &'a Index<D>));

fn object<const D: usize>(sides: Sides<'_, D>, pair: (u32, u32)) -> Outcome<Value> {
    let mut object = Map::new();
    object.insert("a".into(), json!(pair.0));
    object.insert("b".into(), json!(pair.1));
    let (left, right) = (sides.0, sides.1);
    for (name, (file, index), id) in [("payload_a", left, pair.0), ("payload_b", right, pair.1)] {
        if let Some(payload) = file.told(index.payload(id))? {
            object.insert(name.into(), payload_value(payload));
        }
    }
    Ok(Value::Object(object))
}

fn table<const D: usize>(
    out: &mut dyn Write,
    (left, right): Sides<'_, D>,
    pairs: &[(u32, u32)],
) -> Outcome<()> {
    let mut table = Table::new(&[
        ("a", Align::Right),
        ("b", Align::Right),
        ("payload_a", Align::Left),
        ("payload_b", Align::Left),
    ]);
    let text = |(file, index): (&PackedFile<'_>, &Index<D>), id| -> Outcome<String> {
        Ok(file.told(index.payload(id))?.map_or_else(String::new, rows::shortened))
    };
    for &(a, b) in pairs {
        table.push(vec![a.to_string(), b.to_string(), text(left, a)?, text(right, b)?]);
    }
    table.write(out)?;
    out.flush()?;
    Ok(())
}
