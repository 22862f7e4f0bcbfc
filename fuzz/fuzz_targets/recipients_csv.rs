//! Recipient lists: every row that is read is fit to be registered, every refusal names a line.
#![no_main]

use dyetrace::registry::recipient::parse_csv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match parse_csv(bytes) {
    Ok(list) => {
        for (line, row) in list.rows {
            assert!(line >= 1);
            assert_eq!(row.checked(), Ok(row));
        }
    }
    Err(error) => assert!(error.problems.iter().all(|problem| problem.line >= 1)),
});
