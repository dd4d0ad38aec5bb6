//! How large what was written is, and how that is told to a person.

use std::fs;
use std::path::Path;

/// The bytes of a file, or of all files below a folder; links count for nothing.
pub(super) fn of(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_file() => data.len(),
        Ok(data) if data.is_dir() => {
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            entries.map(|entry| of(&entry.path())).sum()
        }
        _ => 0,
    }
}

/// `812 B`, `3.4 kB`, `12.0 MB`: powers of 1000, as `ls --si` has them.
pub(super) fn text(bytes: u64) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => ("kB", 1e3),
        _ => ("MB", 1e6),
    };
    format!("{:.1} {unit}", bytes as f64 / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit_that_fits() {
        let told = [0, 999, 1_000, 123_456, 12_345_678].map(text);
        assert_eq!(told, ["0 B", "999 B", "1.0 kB", "123.5 kB", "12.3 MB"]);
    }
}
