//! What every downloader promises, tested on this one. The tests are in
//! flags-testing.

use std::process::ExitCode;

use flags_testing::Strategy;

fn main() -> ExitCode {
    let binary = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    flags_testing::main(Strategy::Async, binary)
}
