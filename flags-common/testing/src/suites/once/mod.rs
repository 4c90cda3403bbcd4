//! Suites that run on one downloader, flags-async: what they test is the same code in all three, in
//! flags-common and flags-cli. They are not in these crates because they need a whole downloader, with a
//! client. A test that needs no setup is a row `$ flags-async …` in `contract.txt` instead.

#[cfg(unix)]
mod destination;
mod output;
#[cfg(unix)]
mod terminal;

use libtest_mimic::Trial;

use crate::Variant;

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let suites = [
        #[cfg(unix)]
        destination::trials(variant),
        output::trials(variant),
        #[cfg(unix)]
        terminal::trials(variant),
    ];
    suites.into_iter().flatten().collect()
}
