//! Files that tests generate: transcripts, the context of patches, pages, pictures. This command
//! writes those that are out of date:
//!
//! ```text
//! UPDATE=1 cargo test                     # those of the tests that take long: UPDATE=1 cargo test -- --ignored
//! ```

use std::env;
use std::fs;
use std::path::Path;

/// What to do about a file that is out of date.
pub const HINT: &str = "If that is right, this writes it: UPDATE=1 cargo test (with `-- --ignored` \
                        if this test takes long)";

/// Whether files that are out of date are written.
pub fn is_wanted() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Checks that the file at `path` has this text, or writes it if that is wanted.
#[track_caller]
pub fn check(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    assert!(is_wanted(), "{} is out of date. {HINT}", path.display());
    fs::write(path, text).expect("a writable file");
}
