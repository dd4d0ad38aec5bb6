//! Guards the fault disk against a simple model: with every survivor kept it is the file system in
//! memory, and with none it is the state that the syncs alone made.

use proptest::prelude::*;
use spatio::vfs::{FaultVfs, MemoryVfs, OpenMode, Survivors, Vfs};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Clone, Debug)]
enum Op {
    Create(u8),
    Write(u8, u16, Vec<u8>),
    SetLen(u8, u16),
    Sync(u8),
    SyncDir,
    Rename(u8, u8),
    Remove(u8),
    Image(u64),
}

fn op() -> impl Strategy<Value = Op> {
    let name = 0..4_u8;
    let data = proptest::collection::vec(any::<u8>(), 0..700);
    prop_oneof![
        3 => name.clone().prop_map(Op::Create),
        6 => (name.clone(), 0..2_000_u16, data).prop_map(|(n, at, data)| Op::Write(n, at, data)),
        2 => (name.clone(), 0..2_000_u16).prop_map(|(n, len)| Op::SetLen(n, len)),
        3 => name.clone().prop_map(Op::Sync),
        2 => Just(Op::SyncDir),
        2 => (name.clone(), name.clone()).prop_map(|(from, to)| Op::Rename(from, to)),
        1 => name.prop_map(Op::Remove),
        1 => any::<u64>().prop_map(Op::Image),
    ]
}

/// The durable state in the plainest words: a file is a pair of a synced and a current content,
/// and a directory a pair of a synced and a current list of names.
#[derive(Default)]
struct Model {
    files: Vec<(Vec<u8>, Vec<u8>)>,
    synced: BTreeMap<String, usize>,
    current: BTreeMap<String, usize>,
}

impl Model {
    fn current(&mut self, name: &str) -> Option<&mut (Vec<u8>, Vec<u8>)> {
        self.current.get(name).map(|index| &mut self.files[*index])
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Create(name) => {
                if !self.current.contains_key(&text(*name)) {
                    self.files.push(Default::default());
                    self.current.insert(text(*name), self.files.len() - 1);
                }
            }
            Op::Write(name, at, data) => {
                let at = usize::from(*at);
                if let Some((_, now)) = self.current(&text(*name))
                    && !data.is_empty()
                {
                    let len = now.len().max(at + data.len());
                    now.resize(len, 0);
                    now[at..at + data.len()].copy_from_slice(data);
                }
            }
            Op::SetLen(name, len) => {
                if let Some((_, now)) = self.current(&text(*name)) {
                    now.resize(usize::from(*len), 0);
                }
            }
            Op::Sync(name) => {
                if let Some((synced, now)) = self.current(&text(*name)) {
                    *synced = now.clone();
                }
            }
            Op::SyncDir => self.synced = self.current.clone(),
            Op::Rename(from, to) => {
                if let Some(index) = self.current.remove(&text(*from)) {
                    self.current.insert(text(*to), index);
                }
            }
            Op::Remove(name) => {
                self.current.remove(&text(*name));
            }
            Op::Image(_) => {}
        }
    }

    fn after_a_crash(&self) -> BTreeMap<String, Vec<u8>> {
        let durable =
            |(name, index): (&String, &usize)| (name.clone(), self.files[*index].0.clone());
        self.synced.iter().map(durable).collect()
    }
}

fn text(name: u8) -> String {
    format!("f{name}")
}

fn apply(vfs: &dyn Vfs, op: &Op) -> bool {
    let open = |name: &u8| vfs.open(Path::new(&text(*name)), OpenMode::ReadWrite);
    let done = match op {
        Op::Create(name) => vfs.open(Path::new(&text(*name)), OpenMode::CreateNew).map(drop),
        Op::Write(name, at, data) => {
            open(name).and_then(|file| file.write_all_at(data, u64::from(*at)))
        }
        Op::SetLen(name, len) => open(name).and_then(|file| file.set_len(u64::from(*len))),
        Op::Sync(name) => open(name).and_then(|file| file.sync_data()),
        Op::SyncDir => vfs.sync_dir(Path::new("")),
        Op::Rename(from, to) => vfs.rename(Path::new(&text(*from)), Path::new(&text(*to))),
        Op::Remove(name) => vfs.remove(Path::new(&text(*name))),
        Op::Image(_) => Ok(()),
    };
    done.is_ok()
}

fn contents(image: &MemoryVfs) -> BTreeMap<String, Vec<u8>> {
    let named = |(path, bytes): (std::path::PathBuf, std::sync::Arc<Vec<u8>>)| {
        (path.to_str().expect("names here are ASCII").to_owned(), bytes.to_vec())
    };
    image.files().into_iter().map(named).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn all_is_memory_and_none_is_the_syncs(ops in proptest::collection::vec(op(), 0..60)) {
        let (fault, memory, mut model) = (FaultVfs::new(3), MemoryVfs::new(), Model::default());
        for op in &ops {
            prop_assert_eq!(apply(&fault, op), apply(&memory, op), "{:?}", op);
            model.apply(op);
            if let Op::Image(seed) = op {
                // Any image may be taken at any time; it must change nothing below.
                fault.crash_image(Survivors::from_seed(*seed));
            }
            prop_assert_eq!(contents(&fault.crash_image(Survivors::None)), model.after_a_crash());
        }
        prop_assert_eq!(fault.crash_image(Survivors::All).files(), memory.files());
        for name in (0..4).map(text) {
            let read = |vfs: &dyn Vfs| {
                let file = vfs.open(Path::new(&name), OpenMode::Read).ok();
                file.map(|file| file.map().expect("a file in memory can be mapped").to_vec())
            };
            prop_assert_eq!(read(&fault), read(&memory));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_image_holds_a_name_or_a_length_that_never_was(
        ops in proptest::collection::vec(op(), 0..40),
        seed in any::<u64>(),
    ) {
        let fault = FaultVfs::new(3);
        let mut longest = 0;
        for op in &ops {
            apply(&fault, op);
            if let Op::Write(_, at, data) = op {
                longest = longest.max(usize::from(*at) + data.len());
            }
            if let Op::SetLen(_, len) = op {
                longest = longest.max(usize::from(*len));
            }
        }
        for choice in (0..8).map(|kind| Survivors::from_seed(seed.wrapping_mul(8) + kind)) {
            for (name, contents) in contents(&fault.crash_image(choice)) {
                prop_assert!((0..4).map(text).any(|known| known == name), "{}", name);
                prop_assert!(contents.len() <= longest, "{:?}", choice);
            }
        }
    }
}
