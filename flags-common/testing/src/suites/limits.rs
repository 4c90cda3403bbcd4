//! The system allows no more threads. On each downloader, since they start different threads. A test of
//! another limit goes here if a clear error is the promise; what the program does about a limit is not.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Completion, Trial};

use super::copy_program;
use crate::sites::TestSite;
use crate::{Running, Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "limits",
        [without_threads_the_run_ends_with_an_error, ctrl_c_ends_the_run_without_another_thread,]
    )
}

/// Starts a copy of `variant`, which may have at most `threads` threads. Root is exempt from that
/// limit, and other users have more processes than this one: so it runs as a user without any, and
/// another one than that of a suite which runs at the same time.
fn start_with_threads(variant: &Variant, threads: usize, args: &[&str]) -> Option<Running> {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join(&variant.name);
    copy_program(&variant.path, &program);
    for path in [dir.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let user = format!("--reuid={}", 60_000 + std::process::id() % 5_000);
    let limited = |threads: usize| {
        let mut command = Command::new("setpriv");
        command.args([&user, "--regid=64999", "--clear-groups", "prlimit"]);
        command.arg(format!("--nproc={threads}")).current_dir(dir.path());
        command
    };
    let allowed = limited(1).arg("true").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let mut command = limited(threads);
    command.arg(program).args(args).env_remove("RUST_BACKTRACE");
    Some(Running::start(command, dir))
}

fn without_threads_the_run_ends_with_an_error(variant: &Variant) -> Completion {
    // One test at a time has this user: its processes share the limit.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(run) = start_with_threads(variant, 1, &["-l", "2"]) else { return not_root() };
    let run = run.finish();
    run.assert(1, 0);
    run.assert_says("\nerror: cannot start the background thread: ");
    run.assert_says("\n  The system allows no more threads.\n");

    if variant.strategy == Strategy::ThreadPool {
        let run = start_with_threads(variant, 3, &["-l", "6"]).expect("as before").finish();
        run.assert(1, 0);
        run.assert_says("try a smaller -m");
    }
    Completion::Completed
}

fn ctrl_c_ends_the_run_without_another_thread(variant: &Variant) -> Completion {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // The main thread and the background thread; the pool's, too.
    let threads = if variant.strategy == Strategy::ThreadPool { 3 } else { 2 };
    let site = TestSite::with_latency(600_000);
    let args = ["CN", "--timeout", "86400", "--base-url", &site.base_url];
    let Some(mut downloader) = start_with_threads(variant, threads, &args) else {
        return not_root();
    };
    downloader.wait_until(|| site.counters().requests == 1);
    downloader.signal("INT");
    let run = downloader.finish();
    run.assert(130, 0);
    run.assert_says("\nInterrupted.\n");
    Completion::Completed
}

static ALONE: Mutex<()> = Mutex::new(());

fn not_root() -> Completion {
    Completion::ignored_with("only root may run a program as another user")
}
