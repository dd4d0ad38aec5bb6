//! Which operation fails, and how.
//!
//! Owns the kinds of operations, the kinds of faults and the rules that join them. Does not own
//! what a fault leaves behind on the disk.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What an operation does; every one of them can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationKind {
    /// `Vfs::create_dir_all`.
    CreateDir,
    /// `Vfs::list`.
    List,
    /// `Vfs::open` of a file that must exist.
    Open,
    /// `Vfs::open` with `CreateNew`.
    Create,
    /// `Vfs::rename`.
    Rename,
    /// `Vfs::remove`.
    Remove,
    /// `Vfs::sync_dir`.
    SyncDir,
    /// `Vfs::lock`.
    Lock,
    /// `VfsFile::len`.
    Len,
    /// `VfsFile::read_exact_at`.
    Read,
    /// `VfsFile::write_all_at`.
    Write,
    /// `VfsFile::set_len`.
    SetLen,
    /// `VfsFile::sync_data`.
    SyncData,
    /// `VfsFile::map`.
    Map,
}

impl OperationKind {
    /// Every kind, in a fixed order.
    pub const ALL: [OperationKind; 14] = [
        OperationKind::CreateDir,
        OperationKind::List,
        OperationKind::Open,
        OperationKind::Create,
        OperationKind::Rename,
        OperationKind::Remove,
        OperationKind::SyncDir,
        OperationKind::Lock,
        OperationKind::Len,
        OperationKind::Read,
        OperationKind::Write,
        OperationKind::SetLen,
        OperationKind::SyncData,
        OperationKind::Map,
    ];

    /// Whether it changes the disk or what of it is durable.
    pub fn changes_the_disk(self) -> bool {
        !matches!(
            self,
            OperationKind::List
                | OperationKind::Open
                | OperationKind::Len
                | OperationKind::Read
                | OperationKind::Map
        )
    }
}

/// How an operation fails. A failed operation has no effect, except where it is said here.
///
/// `EINTR` is absent on purpose: [`VfsFile::write_all_at`](crate::vfs::VfsFile::write_all_at) and
/// its companions repeat an interrupted call, so no caller ever meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The device failed (`EIO`). Whatever the fault, a failed `sync_data` drops what was not
    /// durable yet for good: it stays visible, and no later sync brings it to the disk.
    Eio,
    /// The disk is full (`ENOSPC`).
    NoSpace,
    /// The quota is used up (`EDQUOT`).
    Quota,
    /// The mount became read-only, or the right to write was taken away (`EACCES`).
    Denied,
    /// A part of the data is written, then the disk is full. Other operations than a write fail
    /// as with `NoSpace`.
    ShortWrite,
    /// A part of the data is written, then the device fails. Other operations than a write fail as
    /// with `Eio`.
    ShortEio,
}

impl Fault {
    /// Every fault, in a fixed order.
    pub const ALL: [Fault; 6] = [
        Fault::Eio,
        Fault::NoSpace,
        Fault::Quota,
        Fault::Denied,
        Fault::ShortWrite,
        Fault::ShortEio,
    ];

    /// Whether a write that fails so leaves a part of its data behind.
    pub(super) fn writes_a_part(self) -> bool {
        matches!(self, Fault::ShortWrite | Fault::ShortEio)
    }

    /// The error that the caller of `operation` sees.
    pub(super) fn error(self, operation: &Operation) -> io::Error {
        let kind = match self {
            Fault::Eio | Fault::ShortEio => io::ErrorKind::Other,
            Fault::NoSpace | Fault::ShortWrite => io::ErrorKind::StorageFull,
            Fault::Quota => io::ErrorKind::QuotaExceeded,
            Fault::Denied => io::ErrorKind::PermissionDenied,
        };
        io::Error::new(kind, format!("injected {self:?} at operation {operation}"))
    }
}

/// One call of the file layer, as it is counted and traced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number; the first operation of a [`FaultVfs`](super::FaultVfs) has number 1.
    pub number: u64,
    /// What it does.
    pub kind: OperationKind,
    /// The file or directory.
    pub path: PathBuf,
    /// Where in the file, for reads and writes; the new length for `SetLen`.
    pub offset: u64,
    /// How many bytes, for reads and writes.
    pub length: u64,
    /// The fault that was injected, if any.
    pub fault: Option<Fault>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?} {}", self.number, self.kind, self.path.display())?;
        match self.kind {
            OperationKind::Read | OperationKind::Write => {
                write!(f, ", {} bytes at {}", self.length, self.offset)?;
            }
            OperationKind::SetLen => write!(f, ", to {} bytes", self.offset)?,
            _ => {}
        }
        if let Some(fault) = self.fault {
            write!(f, ", failed by {fault:?}")?;
        }
        write!(f, ")")
    }
}

/// Which operations a rule speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    Any,
    Kind(OperationKind),
    Changes,
}

/// From operation `from` on, the next `times` operations in scope fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) from: u64,
    pub(super) scope: Scope,
    pub(super) times: u64,
    pub(super) fault: Fault,
}

/// The rules in force; the first that fits decides.
#[derive(Debug, Default)]
pub(super) struct Plan(Vec<Rule>);

impl Plan {
    pub(super) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault for operation `number`, which uses up one of the rule's times.
    pub(super) fn take(&mut self, number: u64, kind: OperationKind) -> Option<Fault> {
        let rule = self.0.iter_mut().find(|rule| {
            rule.times > 0
                && rule.from <= number
                && match rule.scope {
                    Scope::Any => true,
                    Scope::Kind(wanted) => wanted == kind,
                    Scope::Changes => kind.changes_the_disk(),
                }
        })?;
        rule.times -= 1;
        Some(rule.fault)
    }
}
