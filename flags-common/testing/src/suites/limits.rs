//! The system limits what a process may do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Completion, Trial};

use super::shell::start_after;
use crate::sites::TestSite;
use crate::{Running, Strategy, Variant, is_flag, saved_files};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "limits",
        [
            open_files_limit_the_requests_in_flight,
            too_few_open_files_are_an_error,
            file_size_limit_is_the_cause,
            without_threads_the_run_ends_with_an_error,
            ctrl_c_ends_the_run_without_another_thread,
            nohup_is_respected,
        ]
    )
}

fn open_files_limit_the_requests_in_flight(variant: &Variant) {
    let run = start_after(variant, "ulimit -n 64", &["-a", "-m", "100", "--latency", "5"]).finish();
    assert_eq!((run.status, run.files().len()), (0, 194), "{}", run.stderr);
    let note = "Note: more are not possible, since the system allows only 64 open files.";
    assert_eq!(run.stderr.lines().nth(2), Some(note), "{}", run.stderr);
}

fn too_few_open_files_are_an_error(variant: &Variant) {
    for limit in [10, 14] {
        let run = start_after(variant, &format!("ulimit -n {limit}"), &["CN"]).finish();
        assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
        assert!(run.stderr.contains("open files"), "{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
}

/// A limit that some flags exceed. Without a handler, the signal that announces it would kill the
/// program.
fn file_size_limit_is_the_cause(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("prlimit");
    command.args(["--fsize=512"]).arg(&variant.path).arg("--latency=0").current_dir(dir.path());
    let run = Running::start(command, dir).finish();
    assert_eq!(run.status, 1, "{}", run.stderr);
    let cause = " failed: cannot save in downloaded: File too large (os error 27)";
    let failed = run.stderr.lines().find(|line| line.ends_with(cause)).expect(&run.stderr);
    let failed: usize = failed.split(' ').next().unwrap().parse().unwrap();
    assert!((1..20).contains(&failed), "{failed}");
    let flags = run.files();
    assert_eq!(flags.len(), 20 - failed, "no temporary file stays: {flags:?}");
    assert!(flags.iter().all(|flag| is_flag(&run.dir.path().join("downloaded").join(flag))));
}

/// Starts a copy of `variant`, which may have at most `threads` threads. Root is exempt from that
/// limit, and other users have more processes than this one: so it runs as a user without any.
fn start_with_threads(variant: &Variant, threads: usize, args: &[&str]) -> Option<Running> {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join(&variant.name);
    fs::copy(&variant.path, &program).unwrap();
    for path in [dir.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=64999", "--regid=64999", "--clear-groups", "prlimit"]);
    command.arg(format!("--nproc={threads}")).current_dir(dir.path());
    let probe = ["--reuid=64999", "--clear-groups", "prlimit", "--nproc=1", "true"];
    let allowed = Command::new("setpriv").args(probe).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return None;
    }
    command.arg(program).args(args).env_remove("RUST_BACKTRACE");
    Some(Running::start(command, dir))
}

fn without_threads_the_run_ends_with_an_error(variant: &Variant) -> Completion {
    // One test at a time has this user: its processes share the limit.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(run) = start_with_threads(variant, 1, &["-l", "2"]) else { return not_root() };
    let run = run.finish();
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    assert!(run.stderr.contains("\nerror: cannot start the background thread: "), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n  The system allows no more threads.\n"), "{}", run.stderr);

    if variant.strategy == Strategy::ThreadPool {
        let run = start_with_threads(variant, 3, &["-l", "6"]).expect("as before").finish();
        assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
        let errors: Vec<_> =
            run.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors, ["error: the system allows no more threads: try a smaller -m"]);
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
    assert_eq!((run.status, run.files().len()), (130, 0), "{}", run.stderr);
    assert_eq!(run.stderr.lines().last(), Some("Interrupted."));
    Completion::Completed
}

static ALONE: Mutex<()> = Mutex::new(());

fn not_root() -> Completion {
    Completion::ignored_with("only root may run a program as another user")
}

fn nohup_is_respected(variant: &Variant) {
    let args = ["--all", "-m", "8", "--latency", "10"];
    let mut downloader = start_after(variant, "trap '' HUP", &args);
    let dir = downloader.dir.path().to_owned();
    downloader.wait_until(|| saved_files(&dir).len() >= 3);
    downloader.signal("HUP");
    let run = downloader.finish();
    assert_eq!((run.status, run.files().len()), (0, 194), "{}", run.stderr);
}
