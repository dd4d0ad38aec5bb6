//! Property: whatever a C program passes that the header allows it to pass, the C interface answers
//! with a status that it names: it neither panics nor calls itself broken, reads and writes nothing
//! beyond what it was lent (the address sanitizer looks on), and has given everything back at the
//! end. Handles are good ones; everything else may be wrong: numbers, sizes of structs, offsets,
//! bytes that are no text, NULL.

mod asking;
mod call;
mod columns;
mod indexes;
mod lent;
mod packs;
mod past;
mod regions;
mod streams;
mod table;
mod world;
mod writing;

use crate::input::Input;
use world::World;

/// Plays the bytes as calls.
pub fn check(bytes: &[u8]) {
    let mut input = Input(bytes);
    assert_eq!(call::live(), 0, "the run before gave everything back");
    let mut world = World::open(&mut input);
    while !input.0.is_empty() {
        match input.number(60) {
            0..4 => world.manage(&mut input),
            4..6 => world.name(&mut input),
            6..16 => world.write(&mut input),
            16..20 => world.read(&mut input),
            20..30 => world.ask(&mut input),
            30..34 => world.look_back(&mut input),
            34..36 => world.shape(&mut input),
            36..38 => world.trade(&mut input),
            38..40 => world.sizes(&mut input),
            40..44 => world.stream(&mut input),
            44..51 => world.pack(&mut input),
            51..53 => world.region(&mut input),
            _ => world.index(&mut input),
        }
    }
    world.close();
    assert_eq!(call::live(), 0, "handles that were not freed");
}
