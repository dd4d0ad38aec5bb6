//! The container: whose file it is, which chunks it holds, and where they stand.
//!
//! Owns: superblock, directory, and the places that a writer gives to chunks. Invariants: chunks
//! that a directory hands out lie behind it, inside of the file, and apart from each other; those
//! that the format or this library knows occur once.

use std::ops::Range;

use super::{corrupt, newer, u32_at, u64_at};
use crate::error::Result;

const MAGIC: [u8; 8] = *b"PSINDEX\0";
const VERSION: u64 = 2;

/// Bytes of the superblock.
pub(crate) const SUPERBLOCK_BYTES: usize = 32;
/// Bytes of an entry of the directory.
const ENTRY_BYTES: usize = 24;
/// A reader that does not know a chunk so marked must refuse the file.
const CRITICAL: u32 = 1;
/// Where chunks begin, a multiple of this.
const ALIGNMENT: u64 = 8;

/// The name of a chunk.
pub(crate) type Tag = [u8; 4];

/// The names that this library gives a meaning to.
pub(crate) mod tag {
    use super::Tag;

    /// The tree, in the layout of the format.
    pub(crate) const TREE: Tag = *b"TREE";
    /// A run of bytes for each item.
    pub(crate) const PAYLOAD: Tag = *b"PYLD";
    /// The first bytes of each payload.
    pub(crate) const PREFIX: Tag = *b"PFIX";
    /// What the file says about itself.
    pub(crate) const METADATA: Tag = *b"META";
    /// Sums, extremes and masks of the nodes.
    pub(crate) const AGGREGATES: Tag = *b"AGGR";
    /// Our own layout of the tree. Lower case: the format leaves such names to applications.
    pub(crate) const FAST: Tag = *b"fast";

    /// What a pack holds, and of which space.
    pub(crate) const PACK: Tag = *b"pack";
    /// The ranks of a pack's items in the order of their ids.
    pub(crate) const BY_ID: Tag = *b"byid";

    pub(super) const KNOWN: [Tag; 8] =
        [TREE, PAYLOAD, PREFIX, METADATA, AGGREGATES, FAST, PACK, BY_ID];
}

/// A chunk: its name and where its contents stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) tag: Tag,
    pub(crate) critical: bool,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl Chunk {
    /// Where it ends; [`Directory::parse`] made sure that it does.
    fn end(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }

    pub(crate) fn name(&self) -> String {
        self.tag.escape_ascii().to_string()
    }
}

/// How many bytes superblock and directory take, from the superblock alone: what a reader that
/// fetches the file in parts fetches next.
pub(crate) fn directory_bytes(superblock: &[u8], file_bytes: u64) -> Result<u64> {
    if !superblock.starts_with(&MAGIC) {
        return Err(corrupt("the file does not begin as a PSINDEX file does"));
    }
    let (Some(version), Some(count), SUPERBLOCK_BYTES..) =
        (u64_at(superblock, 8), u32_at(superblock, 16), superblock.len())
    else {
        return Err(corrupt(format!("the file ends inside of its head, at {file_bytes} bytes")));
    };
    if version != VERSION {
        return Err(newer(format!("the file has format {version}, this library reads {VERSION}")));
    }
    let bytes = SUPERBLOCK_BYTES as u64 + ENTRY_BYTES as u64 * u64::from(count);
    if bytes > file_bytes {
        let message = format!("a directory of {count} chunks does not fit into {file_bytes} bytes");
        return Err(corrupt(message));
    }
    Ok(bytes)
}

/// The chunks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    chunks: Vec<Chunk>,
}

impl Directory {
    /// Reads the directory of a file of `file_bytes` bytes, of which `head` are the first.
    pub(crate) fn parse(head: &[u8], file_bytes: u64) -> Result<Self> {
        let directory_end = directory_bytes(head, file_bytes)?;
        let entries = usize::try_from(directory_end).ok().and_then(|end| head.get(..end));
        let Some(entries) = entries else {
            return Err(corrupt(format!("the file ends inside of its directory, at {file_bytes}")));
        };
        let mut chunks = Vec::with_capacity(entries.len() / ENTRY_BYTES);
        for entry in entries[SUPERBLOCK_BYTES..].chunks_exact(ENTRY_BYTES) {
            chunks.push(read_entry(entry, directory_end, file_bytes)?);
        }
        check_apart(&chunks)?;
        let end = chunks.iter().map(Chunk::end).fold(directory_end, u64::max);
        if file_bytes > align(end) {
            let message = format!("{file_bytes} bytes, but the last chunk ends at {end}");
            return Err(corrupt(message));
        }
        for known in tag::KNOWN {
            if chunks.iter().filter(|chunk| chunk.tag == known).count() > 1 {
                return Err(corrupt(format!("two chunks {}", known.escape_ascii())));
            }
        }
        Ok(Directory { chunks })
    }

