//! The other implementation, asked for what our types say.

use packed_spatial_index::{Box2D, Box3D, Index2DBuilder, Index3DBuilder};
use spatio::packed::{BoxN, Form, Items, Payloads, Precision};

pub fn box2(bounds: &BoxN<2>) -> Box2D {
    Box2D::new(bounds.min[0], bounds.min[1], bounds.max[0], bounds.max[1])
}

pub fn box3(bounds: &BoxN<3>) -> Box3D {
    let (min, max) = (bounds.min, bounds.max);
    Box3D::new(min[0], min[1], min[2], max[0], max[1], max[2])
}

/// The file of an index of any of their types.
macro_rules! serialized {
    ($index:expr, $items:expr, $form:expr) => {{
        let (index, items) = ($index.expect("the input is sound"), $items);
        let mut serializer = index.serialize();
        match items.payloads {
            Some(Payloads::Blobs(blobs)) => serializer = serializer.payloads(blobs),
            Some(Payloads::Records { stride, bytes }) => {
                serializer = serializer.records(stride as usize, bytes);
            }
            None => {}
        }
        if let Some(bytes) = items.prefix_bytes {
            serializer = serializer.payload_prefix_len(bytes);
        }
        if let Some(text) = items.metadata.crs {
            serializer = serializer.crs(text);
        }
        if let Some(text) = items.metadata.content_type {
            serializer = serializer.content_type(text);
        }
        if let Some(text) = items.metadata.attribution {
            serializer = serializer.attribution(text);
        }
        if $form.interleaved {
            serializer = serializer.interleaved();
        }
        serializer.to_bytes().expect("the payloads are sound")
    }};
}

macro_rules! writer {
    ($name:ident, $dimensions:literal, $builder:ident, $bounds:ident) => {
        /// What they write.
        pub fn $name(items: &Items<'_, $dimensions>, form: Form) -> Vec<u8> {
            let mut builder = $builder::new(items.boxes.len()).node_size(form.node_size.into());
            if let Some(values) = items.scalars {
                builder = builder.aggregate_scalar(values);
            }
            if let Some(masks) = items.masks {
                builder = builder.aggregate_mask(masks);
            }
            for bounds in items.boxes {
                builder.add($bounds(bounds));
            }
            match form.precision {
                Precision::Double => serialized!(builder.finish(), items, form),
                Precision::Single => serialized!(builder.finish_f32(), items, form),
            }
        }
    };
}

writer!(write2, 2, Index2DBuilder, box2);
writer!(write3, 3, Index3DBuilder, box3);
