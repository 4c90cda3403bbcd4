//! Runs this program with a strategy.

use std::env;
use std::process::Command;

use flags_testing::{Run, finish};
use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::STRATEGY;

pub fn trial(name: impl Into<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || {
        test();
        Ok(())
    })
}

/// The command that downloads flags with the strategy `name`, in a new folder.
pub fn downloader(name: &str, args: &[&str]) -> (Command, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(args).current_dir(dir.path());
    command.env(STRATEGY, name).env_remove("RUST_BACKTRACE").env_remove("NO_COLOR");
    (command, dir)
}

pub fn run(name: &str, args: &[&str]) -> Run {
    let (command, dir) = downloader(name, args);
    finish(command, dir)
}

/// Stderr after the two lines that describe the plan, as one line, and stdout.
pub fn said(run: &Run) -> String {
    let rest: Vec<_> = run.stderr.lines().skip(2).map(str::trim).collect();
    rest.join(" ") + " " + run.stdout.trim_end()
}
