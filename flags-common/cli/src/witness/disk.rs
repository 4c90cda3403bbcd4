//! The disk: a flag was saved if its file is new and is that flag. Two snapshots are compared, never
//! a clock: file times lag it by several milliseconds.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flags_common::{CountryCode, MAX_FLAG_BYTES, Plan, check_gif};

use crate::site::flag_image;

/// The files of the plan, as they were before the run.
pub(crate) struct Disk {
    files: BTreeMap<CountryCode, Before>,
    /// The demo site's images are expected; of another site's, it is only known that they are GIFs.
    demo: bool,
}

struct Before {
    /// Absolute, since the strategy may change the current folder.
    path: PathBuf,
    stamp: Option<Stamp>,
}

/// Differs if a file was written or replaced.
#[derive(PartialEq)]
struct Stamp {
    inode: u64,
    modified: Option<SystemTime>,
    length: u64,
}

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
            let stamp = if is_empty { None } else { stamp(&path) };
            (flag.cc, Before { path, stamp })
        });
        Ok(Self { files: files.collect(), demo })
    }

    /// Number of files that are new, whatever is in them.
    pub fn new_files(&self) -> usize {
        let is_new = |before: &&Before| {
            let now = stamp(&before.path);
            now.is_some() && now != before.stamp
        };
        self.files.values().filter(is_new).count()
    }

    /// Looks at the files again.
    pub fn after(&self) -> BTreeMap<CountryCode, OnDisk> {
        self.files.keys().map(|&cc| (cc, self.now(cc))).collect()
    }

    /// Looks at the file of a flag of the plan again.
    pub fn now(&self, cc: CountryCode) -> OnDisk {
        let Some(before) = self.files.get(&cc) else { return OnDisk::Missing };
        match stamp(&before.path) {
            None => OnDisk::Missing,
            now if now == before.stamp => OnDisk::Old,
            Some(now) if self.is_flag(cc, &before.path, now.length) => OnDisk::Saved,
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
    let file = fs::symlink_metadata(path).ok()?;
    Some(Stamp { inode: inode(&file), modified: file.modified().ok(), length: file.len() })
}

#[cfg(unix)]
fn inode(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
