//! The plan: which flags to download, from where, to where, and how many at once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{CountryCode, flag_url};

/// What a downloader has to do. Passed by value, so that each flag can be moved into the thread or
/// the future that downloads it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The flags to download, in the order of the requests. Each code occurs once.
    pub flags: Vec<Flag>,
    /// Maximum number of requests in flight: from 1 to the number of flags. `max_workers` in
    /// Python's `ThreadPoolExecutor`.
    pub max_req: usize,
    /// Time limit: with reqwest, for the whole request; with ureq, for each phase: connect, wait for
    /// the response, read it.
    pub timeout: Duration,
}

impl Plan {
    /// Plans to download the flags of `codes` from the site `base_url` into the folder `dest_dir`,
    /// as `CC.gif`.
    pub fn new(
        codes: impl IntoIterator<Item = CountryCode>,
        base_url: &str,
        dest_dir: &Path,
        max_req: usize,
        timeout: Duration,
    ) -> Self {
        let flag =
            |cc| Flag { cc, url: flag_url(base_url, cc), path: dest_dir.join(format!("{cc}.gif")) };
        let flags: Vec<_> = codes.into_iter().map(flag).collect();
        // With 0, ThreadPool::new panics and buffer_unordered hangs.
        let max_req = max_req.clamp(1, flags.len().max(1));
        Self { flags, max_req, timeout }
    }
}

/// One flag to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The country whose flag it is.
    pub cc: CountryCode,
    /// URL of the image on the site.
    pub url: String,
    /// Path of the file to save it in.
    pub path: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::POP20_CC;

    #[test]
    fn max_req_is_clamped_to_the_number_of_flags() {
        let plan = |codes: &[CountryCode], max_req| {
            let codes = codes.iter().copied();
            Plan::new(codes, "http://h", Path::new("d"), max_req, Duration::MAX).max_req
        };
        assert_eq!(plan(&POP20_CC, 0), 1);
        assert_eq!(plan(&POP20_CC, 7), 7);
        assert_eq!(plan(&POP20_CC, 30), 20);
        assert_eq!(plan(&[], 30), 1);
    }
}
