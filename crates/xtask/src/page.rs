//! Programs as the pages show them: a block of a language, and behind it what the program prints.

use crate::checks::ensure;

/// A program, and what it prints.
#[derive(Debug, PartialEq)]
pub(crate) struct Program {
    pub(crate) code: String,
    pub(crate) prints: String,
}

impl Program {
    /// An error unless `printed` is what the page says.
    pub(crate) fn has_printed(&self, printed: &str) -> Result<(), String> {
        ensure(printed == self.prints, || {
            format!("it printed\n{printed}instead of\n{}", self.prints)
        })
    }
}

/// The first program of a page: its first block of a language, with the text that follows before
/// the next block of that language.
pub(crate) fn first(page: &str, language: &str) -> Result<Program, String> {
    let (code, rest) = block(page, language)?;
    let before_next = rest.split_once(&opening(language)).map_or(rest, |(before, _)| before);
    let (prints, _) = block(before_next, "text")?;
    Ok(Program { code: code.to_owned(), prints: prints.to_owned() })
}

/// The next block of a language, and what comes after it.
pub(crate) fn block<'p>(page: &'p str, language: &str) -> Result<(&'p str, &'p str), String> {
    let missing = || format!("there is no block of {language}");
    let (_, rest) = page.split_once(&opening(language)).ok_or_else(missing)?;
    rest.split_once("```").ok_or_else(|| format!("a block of {language} does not end"))
}

fn opening(language: &str) -> String {
    format!("```{language}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_is_told_from_the_rest_of_the_page() {
        let page = "# A\n```cmake\nno\n```\n\n```cpp\nyes\n```\nIt says:\n\n\
                    ```text\n7\n```\n```cpp\nno\n```\n";
        let program = Program { code: "yes\n".to_owned(), prints: "7\n".to_owned() };
        assert_eq!(first(page, "cpp"), Ok(program));
    }

    #[test]
    fn a_program_without_its_text_is_an_error() {
        let of_another = "```cpp\nyes\n```\n```cpp\nno\n```\n```text\n7\n```\n";
        for page in ["# A\n", "```cpp\nyes\n```\n", "```cpp\nyes\n", of_another] {
            assert!(first(page, "cpp").is_err(), "{page}");
        }
    }

    #[test]
    fn another_output_is_shown_beside_the_one_that_the_page_has() {
        let program = Program { code: String::new(), prints: "7\n".to_owned() };
        assert_eq!(program.has_printed("7\n"), Ok(()));
        assert_eq!(program.has_printed("8\n"), Err("it printed\n8\ninstead of\n7\n".to_owned()));
    }
}
