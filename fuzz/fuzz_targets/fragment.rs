//! Any bytes are a fragment or a clear refusal, and folding keeps its promises.
#![no_main]

use dyetrace::leak::Fragment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(fragment) = Fragment::read("fuzz", bytes) else { return };
    let mut last = 0;
    for folded in fragment.chars() {
        assert!(folded.start < folded.end && folded.start >= last);
        assert!(fragment.raw().get(folded.start as usize..folded.end as usize).is_some());
        last = folded.start;
    }
    let once: String = fragment.chars().iter().map(|folded| folded.char).collect();
    let twice = Fragment::from_text("fuzz", once.as_str());
    assert!(twice.chars().iter().map(|folded| folded.char).eq(once.chars()));
});
