//! The command line.

use crate::power::Size;
use std::path::PathBuf;

/// What is to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Programme {
    /// Power cuts.
    Power,
    /// The Nth operation fails.
    Faults,
    /// Kills of a process.
    Kill,
    /// A disk that fills.
    Full,
    /// Damage to files.
    Damage,
    /// Power cuts while several threads write.
    Threads,
    /// All of these.
    All,
    /// The process that is killed; not for people.
    KillChild,
}

/// The whole command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Args {
    /// What is to be run.
    pub programme: Programme,
    /// The seed of the first round.
    pub seed: u64,
    /// How many rounds; the everyday number if nobody says.
    pub rounds: Option<u64>,
    /// For how long; with this, rounds are not counted.
    pub minutes: Option<f64>,
    /// How large a round of power cuts is.
    pub size: Size,
    /// Where directories are made.
    pub dir: Option<PathBuf>,
    /// How many damages a round does; 0 is every one.
    pub damages: u64,
    /// Which child of its directory it is.
    pub number: u64,
}

/// How it is called.
pub const USAGE: &str = "\
spatio-sim [power|threads|faults|full|damage|kill|all] [--rounds N | --minutes N] [--seed S]
  power   cuts the power after every operation of the disk   [--operations N] [--choices N]
  threads cuts the power while several threads write         [--operations N]
  faults  lets the Nth operation of the disk fail, for every N [--operations N]
  kill    kills a process that writes to a real directory (a round is a kill) [--dir PLACE]
  full    fills the disk and makes room again [--operations N]
  damage  damages the files of a closed database [--operations N] [--damages N, 0 for every bit]
A failure names its seed; the same programme with that --seed and --rounds 1 replays it.
";

/// Reads the command line.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Args, String> {
    let mut words = words.into_iter().peekable();
    // Options alone are for all programmes.
    let programme = match words.next_if(|word| !word.starts_with("--")).as_deref() {
        Some("power") => Programme::Power,
        Some("faults") => Programme::Faults,
        Some("kill") => Programme::Kill,
        Some("full") => Programme::Full,
        Some("damage") => Programme::Damage,
        Some("threads") => Programme::Threads,
        Some("all") | None => Programme::All,
        Some("kill-child") => Programme::KillChild,
        Some(other) => return Err(format!("unknown programme {other:?}")),
    };
    let mut args = Args {
        programme,
        seed: 1,
        rounds: None,
        minutes: None,
        size: Size::default(),
        dir: None,
        damages: 300,
        number: 0,
    };
    while let Some(option) = words.next() {
        let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
        match option.as_str() {
            "--seed" => args.seed = number(&option, &value)?,
            "--rounds" => args.rounds = Some(number(&option, &value)?),
            "--minutes" => args.minutes = Some(number(&option, &value)?),
            "--operations" => args.size.operations = number(&option, &value)?,
            "--choices" => args.size.choices = number(&option, &value)?,
            "--dir" => args.dir = Some(PathBuf::from(value)),
            "--damages" => args.damages = number(&option, &value)?,
            "--number" => args.number = number(&option, &value)?,
            _ => return Err(format!("unknown option {option}")),
        }
    }
    if args.rounds.is_some() && args.minutes.is_some() {
        return Err("either --rounds or --minutes".to_owned());
    }
    Ok(args)
}

fn number<N: std::str::FromStr>(option: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{option} is {value:?}, expected a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Args, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_command_line_is_read() {
        let args = parsed("power --seed 7 --rounds 3 --choices 16").unwrap();
        assert_eq!((args.programme, args.seed, args.rounds), (Programme::Power, 7, Some(3)));
        assert_eq!(args.size.choices, 16);
        assert_eq!(parsed("").unwrap().programme, Programme::All);
        assert_eq!(parsed("--minutes 1.5").unwrap().minutes, Some(1.5));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parsed("jump").unwrap_err(), "unknown programme \"jump\"");
        assert_eq!(parsed("kill --seed").unwrap_err(), "--seed needs a value");
        assert_eq!(parsed("kill --seed x").unwrap_err(), "--seed is \"x\", expected a number");
        assert_eq!(parsed("kill --speed 1").unwrap_err(), "unknown option --speed");
        assert!(parsed("kill --rounds 1 --minutes 1").is_err());
    }
}
