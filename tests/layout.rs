//! Test: every transparent struct of the C border has the same size and fields at the same offsets
//! in C, as the compiler of this machine lays them out from the header, and in Rust.
//!
//! Guards: a field added, moved or retyped on one side alone. The C program is made from the same
//! table as the Rust figures, and fields that the table leaves out show as gaps.

#[path = "common/tempdir.rs"]
mod tempdir;

use std::fmt::Write as _;
use std::mem::offset_of;
use std::path::Path;
use std::process::Command;

use spatio::capi::database::{spatio_recovery, spatio_stats};
use spatio::capi::error::spatio_error;
use spatio::capi::files::{spatio_check_report, spatio_salvage_report};
use spatio::capi::index::hits::spatio_hit_columns;
use spatio::capi::index::open::spatio_index_info;
use spatio::capi::index::options::{spatio_index_metadata, spatio_index_options};
use spatio::capi::namespace::spatio_namespace_options;
use spatio::capi::options::spatio_options;
use spatio::capi::pack::fences::spatio_fences_info;
use spatio::capi::pack::finding::spatio_fence;
use spatio::capi::pack::freeze::spatio_freeze_options;
use spatio::capi::pack::open::spatio_pack_info;
use spatio::capi::queries::spatio_bounds;
use spatio::capi::query::spatio_query;
use spatio::capi::reading::spatio_object;
use spatio::capi::result::spatio_columns;
use spatio::capi::stream::open::spatio_stream_info;
use spatio::capi::stream::options::spatio_stream_options;

