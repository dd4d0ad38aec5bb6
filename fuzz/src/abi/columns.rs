//! Numbers, texts and columns as the fuzzer picks them.
//!
//! Owns: columns exactly as long as the call says, so that the sanitizer sees a step beyond them.

use std::ffi::c_char;

use crate::input::Input;

/// Where things go wrong.
const ODD: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    180.0,
    -180.0,
    180.5,
    90.0,
    -90.0,
    179.999_999,
    89.999_999,
    1e-300,
    5e-324,
    1e300,
    f64::MAX,
    f64::MIN,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    45.0,
    -1.5,
];

/// A number of any sort.
pub(super) fn number(input: &mut Input<'_>) -> f64 {
    match input.number(8) {
        0 => ODD[usize::from(input.number(20))],
        1 => input.f64(),
        _ => tame(input),
    }
}

/// A number that is a coordinate everywhere.
fn tame(input: &mut Input<'_>) -> f64 {
    input.whole() as f64 / 2.0
}

/// How the numbers of a whole batch are picked: as a rule none of them is refused.
pub(super) fn sort_of_numbers(input: &mut Input<'_>) -> fn(&mut Input<'_>) -> f64 {
    if input.number(4) == 0 { number } else { tame }
}

/// A time of any sort.
pub(super) fn time(input: &mut Input<'_>) -> i64 {
    match input.number(6) {
        0 => i64::MIN,
        1 => i64::MAX,
        2 => i64::from_le_bytes(input.bytes()),
        _ => 1_000_000 + input.whole(),
    }
}

/// A limit of any sort.
pub(super) fn limit(input: &mut Input<'_>) -> u32 {
    match input.number(3) {
        0 => u32::MAX,
        1 => u32::from_le_bytes(input.bytes()),
        _ => u32::from(input.number(20)),
    }
}

/// A small number that mostly names something, and sometimes does not.
pub(super) fn choice(input: &mut Input<'_>, below: u8) -> u32 {
    if input.number(32) == 0 {
        u32::from_le_bytes(input.bytes())
    } else {
        input.number(below).into()
    }
}

/// Bytes that are an id as a rule.
pub(super) fn id(input: &mut Input<'_>) -> Vec<u8> {
    match input.number(24) {
        0 => Vec::new(),
        1 => vec![b'x'; 200 + usize::from(input.number(100))],
        2 => input.bytes::<5>().to_vec(),
        3 => "\u{e9}\u{4e2d}\u{1f6b2}".into(),
        _ => vec![b'a' + input.number(16)],
    }
}

/// `n` values, or NULL.
pub(super) struct Column<T> {
    values: Vec<T>,
    is_null: bool,
}

impl<T> Column<T> {
    pub(super) fn new(input: &mut Input<'_>, n: usize, of: fn(&mut Input<'_>) -> T) -> Self {
        let is_null = input.number(64) == 0;
        // A boxed slice has no room behind its last value.
        let values: Box<[T]> = (0..n).map(|_| of(input)).collect();
        Column { values: values.into_vec(), is_null }
    }

    /// One that may be left out, and often is.
    pub(super) fn optional(input: &mut Input<'_>, n: usize, of: fn(&mut Input<'_>) -> T) -> Self {
        let is_null = input.number(2) == 0;
        Column { is_null, ..Column::new(input, n, of) }
    }

    pub(super) fn holding(values: Vec<T>) -> Self {
        Column { values: values.into_boxed_slice().into_vec(), is_null: false }
    }

    pub(super) fn pointer(&self) -> *const T {
        if self.is_null { std::ptr::null() } else { self.values.as_ptr() }
    }

    pub(super) fn room(&mut self) -> *mut T {
        if self.is_null { std::ptr::null_mut() } else { self.values.as_mut_ptr() }
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }
}

/// Texts behind each other with offsets, which are wrong now and then; the bytes are as many as
/// the last offset says, as the header asks.
pub(super) struct Texts {
    pub(super) offsets: Column<u64>,
    pub(super) bytes: Column<u8>,
}

impl Texts {
    pub(super) fn new(input: &mut Input<'_>, n: usize) -> Self {
        let mut bytes = Vec::new();
        let mut offsets = vec![0];
        for _ in 0..n {
            bytes.extend(id(input));
            offsets.push(bytes.len() as u64);
        }
        if input.number(6) == 0 {
            // Wrong ones: they descend, begin late, cut characters in two.
            for offset in &mut offsets {
                *offset = u64::from(input.number(40));
            }
        }
        bytes.resize(offsets[n] as usize, b'z');
        let is_null = input.number(32) == 0;
        let offsets = Column { is_null, ..Column::holding(offsets) };
        Texts { offsets, bytes: Column::holding(bytes) }
    }

    pub(super) fn text(&self) -> *const c_char {
        self.bytes.pointer().cast()
    }
}
