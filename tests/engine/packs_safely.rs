//! Guards the file of a pack against a power cut at any moment and a disk that fails at any
//! operation: under its name stands the former file or the new one, whole.

use std::path::Path;
use std::sync::Arc;

use spatio::vfs::{Fault, FaultVfs, MemoryVfs, Survivors, Vfs};
use spatio::{Database, NamespaceOptions, Options, Pack, Point};

const PATH: &str = "/d/pack";

fn database(vfs: &FaultVfs, objects: usize) -> Database {
    let db = Options::new().vfs(Arc::new(vfs.clone())).memory().unwrap();
    let live = db.create_namespace("n", &NamespaceOptions::cartesian()).unwrap();
    for n in 0..objects {
        let at = Point::new(n as f64, 1.0);
        live.upsert(&format!("id {n}"), at, Some(&[7; 300])).unwrap();
    }
    db
}

/// How many objects the pack of an image has; it must be sound.
fn count(image: &dyn Vfs) -> Option<usize> {
    let pack = match Pack::open_on(image, PATH) {
        Ok(pack) => pack,
        Err(error) if error.kind() == spatio::ErrorKind::NotFound => return None,
        Err(error) => panic!("{error}"),
    };
    pack.verify().unwrap();
    Some(pack.count())
}

#[test]
fn a_power_cut_leaves_the_former_pack_or_the_new_one() {
    let vfs = FaultVfs::new(5);
    vfs.create_dir_all(Path::new("/d")).unwrap();
    let (small, large) = (database(&vfs, 3), database(&vfs, 500));
    small.freeze("n", PATH).unwrap();
    let images: Arc<std::sync::Mutex<Vec<MemoryVfs>>> = Arc::default();
    let taken = Arc::clone(&images);
    vfs.set_observer(Some(Arc::new(move |disk, _| {
        let seeds = (0..8).map(|seed| disk.crash_image(Survivors::from_seed(seed)));
        taken.lock().unwrap().extend(seeds);
    })));
    large.freeze("n", PATH).unwrap();
    vfs.set_observer(None);
    let mut counts: Vec<Option<usize>> =
        images.lock().unwrap().iter().map(|image| count(image)).collect();
    assert!(counts.len() > 40, "{} images", counts.len());
    assert_eq!(counts.last(), Some(&Some(500)), "what was acknowledged is there");
    counts.sort_unstable();
    counts.dedup();
    assert_eq!(counts, [Some(3), Some(500)]);
}

#[test]
fn a_failing_disk_is_told_and_the_former_pack_stays() {
    let vfs = FaultVfs::new(5);
    vfs.create_dir_all(Path::new("/d")).unwrap();
    let (small, large) = (database(&vfs, 3), database(&vfs, 500));
    small.freeze("n", PATH).unwrap();
    let mut failures = 0;
    for later in 1.. {
        vfs.fail_at(vfs.operations() + later, Fault::Eio);
        let frozen = large.freeze("n", PATH);
        vfs.heal();
        let Err(error) = frozen else { break };
        assert_eq!(error.operation(), "freeze", "{error}");
        failures += 1;
        // Only the last step of all, to make the name durable, comes after the new file is there.
        let found = count(&vfs);
        assert!(matches!(found, Some(3 | 500)), "{found:?}");
        let names = vfs.list(Path::new("/d")).unwrap();
        assert_eq!(names, ["pack"], "operation {later} left something");
        small.freeze("n", PATH).unwrap();
    }
    assert!(failures >= 5, "{failures}");
    assert_eq!(count(&vfs), Some(500));
}
