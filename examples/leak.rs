//! The text of leaked files as the tracer reads it, without text recognition: `cargo run --example leak -- FILE…`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for measurements")]

use std::time::Duration;

use dyetrace::leak::Leak;

fn main() {
    for path in std::env::args().skip(1) {
        let read = std::fs::read(&path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                Leak::open(path.clone(), bytes, Duration::from_mins(1)).map_err(|error| error.to_string())
            })
            .and_then(|leak| {
                let pictures = leak.pictures();
                leak.read(None).map(|fragment| (fragment, pictures)).map_err(|error| error.to_string())
            });
        match read {
            Ok((fragment, pictures)) => {
                eprintln!("{path}: {}, {pictures} pictures", fragment.origin().method);
                println!("{}", fragment.raw());
            }
            Err(error) => eprintln!("{path}: error: {error}"),
        }
    }
}
