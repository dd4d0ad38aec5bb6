//! Counting what passed: the sums, and how they are read from the output of `cargo test`.

use std::fmt;
use std::ops::AddAssign;

/// How many checks passed, failed, and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Totals {
    /// One check that passed or failed as a whole.
    pub(crate) fn of(passed: bool) -> Self {
        Totals { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// One check that could not be run here.
    pub(crate) fn skip() -> Self {
        Totals { skipped: 1, ..Totals::default() }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Reads the output of `cargo test` line by line.
#[derive(Debug, Default)]
pub(crate) struct TestOutput {
    pub(crate) totals: Totals,
    /// The names of the tests that failed.
    pub(crate) failures: Vec<String>,
}

impl TestOutput {
    /// Takes one line of output.
    pub(crate) fn take(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            for part in result.split(['.', ';']) {
                let Some((number, what)) = part.trim().split_once(' ') else { continue };
                let Ok(number) = number.parse::<u64>() else { continue };
                match what {
                    "passed" => self.totals.passed += number,
                    "failed" => self.totals.failed += number,
                    "ignored" => self.totals.skipped += number,
                    _ => {}
                }
            }
        } else if let Some(test) = line.strip_prefix("test ")
            && let Some(name) = test.strip_suffix(" ... FAILED")
        {
            self.failures.push(name.to_owned());
        }
    }

    /// The totals once the program ended: one that failed without naming a test (it did not
    /// compile, or it died) counts as one failure.
    pub(crate) fn end(&self, success: bool) -> Totals {
        let mut totals = self.totals;
        if !success && totals.failed == 0 {
            totals.failed = 1;
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 3 tests
test geom::a_box ... ok
test geom::a_circle ... FAILED
test log::a_thing ... ignored

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s

test result: ok. 20 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s
";

    #[test]
    fn every_result_line_is_summed() {
        let mut output = TestOutput::default();
        OUTPUT.lines().for_each(|line| output.take(line));
        assert_eq!(output.end(false), Totals { passed: 21, failed: 1, skipped: 1 });
        assert_eq!(output.failures, ["geom::a_circle"]);
    }

    #[test]
    fn a_program_that_dies_is_a_failure() {
        let mut output = TestOutput::default();
        output.take("error: could not compile `libspatio`");
        assert_eq!(output.end(false), Totals { passed: 0, failed: 1, skipped: 0 });
        assert_eq!(output.end(true), Totals::default());
    }

    #[test]
    fn the_line_of_totals_has_its_form() {
        let mut totals = Totals::of(true);
        totals += Totals::of(false);
        totals += Totals::skip();
        assert_eq!(totals.to_string(), "1 passed, 1 failed, 1 skipped");
    }
}
