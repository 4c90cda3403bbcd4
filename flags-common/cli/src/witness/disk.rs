//! The disk: a flag was saved if its file is new and is that flag. Two snapshots are compared, never
//! a clock: file times lag it by several milliseconds.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flags_common::{CountryCode, MAX_FLAG_BYTES, Plan, check_gif};

use crate::site::flag_image;

/// The files of the plan, as they were before the run.
pub(crate) struct Disk {
    /// Their paths are absolute, since the strategy may change the current folder.
    files: BTreeMap<CountryCode, (PathBuf, Option<Stamp>)>,
    /// The demo site's images are expected; of another site's, it is only known that they are GIFs.
    demo: bool,
}

/// Inode (0 except on Unix), time of change, and length in bytes: differs if a file was written or
/// replaced.
type Stamp = (u64, Option<SystemTime>, u64);

/// What is on the disk of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OnDisk {
    /// No file.
    Missing,
    /// The file that was there before the run.
    Old,
    /// A new file that is not this flag, or not complete.
    Other,
    /// The flag, in a new file.
    Saved,
}

impl Disk {
    /// Looks at the files before the run; not into a folder without files.
    ///
    /// # Errors
    /// If the current folder is not known.
    pub fn before(plan: &Plan, dir: &Path, demo: bool) -> io::Result<Self> {
        let is_empty = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
        let folder = env::current_dir()?;
        let files = plan.flags.iter().map(|flag| {
            let path = folder.join(&flag.path);
            let before = if is_empty { None } else { stamp(&path) };
            (flag.cc, (path, before))
        });
        Ok(Self { files: files.collect(), demo })
    }

    /// Whether a flag is one of the plan.
    pub fn is_planned(&self, cc: CountryCode) -> bool {
        self.files.contains_key(&cc)
    }

    /// Number of files that are new, whatever is in them.
    pub fn new_files(&self) -> usize {
        let is_new = |(path, before): &&(PathBuf, _)| {
            let now = stamp(path);
            now.is_some() && now != *before
        };
        self.files.values().filter(is_new).count()
    }

    /// Looks at the files again.
    pub fn after(&self) -> BTreeMap<CountryCode, OnDisk> {
        self.files.keys().map(|&cc| (cc, self.now(cc))).collect()
    }

    /// Looks at the file of a flag of the plan again.
    pub fn now(&self, cc: CountryCode) -> OnDisk {
        let Some((path, before)) = self.files.get(&cc) else { return OnDisk::Missing };
        match stamp(path) {
            None => OnDisk::Missing,
            now if now == *before => OnDisk::Old,
            Some((.., length)) if self.is_flag(cc, path, length) => OnDisk::Saved,
            _ => OnDisk::Other,
        }
    }

    fn is_flag(&self, cc: CountryCode, path: &Path, length: u64) -> bool {
        let expected = flag_image(cc).filter(|_| self.demo);
        if self.demo && expected.is_none_or(|image| image.len() as u64 != length) {
            return false;
        }
        // One read of the known length: `fs::read` needs three calls more, for each flag.
        let mut image = vec![0; usize::try_from(length.min(2 * MAX_FLAG_BYTES)).unwrap_or(0)];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut image));
        read.is_ok() && expected.map_or_else(|| check_gif(&image).is_ok(), |it| it == image)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let file = fs::metadata(path).ok()?; // of what a link leads to, as a reader of the flag does
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&file);
    #[cfg(not(unix))]
    let inode = 0;
    Some((inode, file.modified().ok(), file.len()))
}
