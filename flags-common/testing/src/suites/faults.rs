//! A site can do anything: whatever it does, a downloader ends soon, in little memory, saves the other
//! flags, and says which flag failed and why. A fault of the site is a row in `faults.txt`. A test goes
//! here if several faults meet, or if the site is not to blame.

use std::sync::LazyLock;

use libtest_mimic::Trial;

use super::contract::start;
use super::transcript::Transcript;
use crate::sites::fault_server;
use crate::{Run, Strategy, Variant, finish};

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/suites/faults.txt"));

/// Address of the fault server.
static SITE: LazyLock<String> = LazyLock::new(fault_server::start);

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "faults",
        [each_failure_has_its_own_cause, unknown_name_is_an_error, proxies_are_not_used]
    );
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

fn each_failure_has_its_own_cause(variant: &Variant) {
    let (closed, timeout) = match variant.strategy {
        Strategy::Async => ("error sending request: client error", "error sending request: oper"),
        _ => ("io: Peer disconnected", "timeout: receive response"),
    };
    let site = format!("http://{}/mixed", *SITE);
    let run = variant.run(&["--timeout", "2", "--base-url", &site]);
    run.assert(1, 15);
    let lines: Vec<_> = run.stderr.lines().skip(2).collect();
    let causes = lines.iter().filter(|line| line.starts_with("1 flag "));
    assert_eq!(causes.count(), 5, "{run}");
    for (codes, cause) in [
        ("DE", "not found"),
        ("EG", "failed: HTTP status 500 Internal Server Error"),
        ("FR", "failed: not a complete GIF image"),
        ("IN", &format!("failed: {closed}")),
        ("IR", &format!("failed: {timeout}")),
    ] {
        let at = lines.iter().position(|line| line.trim() == codes);
        let failure = lines[at.unwrap_or_else(|| panic!("no {codes}\n{run}")) - 1];
        assert!(failure.starts_with(&format!("1 flag {cause}")), "{codes}\n{run}");
    }
}

/// The resolver's own words follow.
fn unknown_name_is_an_error(variant: &Variant) {
    let run = variant.run(&["CN", "--base-url", "http://no-such-host.invalid/"]);
    run.assert(1, 0);
    run.assert_says("failed to lookup address information");
    run.assert_says("\n  Is the host name right, and is there a network?");
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
