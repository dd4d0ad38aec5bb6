//! Structs lent to the interface, of the right size and of others.
//!
//! Owns: the memory, exactly as long as the struct says it is, so that the sanitizer sees a step
//! beyond it.

use spatio::capi::error::spatio_error;

use crate::input::Input;

/// A struct of `size` bytes, which begins with its size, or NULL.
pub(super) struct Lent<T> {
    /// In words, so that it lies as the struct must.
    memory: Vec<u64>,
    is_null: bool,
    is_whole: bool,
    kind: std::marker::PhantomData<T>,
}

impl<T: Copy> Lent<T> {
    /// All bytes 0 but for the size.
    fn sized(size: usize, said: u32) -> Self {
        let mut memory = vec![0u64; size.div_ceil(8).max(1)];
        memory[0] = u64::from(said);
        let is_whole = size >= size_of::<T>();
        Lent { memory, is_null: false, is_whole, kind: std::marker::PhantomData }
    }

    /// Of an odd size now and then: too short, longer with and without something behind, none.
    pub(super) fn odd(input: &mut Input<'_>) -> Self {
        let whole = size_of::<T>();
        match input.number(64) {
            0 => Lent { is_null: true, ..Lent::sized(whole, 0) },
            1 => Lent::sized(8, u32::from(input.number(9))),
            2 => Lent::sized(whole - 8, whole as u32 - 8),
            3 => Lent::sized(whole + 16, whole as u32 + 16),
            4 => {
                let mut lent = Lent::sized(whole + 16, whole as u32 + 16);
                *lent.memory.last_mut().expect("it has words") = input.whole() as u64;
                lent
            }
            _ => Lent::sized(whole, whole as u32),
        }
    }

    /// A struct with this content, of an odd size now and then.
    pub(super) fn holding(input: &mut Input<'_>, value: T) -> Self {
        let mut lent = Lent::odd(input);
        lent.fill(0, value);
        lent
    }

    /// Structs behind each other, all of one size (or, now and then, not).
    pub(super) fn row(input: &mut Input<'_>, values: &[T]) -> Self {
        let whole = size_of::<T>();
        let stride = if input.number(8) == 0 { whole + 8 } else { whole };
        let mut lent = Lent::sized(stride * values.len(), 0);
        for (at, value) in values.iter().enumerate() {
            lent.fill(at * stride / 8, *value);
            let said = if input.number(32) == 0 { input.number(255) as usize } else { stride };
            // A first struct that claims more than there is would break the caller's promise.
            let said = if at == 0 { said.min(stride) } else { said };
            let word = &mut lent.memory[at * stride / 8];
            *word = *word & !u64::from(u32::MAX) | said as u64;
        }
        lent
    }

    /// Copies as much of the value as there is room for, and keeps the size.
    #[expect(unsafe_code, reason = "a struct of C's is bytes")]
    fn fill(&mut self, at: usize, value: T) {
        let said = self.memory[at] & u64::from(u32::MAX);
        let words = (size_of::<T>() / 8).min(self.memory.len() - at);
        // SAFETY: both sides are `words` words long, and the structs are numbers and pointers
        // without padding.
        unsafe {
            let source = (&raw const value).cast::<u64>();
            source.copy_to_nonoverlapping(self.memory[at..].as_mut_ptr(), words);
        }
        self.memory[at] = self.memory[at] & !u64::from(u32::MAX) | said;
    }

    pub(super) fn pointer(&mut self) -> *mut T {
        if self.is_null { std::ptr::null_mut() } else { self.memory.as_mut_ptr().cast() }
    }

    /// What it holds, if it is there and whole.
    #[expect(unsafe_code, reason = "a struct of C's is bytes")]
    pub(super) fn value(&self) -> Option<T> {
        // SAFETY: the memory is long enough; any bytes are a value of these structs.
        let read = || unsafe { self.memory.as_ptr().cast::<T>().read() };
        (self.is_whole && !self.is_null).then(read)
    }
}

impl Lent<spatio_error> {
    /// An error: of the first version, of this one, or none.
    pub(super) fn error(input: &mut Input<'_>) -> Self {
        let whole = size_of::<spatio_error>();
        match input.number(8) {
            0 => Lent { is_null: true, ..Lent::sized(whole, 0) },
            1 => Lent::sized(whole, whole as u32),
            2 => Lent { is_whole: false, ..Lent::sized(whole, u32::from(input.number(255))) },
            3 => Lent::sized(whole + 64, whole as u32 + 64),
            _ => Lent::sized(whole, 0),
        }
    }
}
