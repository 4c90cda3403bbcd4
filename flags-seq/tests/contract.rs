//! What every downloader promises, tested on this one. The tests are in
//! flags-testing.

use std::process::ExitCode;

use flags_testing::{Strategy, Variant};

fn main() -> ExitCode {
    let binary = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let folder = env!("CARGO_MANIFEST_DIR");
    flags_testing::main(Variant::new(Strategy::Sequence, binary, folder))
}
