//! The guard of the interface is itself tried: on headers with a change planted in them.

use super::abi::{Change, Interface};
use super::header;
use crate::checks::{Checks, ensure};

/// A change of the header's text, and what must be found.
struct Plant {
    name: &'static str,
    about: &'static str,
    from: &'static str,
    to: &'static str,
    expected: Change,
}

const PLANTS: [Plant; 7] = [
    Plant {
        name: "nothing",
        about: "the same interface is the same",
        from: "",
        to: "",
        expected: Change::Same,
    },
    Plant {
        name: "function-lost",
        about: "a function that is gone is reported",
        from: "uint64_t spatio_live_handles(void);",
        to: "",
        expected: Change::Break,
    },
    Plant {
        name: "function-new",
        about: "a function that is new is told from a break",
        from: "uint64_t spatio_live_handles(void);",
        to: "uint64_t spatio_live_handles(void); int32_t spatio_planted(int32_t number);",
        expected: Change::Addition,
    },
    Plant {
        name: "parameter",
        about: "a parameter of another type is reported",
        from: "spatio_status_name(spatio_status ",
        to: "spatio_status_name(int64_t ",
        expected: Change::Break,
    },
    Plant {
        name: "result",
        about: "a result of another type is reported",
        from: "uint64_t spatio_live_handles(void);",
        to: "uint32_t spatio_live_handles(void);",
        expected: Change::Break,
    },
    Plant {
        name: "field-inside",
        about: "a field between others is reported",
        from: "spatio_status code;",
        to: "spatio_status code; uint64_t planted;",
        expected: Change::Break,
    },
    Plant {
        name: "field-width",
        about: "a field of another width is reported",
        from: "spatio_status code;",
        to: "int64_t code;",
        expected: Change::Break,
    },
];

pub(crate) fn check(checks: &mut Checks, interface: &Interface<'_>) {
    for plant in &PLANTS {
        checks.take(plant.about, find(interface, plant));
    }
}

/// Compares with the committed interface what the header would be with the plant.
fn find(interface: &Interface<'_>, plant: &Plant) -> Result<(), String> {
    let text = header::preprocessed(interface.workspace)?;
    ensure(text.contains(plant.from), || format!("the header has no {:?} any more", plant.from))?;
    let planted = if plant.from.is_empty() { text } else { text.replace(plant.from, plant.to) };
    let (change, report) = interface.compare(&planted, plant.name)?;
    ensure(change == plant.expected, || {
        format!("{change:?} was found and not {:?}:\n{report}", plant.expected)
    })
}
