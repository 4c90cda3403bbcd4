//! What every flag downloader promises, as tables of tests, and the sites to test it with.
//!
//! A downloader has one integration test, `tests/contract.rs`, which passes its binary to [`main`].
//! `suites/mod.rs` says where a new test goes, and [`update`] how to rewrite what tests generate. The tests
//! and the benchmark of `flags-cli` use the rest.

pub mod cargo;
mod files;
pub mod http;
pub mod markdown;
mod process;
#[cfg(unix)]
pub mod pty;
pub mod sites;
mod suites;
pub mod update;
mod variant;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

pub use crate::files::{codes_in_order, is_flag, saved_files};
pub use crate::process::{Run, Running};
pub use crate::suites::transcript::Transcript;
pub use crate::variant::{Strategy, Variant, all_variants};

/// Runs every suite on the downloader with this binary (`CARGO_BIN_EXE_…`). The command line is that of
/// libtest; `--ignored` runs the tests that take long.
pub fn main(strategy: Strategy, binary: &str) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(32); // a downloader waits more than it works
    let variant: &'static Variant = Box::leak(Box::new(Variant { strategy, path: binary.into() }));
    libtest_mimic::run(&arguments, suites::trials(variant)).exit_code()
}

/// A test, named `suite::test`.
pub fn trial(suite: &str, test: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(format!("{suite}::{test}"), || {
        run();
        Ok(())
    })
}
