//! Where the picture goes: the argument of `--timeline`.

use std::fs;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use tempfile::NamedTempFile;

/// The argument of `--timeline`: the terminal, unless there is a file.
#[derive(Debug, Clone)]
pub(crate) struct Output(Option<PathBuf>);

/// An [`Output`] that is ready to be drawn on.
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

impl Output {
    /// Parses the argument, which is empty if none was given.
    pub fn from_argument(text: &str) -> Result<Self> {
        let path = PathBuf::from(text);
        match extension(&path) {
            _ if text.is_empty() => Ok(Self(None)),
            "svg" | "json" => Ok(Self(Some(path))),
            _ => bail!("expected a file name ending in .svg or .json"),
        }
    }

    /// Checks that the file can be written, before anything is downloaded.
    ///
    /// # Errors
    /// If it cannot.
    pub fn open(self) -> Result<Canvas> {
        let Some(path) = self.0 else { return Ok(Canvas::Terminal) };
        let is_json = extension(&path) == "json";
        let file = File { path: path::absolute(&path)?, name: path, is_json };
        let writable = || {
            ensure!(!file.path.is_dir(), "it is a folder");
            Ok(file.temporary()?)
        };
        writable().with_context(|| file.cannot_write())?;
        Ok(Canvas::File(file))
    }
}

impl File {
    /// Writes the whole file beside its place, then renames it: two runs may draw into one file.
    ///
    /// # Errors
    /// If it cannot be written.
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

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}
