//! How long the demo site waits before it answers, and what it answers.

use std::time::Duration;

use clap::ValueEnum;
use flags_common::CountryCode;

/// How the demo site answers. The three stand for the book's three local servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Behaviour {
    /// After 95 to 105 ms, so that flags arrive in a different order from the requests.
    Local,
    /// After 0.5 to 5 s.
    Delay,
    /// After 0.5 s; a quarter of the requests with status 418 instead of the image.
    Error,
}

impl Behaviour {
    /// How long the site waits before it answers a request for the flag of `cc`, and whether it
    /// then refuses. Both follow from a fixed seed, the code, and `attempt`, the number of earlier
    /// requests for that flag: every run meets the same delays and the same errors, and a second
    /// request for a refused flag may succeed.
    pub(super) fn for_flag(self, cc: CountryCode, attempt: u32) -> (Duration, bool) {
        const SEED: u64 = 48; // ERROR refuses 5 of the 20 most populous countries
        let letters = cc.as_str().bytes().map(u64::from);
        let seed = letters.fold(SEED, |seed, letter| seed << 8 | letter);
        // Multiplied, since seeds that differ little make the same choice for whole groups of flags.
        let attempt = u64::from(attempt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = fastrand::Rng::with_seed(attempt ^ seed);
        match self {
            Self::Local => (Duration::from_millis(random.u64(95..=105)), false),
            Self::Delay => (Duration::from_millis(random.u64(500..=5000)), false),
            Self::Error => (Duration::from_millis(500), random.u8(0..4) == 0),
        }
    }
}
