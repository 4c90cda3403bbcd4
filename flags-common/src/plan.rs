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
    ///
    /// ```
    /// # use std::{path::Path, time::Duration};
    /// # use flags_common::{POP20_CC, Plan};
    /// let plan = |max_req| Plan::new(POP20_CC, "http://h", Path::new("d"), max_req, Duration::MAX);
    /// assert_eq!([0, 7, 30].map(|max_req| plan(max_req).max_req), [1, 7, 20]);
    /// ```
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
