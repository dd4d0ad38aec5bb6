//! Structs that the caller allocates and that later versions may lengthen.
//!
//! Owns: the rule of `struct_size`. Does not own any struct. Invariants: of what the caller gives,
//! no more than its `struct_size` is read or written; fields that an older caller does not know
//! have their defaults; a newer caller's unknown fields are refused unless they are zero.

use super::border::{Failure, Fallible};

/// A struct that begins with a `uint32_t struct_size`.
///
/// # Safety
///
/// The type is `repr(C)`, begins with that field, has no padding that matters, and any bytes are a
/// valid value of it.
pub(super) unsafe trait Versioned: Copy {
    /// The name in the header.
    const NAME: &'static str;
    /// The size that it had in the first version.
    const FIRST_SIZE: usize;
    /// What an older caller's missing fields are.
    fn defaults() -> Self;
}

fn check_size<T: Versioned>(size: usize) -> Fallible {
    if size >= T::FIRST_SIZE {
        return Ok(());
    }
    let (name, least) = (T::NAME, T::FIRST_SIZE);
    Err(Failure::invalid(format!("{name}.struct_size is {size}, at least {least} is needed")))
}

/// Reads a struct of the caller's.
///
/// # Safety
///
/// `given` is NULL or points to as many readable bytes as its `struct_size` says.
pub(super) unsafe fn read<T: Versioned>(given: *const T, name: &str) -> Fallible<T> {
    check_pointer(given, name)?;
    // SAFETY: the caller vouches for the pointer, and the struct begins with its size.
    let size = unsafe { given.cast::<u32>().read() } as usize;
    check_size::<T>(size)?;
    if size == size_of::<T>() {
        // SAFETY: so many bytes are readable, and any bytes are a valid value of the type.
        return Ok(unsafe { given.read() });
    }
    let mut known = T::defaults();
    let shared = size.min(size_of::<T>());
    // SAFETY: `shared` bytes are readable and fit; any bytes are a valid value of the type.
    unsafe {
        let target = (&raw mut known).cast::<u8>();
        given.cast::<u8>().copy_to_nonoverlapping(target, shared);
    }
    for at in size_of::<T>()..size {
        // SAFETY: the byte is within the caller's struct.
        if unsafe { given.cast::<u8>().add(at).read() } != 0 {
            let what = T::NAME;
            let message = format!("byte {at} of {what} is set, which this version does not know");
            return Err(Failure::unsupported(message));
        }
    }
    Ok(known)
}

/// The size that the caller's struct says it has, checked.
///
/// # Safety
///
/// `given` is NULL or points to a struct that begins with its size.
pub(super) unsafe fn size_of_given<T: Versioned>(given: *const T, name: &str) -> Fallible<usize> {
    check_pointer(given, name)?;
    // SAFETY: the caller vouches for the pointer, and the struct begins with its size.
    let size = unsafe { given.cast::<u32>().read() } as usize;
    check_size::<T>(size).map(|()| size)
}

/// Where an answer is written: a struct of the caller's, checked before the work is done.
#[derive(Clone, Copy)]
pub(super) struct OutStruct<T> {
    target: *mut T,
    size: usize,
}

impl<T: Versioned> OutStruct<T> {
    /// Checks the caller's struct.
    ///
    /// # Safety
    ///
    /// As for [`read`], and the bytes stay writable as long as this is used.
    pub(super) unsafe fn new(target: *mut T, name: &str) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        let size = unsafe { size_of_given(target.cast_const(), name) }?;
        Ok(OutStruct { target, size })
    }

    /// The same where NULL means that no answer is wanted.
    ///
    /// # Safety
    ///
    /// As for [`OutStruct::new`].
    pub(super) unsafe fn optional(target: *mut T, name: &str) -> Fallible<Option<Self>> {
        match target.is_null() {
            true => Ok(None),
            // SAFETY: what the caller of this function vouches for.
            false => unsafe { OutStruct::new(target, name) }.map(Some),
        }
    }

    /// Writes the answer, keeping `struct_size`; fields that a newer caller knows become zero.
    #[inline]
    pub(super) fn set(self, value: &T) {
        if self.size == size_of::<T>() {
            // SAFETY: `new` was promised so many writable bytes, and checked the alignment; the
            // struct begins with its size.
            unsafe {
                self.target.write(*value);
                self.target.cast::<u32>().write(self.size as u32);
            }
            return;
        }
        let shared = self.size.min(size_of::<T>());
        let start = size_of::<u32>();
        // SAFETY: `new` was promised `size` writable bytes, and both ranges lie within.
        unsafe {
            let source = (&raw const *value).cast::<u8>();
            let target = self.target.cast::<u8>();
            source.add(start).copy_to(target.add(start), shared - start);
            target.add(shared).write_bytes(0, self.size - shared);
        }
    }
}

/// Gives a struct of `size` bytes its defaults; `size` is `sizeof` in the caller's header.
///
/// # Safety
///
/// `target` is NULL or points to `size` writable bytes.
pub(super) unsafe fn init<T: Versioned>(target: *mut T, size: usize, value: &T) {
    if target.is_null() || size < size_of::<u32>() || !target.is_aligned() {
        return;
    }
    let shared = size.min(size_of::<T>());
    // SAFETY: `size` bytes are writable, and no more than the struct has are copied.
    unsafe {
        target.cast::<u8>().write_bytes(0, size);
        (&raw const *value).cast::<u8>().copy_to(target.cast::<u8>(), shared);
        target.cast::<u32>().write(u32::try_from(size).unwrap_or(u32::MAX));
    }
}

pub(super) fn check_pointer<T>(given: *const T, name: &str) -> Fallible {
    if given.is_null() {
        return Err(Failure::null(name));
    }
    match given.is_aligned() {
        true => Ok(()),
        false => Err(Failure::invalid(format!("{name} is not aligned for its type"))),
    }
}
