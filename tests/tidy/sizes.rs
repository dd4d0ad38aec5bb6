//! How long a file, a function and a line may be, and what a file begins with.

use crate::source::{Finding, Source};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 100;

/// Checks one file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let count = source.text.lines().count();
    if count > FILE_LINES {
        let message = format!("{count} lines; the cap is {FILE_LINES}: one noun one file");
        findings.push(source.finding(0, message));
    }
    if !source.text.starts_with("//! ") {
        findings.push(source.finding(1, "begins without `//!` and a sentence of purpose"));
    }
    for (at, line) in source.text.lines().enumerate() {
        if line.chars().count() > COLUMNS {
            findings.push(source.finding(at + 1, format!("beyond {COLUMNS} columns")));
        }
        if let Some(odd) = line.chars().find(|c| !c.is_ascii() || *c == '\t') {
            let message = format!("{odd:?} is not plain ASCII; write an escape");
            findings.push(source.finding(at + 1, message));
        }
    }
    for (line, length) in functions(&source.code) {
        if length > FUNCTION_LINES {
            let message = format!("a function of {length} lines; the cap is {FUNCTION_LINES}");
            findings.push(source.finding(line, message));
        }
    }
    findings
}

/// The first line and the number of lines of every function that has a body.
fn functions(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut offset = 0;
    for (at, line) in code.lines().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        // `fn(` is a type; `fn name` begins a function.
        let named = words.windows(2).any(|pair| pair[0] == "fn" && !pair[1].is_empty());
        if named && let Some(length) = body_lines(&code[offset..]) {
            found.push((at + 1, length));
        }
        offset += line.len() + 1;
    }
    found
}

/// The lines up to the brace that closes the body of the function that `code` begins with.
fn body_lines(code: &str) -> Option<usize> {
    let (mut braces, mut brackets, mut lines) = (0_usize, 0_usize, 1);
    let start = code.find("fn ").unwrap_or(0);
    for c in code[start..].chars() {
        match c {
            '\n' => lines += 1,
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return None,
            '{' => braces += 1,
            '}' if braces <= 1 => return Some(lines),
            '}' => braces -= 1,
            _ => {}
        }
    }
    None
}
