//! A statement that is read is written in one form, which reads as the same statement.
#![no_main]

use dyetrace::trust::record::Issue;
use dyetrace::trust::statement::Statement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::<Issue>::from_payload(bytes) {
        let payload = statement.to_payload().unwrap();
        assert_eq!(Statement::<Issue>::from_payload(&payload).unwrap(), statement);
    }
});
