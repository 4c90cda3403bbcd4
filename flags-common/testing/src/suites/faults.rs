//! A site can do anything: whatever it does, a downloader ends soon, in little memory, saves the other
//! flags, and says which flag failed and why. A fault of the site is a row in `faults.txt`. A test goes
//! here if the site is not to blame.

use std::sync::LazyLock;

use libtest_mimic::Trial;

use super::contract::start;
use super::transcript::Transcript;
use crate::sites::fault_server;
use crate::{Run, Variant, finish};

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/suites/faults.txt"));

/// Address of the fault server.
static SITE: LazyLock<String> = LazyLock::new(fault_server::start);

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(variant, "faults", [proxies_are_not_used]);
    let run = |command: &str| run(variant, command);
    trials.extend(ROWS.trials("faults", Some(variant.strategy.name()), run));
    trials
}

fn run(variant: &Variant, command: &str) -> Run {
    let mut downloader = start(variant, &command.replace("[FAULTS]", &SITE));
    let memory = downloader.peak_memory();
    let run = downloader.finish();
    assert!(memory.is_none_or(|kib| kib < 64 * 1024), "{memory:?} KiB of memory\n{run}");
    run
}

fn proxies_are_not_used(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = variant.command(dir.path());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:1").env(name.to_lowercase(), "http://127.0.0.1:1");
    }
    command.args(["CN", "US"]);
    let run = finish(command, dir);
    run.assert(0, 2);
}
