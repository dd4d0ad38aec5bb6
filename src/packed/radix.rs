//! Sorting by whole numbers, digit by digit: stable, and without comparing.
//!
//! Owns: the sort of 32-bit keys with their ids in one word, and that of longer keys beside their
//! ids. Invariants: records with equal keys keep their order; a digit that is the same everywhere
//! costs nothing; the caller's scratch is grown to the size of the input and kept.

/// Records below this count are sorted by comparing; counting digits would cost more.
const FEW: usize = 256;

/// How often each value of a digit occurs, and then where its records go.
type Counts = [u32; 256];

/// Sorts records `key << 32 | id` by key, stably. At most `u32::MAX` of them.
pub(crate) fn sort_by_key(records: &mut Vec<u64>, scratch: &mut Vec<u64>) {
    sort_by_digits::<4>(records, scratch);
}

/// Sorts records `key << 32 | id` by the lowest `bits` bits of the key, stably.
pub(crate) fn sort_by_low_bits(records: &mut Vec<u64>, bits: u32, scratch: &mut Vec<u64>) {
    match bits.div_ceil(8) {
        0 => {}
        1 => sort_by_digits::<1>(records, scratch),
        2 => sort_by_digits::<2>(records, scratch),
        3 => sort_by_digits::<3>(records, scratch),
        _ => sort_by_digits::<4>(records, scratch),
    }
}

/// Sorts by the lowest digits of the key; the others are all the same.
fn sort_by_digits<const DIGITS: usize>(records: &mut Vec<u64>, scratch: &mut Vec<u64>) {
    if records.len() < FEW {
        records.sort_by_key(|record| record >> 32);
        return;
    }
    let mut counts = [[0; 256]; DIGITS];
    for &record in records.iter() {
        for (digit, counts) in counts.iter_mut().enumerate() {
            counts[byte(record, 32 + 8 * digit)] += 1;
        }
    }
    scratch.resize(records.len(), 0);
    for (digit, counts) in counts.iter_mut().enumerate() {
        if !become_places(counts) {
            continue;
        }
        for &record in records.iter() {
            let place = &mut counts[byte(record, 32 + 8 * digit)];
            scratch[*place as usize] = record;
            *place += 1;
        }
        std::mem::swap(records, scratch);
    }
}

/// Sorts keys of up to 48 bits and with them their ids, stably. At most `u32::MAX` of them, and as
/// many ids as keys.
pub(crate) fn sort_by_wide_key(
    keys: &mut Vec<u64>,
    ids: &mut Vec<u32>,
    key_scratch: &mut Vec<u64>,
    id_scratch: &mut Vec<u32>,
) {
    let count = keys.len().min(ids.len());
    let mut counts = [[0; 256]; 6];
    for &key in keys.iter() {
        for (digit, counts) in counts.iter_mut().enumerate() {
            counts[byte(key, 8 * digit)] += 1;
        }
    }
    key_scratch.resize(count, 0);
    id_scratch.resize(count, 0);
    for (digit, counts) in counts.iter_mut().enumerate() {
        if !become_places(counts) {
            continue;
        }
        // Cut to one length, so that one check serves both.
        let (key_places, id_places) = (&mut key_scratch[..count], &mut id_scratch[..count]);
        for (&key, &id) in keys.iter().zip(ids.iter()) {
            let place = &mut counts[byte(key, 8 * digit)];
            key_places[*place as usize] = key;
            id_places[*place as usize] = id;
            *place += 1;
        }
        std::mem::swap(keys, key_scratch);
        std::mem::swap(ids, id_scratch);
    }
}

/// Eight bits of a key.
#[inline(always)]
fn byte(key: u64, shift: usize) -> usize {
    ((key >> shift) & 255) as usize
}

/// Turns counts into the first place of each value; false if all records have the same value, so
/// that there is nothing to do.
fn become_places(counts: &mut Counts) -> bool {
    let (mut place, mut values) = (0_u32, 0);
    for count in counts {
        values += u32::from(*count > 0);
        (*count, place) = (place, place + *count);
    }
    values > 1
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Keys that repeat, that share digits, or that are anything.
    fn keys() -> impl Strategy<Value = Vec<u64>> {
        let mask = prop_oneof![
            Just(0xffff_ffff_ffff_u64),
            Just(0xff00_00ff_0000),
            Just(0xff00),
            Just(3),
            Just(0)
        ];
        let keys = proptest::collection::vec(any::<u64>(), 0..2000);
        (mask, keys).prop_map(|(mask, keys)| keys.into_iter().map(|key| key & mask).collect())
    }

    proptest! {
        #[test]
        fn words_come_out_as_a_stable_sort_has_them(keys in keys()) {
            let word = |(id, key): (usize, &u64)| (key & 0xffff_ffff) << 32 | id as u64;
            let mut records: Vec<u64> = keys.iter().enumerate().map(word).collect();
            let mut expected = records.clone();
            expected.sort_by_key(|record| record >> 32);
            sort_by_key(&mut records, &mut Vec::new());
            prop_assert_eq!(records, expected);
        }

        #[test]
        fn wide_keys_come_out_as_a_stable_sort_has_them(keys in keys()) {
            let mut expected: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
            expected.sort_by_key(|(key, _)| *key);
            let (mut keys, mut ids) = (keys.clone(), (0..keys.len() as u32).collect());
            sort_by_wide_key(&mut keys, &mut ids, &mut vec![1, 2, 3], &mut Vec::new());
            let found: Vec<(u64, u32)> = keys.into_iter().zip(ids).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
