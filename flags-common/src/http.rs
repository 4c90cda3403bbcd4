//! What the three downloaders agree on in HTTP, whatever client they use.

use std::error::Error;
use std::fmt;

pub use http::StatusCode;

/// How the downloaders name themselves to a site.
pub const USER_AGENT: &str = concat!("flags/", env!("CARGO_PKG_VERSION"));

/// The most bytes of a body that are read, 256 KiB; a longer one is refused. The demo site's flags
/// have at most 2 KiB, and with 1,000 requests at once this is still no more than 256 MiB of memory.
pub const MAX_FLAG_BYTES: u64 = 256 * 1024;

/// Lets a success (2xx) through and makes an error of any other status: both HTTP clients are told
/// to hand every response over, since what they do of themselves differs. The counterpart of
/// `raise_for_status()`.
///
/// # Errors
/// [`BadStatus`], with the status.
pub fn check_status(status: StatusCode) -> Result<(), BadStatus> {
    if status.is_success() { Ok(()) } else { Err(BadStatus(status)) }
}

/// The site answered, but with no flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadStatus(pub StatusCode);

impl fmt::Display for BadStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP status {}", self.0)
    }
}

impl Error for BadStatus {}
