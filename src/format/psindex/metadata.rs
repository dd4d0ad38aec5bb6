//! The chunk META: what a file says about itself in words.
//!
//! Owns: its fields, each way. Invariants: it is text; of a field that occurs twice the last
//! counts; unknown fields are skipped.

use super::{corrupt, u16_at, u32_at};
use crate::error::{Error, Result};

/// What a file says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// The coordinate reference system, such as `EPSG:4326`.
    pub crs: Option<&'a str>,
    /// What the payloads are, as a media type.
    pub content_type: Option<&'a str>,
    /// Whose data it is.
    pub attribution: Option<&'a str>,
}

impl<'a> Metadata<'a> {
    /// The chunk; `None` if nothing is said.
    pub(crate) fn encode(&self) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        for (id, field) in (0_u16..).zip([self.crs, self.content_type, self.attribution]) {
            let Some(text) = field else { continue };
            let length = u32::try_from(text.len()).map_err(|_| {
                let message = format!("field {id} of the metadata has {} bytes", text.len());
                Error::invalid("write index", message)
            })?;
            bytes.extend_from_slice(&id.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    pub(crate) fn decode(mut chunk: &'a [u8]) -> Result<Self> {
        let mut metadata = Metadata::default();
        while !chunk.is_empty() {
            let length = u32_at(chunk, 2).and_then(|length| usize::try_from(length).ok());
            let rest = chunk.get(6..).unwrap_or(&[]);
            let parts = length.and_then(|length| rest.split_at_checked(length));
            let (Some(id), Some((text, after))) = (u16_at(chunk, 0), parts) else {
                return Err(corrupt("META ends inside of a field"));
            };
            let Ok(text) = str::from_utf8(text) else {
                return Err(corrupt(format!("field {id} of META is not text")));
            };
            match id {
                0 => metadata.crs = Some(text),
                1 => metadata.content_type = Some(text),
                2 => metadata.attribution = Some(text),
                _ => {}
            }
            chunk = after;
        }
        Ok(metadata)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_stand_in_order_and_the_last_counts() {
        assert_eq!(Metadata::default().encode().unwrap(), None);
        let said = Metadata { crs: Some("EPSG:4326"), attribution: Some(""), content_type: None };
        let mut bytes = said.encode().unwrap().unwrap();
        assert_eq!(bytes, b"\0\0\x09\0\0\0EPSG:4326\x02\0\0\0\0\0");
        assert_eq!(Metadata::decode(&bytes).unwrap(), said);
        bytes.extend_from_slice(b"\x07\0\x01\0\0\0?\0\0\x01\0\0\0x");
        assert_eq!(Metadata::decode(&bytes).unwrap().crs, Some("x"));
        bytes.extend_from_slice(b"\x07\0\x01\0\0\0\xff");
        assert!(Metadata::decode(&bytes).is_err(), "unknown, and no text");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            bytes in proptest::collection::vec(prop_oneof![Just(0u8), 0u8..4, any::<u8>()], 0..40),
        ) {
            let _ = Metadata::decode(&bytes);
        }
    }
}
