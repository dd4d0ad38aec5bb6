//! Power cuts after every operation of the disk.
//!
//! Owns the taking of images during a workload and their checks. An image must open, and show a
//! state that the model went through, none older than the promise. Some images are cut a second
//! time while they recover, and on some the workload goes on after recovery and is cut again.

use crate::driver::{Driver, Ending};
use crate::model::Model;
use crate::report::{Failure, Tally, guard};
use crate::state::Picture;
use crate::subject::Subject;
use crate::workload::{Op, Setup, Workload};
use spatio::ErrorKind;
use spatio::clock::ManualClock;
use spatio::prng::Prng;
use spatio::vfs::{FaultVfs, MemoryVfs, Operation, Survivors};
use std::sync::{Arc, Mutex};

/// How large a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Operations of the workload.
    pub operations: usize,
    /// Images after each operation of the disk.
    pub choices: u64,
}

impl Default for Size {
    fn default() -> Self {
        Size { operations: 60, choices: 3 }
    }
}

/// How deep images of images go.
const DEEPEST: usize = 2;

/// One round: the workload of `seed`, cut after every operation of the disk.
///
/// # Errors
/// The first image that is not as it must be.
pub fn round<S: Subject>(seed: u64, size: Size) -> Result<Tally, Failure> {
    guard("power", seed, || {
        let setup = Setup::from_seed(seed);
        let workload = Workload::new(seed, &setup, true);
        let driver = Driver::new(FaultVfs::new(seed), &setup);
        let mut run = Run::<S> {
            watch: Watch::new(seed, size.choices),
            driver,
            setup,
            tally: Tally { rounds: 1, ..Tally::default() },
            depth: 0,
        };
        run.workload(workload, size.operations)?;
        Ok(run.tally)
    })
}

/// Images taken since they were last looked at.
type Images = Arc<Mutex<Vec<Image>>>;

struct Image {
    files: MemoryVfs,
    taken: String,
    seed: u64,
}

/// Takes images after operations of a disk.
struct Watch {
    images: Images,
    seed: u64,
    choices: u64,
}

impl Watch {
    fn new(seed: u64, choices: u64) -> Watch {
        Watch { images: Images::default(), seed, choices }
    }

    /// Takes images after every operation of `vfs` that changes the disk.
    fn begin(&self, vfs: &FaultVfs) {
        let (images, seed, choices) = (self.images.clone(), self.seed, self.choices);
        vfs.set_observer(Some(Arc::new(move |vfs: &FaultVfs, operation: &Operation| {
            if operation.kind.changes_the_disk() {
                take(&images, vfs, seed, choices, &format!("after operation {operation}"));
            }
        })));
    }

    fn take(&self, vfs: &FaultVfs, when: &str) {
        take(&self.images, vfs, self.seed, self.choices, when);
    }

    fn drain(&self) -> Vec<Image> {
        std::mem::take(&mut self.images.lock().expect("no check panics while it holds the lock"))
    }
}

fn take(images: &Images, vfs: &FaultVfs, seed: u64, choices: u64, when: &str) {
    let mut images = images.lock().expect("no check panics while it holds the lock");
    let mut prng = Prng::for_part(seed ^ vfs.operations(), images.len() as u64);
    for index in 0..choices {
        let seed = prng.next_u64();
        // The harshest cut is always among them: nothing survives that was not synced.
        let choice = if index == 0 { Survivors::None } else { Survivors::from_seed(seed) };
        let files = vfs.crash_image(choice);
        images.push(Image { files, taken: format!("{choice:?} {when}"), seed });
    }
}

/// A workload on a disk that is looked at all the time.
struct Run<S> {
    driver: Driver<S>,
    setup: Setup,
    watch: Watch,
    tally: Tally,
    depth: usize,
}

impl<S: Subject> Run<S> {
    fn workload(&mut self, workload: Workload, operations: usize) -> Result<(), String> {
        self.watch.begin(&self.driver.vfs);
        let opened = self.driver.open()?;
        if opened != Ending::Accepted {
            return Err(format!("opening a sound disk: {opened:?}"));
        }
        self.check_images(&workload)?;
        let mut workload = workload;
        for number in 0..operations {
            let Some(op) = workload.next() else { break };
            self.tell(&op, &workload).map_err(|text| format!("op {number} {op:?}: {text}"))?;
        }
        let mut last = vec![Op::Sync, Op::Reopen];
        while let Some(op) = last.pop() {
            self.tell(&op, &workload).map_err(|text| format!("at the end, {op:?}: {text}"))?;
        }
        self.driver.vfs.set_observer(None);
        Ok(())
    }

