//! Where the picture goes: the argument of `--timeline`.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Timeline, picture, svg};
use crate::text::note;

/// The argument of `--timeline`: the terminal, unless there is a file.
#[derive(Debug, Clone)]
pub(crate) struct Output(Option<PathBuf>);

/// An [`Output`] that is ready to be drawn on.
#[derive(Debug)]
pub(crate) struct Canvas(Option<(PathBuf, File)>);

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

    /// Opens the file, before the downloads: an error should not cost them.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(self) -> Result<Canvas> {
        let Some(path) = self.0 else { return Ok(Canvas(None)) };
        let file = File::create(&path).with_context(|| cannot_write(&path))?;
        Ok(Canvas(Some((path, file))))
    }
}

impl Canvas {
    /// Draws a run in the terminal; or writes its picture, or its data as JSON, to the file, and says so.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn draw(&self, run: &Timeline) -> Result<()> {
        let Some((path, file)) = &self.0 else {
            note(picture(run));
            return Ok(());
        };
        let text = match extension(path) {
            "json" => run.to_json() + "\n",
            _ => svg(&[run], &format!("Made with {} --timeline=FILE.svg", run.program)),
        };
        let mut writer = file; // a shared reference will do
        writer.write_all(text.as_bytes()).with_context(|| cannot_write(path))?;
        note(format_args!("Timeline written to {}", path.display()));
        Ok(())
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the timeline {}", path.display())
}
