//! Power cuts while several threads write.
//!
//! Owns the threads, each with a namespace of its own, and the images taken while they run. What a
//! thread was told before an image was taken must be in it, and what is there must be a state that
//! the thread went through. How threads interleave is not in our hands, so a seed repeats the
//! workload and not the run.

use crate::driver::was_logged;
use crate::model::Model;
use crate::report::{Failure, Tally, guard};
use crate::state::Picture;
use crate::subject::{Subject, may_come_from_the_disk};
use crate::workload::{NamespaceSetup, Op, Policy, START_US, Setup, Workload};
use spatio::clock::ManualClock;
use spatio::prng::Prng;
use spatio::vfs::{Fault, FaultVfs, MemoryVfs, Operation, OperationKind, Survivors};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Threads that write.
const THREADS: usize = 4;

/// The setup of `seed` for threads: small segments, so that they rotate under each other's feet.
fn setup(seed: u64) -> Setup {
    let mut prng = Prng::for_part(seed, 31);
    let namespace = |index: usize| NamespaceSetup {
        name: format!("thread{index}"),
        geographic: index.is_multiple_of(2),
        ttl_us: None,
        history: index != 3,
    };
    Setup {
        policy: [Policy::Always, Policy::Always, Policy::Always, Policy::Never][prng.index(4)],
        segment_bytes: [1_024, 2_000, 8_192][prng.index(3)],
        buffer_size: [1, 4, 64][prng.index(3)],
        namespaces: (0..THREADS).map(namespace).collect(),
        objects: 6,
        ..Setup::from_seed(seed)
    }
}

/// How far each thread is.
#[derive(Debug, Default)]
struct Progress {
    begun: [AtomicUsize; THREADS],
    done: [AtomicUsize; THREADS],
}

impl Progress {
    fn read(counts: &[AtomicUsize; THREADS]) -> [usize; THREADS] {
        std::array::from_fn(|thread| counts[thread].load(Ordering::SeqCst))
    }
}

/// What a power cut left, and what the threads were told before, and had begun by then.
struct Image {
    files: MemoryVfs,
    taken: String,
    done: [usize; THREADS],
    begun: [usize; THREADS],
}

impl Image {
    /// Keeps the image for inspection, since no seed brings this run back.
    fn save(&self, seed: u64) -> String {
        let name = format!("spatio-sim-threads-{}-{seed}", std::process::id());
        let place = std::env::temp_dir().join(name);
        for (path, bytes) in self.files.files() {
            let path = place.join(path);
            let _ = path.parent().map(std::fs::create_dir_all);
            let _ = std::fs::write(path, bytes.as_slice());
        }
        format!("the image is in {}", place.display())
    }
}

/// What one thread's namespace looks like after each of its operations.
struct Course {
    model: Model,
    /// After so many operations, so many changes were made...
    made: Vec<usize>,
    /// ...and so many were promised.
    promised: Vec<usize>,
}

/// One round: every thread does `operations` operations of its own workload.
///
/// # Errors
/// The first image that is not as it must be.
pub fn round<S: Subject + Sync>(seed: u64, operations: usize) -> Result<Tally, Failure> {
    guard("threads", seed, || {
        let setup = setup(seed);
        let vfs = FaultVfs::new(seed);
        let progress = Arc::new(Progress::default());
        let images = watch(&vfs, &progress, seed);
        let clock = Arc::new(ManualClock::new(START_US));
        let subject = S::open(Arc::new(vfs.clone()), clock, &setup)
            .map_err(|error| format!("opening a sound disk: {error:?}"))?;
        let courses: Vec<Vec<Op>> = (0..THREADS)
            .map(|thread| workload(seed, &setup, thread).take(operations).collect())
            .collect();
        let faulty = plan_fault(&vfs, seed);
        run(&subject, &courses, &progress, faulty)?;
        vfs.set_observer(None);
        let courses: Vec<Course> =
            (0..THREADS).map(|thread| Course::new(&setup, &courses[thread])).collect();
        let images = std::mem::take(&mut *images.lock().expect("no observer panics"));
        let mut tally = Tally { rounds: 1, ..Tally::default() };
        tally.operations = Progress::read(&progress.done).iter().sum::<usize>() as u64;
        tally.faults = u64::from(faulty);
        drop(subject);
        for image in &images {
            check::<S>(&setup, image, &courses).map_err(|text| {
                format!(
                    "{}: {text}
{}",
                    image.taken,
                    image.save(seed)
                )
            })?;
            tally.recoveries += 1;
        }
        Ok(tally)
    })
}

