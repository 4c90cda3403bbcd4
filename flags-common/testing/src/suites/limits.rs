//! The system allows no more threads. This runs on each downloader, since each starts different threads.
//! A test of another limit goes here if a clear error is all that the program promises.

use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::{Running, Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "limits",
        [without_threads_the_run_ends_with_an_error, ctrl_c_needs_no_other_thread]
    )
}

/// Starts `variant` with as much memory as the stacks of `threads` threads take.
fn start_with_threads(variant: &Variant, threads: usize, args: &[&str]) -> Running {
    const STACK: usize = 1 << 30;
    let limit = (threads * STACK + STACK / 2) / 1024;
    variant.start_after(&format!("export RUST_MIN_STACK={STACK}; ulimit -v {limit}"), args)
}

fn without_threads_the_run_ends_with_an_error(variant: &Variant) {
    let run = start_with_threads(variant, 0, &["-l", "6"]).finish();
    run.assert(1, 0);
    run.assert_says("\nerror: cannot start the background thread: ");
    run.assert_says("\n  The system allows no more threads.\n");

    if variant.strategy == Strategy::ThreadPool {
        let run = start_with_threads(variant, 3, &["-l", "6"]).finish();
        run.assert(1, 0);
        run.assert_says("try a smaller -m");
    }
}

fn ctrl_c_needs_no_other_thread(variant: &Variant) {
    // The background thread, and the pool's.
    let threads = if variant.strategy == Strategy::ThreadPool { 2 } else { 1 };
    let site = TestSite::with_latency(600_000);
    let args = ["CN", "--timeout", "86400", "--base-url", &site.base_url];
    let mut downloader = start_with_threads(variant, threads, &args);
    downloader.wait_until(|_| site.counters().requests == 1);
    let run = downloader.interrupt();
    run.assert(130, 0);
    run.assert_says("\nInterrupted.\n");
}
