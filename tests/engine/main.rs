//! Guards the engine as its users see it: one behaviour a file, all in one program.

#[path = "../common/data.rs"]
mod data;
#[path = "../common/tempdir.rs"]
mod tempdir;

mod answer_rules;
mod bad_days;
mod bad_input;
mod bad_questions;
mod failing_disk;
mod oracle;
mod packs;
mod packs_damage;
mod packs_fences;
mod packs_safely;
mod queries_model;
mod real_data;
mod real_fences;
mod refusal;
mod time_rules;
mod whole_model;
