//! Key files: whatever is read is written and read again as the same key.
//!
//! No passphrase is given, so that no time goes into key derivation.
#![no_main]

use dyetrace::trust::key::needs_passphrase;
use dyetrace::trust::{PublicKey, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = SecretKey::from_pem(text, None) {
        assert_eq!(SecretKey::from_pem(&key.to_pem().unwrap(), None).unwrap().id(), key.id());
        assert!(!needs_passphrase(text));
    }
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key));
    }
});
