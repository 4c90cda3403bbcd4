//! A site can do anything: whatever it does, a downloader ends soon, saves the other flags, and says
//! which flag failed and why. A fault of the site is a row in `faults.txt`.

use std::sync::LazyLock;

use libtest_mimic::Trial;

use super::transcript::Transcript;
use crate::Variant;
use crate::sites::fault_server;

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/suites/faults.txt"));

/// Address of the fault server.
pub(super) static SITE: LazyLock<String> = LazyLock::new(fault_server::start);

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let run = |command: &str| variant.run(&command.replace("[FAULTS]", &SITE));
    ROWS.trials("faults", Some(variant.strategy.name()), run)
}
