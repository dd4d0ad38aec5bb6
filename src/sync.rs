//! Locks and atomics for the whole engine, exchangeable for loom's in model tests.
//!
//! Owns the choice of implementation: `parking_lot` and `std` ordinarily, `loom` under
//! `--cfg loom`. Nobody else in the crate names either. Locks here have no poisoning.

#[cfg(not(loom))]
pub(crate) use parking_lot::{Mutex, MutexGuard, RwLock, RwLockWriteGuard};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic;

/// A condition variable whose `wait` takes and gives the guard, as loom's does.
#[cfg(not(loom))]
#[derive(Debug, Default)]
pub(crate) struct Condvar(parking_lot::Condvar);

#[cfg(not(loom))]
impl Condvar {
    pub(crate) fn new() -> Self {
        Condvar(parking_lot::Condvar::new())
    }
    /// Waits for a notification; wakes may be spurious, so the caller loops.
    pub(crate) fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.0.wait(&mut guard);
        guard
    }
    /// Waits for a notification, at most `timeout`.
    pub(crate) fn wait_for<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: std::time::Duration,
    ) -> MutexGuard<'a, T> {
        self.0.wait_for(&mut guard, timeout);
        guard
    }
    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

#[cfg(loom)]
pub(crate) use self::model::{Condvar, Mutex, MutexGuard, RwLock, RwLockWriteGuard};
#[cfg(loom)]
pub(crate) use loom::sync::atomic;

/// Loom's locks with the guards-without-`Result` interface that the engine uses.
#[cfg(loom)]
mod model {
    pub(crate) use loom::sync::MutexGuard;
    use std::ops::{Deref, DerefMut};

    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Mutex(loom::sync::Mutex::new(value))
        }
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().expect("loom locks are not poisoned")
        }
        pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
    }

    /// A lock of readers and writers made of loom's mutex and condition variable: where loom's own
    /// is only tried, loom 0.7 lets the thread wait instead of failing, and takes the wait for a
    /// deadlock if the thread holds something else.
    #[derive(Debug, Default)]
    pub(crate) struct RwLock<T> {
        holders: loom::sync::Mutex<Holders>,
        freed: loom::sync::Condvar,
        /// Never waited for: who may have it is settled by `holders`.
        value: std::sync::RwLock<T>,
    }

    #[derive(Debug, Default)]
    struct Holders {
        readers: usize,
        has_writer: bool,
    }

    const SETTLED: &str = "the holders are counted";

    impl<T> RwLock<T> {
        pub(crate) fn new(value: T) -> Self {
            RwLock {
                holders: loom::sync::Mutex::default(),
                freed: loom::sync::Condvar::default(),
                value: std::sync::RwLock::new(value),
            }
        }
        pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
            let mut holders = self.holders.lock().expect(SETTLED);
            while holders.has_writer {
                holders = self.freed.wait(holders).expect(SETTLED);
            }
            holders.readers += 1;
            drop(holders);
            let value = Some(self.value.try_read().expect(SETTLED));
            RwLockReadGuard { lock: self, value }
        }
        pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T> {
            let mut holders = self.holders.lock().expect(SETTLED);
            while holders.has_writer || holders.readers > 0 {
                holders = self.freed.wait(holders).expect(SETTLED);
            }
            self.begin_write(holders)
        }
        pub(crate) fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
            let holders = self.holders.lock().expect(SETTLED);
            let is_free = !holders.has_writer && holders.readers == 0;
            is_free.then(|| self.begin_write(holders))
        }
        fn begin_write(&self, mut holders: MutexGuard<'_, Holders>) -> RwLockWriteGuard<'_, T> {
            holders.has_writer = true;
            drop(holders);
            let value = Some(self.value.try_write().expect(SETTLED));
            RwLockWriteGuard { lock: self, value }
        }
        /// Asked for the sake of the memory alone; loom has no such question.
        pub(crate) fn is_locked(&self) -> bool {
            false
        }
    }

    #[derive(Debug)]
    pub(crate) struct RwLockReadGuard<'a, T> {
        lock: &'a RwLock<T>,
        value: Option<std::sync::RwLockReadGuard<'a, T>>,
    }

    impl<T> Deref for RwLockReadGuard<'_, T> {
        type Target = T;
        fn deref(&self) -> &T {
            self.value.as_ref().expect("there until it is dropped")
        }
    }

    impl<T> Drop for RwLockReadGuard<'_, T> {
        fn drop(&mut self) {
            self.value = None;
            self.lock.holders.lock().expect(SETTLED).readers -= 1;
            self.lock.freed.notify_all();
        }
    }

    #[derive(Debug)]
    pub(crate) struct RwLockWriteGuard<'a, T> {
        lock: &'a RwLock<T>,
        value: Option<std::sync::RwLockWriteGuard<'a, T>>,
    }

    impl<T> Deref for RwLockWriteGuard<'_, T> {
        type Target = T;
        fn deref(&self) -> &T {
            self.value.as_ref().expect("there until it is dropped")
        }
    }

    impl<T> DerefMut for RwLockWriteGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.value.as_mut().expect("there until it is dropped")
        }
    }

    impl<T> Drop for RwLockWriteGuard<'_, T> {
        fn drop(&mut self) {
            self.value = None;
            self.lock.holders.lock().expect(SETTLED).has_writer = false;
            self.lock.freed.notify_all();
        }
    }

    #[derive(Debug, Default)]
    pub(crate) struct Condvar(loom::sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Condvar(loom::sync::Condvar::new())
        }
        pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            self.0.wait(guard).expect("loom locks are not poisoned")
        }
        /// A model knows no time: only a notification ends the wait.
        pub(crate) fn wait_for<'a, T>(
            &self,
            guard: MutexGuard<'a, T>,
            _timeout: std::time::Duration,
        ) -> MutexGuard<'a, T> {
            self.wait(guard)
        }
        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}
