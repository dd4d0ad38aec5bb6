//! Frames come back to the last bit, stay as short as promised, and are bound to their place.

use super::*;
use proptest::prelude::*;

const SEEDS_SALT: u64 = 0x5eed;

fn seeds() -> Seeds {
    Seeds::new(SEEDS_SALT)
}

fn bits(change: &Change<'_>) -> String {
    match change {
        Change::Move { position: p, .. } => {
            format!("{change:?} {:?}", [p.x.to_bits(), p.y.to_bits(), p.z.to_bits()])
        }
        other => format!("{other:?}"),
    }
}

/// Encodes, decodes, compares to the last bit; the length of the frame.
fn round_trip(change: &Change<'_>, seq: u64, base_us: i64) -> usize {
    let mut bytes = vec![0xaa; 3];
    encode(change, seeds(), seq, base_us, &mut bytes);
    let len = bytes.len() - 3;
    bytes.extend_from_slice(&[0x55; 2]);
    match decode(&bytes[3..], seeds(), seq, 99, base_us) {
        Ok((Frame::Change(found), used)) => {
            assert_eq!((bits(&found), used), (bits(change), len));
        }
        other => panic!("{other:?}"),
    }
    for cut in 0..len {
        assert!(decode(&bytes[3..3 + cut], seeds(), seq, 99, base_us).is_err());
    }
    len
}

fn any_f64() -> impl Strategy<Value = f64> {
    prop_oneof![any::<u64>().prop_map(f64::from_bits), Just(0.0), Just(-0.0), -180.0..180.0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn a_move_comes_back_to_the_last_bit(
        handle: u64,
        times in any::<(i64, i64, Option<i64>)>(),
        (x, y, z) in (any_f64(), any_f64(), any_f64()),
        payload in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..300)),
        seq: u64,
    ) {
        let (time_us, base_us, expires_us) = times;
        let (position, payload) = (Point { x, y, z }, payload.as_deref());
        let change = Change::Move { handle, time_us, position, expires_us, payload };
        round_trip(&change, seq, base_us);
    }

    #[test]
    fn the_other_changes_come_back(
        handle: u64,
        name in "\\PC{0,60}",
        ttl_us: Option<i64>,
        (history, cartesian, number) in any::<(bool, bool, u32)>(),
        (time_us, base_us, seq) in any::<(i64, i64, u64)>(),
    ) {
        let space = if cartesian { Space::Cartesian } else { Space::Geographic };
        let settings = NamespaceSettings { space, ttl_us, history };
        for change in [
            Change::Namespace { number, name: &name, settings },
            Change::Define { handle, id: &name },
            Change::Delete { handle, time_us },
            Change::Expire { handle, time_us },
        ] {
            round_trip(&change, seq, base_us);
        }
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(
        bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0u8..24], 0..80),
    ) {
        let _ = decode(&bytes, seeds(), 1, 64, 0);
        // Bodies behind a right checksum, which a decoder may trust least of all.
        if let Some((&kind, body)) = bytes.split_first() {
            let mut frame = Vec::new();
            let seed = match is_numbered(kind) {
                true => seeds().of_seq(1),
                false => seeds().of_place(64),
            };
            put_frame(&[kind], body, seed, &mut frame);
            if let Ok((_, len)) = decode(&frame, seeds(), 1, 64, 0) {
                prop_assert_eq!(len, frame.len());
            }
        }
    }
}

#[test]
fn sizes_are_as_promised() {
    let base_us = 1_700_000_000_000_000;
    let at = |z: f64, index: u64, seconds: i64| Change::Move {
        handle: 1 << 32 | index,
        time_us: base_us + seconds * 1_000_000,
        position: Point { x: 8.5, y: 47.4, z },
        expires_us: None,
        payload: None,
    };
    // A hundred thousand objects, and an hour after the segment began.
    assert_eq!(round_trip(&at(0.0, 100_000, 3_600), 7, base_us), 30);
    assert_eq!(round_trip(&at(420.0, 100_000, 3_600), 7, base_us), 38);
    // Ten million objects, and a month.
    assert_eq!(round_trip(&at(0.0, 10_000_000, 2_600_000), 7, base_us), 33);
    assert_eq!(round_trip(&at(420.0, 10_000_000, 2_600_000), 7, base_us), 41);
}

#[test]
fn a_frame_is_bound_to_its_file_number_and_place() {
    let mut bytes = Vec::new();
    let change = Change::Expire { handle: 1 << 32, time_us: 5 };
    encode(&change, seeds(), 7, 0, &mut bytes);
    assert!(decode(&bytes, seeds(), 7, 64, 0).is_ok());
    assert!(decode(&bytes, seeds(), 8, 64, 0).is_err());
    assert!(decode(&bytes, Seeds::new(SEEDS_SALT + 1), 7, 64, 0).is_err());
    let mark = encode_mark(Mark { seq: 7, durable_bytes: 64 }, seeds(), 640);
    assert!(decode(&mark, seeds(), 0, 640, 0).is_ok());
    assert!(decode(&mark, seeds(), 0, 641, 0).is_err());
    let mut seal = Vec::new();
    encode_seal(Seal { next_seq: 7 }, seeds(), 640, &mut seal);
    assert!(decode(&seal, seeds(), 0, 640, 0).is_ok());
    assert!(decode(&seal, seeds(), 0, 641, 0).is_err());
}

#[test]
fn a_length_is_bounded_before_anything_is_read() {
    let mut bytes = Vec::new();
    put_varint(&mut bytes, FRAME_BYTES_MAX as u64 + 1);
    bytes.resize(FRAME_BYTES_MAX + 100, 1);
    let flaw = decode(&bytes, seeds(), 1, 64, 0).unwrap_err();
    assert_eq!(flaw, Flaw::Bad("the length is beyond the limit"));
    let flaw = decode(&[0xff; 12], seeds(), 1, 64, 0).unwrap_err();
    assert_eq!(flaw, Flaw::Bad("the length is cut off"));
    assert_eq!(decode(&[0], seeds(), 1, 64, 0), Err(Flaw::Bad("the length is zero")));
}
