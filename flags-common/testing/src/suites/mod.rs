//! The suites, each a list of tests of one downloader.

/// The trials of a suite: one for each of these functions, which it is named after.
macro_rules! trials {
    ($variant:expr, $suite:literal, [$($test:ident),* $(,)?]) => {
        vec![$($crate::trial($suite, stringify!($test), move || $test($variant))),*]
    };
}

mod contract;
mod counters;
#[cfg(unix)]
mod destination;
mod faults;
mod honesty;
#[cfg(target_os = "linux")]
mod limits;
mod manifest;
mod parity;
#[cfg(unix)]
mod shell;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
mod timeline;
mod tls;

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::Variant;

/// The tests of all suites.
pub(crate) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let suites = [
        contract::trials(variant),
        counters::trials(variant),
        #[cfg(unix)]
        destination::trials(variant),
        faults::trials(variant),
        honesty::trials(variant),
        #[cfg(target_os = "linux")]
        limits::trials(variant),
        parity::trials(variant),
        #[cfg(unix)]
        signals::trials(variant),
        #[cfg(unix)]
        terminal::trials(variant),
        timeline::trials(variant),
        tls::trials(variant),
    ];
    suites.into_iter().flatten().collect()
}

/// Number of entries of a folder.
fn entries(dir: &Path) -> usize {
    fs::read_dir(dir).expect("a folder").count()
}
