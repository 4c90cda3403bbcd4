//! The disk fails, or the folder is not what one would expect. (The contract covers a folder that
//! does not exist, or is a file.)

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use libtest_mimic::{Completion, Trial};

#[cfg(target_os = "linux")]
use super::shell::run_unshared;
use super::shell::start_after;
use crate::{Run, Variant, is_flag};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "destination",
        [
            existing_directory_is_not_replaced,
            symbolic_link_is_replaced_but_not_its_target,
            full_disk_is_the_cause,
            read_only_disk_is_the_cause,
            missing_permission_is_the_cause,
            umask_decides_who_may_read_a_flag,
        ]
    )
}

fn existing_directory_is_not_replaced(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("downloaded/CN.gif")).unwrap();
    let run = variant.run_in(dir, &["CN", "US"]);
    assert_eq!((run.status, run.files()), (1, vec!["CN.gif".to_owned(), "US.gif".to_owned()]));
    assert_cause(&run, "1 flag failed: cannot save in downloaded: Is a directory (os error 21)");
    assert!(is_flag(&run.dir.path().join("downloaded/US.gif")));
}

/// Checks the first line about a failure.
fn assert_cause(run: &Run, expected: &str) {
    assert_eq!(run.stderr.lines().nth(2), Some(expected), "{}", run.stderr);
}

fn symbolic_link_is_replaced_but_not_its_target(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let (target, link) = (dir.path().join("mine"), dir.path().join("downloaded/CN.gif"));
    fs::create_dir(dir.path().join("downloaded")).unwrap();
    fs::write(&target, "mine").unwrap();
    symlink(&target, &link).unwrap();
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(fs::read_to_string(target).unwrap(), "mine");
    assert!(!link.is_symlink() && is_flag(&link), "replaced by the flag");
}

/// Runs `variant` with a new file system, mounted with `options`, as the folder `disk`, and copies its
/// files to where [`Run::files`] looks. `None` if the system does not permit mounting.
#[cfg(target_os = "linux")]
fn run_on_disk(variant: &Variant, options: &str) -> Option<Run> {
    let before = format!("mkdir disk && mount -t tmpfs -o {options} tmpfs disk");
    let args = ["--latency", "0", "--dest-dir", "disk"];
    run_unshared(variant, &[], (&before, "cp -R disk downloaded"), &args)
}

#[cfg(not(target_os = "linux"))]
fn run_on_disk(_: &Variant, _: &str) -> Option<Run> {
    None
}

fn no_mount() -> Completion {
    Completion::ignored_with("no permission to mount a file system")
}

fn full_disk_is_the_cause(variant: &Variant) -> Completion {
    // A flag takes a page of memory: some fit, not all.
    let Some(run) = run_on_disk(variant, "size=32k") else { return no_mount() };
    let files = run.files();
    assert!(!files.is_empty() && files.len() < 20, "{files:?}: {}", run.stderr);
    let folder = run.dir.path().join("downloaded");
    assert!(files.iter().all(|file| is_flag(&folder.join(file))), "complete, and nothing else");
    assert_eq!(run.status, 1);
    let failed = 20 - files.len();
    let cause = "cannot save in disk: No space left on device (os error 28)";
    assert_cause(&run, &format!("{failed} flags failed: {cause}"));
    Completion::Completed
}

fn read_only_disk_is_the_cause(variant: &Variant) -> Completion {
    let Some(run) = run_on_disk(variant, "ro") else { return no_mount() };
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    let cause = "cannot save in disk: Read-only file system (os error 30)";
    assert_cause(&run, &format!("20 flags failed: {cause}"));
    Completion::Completed
}

fn missing_permission_is_the_cause(variant: &Variant) -> Completion {
    // Root may write in any folder, unless it gives up that capability.
    const BEFORE: &str = "mkdir -m 555 downloaded && if mkdir downloaded/probe 2>/dev/null; then \
        rmdir downloaded/probe; exec setpriv --bounding-set=-dac_override -- \"$@\"; fi";
    let run = start_after(variant, BEFORE, &["--latency", "0"]).finish();
    if !run.stderr.contains("LOCAL site") {
        return Completion::ignored_with("root cannot give up a capability: no setpriv");
    }
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    let cause = "cannot save in downloaded: Permission denied (os error 13)";
    assert_cause(&run, &format!("20 flags failed: {cause}"));
    Completion::Completed
}

fn umask_decides_who_may_read_a_flag(variant: &Variant) {
    let run = variant.run(&["CN", "--latency", "0"]);
    let other = run.dir.path().join("other");
    fs::write(&other, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&run.dir.path().join("downloaded/CN.gif")), mode(&other));
}
