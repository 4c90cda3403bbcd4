//! The plan: what to download, from where to where, and how.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{CountryCode, flag_url};

/// What a downloader has to do. It is handed over, not lent, so that each flag can be moved into
/// the thread or the future that downloads it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The flags to download, in the order in which to request them: each code once.
    pub flags: Vec<Flag>,
    /// The most requests at once: at least 1, and at most one for each flag. `max_workers` of
    /// Python's `ThreadPoolExecutor`.
    pub max_req: usize,
    /// How long each phase of a request may take: connect, wait for the answer, read it.
    pub timeout: Duration,
}

impl Plan {
    /// The plan to download the flags of `codes` from the site `base_url` into the folder `dest_dir`,
    /// one `CC.gif` each.
    pub fn new(
        codes: impl IntoIterator<Item = CountryCode>,
        base_url: &str,
        dest_dir: &Path,
        max_req: usize,
        timeout: Duration,
    ) -> Self {
        let flags: Vec<_> = codes
            .into_iter()
            .map(|cc| Flag {
                cc,
                url: flag_url(base_url, cc),
                path: dest_dir.join(format!("{cc}.gif")),
            })
            .collect();
        let max_req = max_req.clamp(1, flags.len().max(1)); // 0 would panic in one variant, hang in another
        Self { flags, max_req, timeout }
    }
}

/// One flag to download.
#[derive(Debug, Clone)]
pub struct Flag {
    /// Whose flag it is.
    pub cc: CountryCode,
    /// Where it is on the site.
    pub url: String,
    /// The file to save it in.
    pub path: PathBuf,
}
