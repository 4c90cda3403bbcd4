//! Where the picture goes: the argument of `--timeline`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Timeline, svg, terminal, tsv};
use crate::text::note;

/// The argument of `--timeline`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Output {
    /// Draw in the terminal.
    Terminal,
    /// Write an SVG file.
    Svg(PathBuf),
    /// Write the data of the picture as a TSV file.
    Tsv(PathBuf),
}

impl Output {
    /// Parses the argument, which is empty if none was given.
    pub fn from_argument(text: &str) -> Result<Self> {
        let path = PathBuf::from(text);
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if text.is_empty() => Ok(Self::Terminal),
            Some("svg") => Ok(Self::Svg(path)),
            Some("tsv") => Ok(Self::Tsv(path)),
            _ => bail!("expected a file name ending in .svg or .tsv"),
        }
    }

    /// Fails early if the file is not writable. Leaves no trace.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Terminal => Ok(()),
            Self::Svg(path) | Self::Tsv(path) => {
                check_writable(path).with_context(|| cannot_write(path))
            }
        }
    }

    /// Draws the picture, and says on stderr which file it is in.
    pub fn draw(&self, timeline: &Timeline) -> Result<()> {
        let (path, text) = match self {
            Self::Terminal => {
                note(terminal::picture(timeline));
                return Ok(());
            }
            Self::Svg(path) => {
                let command = format!("{} --timeline=FILE.svg", timeline.program);
                (path, svg(&[timeline], &format!("Made with {command}")))
            }
            Self::Tsv(path) => (path, tsv::write(timeline)),
        };
        fs::write(path, text).with_context(|| cannot_write(path))?;
        note(format_args!("Timeline written to {}", path.display()));
        Ok(())
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the timeline {}", path.display())
}

/// A new file is created and removed again; if `path` is a dangling symbolic link, this happens to
/// its target, and the link stays.
fn check_writable(path: &Path) -> io::Result<()> {
    match OpenOptions::new().append(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::read_link(path) {
            Ok(target) => check_writable(&path.parent().unwrap_or(Path::new("")).join(target)),
            Err(_) => {
                File::create_new(path)?;
                fs::remove_file(path)
            }
        },
        opened => opened.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run.svg");
        Output::Svg(path.clone()).check().unwrap();
        assert!(!path.exists());

        fs::write(&path, "before").unwrap();
        Output::Svg(path.clone()).check().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");

        let error = Output::Svg(dir.path().join("none/run.svg")).check().unwrap_err();
        assert!(error.to_string().starts_with("cannot write the timeline "), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn dangling_link_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("run.svg");
        std::os::unix::fs::symlink("target.svg", &link).unwrap();
        Output::Svg(link.clone()).check().unwrap();
        assert!(link.is_symlink() && !dir.path().join("target.svg").exists());

        let broken = dir.path().join("broken.svg");
        std::os::unix::fs::symlink("none/target.svg", &broken).unwrap();
        assert!(Output::Svg(broken.clone()).check().is_err());
        assert!(broken.is_symlink());
    }
}