    /// The chunk of a name, if there is one.
    pub(crate) fn find(&self, tag: Tag) -> Option<&Chunk> {
        self.chunks.iter().find(|chunk| chunk.tag == tag)
    }

    /// All chunks, as the directory lists them.
    pub(crate) fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Where the contents of a chunk stand in the file.
    pub(crate) fn range(&self, tag: Tag) -> Option<Range<u64>> {
        self.find(tag).map(|chunk| chunk.offset..chunk.end())
    }

    /// The contents of a chunk of a file that is in memory.
    pub(crate) fn contents<'a>(&self, file: &'a [u8], tag: Tag) -> Option<&'a [u8]> {
        let chunk = self.find(tag)?;
        let range = usize::try_from(chunk.offset).ok()?..usize::try_from(chunk.end()).ok()?;
        file.get(range)
    }
}

fn read_entry(entry: &[u8], directory_end: u64, file_bytes: u64) -> Result<Chunk> {
    let fields = (entry.first_chunk(), u32_at(entry, 4), u64_at(entry, 8), u64_at(entry, 16));
    let (Some(&tag), Some(flags), Some(offset), Some(length)) = fields else {
        return Err(corrupt("the directory ends inside of an entry"));
    };
    let chunk = Chunk { tag, critical: flags & CRITICAL != 0, offset, length };
    let ends_inside = offset.checked_add(length).is_some_and(|end| end <= file_bytes);
    if offset < directory_end || !ends_inside {
        let message = format!(
            "chunk {} of {length} bytes at {offset} lies outside of the file: the directory ends \
             at {directory_end}, the file at {file_bytes}",
            chunk.name()
        );
        return Err(corrupt(message));
    }
    if chunk.critical && !tag::KNOWN.contains(&tag) {
        return Err(newer(format!("chunk {} is needed and unknown", chunk.name())));
    }
    Ok(chunk)
}

/// Refuses chunks that share bytes.
fn check_apart(chunks: &[Chunk]) -> Result<()> {
    let mut sorted: Vec<&Chunk> = chunks.iter().filter(|chunk| chunk.length > 0).collect();
    sorted.sort_unstable_by_key(|chunk| chunk.offset);
    for pair in sorted.windows(2) {
        if pair[0].end() > pair[1].offset {
            let message = format!("chunks {} and {} overlap", pair[0].name(), pair[1].name());
            return Err(corrupt(message));
        }
    }
    Ok(())
}

