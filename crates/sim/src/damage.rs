//! Damage to the files of a database that was closed in good order.
//!
//! Owns the kinds of damage and what may come of them: an opening that refuses leaves the files as
//! they are; one that does not shows a state that was, and says what it dropped; salvage shows
//! nothing that was never written, and what it leaves opens in the ordinary way. Nothing panics.

use crate::driver::{Driver, Ending};
use crate::model::Model;
use crate::report::{Failure, Tally, guard};
use crate::subject::Subject;
use crate::workload::{Op, Setup, Workload};
use spatio::clock::ManualClock;
use spatio::prng::Prng;
use spatio::vfs::{FaultVfs, MemoryVfs, Survivors};
use spatio::{Error, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

/// One damage to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// The file ends before this byte.
    Cut(usize),
    /// One bit is the other way round.
    Flip(usize),
    /// These bytes are overwritten with one value.
    Fill { start: usize, length: usize, byte: u8 },
    /// A block of the file, or of another one, stands in the place of this one.
    Copy { from: usize, start: usize, target: usize, length: usize },
    /// The file is gone.
    Remove,
}

/// The workload of `seed`, closed, and then damaged in `most` ways; 0 is every cut and every bit.
///
/// # Errors
/// The first damage of which comes what must not.
pub fn round<S: Subject>(seed: u64, operations: usize, most: u64) -> Result<Tally, Failure> {
    guard("damage", seed, || {
        let base = Base::make::<S>(seed, operations)?;
        let mut tally = Tally { rounds: 1, operations: operations as u64, ..Tally::default() };
        for (file, damage) in base.damages(seed, most) {
            let name = base.files[file].0.display();
            let what = format!("{damage:?} of {name}, {} bytes", base.files[file].1.len());
            base.check::<S>(file, damage).map_err(|text| format!("{what}: {text}"))?;
            tally.recoveries += 1;
        }
        Ok(tally)
    })
}

/// A closed database and what is in it.
struct Base {
    setup: Setup,
    model: Model,
    now_us: i64,
    files: Vec<(PathBuf, Arc<Vec<u8>>)>,
    image: MemoryVfs,
}

impl Base {
    fn make<S: Subject>(seed: u64, operations: usize) -> Result<Base, String> {
        let setup = Setup::from_seed(seed);
        let mut driver = Driver::<S>::new(FaultVfs::new(seed), &setup);
        driver.open()?;
        let ops = Workload::new(seed, &setup, true).take(operations);
        for op in ops.chain([Op::Reopen, Op::Sync]) {
            let ending = driver.tell(&op)?;
            if ending != Ending::Accepted {
                return Err(format!("{op:?} ended as {ending:?} on a sound disk"));
            }
        }
        driver.close()?;
        let image = driver.vfs.crash_image(Survivors::None);
        let mut files = image.files();
        files.retain(|(path, bytes)| !path.ends_with("LOCK") && !bytes.is_empty());
        Ok(Base { setup, now_us: driver.now_us(), model: driver.model, files, image })
    }

    fn damages(&self, seed: u64, most: u64) -> Vec<(usize, Damage)> {
        let mut prng = Prng::for_part(seed, 21);
        if most > 0 {
            return (0..most).map(|_| self.some(&mut prng)).collect();
        }
        let all = self.files.iter().enumerate();
        all.flat_map(|(file, (_, bytes))| {
            let cuts = (0..bytes.len()).map(Damage::Cut);
            let flips = (0..bytes.len() * 8).map(Damage::Flip);
            cuts.chain(flips).chain([Damage::Remove]).map(move |damage| (file, damage))
        })
        .collect()
    }

    fn some(&self, prng: &mut Prng) -> (usize, Damage) {
        let file = prng.index(self.files.len());
        let len = self.files[file].1.len();
        let start = prng.index(len);
        let most = [16, 512, len][prng.index(3)];
        let length = 1 + prng.index(most.min(len - start));
        let damage = match prng.below(20) {
            0..=4 => Damage::Cut(start),
            5..=12 => Damage::Flip(prng.index(len * 8)),
            13 => Damage::Fill { start, length, byte: 0 },
            14 => Damage::Fill { start, length, byte: 0xff },
            15 => Damage::Fill { start, length, byte: prng.next_u64() as u8 },
            16..=18 => {
                let from = prng.index(self.files.len());
                let other = self.files[from].1.len();
                // Whole sectors move as they do on a disk; other blocks as a careless copy does.
                let unit = [512, 1][prng.index(2)];
                let source = prng.index(other) / unit * unit;
                let length = (unit * (1 + prng.index(4))).min(other - source);
                Damage::Copy { from, start: source, target: start / unit * unit, length }
            }
            _ => Damage::Remove,
        };
        (file, damage)
    }

