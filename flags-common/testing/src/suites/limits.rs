//! The system limits what a process may do.

use libtest_mimic::Trial;

use super::shell::start_after;
use crate::{Variant, saved_files};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "limits",
        [
            open_files_limit_the_requests_in_flight,
            too_few_open_files_are_an_error,
            file_size_limit_is_the_cause,
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

/// Without a handler, the signal that announces it would kill the program.
fn file_size_limit_is_the_cause(variant: &Variant) {
    let run = start_after(variant, "ulimit -f 0", &["CN", "US"]).finish();
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    let cause = "2 flags failed: cannot save in downloaded: File too large (os error 27)";
    assert_eq!(run.stderr.lines().nth(2), Some(cause), "{}", run.stderr);
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
