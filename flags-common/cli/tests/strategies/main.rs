//! Right and wrong strategies of every kind: what the program says of each is true, and nothing that
//! matters is left out. A new strategy goes into [`right`], [`wrong`], [`hanging`] or [`states`], which
//! say more; what `--check` says is in [`checked`].
//!
//! This test is a downloader too: it runs itself with the strategy to test.

/// The strategies of a module, each with its name.
macro_rules! strategies {
    ($($name:ident)*) => {
        pub const STRATEGIES: &[(&str, crate::Strategy)] = &[$((stringify!($name), $name)),*];
    };
}

mod checked;
mod client;
mod hanging;
mod right;
mod runner;
#[cfg(target_os = "linux")]
mod states;
mod wrong;

use std::env;
use std::process::ExitCode;

use flags_cli::Tally;
use flags_common::{Plan, Result};
use libtest_mimic::Arguments;

/// What a strategy is: `download_many` of a downloader.
type Strategy = fn(Plan, &mut Tally) -> Result<()>;

/// The environment variable that makes this program a downloader, and names its strategy.
const STRATEGY: &str = "FLAGS_TEST_STRATEGY";

fn main() -> ExitCode {
    if let Ok(name) = env::var(STRATEGY) {
        let all = [
            &right::strategies(),
            &wrong::strategies(),
            hanging::STRATEGIES,
            checked::STRATEGIES,
            #[cfg(target_os = "linux")]
            states::STRATEGIES,
        ];
        let all = all.concat();
        let (_, strategy) = all.into_iter().find(|(known, _)| *known == name).expect("a strategy");
        if name == "sets_a_subscriber" {
            let subscriber = tracing::subscriber::NoSubscriber::new();
            tracing::subscriber::set_global_default(subscriber).expect("the first");
        }
        return flags_cli::main(strategy);
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(32); // a downloader waits more than it works
    let trials = [
        hanging::trials(), // the long ones first
        wrong::trials(),
        right::trials(),
        #[cfg(target_os = "linux")]
        states::trials(),
    ];
    let ended = libtest_mimic::run(&arguments, trials.into_iter().flatten().collect());
    // Afterwards, since it keeps the machine busy, and what a thread is in then differs.
    let checked = libtest_mimic::run(&arguments, checked::trials());
    if ended.has_failed() { ended.exit_code() } else { checked.exit_code() }
}
