//! Where flags are saved: the disk is full, the folder is not one, or a file is there already. A test
//! of the folder and its files goes here.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use libtest_mimic::{Completion, Failed, Trial};

use crate::{Variant, is_flag};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "destination",
        [
            folder_that_is_a_file_is_an_error,
            folder_that_is_a_dangling_link_is_an_error,
            existing_flag_is_replaced,
            symbolic_link_is_replaced_but_not_its_target,
            umask_decides_who_may_read_a_flag,
        ]
    );
    trials.push(Trial::ignorable_test("destination::missing_permission_is_the_cause", || {
        missing_permission_is_the_cause(variant)
    }));
    #[cfg(target_os = "linux")]
    trials.push(Trial::ignorable_test("destination::full_disk_is_the_cause", || {
        full_disk_is_the_cause(variant)
    }));
    trials
}

fn folder_that_is_a_file_is_an_error(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("downloaded"), "mine").unwrap();
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run}");
    assert_eq!(run.stderr, "error: cannot save flags in downloaded: it is not a folder\n", "{run}");
    assert_eq!(fs::read(run.dir.path().join("downloaded")).unwrap(), b"mine");
}

fn folder_that_is_a_dangling_link_is_an_error(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    symlink("nowhere", dir.path().join("downloaded")).unwrap();
    let run = variant.run_in(dir, &["CN"]);
    let said =
        "error: cannot save flags in downloaded: it is a link to nowhere, which does not exist\n";
    assert_eq!((run.status, run.stderr.as_str()), (1, said), "{run}");
}

fn existing_flag_is_replaced(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("downloaded");
    fs::create_dir(&folder).unwrap();
    for file in ["CN.gif", "US.gif", "note.txt"] {
        fs::write(folder.join(file), "old").unwrap();
    }
    let run = variant.run_in(dir, &["CN"]);
    run.assert(0, 3);
    assert_eq!(run.files(), ["CN.gif", "US.gif", "note.txt"], "{run}");
    assert!(is_flag(&folder.join("CN.gif")), "replaced\n{run}");
    assert_eq!(fs::read(folder.join("US.gif")).unwrap(), b"old", "left alone\n{run}");
}

fn symbolic_link_is_replaced_but_not_its_target(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let (target, link) = (dir.path().join("mine"), dir.path().join("downloaded/CN.gif"));
    fs::create_dir(dir.path().join("downloaded")).unwrap();
    fs::write(&target, "mine").unwrap();
    symlink(&target, &link).unwrap();
    let run = variant.run_in(dir, &["CN"]);
    run.assert(0, 1);
    assert_eq!(fs::read_to_string(target).unwrap(), "mine", "{run}");
    assert!(!link.is_symlink() && is_flag(&link), "replaced by the flag\n{run}");
}

/// The disk is mounted in a new namespace: root is not needed where the system lets a user have one.
#[cfg(target_os = "linux")]
fn full_disk_is_the_cause(variant: &Variant) -> Result<Completion, Failed> {
    // A flag takes a page of memory: some fit, not all.
    const ON_DISK: &str = "mkdir disk && mount -t tmpfs -o size=32k tmpfs disk && touch mounted && \
        \"$@\"; status=$?; cp -R disk downloaded; exit $status";
    let before = format!("exec unshare --mount --map-root-user sh -c '{ON_DISK}' sh \"$@\"");
    let run = variant.start_after(&before, &["--latency", "0", "--dest-dir", "disk"]).finish();
    if !run.dir.path().join("mounted").exists() {
        return Ok(Completion::ignored_with("no permission to mount a file system"));
    }
    let files = run.files();
    assert!(!files.is_empty() && files.len() < 20, "{files:?}\n{run}");
    let folder = run.dir.path().join("downloaded");
    assert!(
        files.iter().all(|file| is_flag(&folder.join(file))),
        "complete, and nothing else\n{run}"
    );
    run.assert(1, files.len());
    let cause = "cannot save in disk: No space left on device ";
    run.assert_says(&format!("\n{} flags failed: {cause}", 20 - files.len()));
    Ok(Completion::Completed)
}

fn missing_permission_is_the_cause(variant: &Variant) -> Result<Completion, Failed> {
    // Root may write in any folder, unless it gives up that capability.
    const BEFORE: &str = "mkdir -m 555 downloaded && if mkdir downloaded/probe 2>/dev/null; then \
        rmdir downloaded/probe; exec setpriv --bounding-set=-dac_override -- \"$@\"; fi";
    let run = variant.start_after(BEFORE, &["--latency", "0"]).finish();
    if !run.stderr.contains("LOCAL site") {
        return Ok(Completion::ignored_with("root cannot give up a capability: no setpriv"));
    }
    run.assert(1, 0);
    run.assert_says("\n20 flags failed: cannot save in downloaded: Permission denied ");
    Ok(Completion::Completed)
}

fn umask_decides_who_may_read_a_flag(variant: &Variant) {
    let run = variant.run(&["CN", "--latency", "0"]);
    let other = run.dir.path().join("other");
    fs::write(&other, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&run.dir.path().join("downloaded/CN.gif")), mode(&other));
}
