//! The disk misbehaves, or the folder is not what one would expect. (That it is created, or is a
//! file, is in the contract.)
#![cfg(unix)]

mod support;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use support::{Run, VARIANTS, Variant, is_flag};

#[test]
fn a_folder_that_has_the_flag_s_name_stays() {
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("downloaded/CN.gif")).unwrap();
        let run = variant.run_in(dir, &["CN", "US"]);
        assert_eq!((run.status, run.files()), (1, vec!["CN.gif".to_owned(), "US.gif".to_owned()]));
        let cause = "1 cannot save in downloaded: Is a directory (os error 21):\n  CN\n";
        assert!(run.stderr.contains(cause), "{}: {}", variant.name, run.stderr);
        assert!(is_flag(&run.dir.path().join("downloaded/US.gif")));
    }
}

#[test]
fn what_a_symbolic_link_points_to_stays() {
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let (elsewhere, link) = (dir.path().join("mine"), dir.path().join("downloaded/CN.gif"));
        fs::create_dir(dir.path().join("downloaded")).unwrap();
        fs::write(&elsewhere, "mine").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
        let run = variant.run_in(dir, &["CN"]);
        assert_eq!(run.status, 0, "{}: {}", variant.name, run.stderr);
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "mine");
        assert!(!link.is_symlink() && is_flag(&link), "replaced by the flag");
    }
}

/// Says, past the capture of a test's output, what this system does not let the test do.
fn skip(variant: &Variant, why: &str) {
    _ = writeln!(std::io::stderr(), "SKIPPED for {}: {why}", variant.name);
}

/// Whether a process may mount a file system in a name space of its own, which needs no root where
/// the system has user name spaces.
fn may_mount() -> bool {
    let args = ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
    Command::new("unshare").args(args).output().is_ok_and(|output| output.status.success())
}

/// Runs it with a new file system, mounted with `options`, as the folder `disk`. The mount ends with
/// the process, however that ends: what is saved is copied to where [`Run::files`] looks.
fn run_on_disk(variant: &Variant, options: &str) -> Option<Run> {
    const SCRIPT: &str = r#"
        mkdir disk && mount -t tmpfs -o "$0" tmpfs disk || exit 99
        "$@"; status=$?
        cp -R disk downloaded && exit $status"#;
    if !may_mount() {
        skip(variant, "no permission to mount a file system");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", SCRIPT, options]);
    command.arg(&variant.path).args(["--latency", "0", "--dest-dir", "disk"]);
    command.current_dir(dir.path());
    Some(support::finish(command, dir))
}

#[test]
fn a_full_disk_is_the_cause_of_what_is_not_saved() {
    for variant in VARIANTS.iter() {
        // A flag takes a page of memory: some fit, not all.
        let Some(run) = run_on_disk(variant, "size=32k") else { continue };
        let files = run.files();
        assert!(!files.is_empty() && files.len() < 20, "{files:?}: {}", run.stderr);
        let folder = run.dir.path().join("downloaded");
        assert!(files.iter().all(|file| is_flag(&folder.join(file))), "whole, and nothing else");
        assert_eq!(run.status, 1);
        let missing = 20 - files.len();
        let cause = "cannot save in disk: No space left on device (os error 28):";
        assert!(run.stderr.contains(&format!("{missing} {cause}\n")), "{}", run.stderr);
    }
}

#[test]
fn a_read_only_disk_is_the_cause_of_what_is_not_saved() {
    for variant in VARIANTS.iter() {
        let Some(run) = run_on_disk(variant, "ro") else { continue };
        assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
        let cause = "20 cannot save in disk: Read-only file system (os error 30):\n";
        assert!(run.stderr.contains(cause), "{}", run.stderr);
    }
}

#[test]
fn a_folder_without_permission_is_the_cause_of_what_is_not_saved() {
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloaded");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        if fs::create_dir(folder.join("probe")).is_ok() {
            skip(variant, "root may write in any folder");
            continue;
        }
        let run = variant.run_in(dir, &["--latency", "0"]);
        assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
        let cause = "20 cannot save in downloaded: Permission denied (os error 13):\n";
        assert!(run.stderr.contains(cause), "{}", run.stderr);
    }
}

#[test]
fn others_may_read_a_flag_if_the_umask_lets_them() {
    for variant in VARIANTS.iter() {
        let run = variant.run(&["CN", "--latency", "0"]);
        let other = run.dir.path().join("other");
        fs::write(&other, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&run.dir.path().join("downloaded/CN.gif")), mode(&other));
    }
}