/// One struct: its name, size and alignment, and its fields with offset and size.
struct Layout {
    name: &'static str,
    size: usize,
    align: usize,
    fields: Vec<(&'static str, usize, usize)>,
}

fn size_of_field<S, T>(_: fn(&S) -> &T) -> usize {
    size_of::<T>()
}

macro_rules! layouts {
    ($($name:ident { $($field:ident)* })*) => {
        vec![$(Layout {
            name: stringify!($name),
            size: size_of::<$name>(),
            align: align_of::<$name>(),
            fields: vec![$((
                stringify!($field),
                offset_of!($name, $field),
                size_of_field(|value: &$name| &value.$field),
            )),*],
        }),*]
    };
}

fn layouts() -> Vec<Layout> {
    layouts! {
        spatio_error { struct_size code os_error reserved row offset message }
        spatio_options {
            struct_size sync_policy sync_period_us buffer_records segment_bytes recovery read_only
            no_background reserved log log_user clock clock_user
        }
        spatio_namespace_options { struct_size space history reserved ttl_us }
        spatio_query {
            struct_size kind flags limit origin x y z radius min_x min_y min_z max_x max_y max_z
            width height depth min_altitude max_altitude since_us max_age_us id_prefix
            id_prefix_length polygon
        }
        spatio_columns {
            struct_size reserved rows queries offsets handles x y z time_us distance id_offsets ids
            payload_offsets payloads
        }
        spatio_object { struct_size payload_length handle x y z time_us expires_us }
        spatio_bounds { struct_size is_empty min_x min_y min_z max_x max_y max_z }
        spatio_stats {
            struct_size reserved namespaces objects handles leaves memory_bytes disk_bytes segments
            records last_seq durable_seq buffered_records
        }
        spatio_recovery {
            struct_size has_checkpoint segments records_kept bytes_dropped checkpoint_seq
            first_bad_offset
        }
        spatio_check_report {
            struct_size is_sound files records bytes damaged_files torn_tails
        }
        spatio_salvage_report { struct_size reserved segments damaged records_kept bytes_dropped }
        spatio_index_options {
            struct_size layout coordinate_bits node_size interleaved threads prefix_bytes
        }
        spatio_index_metadata {
            struct_size reserved crs crs_length content_type content_type_length attribution
            attribution_length
        }
        spatio_index_info {
            struct_size dims items bytes layout coordinate_bits has_payloads has_values has_masks
            prefix_bytes min max
        }
        spatio_hit_columns {
            struct_size reserved rows queries offsets ids others distance payload_offsets payloads
            ranks
        }
        spatio_stream_options {
            struct_size without_fast gap_bytes read_bytes round_bytes kept_bytes max_reads max_bytes
            max_items
        }
        spatio_stream_info {
            struct_size dims items asks_fast has_payloads prefix_bytes has_aggregates min max
        }
        spatio_freeze_options { struct_size layout threads reserved }
        spatio_pack_info { struct_size space objects bytes frozen_us dims reserved }
        spatio_fences_info { struct_size space fences bytes }
        spatio_fence { struct_size reserved handle id id_length payload payload_length }
    }
}

/// What the C program below prints, as Rust sees it.
fn table(layouts: &[Layout]) -> String {
    let mut text = String::new();
    for Layout { name, size, align, fields } in layouts {
        writeln!(text, "{name} {size} {align}").expect("writing to a string");
        for (field, offset, size) in fields {
            writeln!(text, "{name}.{field} {offset} {size}").expect("writing to a string");
        }
    }
    text
}

/// A C program that prints the table. The alignment is the offset of a field behind one byte.
fn program(layouts: &[Layout]) -> String {
    let mut text = "#include <spatio.h>\n#include <stdio.h>\n\
         #define SIZE_OF_FIELD(type, field) sizeof(((type *)0)->field)\n"
        .to_owned();
    for Layout { name, .. } in layouts {
        writeln!(text, "struct align_{name} {{ char byte; {name} value; }};").expect("a string");
    }
    text += "#define SAY(name, a, b) \
             printf(\"%s %lu %lu\\n\", name, (unsigned long)(a), (unsigned long)(b))\n\
             int main(void)\n{\n";
    for Layout { name, fields, .. } in layouts {
        let align = format!("offsetof(struct align_{name}, value)");
        writeln!(text, "    SAY(\"{name}\", sizeof({name}), {align});").expect("a string");
        for (field, ..) in fields {
            let figures = format!("offsetof({name}, {field}), SIZE_OF_FIELD({name}, {field})");
            writeln!(text, "    SAY(\"{name}.{field}\", {figures});").expect("a string");
        }
    }
    text + "    return 0;\n}\n"
}

#[test]
fn c_and_rust_lay_every_struct_out_alike() {
    let layouts = layouts();
    let folder = tempdir::TempDir::new("layout");
    let (source, binary) = (folder.path().join("layout.c"), folder.path().join("layout"));
    std::fs::write(&source, program(&layouts)).expect("the folder is writable");
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"]).arg(include);
    let made = compiler.arg(&source).arg("-o").arg(&binary).status().expect("there is a cc");
    assert!(made.success(), "the program compiles");
    let output = Command::new(&binary).output().expect("the program runs");
    let printed = String::from_utf8(output.stdout).expect("it prints ASCII");
    assert_eq!(printed, table(&layouts), "C on the left, Rust on the right");
}

#[test]
fn the_table_leaves_no_field_and_no_padding_out() {
    for Layout { name, size, fields, .. } in layouts() {
        let mut end = 0;
        for (field, offset, size) in fields {
            assert_eq!(offset, end, "there is something before {name}.{field}");
            end = offset + size;
        }
        assert_eq!(end, size, "there is something at the end of {name}");
    }
}

/// Every struct of the header that is not opaque is in the table.
#[test]
fn the_table_leaves_no_struct_out() {
    let header = include_str!("../include/spatio.h");
    let named = header.lines().filter_map(|line| line.strip_prefix("typedef struct "));
    let mut shown: Vec<&str> = named.filter_map(|rest| rest.strip_suffix(" {")).collect();
    let layouts = layouts();
    let mut known: Vec<&str> = layouts.iter().map(|layout| layout.name).collect();
    shown.sort_unstable();
    known.sort_unstable();
    assert_eq!(shown, known);
}
