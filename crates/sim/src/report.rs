//! What a programme did, and how a failure is told.

use std::fmt;

/// A state or an answer that must not be.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The programme.
    pub programme: &'static str,
    /// The seed of the round.
    pub seed: u64,
    /// What was expected, what was seen, and where.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "FAILED with seed {}: {}", self.seed, self.message)?;
        let again = format!("spatio-sim {} --seed {}", self.programme, self.seed);
        match self.programme {
            "kill" | "threads" => write!(f, "the same workload, at other moments: {again}"),
            _ => write!(f, "replay: {again} --rounds 1"),
        }
    }
}

/// Figures of a programme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rounds: one workload each.
    pub rounds: u64,
    /// Operations that were told.
    pub operations: u64,
    /// Power-cut images, or processes killed, that were recovered and compared.
    pub recoveries: u64,
    /// Faults that were injected and met.
    pub faults: u64,
}

impl Tally {
    /// Adds the figures of another run.
    pub fn add(&mut self, other: Tally) {
        self.rounds += other.rounds;
        self.operations += other.operations;
        self.recoveries += other.recoveries;
        self.faults += other.faults;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} rounds, {} operations, {} recoveries, {} faults met",
            self.rounds, self.operations, self.recoveries, self.faults
        )
    }
}

/// Runs one round, and turns a panic of the engine into a failure that names the seed.
///
/// # Errors
/// What the round says, or what the panic says.
pub fn guard(
    programme: &'static str,
    seed: u64,
    round: impl FnOnce() -> Result<Tally, String>,
) -> Result<Tally, Failure> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(round));
    let message = match outcome {
        Ok(Ok(tally)) => return Ok(tally),
        Ok(Err(message)) => message,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default();
            format!("panic: {text}")
        }
    };
    Err(Failure { programme, seed, message })
}
