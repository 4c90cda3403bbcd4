//! Runs of a downloader that a shell prepares, for example with limits.

use std::process::Command;

use crate::variant::in_folder;
use crate::{Running, Variant};

/// Starts `variant` in a new folder, in a shell that has run `before`.
pub(super) fn start_after(variant: &Variant, before: &str, args: &[&str]) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let mut command = in_folder(Command::new("sh"), dir.path());
    command.args(["-c", &format!("{before}; exec \"$@\""), "sh"]);
    command.arg(&variant.path).args(args);
    Running::start(command, dir)
}