    fn tell(&mut self, op: &Op, workload: &Workload) -> Result<(), String> {
        let begun = self.driver.begin(op);
        let answer = self.driver.act(op);
        // What was seen while the operation ran is judged by the promise made before it.
        self.check_images(workload)?;
        let ending = self.driver.finish(op, &begun, answer)?;
        if ending != Ending::Accepted {
            return Err(format!("ended as {ending:?} on a sound disk"));
        }
        self.tally.operations += 1;
        self.watch.take(&self.driver.vfs, "at rest");
        self.check_images(workload)
    }

    fn check_images(&mut self, workload: &Workload) -> Result<(), String> {
        for image in self.watch.drain() {
            let model = self.driver.model.clone();
            let now_us = self.driver.now_us();
            let mut check = Check::<S> {
                setup: &self.setup,
                workload,
                now_us,
                tally: &mut self.tally,
                depth: self.depth,
                kind: std::marker::PhantomData,
            };
            check.image(&image, model).map_err(|text| format!("{}: {text}", image.taken))?;
        }
        Ok(())
    }
}

/// What the check of an image needs to know.
struct Check<'a, S> {
    setup: &'a Setup,
    workload: &'a Workload,
    now_us: i64,
    tally: &'a mut Tally,
    depth: usize,
    kind: std::marker::PhantomData<S>,
}

impl<S: Subject> Check<'_, S> {
    fn image(&mut self, image: &Image, model: Model) -> Result<(), String> {
        let mut prng = Prng::for_part(image.seed, 7);
        let vfs = FaultVfs::from_image(&image.files, image.seed);
        let again = self.depth < DEEPEST && prng.chance(1, 10);
        let go_on = self.depth < DEEPEST && prng.chance(1, 24);
        self.tally.recoveries += 1;
        let read = match prng.chance(1, 8) {
            true => self.read_only(&image.files, &model)?,
            false => None,
        };
        if go_on {
            return self.go_on(vfs, model, image.seed);
        }
        let watch = Watch::new(image.seed, 2);
        if again {
            watch.begin(&vfs);
        }
        let (copy, seed) = (model.clone(), image.seed);
        let mut driver = Driver::<S>::continued(vfs, self.setup, copy, self.now_us, seed);
        let ending = driver.open()?;
        if ending != Ending::Accepted {
            return Err(format!("recovery ended as {ending:?}"));
        }
        if let Some(read) = read
            && read != driver.look()?
        {
            let text = driver.look()?.difference(&read);
            return Err(format!("opened for reading only it showed another state: {text}"));
        }
        for second in watch.drain() {
            let mut check = Check::<S> { depth: DEEPEST, tally: self.tally, ..*self };
            check
                .image(&second, model.clone())
                .map_err(|text| format!("then {} during recovery: {text}", second.taken))?;
        }
        Ok(())
    }

    /// Opens the image for reading only, which must change nothing; what it shows, if there is a
    /// database to show.
    fn read_only(&self, files: &MemoryVfs, model: &Model) -> Result<Option<Picture>, String> {
        let vfs = files.duplicate();
        let setup = Setup { read_only: true, ..self.setup.clone() };
        let clock = Arc::new(ManualClock::new(self.now_us));
        let picture = match S::open(Arc::new(vfs.clone()), clock, &setup) {
            Ok(subject) => subject.look(&setup),
            Err(error) => Err(error),
        };
        if vfs.files() != files.files() {
            return Err("opening for reading only changed the files".to_owned());
        }
        match picture {
            Ok(picture) => Ok(Some(picture)),
            Err(error) if error.kind() == ErrorKind::NotFound && model.floor() == 0 => Ok(None),
            Err(error) => Err(format!("opening for reading only: {error:?}")),
        }
    }

    /// Recovers and continues to write, with power cuts all along.
    fn go_on(&mut self, vfs: FaultVfs, model: Model, seed: u64) -> Result<(), String> {
        let driver = Driver::continued(vfs, self.setup, model, self.now_us, seed);
        let mut run = Run::<S> {
            watch: Watch::new(seed, 2),
            driver,
            setup: self.setup.clone(),
            tally: Tally::default(),
            depth: self.depth + 1,
        };
        let done = run.workload(self.workload.continued(seed), 6);
        self.tally.add(run.tally);
        done.map_err(|text| format!("then going on: {text}"))
    }
}
