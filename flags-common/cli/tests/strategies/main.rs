//! Strategies with a mistake that none of the three downloaders makes. The program tells the person
//! at the terminal what happened, and exits with 1 unless every flag was saved.
//!
//! This test is a downloader too: it runs itself with the strategy to test.

mod broken;
mod hang;
mod output;

use std::env;
use std::process::{Command, ExitCode};

use flags_cli::Tally;
use flags_common::{Plan, Result};
use libtest_mimic::{Arguments, Trial};
use tempfile::TempDir;

/// What a strategy is: `download_many` of a downloader.
type Strategy = fn(Plan, &mut Tally) -> Result<()>;

/// The environment variable that makes this program a downloader, and names its strategy.
const STRATEGY: &str = "FLAGS_TEST_STRATEGY";

fn main() -> ExitCode {
    if let Ok(name) = env::var(STRATEGY) {
        let &(_, strategy) = broken::STRATEGIES.iter().find(|(known, _)| *known == name).unwrap();
        return flags_cli::main(strategy);
    }
    let trials = output::trials().into_iter().chain(hang::trials()).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: impl Into<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || {
        test();
        Ok(())
    })
}

/// The command that downloads the flags BR, CN and US with the strategy `name`, in a new folder.
fn downloader(name: &str, args: &[&str]) -> (Command, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["BR", "CN", "US"]).args(args).current_dir(dir.path());
    command.env(STRATEGY, name).env_remove("RUST_BACKTRACE").env_remove("NO_COLOR");
    (command, dir)
}
