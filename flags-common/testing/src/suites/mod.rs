//! The suites, each a list of tests of one downloader.

// mod contract;
// mod counters;
// mod destination;
// mod faults;
// mod parity;
// mod signals;
// mod timeline;
// mod tls;

use libtest_mimic::Trial;

use crate::Variant;

/// The tests of all suites.
pub(crate) fn trials(_variant: &'static Variant) -> Vec<Trial> {
    let suites: [Vec<Trial>; 0] = [
        // contract::trials(variant),
        // counters::trials(variant),
        // destination::trials(variant),
        // faults::trials(variant),
        // parity::trials(variant),
        // signals::trials(variant),
        // timeline::trials(variant),
        // tls::trials(variant),
    ];
    suites.into_iter()
    .flatten()
    .collect()
}