fn workload(seed: u64, setup: &Setup, thread: usize) -> Workload {
    Workload::new(seed ^ ((thread as u64) << 32), setup, false).only(thread)
}

/// In a third of the rounds one write or one sync fails somewhere on the way.
fn plan_fault(vfs: &FaultVfs, seed: u64) -> bool {
    let mut prng = Prng::for_part(seed, 32);
    if !prng.chance(1, 3) {
        return false;
    }
    let kind = [OperationKind::Write, OperationKind::SyncData][prng.index(2)];
    let fault = [Fault::Eio, Fault::NoSpace, Fault::ShortWrite][prng.index(3)];
    vfs.fail_next_from(vfs.operations() + prng.below(300), kind, 1, fault);
    true
}

fn watch(vfs: &FaultVfs, progress: &Arc<Progress>, seed: u64) -> Arc<Mutex<Vec<Image>>> {
    let images = Arc::new(Mutex::new(Vec::new()));
    let (sink, progress) = (images.clone(), progress.clone());
    vfs.set_observer(Some(Arc::new(move |vfs: &FaultVfs, operation: &Operation| {
        let mut prng = Prng::for_part(seed, operation.number);
        if !operation.kind.changes_the_disk() || !prng.chance(1, 3) {
            return;
        }
        let drawn = Survivors::from_seed(prng.next_u64());
        let choice = if prng.chance(1, 2) { Survivors::None } else { drawn };
        // The order matters: told before the cut, begun after it.
        let done = Progress::read(&progress.done);
        let files = vfs.crash_image(choice);
        let begun = Progress::read(&progress.begun);
        let taken = format!("{choice:?} after operation {operation}");
        let image = Image { files, taken, done, begun };
        sink.lock().expect("no observer panics").push(image);
    })));
    images
}

fn run<S: Subject + Sync>(
    subject: &S,
    courses: &[Vec<Op>],
    progress: &Progress,
    faulty: bool,
) -> Result<(), String> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || write(subject, &courses[thread], thread, progress, faulty))
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(done) => done,
            Err(_) => Err("a thread panicked".to_owned()),
        })
    })
}

/// Does one thread's operations; a refused one ends it, because its fate is open.
fn write<S: Subject>(
    subject: &S,
    ops: &[Op],
    thread: usize,
    progress: &Progress,
    faulty: bool,
) -> Result<(), String> {
    for (index, op) in ops.iter().enumerate() {
        progress.begun[thread].store(index + 1, Ordering::SeqCst);
        match subject.apply(op) {
            Ok(_) => progress.done[thread].store(index + 1, Ordering::SeqCst),
            Err(error) if faulty && may_come_from_the_disk(error.kind()) => return Ok(()),
            Err(error) => return Err(format!("thread {thread}, {op:?} failed with {error:?}")),
        }
    }
    Ok(())
}

impl Course {
    fn new(setup: &Setup, ops: &[Op]) -> Course {
        let mut model = Model::new(setup, START_US);
        let (mut made, mut promised) = (vec![0], vec![0]);
        for op in ops {
            let before = model.len();
            let told = model.tell(op);
            let logged = was_logged(setup, op, told, model.len() > before);
            let always = setup.policy == Policy::Always && logged;
            if always || matches!(op, Op::Sync | Op::Checkpoint) {
                model.promise();
            }
            made.push(model.len());
            promised.push(model.floor());
        }
        Course { model, made, promised }
    }
}

fn check<S: Subject>(setup: &Setup, image: &Image, courses: &[Course]) -> Result<(), String> {
    let clock = Arc::new(ManualClock::new(START_US));
    let subject = S::open(Arc::new(image.files.clone()), clock, setup)
        .map_err(|error| format!("open failed with {error:?}"))?;
    let picture = subject.look(setup).map_err(|error| format!("reading: {error:?}"))?;
    for (thread, course) in courses.iter().enumerate() {
        let low = course.promised[image.done[thread]];
        let high = course.made[image.begun[thread]];
        let mut share = Picture::default();
        share.0.extend(picture.0.get_key_value(&thread).map(|(key, seen)| (*key, seen.clone())));
        if course.model.find(&share, low, high).is_none() {
            let text = course.model.explain(&share, low, high);
            return Err(format!("thread {thread} is in no state from {low} to {high}: {text}"));
        }
    }
    Ok(())
}
