//! A list of named checks: each passes or says why not, and none stops the others.

use crate::totals::Totals;

/// What the checks of one step came to.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    totals: Totals,
    failures: Vec<String>,
}

impl Checks {
    /// Counts one check and shows how it went; its value, if it passed.
    pub(crate) fn take<T>(&mut self, name: &str, result: Result<T, String>) -> Option<T> {
        self.totals += Totals::of(result.is_ok());
        match result {
            Ok(value) => {
                println!("ok      {name}");
                Some(value)
            }
            Err(reason) => {
                println!("FAILED  {name}\n{}", indented(&reason));
                self.failures.push(name.to_owned());
                None
            }
        }
    }

    /// Counts what a program counted itself.
    pub(crate) fn count(&mut self, totals: Totals, failures: Vec<String>) {
        self.totals += totals;
        self.failures.extend(failures);
    }

    /// The totals and the names of what failed.
    pub(crate) fn end(self) -> (Totals, Vec<String>) {
        (self.totals, self.failures)
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.trim_end().lines().map(|line| format!("        {line}")).collect();
    lines.join("\n")
}

/// An error unless `holds`.
pub(crate) fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_is_counted_and_failures_are_named() {
        let mut checks = Checks::default();
        assert_eq!(checks.take("one", Ok(7)), Some(7));
        assert_eq!(checks.take::<()>("two", Err("broken".into())), None);
        let (totals, failures) = checks.end();
        assert_eq!(totals.to_string(), "1 passed, 1 failed, 0 skipped");
        assert_eq!(failures, ["two"]);
    }
}
