//! The C interfaces, called as a C program calls them: through pointers into shared libraries that
//! were loaded at run time, so that no compiler sees both sides.

pub mod library;
pub mod ours;
pub mod upstream;
