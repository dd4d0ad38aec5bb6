//! One frame: length, kind, body, checksum.
//!
//! Owns the kinds and their bodies. Invariants: a frame is handed out only if its checksum, made
//! with the file's salt and the frame's number or place, is right and its body is used up to the
//! last byte; lengths are bounded before anything is read.

use crate::geom::{Point, Space};

use super::change::{Change, NamespaceSettings};
use super::checksum::{Seeds, checksum};
use super::header::SEQ_MAX;
use super::varint::{Reader, Scratch, put_varint, unzigzag, zigzag};

/// The most bytes that kind and body of a frame take.
pub(crate) const FRAME_BYTES_MAX: usize = 1 << 20;
/// Bytes of a mark, from its length to its checksum.
pub(crate) const MARK_BYTES: usize = 22;

const KIND_MARK: u8 = 0x01;
const KIND_NAMESPACE: u8 = 0x02;
const KIND_DEFINE: u8 = 0x03;
const KIND_DELETE: u8 = 0x04;
const KIND_EXPIRE: u8 = 0x05;
const KIND_SEAL: u8 = 0x06;
const KIND_END: u8 = 0x07;
const KIND_MOVE: u8 = 0x10;
/// Set in a kind that a reader who does not know it may skip.
const KIND_OPTIONAL: u8 = 0x80;

const MOVE_HAS_Z: u8 = 1;
const MOVE_EXPIRES: u8 = 2;
const MOVE_PAYLOAD: u8 = 4;

const NAMESPACE_CARTESIAN: u8 = 1;
const NAMESPACE_HISTORY: u8 = 2;
const NAMESPACE_TTL: u8 = 4;

/// What begins every mark: its length, its kind, and four bytes that are rare in other data.
pub(crate) const MARK_START: [u8; 6] = [17, KIND_MARK, 0xb5, 0x1e, 0xc7, 0x6d];

/// The head of a group of frames that went to the file in one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The number of the next frame that has one.
    pub(crate) seq: u64,
    /// How much of the file was known to be durable when this was written.
    pub(crate) durable_bytes: u32,
}

/// The end of the frames of a sealed segment; its directory follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    /// The number that the next segment begins with.
    pub(crate) next_seq: u64,
}

/// What a frame says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Frame<'a> {
    Change(Change<'a>),
    Mark(Mark),
    Seal(Seal),
    /// The end of a checkpoint, with the number of changes in it.
    End(u64),
    /// Of a kind that this version does not know and may skip.
    Skipped,
}

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// They are not what was written.
    Bad(&'static str),
    /// They are sound, but of a kind that this version does not know and may not skip.
    Unknown(u8),
}

impl Flaw {
    /// In words.
    pub(crate) fn reason(self) -> String {
        match self {
            Flaw::Bad(reason) => reason.to_string(),
            Flaw::Unknown(kind) => format!("a frame has kind {kind:#04x} of a newer version"),
        }
    }
}

/// A frame's length field and the extent of the whole of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Where kind and body begin, counted from the frame's first byte.
    pub(crate) kind_at: usize,
    /// Where the checksum begins.
    pub(crate) crc_at: usize,
}

impl Extent {
    /// Reads the length of the frame that `bytes` begins with.
    #[inline]
    pub(crate) fn read(bytes: &[u8]) -> Result<Extent, Flaw> {
        let mut reader = Reader(bytes);
        let length = reader.varint().ok_or(Flaw::Bad("the length is cut off"))?;
        if length == 0 {
            return Err(Flaw::Bad("the length is zero"));
        }
        if length > FRAME_BYTES_MAX as u64 {
            return Err(Flaw::Bad("the length is beyond the limit"));
        }
        let kind_at = bytes.len() - reader.0.len();
        let crc_at = kind_at + length as usize;
        if crc_at + 4 > bytes.len() {
            return Err(Flaw::Bad("the frame is cut off"));
        }
        Ok(Extent { kind_at, crc_at })
    }

    /// Bytes of the whole frame.
    #[inline]
    pub(crate) fn len(self) -> usize {
        self.crc_at + 4
    }
}

/// Whether a frame of this kind has a sequence number.
#[inline]
pub(crate) const fn is_numbered(kind: u8) -> bool {
    !matches!(kind, KIND_MARK | KIND_SEAL)
}

/// Reads the frame that `bytes` begins with, and how many bytes it takes. `seq` is the number
/// that it must have if it has one, `offset` its place in the file.
#[inline]
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    seeds: Seeds,
    seq: u64,
    offset: u64,
    base_us: i64,
) -> Result<(Frame<'a>, usize), Flaw> {
    let extent = Extent::read(bytes)?;
    let kind = bytes[extent.kind_at];
    let seed = if is_numbered(kind) { seeds.of_seq(seq) } else { seeds.of_place(offset) };
    let mut stored = Reader(&bytes[extent.crc_at..]);
    if Some(checksum(seed, &bytes[..extent.crc_at])) != stored.u32() {
        return Err(Flaw::Bad("the checksum is wrong"));
    }
    let body = Reader(&bytes[extent.kind_at + 1..extent.crc_at]);
    let frame = decode_body(kind, body, base_us)?;
    Ok((frame, extent.len()))
}

