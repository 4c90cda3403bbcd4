//! Where the picture goes: the argument of `--timeline`.

use std::fs;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::NamedTempFile;

/// Where to draw.
#[derive(Debug)]
pub(crate) enum Canvas {
    Terminal,
    File(File),
}

/// A file that the picture, or its data, will be written to.
#[derive(Debug)]
pub(crate) struct File {
    /// As it was typed.
    pub name: PathBuf,
    /// Absolute, since the strategy may change the current folder.
    path: PathBuf,
    /// Whether it gets the data, as JSON.
    pub is_json: bool,
}

/// Parses the argument, which is empty if none was given.
pub(super) fn file_name(text: &str) -> Result<PathBuf> {
    let name = expanded(PathBuf::from(text))?;
    let is_known = text.is_empty() || is_json(&name) || name.extension() == Some("svg".as_ref());
    ensure!(is_known, "expected a file name ending in .svg or .json");
    Ok(name)
}

impl Canvas {
    /// The terminal if `name` is empty, or a file: an error if it cannot be written, before anything is
    /// downloaded.
    pub fn open(name: &Path) -> Result<Self> {
        if name.as_os_str().is_empty() {
            return Ok(Self::Terminal);
        }
        let file =
            File { name: name.to_owned(), path: path::absolute(name)?, is_json: is_json(name) };
        ensure!(!name.is_dir(), "{}: it is a folder", file.cannot_write());
        file.temporary().with_context(|| file.cannot_write())?;
        Ok(Self::File(file))
    }
}

impl File {
    /// Writes the whole file beside its place, then renames it: two runs may draw into one file.
    pub fn write(&self, text: &str) -> Result<()> {
        let write = || -> io::Result<()> {
            let mut file = self.temporary()?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.path)?;
            Ok(())
        };
        write().with_context(|| self.cannot_write())
    }

    fn cannot_write(&self) -> String {
        format!("cannot write the timeline {}", self.name.display())
    }

    /// A file in the same folder, which is removed unless it is renamed.
    fn temporary(&self) -> io::Result<NamedTempFile<fs::File>> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let create = |path: &Path| fs::File::create_new(path); // with the mode that the umask allows
        tempfile::Builder::new().prefix(".timeline-").make_in(folder, create)
    }
}

/// Rejects a path that begins with `~`, which a shell leaves as it is after a `=`.
pub(super) fn expanded(path: PathBuf) -> Result<PathBuf> {
    ensure!(!path.starts_with("~"), "the shell has not replaced ~: write $HOME");
    Ok(path)
}

fn is_json(path: &Path) -> bool {
    path.extension() == Some("json".as_ref())
}
