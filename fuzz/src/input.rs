//! Numbers taken from the front of the fuzzer's bytes; what is missing reads as zero.

/// What is left of an input.
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl Input<'_> {
    /// The next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let length = N.min(self.0.len());
        taken[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        taken
    }

    /// A number from 0 to `below` - 1.
    pub(crate) fn number(&mut self, below: u8) -> u8 {
        self.bytes::<1>()[0] % below
    }

    /// A small whole number, negative ones too.
    pub(crate) fn whole(&mut self) -> i64 {
        i64::from(i8::from_le_bytes(self.bytes()))
    }

    /// Any number at all: NaN, infinities, subnormals.
    pub(crate) fn f64(&mut self) -> f64 {
        f64::from_le_bytes(self.bytes())
    }
}
