//! Reading what Maven and the machine of Java print: tests, their failures, faults of JNI.

use crate::totals::Totals;

/// What was read, line by line.
#[derive(Debug, Default)]
pub(crate) struct MavenOutput {
    pub(crate) totals: Totals,
    /// Tests that failed, with the reason that Maven gives in its summary.
    pub(crate) failures: Vec<String>,
    /// What `-Xcheck:jni` said of calls that our classes made.
    pub(crate) faults: Vec<String>,
    /// Lines that a suite wrote to be shown.
    pub(crate) reports: Vec<String>,
    /// Why the tests on Android's class library could not be had, if they could not.
    pub(crate) unresolved: Option<String>,
    /// A fault whose caller the next line of its stack will name.
    pending: Option<String>,
}

impl MavenOutput {
    /// Takes one line.
    pub(crate) fn take(&mut self, line: &str) {
        if line.contains(" in native method") {
            self.pending = Some(line.to_owned());
        } else if let Some(caller) = line.strip_prefix("\tat ")
            && let Some(fault) = self.pending.take()
        {
            // Libraries that the tests use have faults of their own.
            if caller.starts_with("org.libspatio.") {
                self.faults.push(format!("{fault} ({caller})"));
            }
        } else if line.starts_with("behaviour: ") {
            self.reports.push(line.to_owned());
        } else if line.contains("Could not resolve dependencies for project")
            && line.contains(":spatio-robolectric:")
        {
            self.unresolved = Some(line.to_owned());
        } else if let Some(at) = line.find("Tests run: ") {
            self.count(line, &line[at..]);
        } else if let Some(failure) = line.strip_prefix("[ERROR]   ") {
            self.failures.push(failure.to_owned());
        }
    }

    /// Adds the sums of a module up, not those of its classes, which tell their time.
    fn count(&mut self, line: &str, numbers: &str) {
        if line.contains("Time elapsed") {
            return;
        }
        let mut found = [0u64; 4];
        for (number, part) in found.iter_mut().zip(numbers.split(", ")) {
            let digits = part.rsplit(' ').next().unwrap_or_default();
            *number = digits.parse().unwrap_or(0);
        }
        let [run, failures, errors, skipped] = found;
        let failed = failures + errors;
        self.totals += Totals { passed: run.saturating_sub(failed + skipped), failed, skipped };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> MavenOutput {
        let mut output = MavenOutput::default();
        text.lines().for_each(|line| output.take(line));
        output
    }

    #[test]
    fn the_sums_of_the_modules_are_added_up() {
        let output = read(
            "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s\n\
             behaviour: 277 cases held\n\
             [ERROR] Failures: \n\
             [ERROR]   B.one:7 expected: <1> but was: <2>\n\
             [ERROR] Tests run: 12, Failures: 1, Errors: 2, Skipped: 3\n\
             [INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0\n",
        );
        assert_eq!(output.totals, Totals { passed: 10, failed: 3, skipped: 3 });
        assert_eq!(output.failures, ["B.one:7 expected: <1> but was: <2>"]);
        assert_eq!(output.reports, ["behaviour: 277 cases held"]);
    }

    #[test]
    fn a_fault_of_jni_is_ours_if_our_class_called() {
        let output = read(
            "WARNING in native method: JNI FindClass received a bad class descriptor\n\
             \tat org.apache.arrow.c.jni.JniWrapper.init(Native Method)\n\
             WARNING in native method: JNI call made without checking exceptions\n\
             \tat org.libspatio.Native.move(Native Method)\n\
             \tat org.libspatio.Namespace.move(Namespace.java:1)\n",
        );
        assert_eq!(output.faults.len(), 1);
        assert!(output.faults[0].contains("without checking"), "{:?}", output.faults);
    }

    #[test]
    fn only_the_archives_of_android_may_be_missing() {
        let missing = "[ERROR] Failed to execute goal on project X: Could not resolve dependencies \
                       for project org.libspatio:X:jar:0.1.0: ...";
        assert_eq!(read(missing).unresolved, None);
        assert!(read(&missing.replace('X', "spatio-robolectric")).unresolved.is_some());
    }
}
