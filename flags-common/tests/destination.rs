//! The disk misbehaves, or the folder is not what one would expect. (That it is created, or is a
//! file, is in the contract.)
#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{VARIANTS, is_flag};

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

/// A file system of its own, which is unmounted when dropped.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        _ = Command::new("umount").arg(self.0).status();
    }
}

/// Mounts one at `at`; or says that this test is skipped, where the system does not let it.
fn mount<'a>(at: &'a Path, options: &str) -> Option<Mounted<'a>> {
    let mut mount = Command::new("mount");
    let mounted = mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
    if mounted.is_ok_and(|output| output.status.success()) {
        return Some(Mounted(at));
    }
    eprintln!("SKIPPED: this system does not let the test mount a file system");
    None
}

#[test]
fn a_full_disk_is_the_cause_of_what_is_not_saved() {
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloaded");
        fs::create_dir(&folder).unwrap();
        // A flag takes a page of memory: some fit, not all.
        let Some(_mounted) = mount(&folder, "size=32k") else { return };
        let run = variant.run_in(dir, &["--latency", "0"]);
        let files = run.files();
        assert!(!files.is_empty() && files.len() < 20, "{files:?}");
        assert!(files.iter().all(|file| is_flag(&folder.join(file))), "whole, and nothing else");
        assert_eq!(run.status, 1);
        let missing = 20 - files.len();
        let cause = "cannot save in downloaded: No space left on device (os error 28):";
        assert!(run.stderr.contains(&format!("{missing} {cause}\n")), "{}", run.stderr);
        drop(_mounted);
    }
}

#[test]
fn a_read_only_disk_is_the_cause_of_what_is_not_saved() {
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloaded");
        fs::create_dir(&folder).unwrap();
        let Some(_mounted) = mount(&folder, "ro") else { return };
        let run = variant.run_in(dir, &["CN", "US", "--latency", "0"]);
        assert_eq!((run.status, run.files().len()), (1, 0));
        assert!(run.stderr.contains("2 cannot save in downloaded: Read-only"), "{}", run.stderr);
        drop(_mounted);
    }
}
