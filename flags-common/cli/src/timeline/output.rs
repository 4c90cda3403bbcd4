//! Where the picture goes: the argument of `--timeline`.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Timeline, svg, terminal};
use crate::text::note;

/// The argument of `--timeline`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Output {
    /// Draw in the terminal.
    Terminal,
    /// Write an SVG file.
    Svg(PathBuf),
    /// Write the data of the picture as a JSON file.
    Json(PathBuf),
}

impl Output {
    /// Parses the argument, which is empty if none was given.
    pub fn from_argument(text: &str) -> Result<Self> {
        let path = PathBuf::from(text);
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if text.is_empty() => Ok(Self::Terminal),
            Some("svg") => Ok(Self::Svg(path)),
            Some("json") => Ok(Self::Json(path)),
            _ => bail!("expected a file name ending in .svg or .json"),
        }
    }

    /// Opens the file, before the downloads: an error should not cost them.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(self) -> Result<Canvas> {
        let file = match &self {
            Self::Terminal => None,
            Self::Svg(path) | Self::Json(path) => {
                let cannot = || format!("cannot write the timeline {}", path.display());
                Some(File::create(path).with_context(cannot)?)
            }
        };
        Ok(Canvas { output: self, file })
    }
}

/// An [`Output`] that is ready to be drawn on.
#[derive(Debug)]
pub(crate) struct Canvas {
    output: Output,
    file: Option<File>,
}

impl Canvas {
    /// Draws the picture, and says on stderr which file it is in.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn draw(&self, timeline: &Timeline) -> Result<()> {
        let (path, text) = match &self.output {
            Output::Terminal => {
                note(terminal::picture(timeline));
                return Ok(());
            }
            Output::Svg(path) => {
                let command = format!("{} --timeline=FILE.svg", timeline.program);
                (path, svg(&[timeline], &format!("Made with {command}")))
            }
            Output::Json(path) => (path, timeline.to_json() + "\n"),
        };
        if let Some(mut file) = self.file.as_ref() {
            let cannot = || format!("cannot write the timeline {}", path.display());
            file.write_all(text.as_bytes()).with_context(cannot)?;
        }
        note(format_args!("Timeline written to {}", path.display()));
        Ok(())
    }
}
