//! What the three downloaders require of a response, whatever HTTP client they use.

use std::error::Error;
use std::fmt;

use http::StatusCode;

/// Maximum body size in bytes (256 KiB); larger bodies are rejected.
///
/// The demo site's largest flag has 1.6 kB, and 1,000 bodies of this size fit in 256 MiB of memory.
pub const MAX_FLAG_BYTES: u64 = 256 * 1024;

/// Returns an error unless the status is 2xx: `raise_for_status()` in Python.
///
/// The clients' own checks are off because they differ.
///
/// # Errors
/// [`HttpStatusError`], with the status.
pub fn check_status(status: StatusCode) -> Result<(), HttpStatusError> {
    if status.is_success() { Ok(()) } else { Err(HttpStatusError(status)) }
}

/// The site answered with a status other than 2xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpStatusError(pub StatusCode);

impl fmt::Display for HttpStatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP status {}", self.0)
    }
}

impl Error for HttpStatusError {}
