//! Builds an index of points that are made up, more than memory holds, and opens it.
//!
//! `cargo run --release --example external_build -- FOLDER ITEMS MEBIBYTES` writes `FOLDER/points.psi`,
//! with temporary files beside it; `/usr/bin/time -v` in front of the program says what it took.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use spatio::packed::{
    BoxN, ExternalOptions, FileRanges, FileSink, Remote, StreamOptions, write_index_external,
};
use spatio::vfs::RealVfs;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, items, mebibytes] = &arguments[..] else {
        return Err("expected: FOLDER ITEMS MEBIBYTES".into());
    };
    let (folder, items) = (Path::new(folder), items.parse::<u64>()?);
    let options = ExternalOptions {
        memory_bytes: mebibytes.parse::<usize>()? << 20,
        ..ExternalOptions::new(Arc::new(RealVfs), folder)
    };
    // Points without a pattern, the same every time.
    let mut state = 1_u64;
    let mut unit = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let points = (0..items).map(|_| {
        let point = [unit() * 360.0 - 180.0, unit() * 180.0 - 90.0];
        Ok((BoxN::point(point), []))
    });
    let mut stage = None;
    let mut progress = |now: spatio::packed::Progress| {
        if stage.replace(now.stage) != Some(now.stage) {
            println!("{:?}", now.stage);
        }
        ControlFlow::Continue(())
    };
    let path = folder.join("points.psi");
    let mut sink = FileSink::create(&RealVfs, &path)?;
    let bytes = write_index_external(points, &options, &mut progress, &mut sink)?;
    sink.finish()?;
    println!("{items} items in {bytes} bytes");

    let reader = FileRanges::open(&RealVfs, &path)?;
    let index = Remote::<_, 2>::open(reader, StreamOptions::default())?;
    let window = BoxN::new([13.0, 52.0], [13.5, 52.5]);
    let (found, spent) = index.index().search(&window)?.run_counted(index.reader())?;
    println!("{} of {} items in a window by {spent:?}", found.len(), index.index().len());
    let (nearest, spent) =
        index.index().neighbors([13.4, 52.5], 10, f64::INFINITY)?.run_counted(index.reader())?;
    println!("the nearest of ten is {:?} away, by {spent:?}", nearest[0].distance);
    Ok(())
}