#[inline]
fn decode_body(kind: u8, body: Reader<'_>, base_us: i64) -> Result<Frame<'_>, Flaw> {
    let frame = match kind {
        KIND_MOVE..=0x17 => decode_move(kind & 7, body, base_us).map(Frame::Change),
        KIND_MARK => decode_mark(body),
        KIND_NAMESPACE => decode_namespace(body).map(Frame::Change),
        KIND_DEFINE => decode_define(body).map(Frame::Change),
        KIND_DELETE | KIND_EXPIRE => decode_end_of_object(kind, body, base_us).map(Frame::Change),
        KIND_SEAL => decode_seal(body),
        KIND_END => decode_end(body),
        _ if kind & KIND_OPTIONAL != 0 => Some(Frame::Skipped),
        _ => return Err(Flaw::Unknown(kind)),
    };
    frame.ok_or(Flaw::Bad("the body is malformed"))
}

#[inline]
fn decode_move(flags: u8, mut body: Reader<'_>, base_us: i64) -> Option<Change<'_>> {
    let handle = get_handle(&mut body)?;
    let time_us = base_us.wrapping_add(unzigzag(body.varint()?));
    let (x, y) = (body.f64()?, body.f64()?);
    let z = if flags & MOVE_HAS_Z != 0 { body.f64()? } else { 0.0 };
    let expires_us = match flags & MOVE_EXPIRES {
        0 => None,
        _ => Some(time_us.wrapping_add(unzigzag(body.varint()?))),
    };
    let payload = (flags & MOVE_PAYLOAD != 0).then(|| body.rest());
    body.is_empty().then_some(Change::Move {
        handle,
        time_us,
        position: Point { x, y, z },
        expires_us,
        payload,
    })
}

fn decode_mark(mut body: Reader<'_>) -> Option<Frame<'_>> {
    let magic = body.take(4)?;
    let mark = Mark { seq: body.u64()?, durable_bytes: body.u32()? };
    let is_sane = magic == &MARK_START[2..] && mark.seq <= SEQ_MAX && body.is_empty();
    is_sane.then_some(Frame::Mark(mark))
}

fn decode_namespace(mut body: Reader<'_>) -> Option<Change<'_>> {
    let number = u32::try_from(body.varint()?).ok()?;
    let flags = body.byte()?;
    if flags & !(NAMESPACE_CARTESIAN | NAMESPACE_HISTORY | NAMESPACE_TTL) != 0 {
        return None;
    }
    let space = match flags & NAMESPACE_CARTESIAN {
        0 => Space::Geographic,
        _ => Space::Cartesian,
    };
    let ttl_us = match flags & NAMESPACE_TTL {
        0 => None,
        _ => Some(unzigzag(body.varint()?)),
    };
    let settings = NamespaceSettings { space, ttl_us, history: flags & NAMESPACE_HISTORY != 0 };
    let name = std::str::from_utf8(body.rest()).ok()?;
    Some(Change::Namespace { number, name, settings })
}

fn decode_define(mut body: Reader<'_>) -> Option<Change<'_>> {
    let handle = get_handle(&mut body)?;
    let id = std::str::from_utf8(body.rest()).ok()?;
    Some(Change::Define { handle, id })
}

fn decode_end_of_object(kind: u8, mut body: Reader<'_>, base_us: i64) -> Option<Change<'_>> {
    let handle = get_handle(&mut body)?;
    let time_us = base_us.wrapping_add(unzigzag(body.varint()?));
    body.is_empty().then_some(match kind {
        KIND_DELETE => Change::Delete { handle, time_us },
        _ => Change::Expire { handle, time_us },
    })
}

fn decode_seal(mut body: Reader<'_>) -> Option<Frame<'_>> {
    let seal = Seal { next_seq: body.u64()? };
    body.is_empty().then_some(Frame::Seal(seal))
}

fn decode_end(mut body: Reader<'_>) -> Option<Frame<'_>> {
    let count = body.u64()?;
    body.is_empty().then_some(Frame::End(count))
}

/// Three bits for the first seven namespaces, so that a handle among a quarter of a million
/// objects takes three bytes; other namespaces follow as a number of their own.
#[inline]
fn put_handle<const N: usize>(out: &mut Scratch<N>, handle: u64) {
    let (namespace, index) = (handle >> 32, handle & 0xffff_ffff);
    if (1..8).contains(&namespace) {
        out.varint(index << 3 | namespace);
    } else {
        out.varint(index << 3);
        out.varint(namespace);
    }
}

#[inline]
fn get_handle(body: &mut Reader<'_>) -> Option<u64> {
    let first = body.varint()?;
    let index = first >> 3;
    let namespace = match first & 7 {
        0 => body.varint()?,
        near => near,
    };
    (index >> 32 == 0 && namespace >> 32 == 0).then_some(namespace << 32 | index)
}

const fn flag(is_set: bool, bit: u8) -> u8 {
    if is_set { bit } else { 0 }
}

/// Appends the frame of `change`, which has number `seq`, to `out`.
#[inline]
pub(crate) fn encode(change: &Change<'_>, seeds: Seeds, seq: u64, base_us: i64, out: &mut Vec<u8>) {
    // Kind, handle, time, three coordinates and expiry: 1 + 15 + 10 + 24 + 10 at most.
    let mut head = Scratch::<64>::new();
    let mut tail: &[u8] = &[];
    match *change {
        Change::Move { handle, time_us, position, expires_us, payload } => {
            let has_z = position.z.to_bits() != 0;
            let flags = flag(has_z, MOVE_HAS_Z)
                | flag(expires_us.is_some(), MOVE_EXPIRES)
                | flag(payload.is_some(), MOVE_PAYLOAD);
            head.byte(KIND_MOVE | flags);
            put_handle(&mut head, handle);
            head.varint(zigzag(time_us.wrapping_sub(base_us)));
            head.put(&position.x.to_le_bytes());
            head.put(&position.y.to_le_bytes());
            if has_z {
                head.put(&position.z.to_le_bytes());
            }
            if let Some(expires_us) = expires_us {
                head.varint(zigzag(expires_us.wrapping_sub(time_us)));
            }
            tail = payload.unwrap_or(&[]);
        }
        Change::Namespace { number, name, settings } => {
            head.byte(KIND_NAMESPACE);
            head.varint(u64::from(number));
            head.byte(
                flag(settings.space == Space::Cartesian, NAMESPACE_CARTESIAN)
                    | flag(settings.history, NAMESPACE_HISTORY)
                    | flag(settings.ttl_us.is_some(), NAMESPACE_TTL),
            );
            if let Some(ttl_us) = settings.ttl_us {
                head.varint(zigzag(ttl_us));
            }
            tail = name.as_bytes();
        }
        Change::Define { handle, id } => {
            head.byte(KIND_DEFINE);
            put_handle(&mut head, handle);
            tail = id.as_bytes();
        }
        Change::Delete { handle, time_us } => {
            head.byte(KIND_DELETE);
            put_handle(&mut head, handle);
            head.varint(zigzag(time_us.wrapping_sub(base_us)));
        }
        Change::Expire { handle, time_us } => {
            head.byte(KIND_EXPIRE);
            put_handle(&mut head, handle);
            head.varint(zigzag(time_us.wrapping_sub(base_us)));
        }
    }
    put_frame(head.as_slice(), tail, seeds.of_seq(seq), out);
}

/// Puts length, kind and body (`head`, then `tail`), and checksum.
#[inline]
fn put_frame(head: &[u8], tail: &[u8], seed: u32, out: &mut Vec<u8>) {
    let start = out.len();
    put_varint(out, (head.len() + tail.len()) as u64);
    out.extend_from_slice(head);
    out.extend_from_slice(tail);
    let crc = checksum(seed, &out[start..]);
    out.extend_from_slice(&crc.to_le_bytes());
}

/// The bytes of a mark at `offset`.
pub(crate) fn encode_mark(mark: Mark, seeds: Seeds, offset: u64) -> [u8; MARK_BYTES] {
    let mut bytes = [0; MARK_BYTES];
    bytes[..6].copy_from_slice(&MARK_START);
    bytes[6..14].copy_from_slice(&mark.seq.to_le_bytes());
    bytes[14..18].copy_from_slice(&mark.durable_bytes.to_le_bytes());
    let crc = checksum(seeds.of_place(offset), &bytes[..18]);
    bytes[18..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Appends the frame that ends the frames of a sealed segment, at `offset` of its file.
pub(crate) fn encode_seal(seal: Seal, seeds: Seeds, offset: u64, out: &mut Vec<u8>) {
    let mut head = Scratch::<9>::new();
    head.byte(KIND_SEAL);
    head.put(&seal.next_seq.to_le_bytes());
    put_frame(head.as_slice(), &[], seeds.of_place(offset), out);
}

/// Appends the frame that ends a checkpoint of `count` changes.
pub(crate) fn encode_end(count: u64, seeds: Seeds, seq: u64, out: &mut Vec<u8>) {
    let mut head = Scratch::<9>::new();
    head.byte(KIND_END);
    head.put(&count.to_le_bytes());
    put_frame(head.as_slice(), &[], seeds.of_seq(seq), out);
}

#[cfg(test)]
mod tests;