    fn damaged(&self, file: usize, damage: Damage) -> MemoryVfs {
        let (path, bytes) = &self.files[file];
        let image = self.image.duplicate();
        let mut bytes = bytes.to_vec();
        match damage {
            Damage::Cut(len) => bytes.truncate(len),
            Damage::Flip(bit) => bytes[bit / 8] ^= 1 << (bit % 8),
            Damage::Fill { start, length, byte } => bytes[start..start + length].fill(byte),
            Damage::Copy { from, start, target, length } => {
                let source = &self.files[from].1[start..start + length];
                bytes.resize(bytes.len().max(target + length), 0);
                bytes[target..target + length].copy_from_slice(source);
            }
            Damage::Remove => {
                use spatio::vfs::Vfs;
                image.remove(path).expect("the file is in the image that it was listed from");
                return image;
            }
        }
        image.replace(path, bytes);
        image
    }

    fn check<S: Subject>(&self, file: usize, damage: Damage) -> Result<(), String> {
        let image = self.damaged(file, damage);
        if image.files() == self.image.files() {
            return Ok(());
        }
        self.check_strict::<S>(&image, damage)?;
        self.check_salvage::<S>(&image).map_err(|text| format!("salvage: {text}"))
    }

    fn open<S: Subject>(&self, vfs: &MemoryVfs, salvage: bool) -> Result<S, Error> {
        let setup = Setup { salvage, ..self.setup.clone() };
        S::open(Arc::new(vfs.clone()), Arc::new(ManualClock::new(self.now_us)), &setup)
    }

    fn check_strict<S: Subject>(&self, image: &MemoryVfs, damage: Damage) -> Result<(), String> {
        let vfs = image.duplicate();
        let sound = S::is_sound(&vfs, &self.setup);
        let sound = match sound {
            Err(error) if error.kind() == ErrorKind::FormatVersion => false,
            sound => sound.map_err(|error| format!("checking it: {error:?}"))?,
        };
        unchanged(image, &vfs)?;
        let opened = self.open_strict::<S>(image, vfs, damage)?;
        match (sound, opened) {
            (true, false) => Err("the check calls it sound, and it does not open".to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether it opens and can be read.
    fn open_strict<S: Subject>(
        &self,
        image: &MemoryVfs,
        vfs: MemoryVfs,
        damage: Damage,
    ) -> Result<bool, String> {
        let subject = match self.open::<S>(&vfs, false) {
            Ok(subject) => subject,
            Err(error) => {
                may_refuse(&error)?;
                return unchanged(image, &vfs).map(|()| false);
            }
        };
        let picture = match subject.look(&self.setup) {
            Ok(picture) => picture,
            // Damage to history behind the checkpoint is met when history is read.
            Err(error) => return may_refuse(&error).map(|()| false),
        };
        let high = self.model.len();
        let Some(index) = self.model.find(&picture, 0, high) else {
            let text = self.model.explain(&picture, 0, high);
            return Err(format!("it opens and shows no state that was: {text}"));
        };
        // A file that ends early, or is not there, may never have been longer.
        let told = matches!(damage, Damage::Cut(_) | Damage::Remove) || subject.reports_loss();
        if index < high && !told {
            return Err(format!("{} of {high} changes are lost in silence", high - index));
        }
        Ok(true)
    }

    fn check_salvage<S: Subject>(&self, image: &MemoryVfs) -> Result<(), String> {
        let vfs = image.duplicate();
        let subject = match self.open::<S>(&vfs, true) {
            Ok(subject) => subject,
            Err(error) if error.kind() == ErrorKind::FormatVersion => return Ok(()),
            Err(error) => return Err(format!("it does not open: {error:?}")),
        };
        let picture = subject.look(&self.setup).map_err(|error| format!("reading: {error:?}"))?;
        self.model.knows(&picture)?;
        subject.close().map_err(|error| format!("closing: {error:?}"))?;
        let again = self
            .open::<S>(&vfs, false)
            .map_err(|error| format!("what was salvaged does not open: {error:?}"))?;
        let second = again.look(&self.setup).map_err(|error| format!("reading: {error:?}"))?;
        if second != picture {
            return Err(format!("opened again it differs:\n{}", second.difference(&picture)));
        }
        Ok(())
    }
}

fn may_refuse(error: &Error) -> Result<(), String> {
    match error.kind() {
        ErrorKind::Corrupt | ErrorKind::FormatVersion => Ok(()),
        _ => Err(format!("damage was met with {error:?}")),
    }
}

/// An opening that refuses changes nothing.
fn unchanged(before: &MemoryVfs, after: &MemoryVfs) -> Result<(), String> {
    let files = |vfs: &MemoryVfs| {
        let mut files = vfs.files();
        files.retain(|(path, _)| !path.ends_with("LOCK"));
        files
    };
    let (before, after) = (files(before), files(after));
    if before == after {
        return Ok(());
    }
    let names = |files: &[(PathBuf, Arc<Vec<u8>>)]| {
        files.iter().map(|(path, bytes)| format!("{} {}", path.display(), bytes.len())).collect()
    };
    let (before, after): (Vec<String>, Vec<String>) = (names(&before), names(&after));
    Err(format!("it refused, and changed the files: {before:?} became {after:?}"))
}
