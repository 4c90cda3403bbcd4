//! What every downloader promises, tested on this one. The tests are in flags-testing.

use std::process::ExitCode;

use flags_testing::{Strategy, Variant};

fn main() -> ExitCode {
    let binary = env!("CARGO_BIN_EXE_flags-async");
    flags_testing::main(Variant::new(Strategy::Async, binary, env!("CARGO_MANIFEST_DIR")))
}
