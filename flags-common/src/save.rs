//! Disk saving.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use anyhow::{Context, Result, ensure};

/// Each save holds a read lock, so saves run in parallel; a write lock guarantees that none is in
/// progress.
static SAVING: RwLock<()> = RwLock::new(());

/// Saves `image` as the file `path`, completely or not at all: writes it to a temporary file in the
/// same folder, then renames that file. An existing file is replaced; if it is a symbolic link, the
/// link is replaced, not its target.
///
/// This survives a killed program, but not a power failure: that would take an `fsync` of each file
/// and of the folder, and each can take several milliseconds.
///
/// # Errors
/// If `image` is not a complete GIF, or if the file cannot be written.
pub fn save_flag(image: &[u8], path: &Path) -> Result<()> {
    let _span = tracing::info_span!("save_flag", ?path).entered(); // for --timeline
    check_gif(image).context("not a complete GIF image")?;
    let dir = path.parent().unwrap_or(Path::new(""));
    let _saving = SAVING.read().unwrap_or_else(PoisonError::into_inner);
    write_and_rename(image, path, dir).with_context(|| format!("cannot save in {}", dir.display()))
}

/// Waits for saves in progress, and blocks new ones until the returned guard is dropped. For a program
/// that is about to exit: no temporary file exists then.
pub fn stop_saving() -> impl Sized {
    SAVING.write().unwrap_or_else(PoisonError::into_inner)
}

fn write_and_rename(image: &[u8], path: &Path, dir: &Path) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flag-").suffix(".part"); // hidden and not *.gif, in case it is left behind
    // Not `tempfile_in`: it would create the file with mode 0600 whatever the umask allows, and put
    // its random name into every error, so that no two errors would be the same.
    let mut file = builder.make_in(dir, |path| File::create_new(path))?;
    file.as_file_mut().write_all(image)?;
    file.persist(path)?;
    Ok(())
}

/// Checks that `image` is a complete GIF: a captive portal answers 200 with a page of HTML, and a
/// connection can end early.
///
/// It walks through the blocks to the trailer. The pixels are not decoded, which bounds time and
/// memory whatever image size the header claims.
///
/// # Errors
/// If it is not a GIF, contains no image, or ends early.
pub fn check_gif(image: &[u8]) -> Result<()> {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(image)?;
    let mut frames = 0;
    while decoder.next_frame_info()?.is_some() {
        frames += 1;
    }
    ensure!(frames > 0, "it contains no image");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_gif_is_saved() {
        let mut gif = Vec::new();
        let mut encoder = gif::Encoder::new(&mut gif, 2, 2, &[0, 0, 0, 255, 255, 255]).unwrap();
        let frame = gif::Frame::from_indexed_pixels(2, 2, [0, 1, 1, 0], None);
        encoder.write_frame(&frame).unwrap();
        drop(encoder);

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("CN.gif");
        for end in 0..gif.len() {
            let error = save_flag(&gif[..end], &path).unwrap_err();
            assert!(format!("{error:#}").starts_with("not a complete GIF image: "), "{error:#}");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");

        save_flag(&gif, &path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), gif);
    }
}
