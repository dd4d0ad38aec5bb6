//! A source file as the inspector reads it: code apart from comments, paths apart from words.
//!
//! Owns a small lexer that knows strings, characters, lifetimes and nested comments, so that a
//! banned word inside a string does not count, and one inside a comment does where it should.

/// One file: its text, and the same text with all but one sort of thing blanked out. Line and
/// column of a place are the same in all three.
#[derive(Debug)]
pub struct Source<'a> {
    /// The path from the root of the clone, with `/` between folders.
    pub path: &'a str,
    /// Everything.
    pub text: &'a str,
    /// Without comments and without what stands inside quotes.
    pub code: String,
    /// Only the comments.
    pub comments: String,
}

/// A broken rule: where, and which.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, counted from 1; 0 for the whole file.
    pub line: usize,
    /// What is wrong, and what to do instead where that is not plain.
    pub message: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Quoted,
}

impl<'a> Source<'a> {
    /// Reads `text` as Rust.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let kinds = classify(&characters);
        let only = |wanted: Kind| -> String {
            let pairs = characters.iter().zip(&kinds);
            pairs.map(|(&c, &kind)| if kind == wanted || c == '\n' { c } else { ' ' }).collect()
        };
        Source { path, text, code: only(Kind::Code), comments: only(Kind::Comment) }
    }

    /// A finding in this file.
    pub fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: self.path.to_owned(), line, message: message.into() }
    }

    /// Every path in the code, groups of `use` spelt out, each with its line: `use a::{b, c::d}`
    /// gives `a::b` and `a::c::d`.
    pub fn paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut lexer = Paths { code: self.code.as_bytes(), at: 0, line: 1 };
        while lexer.at < lexer.code.len() {
            if !lexer.starts_word() {
                lexer.step();
                continue;
            }
            lexer.path("", &mut found);
        }
        found
    }
}

/// Where a path is being read.
struct Paths<'a> {
    code: &'a [u8],
    at: usize,
    line: usize,
}

impl Paths<'_> {
    fn step(&mut self) {
        self.line += usize::from(self.code[self.at] == b'\n');
        self.at += 1;
    }

    fn peek(&self) -> u8 {
        self.code.get(self.at).copied().unwrap_or(0)
    }

    fn starts_word(&self) -> bool {
        is_word(self.peek()) && !(self.at > 0 && is_word(self.code[self.at - 1]))
    }

    fn skip_space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.step();
        }
    }

    /// Takes `::` if it comes next.
    fn takes_colons(&mut self) -> bool {
        let (at, line) = (self.at, self.line);
        self.skip_space();
        if self.code[self.at..].starts_with(b"::") {
            self.at += 2;
            self.skip_space();
            return true;
        }
        (self.at, self.line) = (at, line);
        false
    }

    /// Reads one path, or one group of them, that `prefix` stands before.
    fn path(&mut self, prefix: &str, found: &mut Vec<(usize, String)>) {
        let mut path = prefix.to_owned();
        let line = self.line;
        loop {
            if self.peek() == b'{' {
                return self.group(&path, found);
            }
            let start = self.at;
            while is_word(self.peek()) || (self.peek() == b'*' && self.at == start) {
                self.step();
            }
            if start == self.at {
                break;
            }
            if !path.is_empty() {
                path.push_str("::");
            }
            path.push_str(&String::from_utf8_lossy(&self.code[start..self.at]));
            if !self.takes_colons() {
                break;
            }
        }
        found.push((line, path));
    }

    /// Reads `{a, b::c as d}`.
    fn group(&mut self, prefix: &str, found: &mut Vec<(usize, String)>) {
        self.step();
        while self.at < self.code.len() && self.peek() != b'}' {
            if self.starts_word() || matches!(self.peek(), b'*' | b'{') {
                self.path(prefix, found);
                // A new name for it (`as x`) is not a path.
                while self.at < self.code.len() && !matches!(self.peek(), b',' | b'}') {
                    self.step();
                }
            } else {
                self.step();
            }
        }
        if self.at < self.code.len() {
            self.step();
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Says of every character whether it is code, comment or quoted. Quotes count as code.
fn classify(text: &[char]) -> Vec<Kind> {
    let mut kinds = vec![Kind::Code; text.len()];
    let mut at = 0;
    while at < text.len() {
        let next = text.get(at + 1).copied();
        let (kind, end) = match text[at] {
            '/' if next == Some('/') => (Kind::Comment, line_end(text, at)),
            '/' if next == Some('*') => (Kind::Comment, block_end(text, at)),
            '"' => (Kind::Quoted, string_end(text, at)),
            '\'' => match char_end(text, at) {
                Some(end) => (Kind::Quoted, end),
                None => (Kind::Code, at + 1),
            },
            c if c.is_alphanumeric() || c == '_' => {
                let word_end = end_of(text, at, |c| c.is_alphanumeric() || c == '_');
                match raw_string_end(text, at, word_end) {
                    Some(end) => (Kind::Quoted, end),
                    None => (Kind::Code, word_end),
                }
            }
            _ => (Kind::Code, at + 1),
        };
        kinds[at..end].fill(kind);
        at = end;
    }
    kinds
}

fn end_of(text: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    text[from..].iter().position(|&c| !belongs(c)).map_or(text.len(), |length| from + length)
}

fn line_end(text: &[char], at: usize) -> usize {
    end_of(text, at, |c| c != '\n')
}

fn block_end(text: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i + 1 < text.len() {
        match (text[i], text[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') if depth == 1 => return i + 2,
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
    }
    text.len()
}

fn string_end(text: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < text.len() {
        match text[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    text.len()
}

/// The end of a raw string if the word that ends at `word_end` begins one: `r"`, `br#"`, `cr##"`.
fn raw_string_end(text: &[char], at: usize, word_end: usize) -> Option<usize> {
    let word: String = text[at..word_end].iter().collect();
    let open = end_of(text, word_end, |c| c == '#');
    if !matches!(word.as_str(), "r" | "br" | "cr") || text.get(open) != Some(&'"') {
        return None;
    }
    let hashes = open - word_end;
    let closes = |i: &usize| {
        text[*i] == '"'
            && text[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    Some((open + 1..text.len()).find(closes).map_or(text.len(), |i| i + 1 + hashes))
}

/// The end of a character literal, or nothing if the quote begins a lifetime.
fn char_end(text: &[char], at: usize) -> Option<usize> {
    match text.get(at + 1)? {
        '\\' => {
            let from = (at + 3).min(text.len());
            Some((end_of(text, from, |c| c != '\'') + 1).min(text.len()))
        }
        _ => (text.get(at + 2) == Some(&'\'')).then_some(at + 3),
    }
}
