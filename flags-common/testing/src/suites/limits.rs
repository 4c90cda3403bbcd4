//! The system allows no more threads. On each downloader, since they start different threads. A test of
//! another limit goes here if a clear error is the promise; what the program does about a limit is not.

use libtest_mimic::Trial;

use crate::{Run, Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(variant, "limits", [without_threads_the_run_ends_with_an_error])
}

/// Runs `variant` with as much memory as the stacks of `threads` threads take.
fn run_with_threads(variant: &Variant, threads: usize) -> Run {
    const STACK: usize = 1 << 30;
    let limit = (threads * STACK + STACK / 2) / 1024;
    let before = format!("export RUST_MIN_STACK={STACK}; ulimit -v {limit}");
    variant.start_after(&before, &["-l", "6"]).finish()
}

fn without_threads_the_run_ends_with_an_error(variant: &Variant) {
    let run = run_with_threads(variant, 0);
    run.assert(1, 0);
    run.assert_says("\nerror: cannot start the background thread: ");
    run.assert_says("\n  The system allows no more threads.\n");

    if variant.strategy == Strategy::ThreadPool {
        let run = run_with_threads(variant, 3);
        run.assert(1, 0);
        run.assert_says("try a smaller -m");
    }
}
