//! The disk: a flag was saved if its file is new and is that flag. Two snapshots are compared, never
//! a clock: file times lag it by several milliseconds.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use flags_common::{Flag, check_gif};

use crate::site::flag_image;

/// The files of the plan before the run.
pub(crate) struct Disk {
    before: Vec<Option<Stamp>>,
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
    /// Looks at the files before the run.
    pub fn before(flags: &[Flag]) -> Self {
        Self { before: flags.iter().map(|flag| stamp(&flag.path)).collect() }
    }

    /// Number of files that are new, whatever is in them.
    pub fn new_files(&self, flags: &[Flag]) -> usize {
        let is_new = |(flag, before): &(&Flag, &Option<Stamp>)| {
            let now = stamp(&flag.path);
            now.is_some() && now != **before
        };
        flags.iter().zip(&self.before).filter(is_new).count()
    }

    /// Looks again. `demo` says that the demo site's images are expected; of another site's, it is
    /// only known that they are GIFs.
    pub fn after(&self, flags: &[Flag], demo: bool) -> Vec<OnDisk> {
        let look = |(flag, before): (&Flag, &Option<Stamp>)| match stamp(&flag.path) {
            None => OnDisk::Missing,
            now if now == *before => OnDisk::Old,
            _ if is_flag(flag, demo) => OnDisk::Saved,
            _ => OnDisk::Other,
        };
        flags.iter().zip(&self.before).map(look).collect()
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

fn is_flag(flag: &Flag, demo: bool) -> bool {
    let Ok(image) = fs::read(&flag.path) else { return false };
    if demo { flag_image(flag.cc) == Some(&*image) } else { check_gif(&image).is_ok() }
}
