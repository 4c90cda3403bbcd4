//! Runs of a downloader that a shell prepares: with limits, or in new namespaces.

use std::process::Command;

use crate::variant::in_folder;
use crate::{Run, Running, Variant, finish};

/// Starts `variant` in a new folder, in a shell that has run `before`.
pub(super) fn start_after(variant: &Variant, before: &str, args: &[&str]) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let mut command = in_folder(Command::new("sh"), dir.path());
    command.args(["-c", &format!("{before}; exec \"$@\""), "sh"]);
    command.arg(&variant.path).args(args);
    Running::start(command, dir)
}

/// Runs `variant` in a new folder and in new namespaces: those for mounts and users, and those that the
/// options `namespaces` of `unshare` add. The shell commands `before` and `after` run around it; what
/// they mount is gone when the process ends. `None` if the system does not permit this. It needs no
/// root where user namespaces are enabled.
#[cfg(target_os = "linux")]
pub(super) fn run_unshared(
    variant: &Variant,
    namespaces: &[&str],
    (before, after): (&str, &str),
    args: &[&str],
) -> Option<Run> {
    let dir = tempfile::tempdir().unwrap();
    let script = format!("{before} && touch ready && \"$@\"; status=$?; {after}; exit $status");
    let mut command = in_folder(Command::new("unshare"), dir.path());
    command.args(namespaces).args(["--mount", "--map-root-user", "sh", "-c", &script, "sh"]);
    command.arg(&variant.path).args(args);
    if Command::new("unshare").arg("--version").output().is_err() {
        return None;
    }
    Some(finish(command, dir)).filter(|run| run.dir.path().join("ready").exists())
}
