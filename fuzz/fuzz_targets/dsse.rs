//! An envelope that is read is written in one form, which reads as the same envelope.
#![no_main]

use dyetrace::trust::dsse::Envelope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::parse(bytes) {
        let line = envelope.to_line().unwrap();
        assert_eq!(Envelope::parse(&line).unwrap(), envelope);
    }
});
