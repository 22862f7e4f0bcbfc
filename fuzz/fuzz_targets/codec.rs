//! State that is read would be written as the very same bytes.
#![no_main]

use dyetrace::registry::codec::{decode_item, encode_item};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(item) = decode_item(bytes) {
        assert_eq!(encode_item(&item).unwrap().as_slice(), bytes);
    }
});
