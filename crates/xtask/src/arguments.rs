//! The few arguments that the verbs share: plain words, and a time or a number of rounds.

use std::time::Duration;

/// A command line after its verb.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Arguments {
    /// What is not an option, in order.
    pub(crate) words: Vec<String>,
    /// `--minutes N` or `--seconds N`.
    pub(crate) time: Option<Duration>,
}

impl Arguments {
    /// Reads `words`; an option that is not known, or lacks its number, is an error.
    pub(crate) fn parse(words: Vec<String>) -> Result<Self, String> {
        let mut arguments = Arguments::default();
        let mut rest = words.into_iter();
        while let Some(word) = rest.next() {
            let Some(option) = word.strip_prefix("--") else {
                arguments.words.push(word);
                continue;
            };
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (option.to_owned(), rest.next()),
            };
            let unit_s = match name.as_str() {
                "seconds" => 1,
                "minutes" => 60,
                _ => return Err(format!("no option --{name} here")),
            };
            let value = value.ok_or_else(|| format!("--{name} lacks its number"))?;
            let number: u64 = value.parse().map_err(|_| format!("--{name}: {value:?}?"))?;
            let seconds = number.checked_mul(unit_s).filter(|s| *s > 0);
            let seconds = seconds.ok_or_else(|| format!("--{name} {number} is out of range"))?;
            arguments.time = Some(Duration::from_secs(seconds));
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn words_and_times_are_told_apart() {
        let arguments = parse("frame --minutes 2 polygon").expect("well formed");
        assert_eq!(arguments.words, ["frame", "polygon"]);
        assert_eq!(arguments.time, Some(Duration::from_secs(120)));
        let seconds = parse("--seconds=7").expect("well formed").time;
        assert_eq!(seconds, Some(Duration::from_secs(7)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in ["--hours 1", "--seconds", "--seconds x", "--seconds 0", "--minutes -1"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
