//! Keys whose secret half is published, and who may use them.

use super::key::KeyId;

/// Published keys by fingerprint, and where their secret half can be read.
///
/// The keys of `keys/` are seeded by a published sentence, those of RFC 8032 stand in its section 7.1.
const DENIED: [(&str, &str); 10] = [
    ("1252214e426b09b1522a3f27b6e3e97d7977e7e9ce7b6ff99b6b89ad461137ac", "keys/issuer.test.key.pem"),
    ("96f50b9682125306b94ab3515d075531acf6d069e017757f96c3719229bb0087", "keys/second-issuer.test.key.pem"),
    ("3f4e72ce8f17098060676acfe3a880c447446b7550746fbd4afd83a129d71acf", "keys/recipient.test.key.pem"),
    ("857c9c9e97d6bb070fd1d466637555091fea285972f1b33b2235f6adb0116245", "keys/witness.test.key.pem"),
    ("329a0e6a68b23dc403705667312f6d0485eea649a317dba617fd5f87c37b806c", "keys/demo.test.key.pem"),
    ("06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9", "RFC 8032, TEST 1"),
    ("deb2ded39dc26fce0e6085b6fc34bf6b5941913bbfe2ea614113cff9e004c170", "RFC 8032, TEST 2"),
    ("8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5", "RFC 8032, TEST 3"),
    ("e4f982b51ad0bdd87be820b259fe80337ef636e72b9fa7a8867a6949eb610fd6", "RFC 8032, TEST 1024"),
    ("e77db4a9572e9f6552c22bc751d5499ad218a73bdf7e15dc6ea0fc69246a44de", "RFC 8032, TEST SHA(abc)"),
];

/// Whether keys with a published secret half may sign and be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestKeys {
    /// In real use: never.
    #[default]
    Refused,
    /// In tests and demonstrations, whose output says so.
    Allowed,
}

/// A key with a published secret half, where those are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key {id} is a published test key ({published}): anybody can sign with it", id = id.short())]
pub struct TestKeyError {
    /// The key.
    pub id: KeyId,
    /// Where its secret half can be read.
    pub published: &'static str,
}

/// Where the secret half of a key is published, if it is known to be.
pub fn denied(id: &KeyId) -> Option<&'static str> {
    let id = id.to_string();
    DENIED.iter().find(|(denied, _)| *denied == id).map(|(_, published)| *published)
}

impl TestKeys {
    /// Refuses a published key unless those are allowed.
    pub fn check(self, id: &KeyId) -> Result<(), TestKeyError> {
        match (self, denied(id)) {
            (Self::Refused, Some(published)) => Err(TestKeyError { id: *id, published }),
            _ => Ok(()),
        }
    }
}
