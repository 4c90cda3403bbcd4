//! The limit on open files, which bounds the number of requests in flight.

use std::fs;

use anyhow::{Result, ensure};

/// Files of a tokio runtime: two to poll, one to wake it, one for signals. The background thread has
/// one, and a strategy may start another.
const RUNTIME: u64 = 4;

/// Files that the process needs for signals: both ends of a socket.
const SIGNALS: u64 = 2;

/// Raises the limit as far as possible, and returns how many requests may be in flight within it, and
/// the limit. To be called before anything is opened.
///
/// A request needs a connection and a file to save in; with a demo site in the process, also the other
/// end of the connection.
///
/// # Errors
/// If not even one request fits.
pub(crate) fn max_requests(demo_site: bool) -> Result<(usize, u64)> {
    // The usual limit of 256 to 1,024 is less than 1,000 requests need.
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let listed = fs::read_dir("/proc/self/fd").map_or(4, |files| files.count() as u64);
    let open = listed - 1; // without the folder itself
    max_requests_within(limit, open, demo_site).map(|requests| (requests, limit))
}

fn max_requests_within(limit: u64, open: u64, demo_site: bool) -> Result<usize> {
    let (listener, each) = if demo_site { (1, 3) } else { (0, 2) };
    let fixed = open + 2 * RUNTIME + SIGNALS + listener;
    let needed = fixed + each;
    ensure!(
        limit >= needed,
        "the system does not allow enough open files: {limit}, needs {needed}"
    );
    Ok(usize::try_from((limit - fixed) / each).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_share_the_files_that_are_left() {
        assert_eq!(max_requests_within(16, 3, false).unwrap(), 1);
        assert_eq!(max_requests_within(17, 3, true).unwrap(), 1);
        assert_eq!(max_requests_within(3014, 3, true).unwrap(), 1000);
        let error = max_requests_within(14, 3, false).unwrap_err();
        assert_eq!(error.to_string(), "the system does not allow enough open files: 14, needs 15");
    }
}
