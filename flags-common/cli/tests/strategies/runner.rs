//! Runs this program with a strategy.

use std::env;
use std::process::Command;

use flags_testing::{Run, Running};
use tempfile::TempDir;

use crate::STRATEGY;

/// The command that downloads flags with the strategy `name`, in a new folder.
pub fn downloader(name: &str, args: &[&str]) -> (Command, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(args).env(STRATEGY, name);
    (command, dir)
}

/// Starts a command line that begins with the name of a strategy.
pub fn start(command: &str) -> Running {
    let words: Vec<_> = command.split(' ').collect();
    let (command, dir) = downloader(words[0], &words[1..]);
    Running::start(command, dir)
}

/// Runs such a command line to its end.
pub fn run(command: &str) -> Run {
    start(command).finish()
}