/// The next place where a chunk may begin.
const fn align(offset: u64) -> u64 {
    offset.saturating_add(ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

/// Where a writer puts its chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    chunks: Vec<Chunk>,
    file_bytes: u64,
}

impl Plan {
    /// A file of these chunks, given by name and length, in this order. `None` if its length does
    /// not fit 63 bits.
    pub(crate) fn new(chunks: &[(Tag, u64)]) -> Option<Self> {
        let mut end = (SUPERBLOCK_BYTES + ENTRY_BYTES * chunks.len()) as u64;
        let mut placed = Vec::with_capacity(chunks.len());
        for &(tag, length) in chunks {
            let offset = align(end);
            end = offset.checked_add(length).filter(|end| *end < 1 << 63)?;
            placed.push(Chunk { tag, critical: tag == tag::TREE, offset, length });
        }
        Some(Plan { chunks: placed, file_bytes: align(end) })
    }

    /// How far a chunk of this length moves those that stand behind it.
    pub(crate) fn moved_by(length: u64) -> u64 {
        ENTRY_BYTES as u64 + align(length)
    }

    /// The length of the whole file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Where the contents of a chunk begin.
    pub(crate) fn offset(&self, tag: Tag) -> Option<u64> {
        self.chunks.iter().find(|chunk| chunk.tag == tag).map(|chunk| chunk.offset)
    }

    /// Superblock and directory. Whatever no chunk covers is zero.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SUPERBLOCK_BYTES + ENTRY_BYTES * self.chunks.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(self.chunks.len() as u32).to_le_bytes());
        bytes.resize(SUPERBLOCK_BYTES, 0);
        for chunk in &self.chunks {
            let flags = if chunk.critical { CRITICAL } else { 0 };
            bytes.extend_from_slice(&chunk.tag);
            bytes.extend_from_slice(&flags.to_le_bytes());
            bytes.extend_from_slice(&chunk.offset.to_le_bytes());
            bytes.extend_from_slice(&chunk.length.to_le_bytes());
        }
        bytes
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use proptest::prelude::*;

    fn file(chunks: &[(Tag, u64)]) -> Vec<u8> {
        let plan = Plan::new(chunks).unwrap();
        let mut bytes = plan.head();
        bytes.resize(plan.file_bytes() as usize, 0);
        bytes
    }

    fn kind(bytes: &[u8]) -> Option<ErrorKind> {
        Directory::parse(bytes, bytes.len() as u64).err().map(|error| error.kind())
    }

    #[test]
    fn a_file_begins_as_the_format_says() {
        let bytes = file(&[(tag::TREE, 24)]);
        assert_eq!(bytes.len(), 80);
        assert_eq!(&bytes[..8], b"PSINDEX\0");
        assert_eq!(bytes[8..20], [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(bytes[32..48], *b"TREE\x01\0\0\0\x38\0\0\0\0\0\0\0");
    }

    #[test]
    fn what_a_reader_must_refuse() {
        let good = file(&[(tag::TREE, 9), (*b"mine", 3), (*b"mine", 0), (tag::FAST, 1)]);
        assert_eq!(kind(&good), None);
        let change = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            kind(&bytes)
        };
        assert_eq!(change(8, 3), Some(ErrorKind::FormatVersion), "a later version");
        assert_eq!(change(32 + 24 + 4, 1), Some(ErrorKind::FormatVersion), "needed and unknown");
        assert_eq!(change(32 + 72 + 4, 1), None, "needed and known");
        assert_eq!(change(32 + 24 + 4, 6), None, "other flags mean nothing");
        assert_eq!(change(20, 1), None, "reserved");
        assert_eq!(change(32 + 8, 31), Some(ErrorKind::Corrupt), "inside of the directory");
        assert_eq!(change(32 + 24 + 16, 20), Some(ErrorKind::Corrupt), "overlaps the next");
        assert_eq!(change(32 + 72 + 23, 0xff), Some(ErrorKind::Corrupt), "overflows");
        let twice = file(&[(tag::METADATA, 9), (tag::TREE, 3), (tag::METADATA, 0)]);
        assert_eq!(kind(&twice), Some(ErrorKind::Corrupt), "the same known chunk twice");
        assert_eq!(kind(&good[..good.len() - 7]), None, "the last padding may be missing");
        assert_eq!(kind(&good[..good.len() - 8]), Some(ErrorKind::Corrupt));
        let longer = [&good[..], &[0]].concat();
        assert_eq!(kind(&longer), Some(ErrorKind::Corrupt), "what follows belongs to nobody");
        assert_eq!(kind(b"PSINDEX"), Some(ErrorKind::Corrupt));
    }

    proptest! {
        #[test]
        fn chunks_are_found_where_they_were_put(
            lengths in proptest::collection::vec(0u64..50, 0..6),
        ) {
            let known = tag::KNOWN.into_iter().zip(lengths.iter().copied());
            let chunks: Vec<(Tag, u64)> = known.collect();
            let plan = Plan::new(&chunks).unwrap();
            let mut bytes = plan.head();
            bytes.resize(plan.file_bytes() as usize, 7);
            let directory = Directory::parse(&bytes, bytes.len() as u64).unwrap();
            for (tag, length) in chunks {
                let contents = directory.contents(&bytes, tag).unwrap();
                prop_assert_eq!(contents.len() as u64, length);
                prop_assert_eq!(plan.offset(tag).unwrap() % 8, 0);
            }
        }

        #[test]
        fn any_directory_is_read_or_refused(
            mut bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(0)], 32..200),
            count in 0u8..8,
        ) {
            bytes[..8].copy_from_slice(&MAGIC);
            bytes[8..20].copy_from_slice(&[2, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0]);
            if let Ok(directory) = Directory::parse(&bytes, bytes.len() as u64) {
                for chunk in &directory.chunks {
                    prop_assert!(directory.contents(&bytes, chunk.tag).is_some());
                }
            }
        }
    }
}
