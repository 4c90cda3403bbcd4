//! The suites, each a list of tests of one downloader. All run on each of the three, but `once`, for what
//! does not depend on the strategy, only on flags-async.
//!
//! | a new test of | goes into |
//! |---|---|
//! | a command line and its output | `contract.txt` |
//! | a wrong command line | `cli/src/options/tests.rs` |
//! | a fault of the site | `faults.txt` |
//! | a mistake in a strategy | `wrong.txt`, `hanging.txt` or `checked.txt` in `cli/tests/strategies` |
//! | a terminal | `once` |
//! | the source of the three | `tests/parity.rs` |
//! | anything else | the suite whose first lines say so |

/// The trials of a suite: one for each of these functions, which it is named after.
macro_rules! trials {
    ($variant:expr, $suite:literal, [$($test:ident),* $(,)?]) => {
        vec![$($crate::trial($suite, stringify!($test), move || $test($variant))),*]
    };
}

mod contract;
mod faults;
mod filters;
#[cfg(unix)]
mod once;
mod rows;
#[cfg(unix)]
mod signals;
mod timeline;
#[cfg(target_os = "linux")]
mod tls;
pub(crate) mod transcript;

use libtest_mimic::Trial;

use crate::Variant;

/// The tests of all suites.
pub(crate) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let suites = [
        contract::trials(variant),
        faults::trials(variant),
        #[cfg(unix)]
        once::trials(variant),
        #[cfg(unix)]
        signals::trials(variant),
        timeline::trials(variant),
        #[cfg(target_os = "linux")]
        tls::trials(variant),
    ];
    suites.into_iter().flatten().collect()
}
