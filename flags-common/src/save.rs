//! Disk saving.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use anyhow::{Context, Result, ensure};

/// How many flags this process has saved. Who saves one holds the lock for reading, so any number
/// of threads save at once; who holds it for writing knows that no save is under way.
static SAVED: RwLock<AtomicUsize> = RwLock::new(AtomicUsize::new(0));

/// Saves `image` as the file `path`, whole or not at all: it is written to a temporary file in the
/// same folder, which then takes the name. A file that had the name before is replaced; if the name
/// was a symbolic link, the link is replaced and not what it points to.
///
/// This holds when the program is killed. It is not meant to hold when the power fails: for that,
/// each file would have to be synchronized with the disk, which costs more than a download.
///
/// # Errors
/// If `image` is not a GIF that goes on to its trailer, or the file cannot be written.
pub fn save_flag(image: &[u8], path: &Path) -> Result<()> {
    check_gif(image).context("not a whole GIF image")?;
    let dir = path.parent().unwrap_or(Path::new(""));
    let saved = SAVED.read().unwrap_or_else(PoisonError::into_inner);
    write_and_rename(image, path, dir)
        .with_context(|| format!("cannot save in {}", dir.display()))?;
    saved.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Waits for the saves under way to end and lets no other begin for as long as the guard lives. The
/// guard knows how many flags were saved.
pub(crate) fn stop_saving() -> RwLockWriteGuard<'static, AtomicUsize> {
    SAVED.write().unwrap_or_else(PoisonError::into_inner)
}

fn write_and_rename(image: &[u8], path: &Path, dir: &Path) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flag-").suffix(".part"); // hidden, and no `*.gif`, should it ever stay behind
    // Created as any new file, so that others may read it if the umask lets them: `tempfile_in`
    // makes it 0600. Its errors would also name the temporary file, and so make a cause of its own
    // of each flag.
    let mut file = builder.make_in(dir, |path| File::create_new(path))?;
    file.as_file_mut().write_all(image)?;
    file.persist(path)?;
    Ok(())
}

/// A captive portal answers 200 with a page of HTML, and a connection can end early: so the blocks
/// of the GIF are walked through to its trailer. The pixels are not decoded, which bounds time and
/// memory whatever size of picture it claims to be.
fn check_gif(image: &[u8]) -> Result<()> {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(image)?;
    let mut frames = 0;
    while decoder.next_frame_info()?.is_some() {
        frames += 1;
    }
    ensure!(frames > 0, "no image in it");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::flag_image;

    #[test]
    fn only_a_whole_gif_is_saved() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("CN.gif");
        let gif = flag_image("CN".parse().unwrap()).unwrap();
        for end in 0..gif.len() {
            assert!(save_flag(&gif[..end], &path).is_err(), "the first {end} bytes were saved");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing stays behind");

        save_flag(gif, &path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), gif);
    }
}
