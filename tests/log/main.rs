//! Guards the log: one behaviour a file, all in one program so that it is linked once.

mod checkpoint;
mod crash;
mod damage;
mod faults;
mod golden;
mod group_commit;
mod locks;
mod model;
mod policies;
mod rotation;
mod salvage;
mod segments;
mod support;
mod tail;
mod versions;
