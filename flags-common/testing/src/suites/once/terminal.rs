//! What a person at a terminal sees while flags arrive, and what becomes of the run if the terminal is
//! closed. A test of the progress bar, or of anything else that a pipe does not show, goes here.

use flags_common::ALL_CC;
use libtest_mimic::Trial;

use crate::pty::OnTerminal;
use crate::sites::gate::Gate;
use crate::suites::shell::start_after;
use crate::{Variant, saved_files};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "terminal",
        [progress_is_up_to_date_in_a_stall, run_started_with_sighup_ignored_goes_on,]
    )
}

/// The gate answers a burst, then no more. The bar draws at most 20 times a second, so the last of the
/// burst would not show if nothing redrew it.
fn progress_is_up_to_date_in_a_stall(variant: &Variant) {
    let in_flight = variant.strategy.in_flight(20);
    let (base_url, gate) = Gate::stalling(in_flight, ALL_CC.len(), 20);
    let args = ["-a", "-m", "20", "--timeout", "60", "--base-url", &base_url];
    let mut downloader = OnTerminal::start(variant, 24, &args);
    downloader.wait_until(|output| output.contains("20/194"));
    let output = downloader.output();
    let last_line =
        output.rsplit("\x1b[2K").find(|line| line.contains("AD")).expect("a line of codes");
    let shown = ALL_CC.iter().filter(|cc| last_line.contains(cc.as_str())).count();
    assert_eq!(shown, 20, "{output:?}");
    assert_eq!(gate.seen().answered, 20);
    downloader.kill();
}

/// As with `nohup`, when the terminal is closed.
fn run_started_with_sighup_ignored_goes_on(variant: &Variant) {
    let args = ["--all", "-m", "8", "--latency", "10"];
    let mut downloader = start_after(variant, "trap '' HUP", &args);
    let dir = downloader.dir.path().to_owned();
    downloader.wait_until(|| saved_files(&dir).len() >= 3);
    downloader.signal("HUP");
    let run = downloader.finish();
    run.assert(0, 194);
}
