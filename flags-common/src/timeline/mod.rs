//! The timeline: a picture of one's own run, of who waited and who worked.
//!
//! `--timeline` installs a recorder, which listens to the spans that `get_flag` makes; without it,
//! nothing listens and nothing is recorded. What it heard becomes a [`Timeline`] when the run has
//! ended, and that is drawn in the terminal or [as SVG](svg).

mod canvas;
mod model;
mod os;
mod recorder;
mod svg;
mod terminal;
mod tsv;
mod words;

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::runtime::Handle;
use tracing::Dispatch;

pub use self::model::{Hold, Request, Timeline};
use self::recorder::{Recorded, Recorder};
pub use self::svg::svg;
use crate::screen::note;
use crate::{CountryCode, Flag, Plan};

/// Where the picture goes: the argument of `--timeline`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Output {
    Terminal,
    Svg(PathBuf),
    /// No picture, but what it would show.
    Tsv(PathBuf),
}

impl Output {
    /// Reads the argument of `--timeline`, empty if it has none.
    pub fn from_argument(text: &str) -> Result<Self> {
        let path = PathBuf::from(text);
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if text.is_empty() => Ok(Self::Terminal),
            Some("svg") => Ok(Self::Svg(path)),
            Some("tsv") => Ok(Self::Tsv(path)),
            _ => bail!("the timeline's file is a FILE.svg, or FILE.tsv for its data"),
        }
    }

    /// Finds out whether the file can be written, before there is something to be lost. Nothing has
    /// changed afterwards.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Terminal => Ok(()),
            Self::Svg(path) | Self::Tsv(path) => {
                let new = !path.exists();
                let opened = OpenOptions::new().append(true).create(true).open(path);
                let closed = opened.and_then(|_| if new { fs::remove_file(path) } else { Ok(()) });
                closed.with_context(|| cannot_write(path))
            }
        }
    }

    fn draw(&self, timeline: &Timeline) -> Result<()> {
        let (path, text) = match self {
            Self::Terminal => {
                note(terminal::picture(timeline));
                return Ok(());
            }
            Self::Svg(path) => {
                let note = format!("Made with {} --timeline=FILE.svg", timeline.program);
                (path, svg(&[timeline], &note))
            }
            Self::Tsv(path) => (path, tsv::write(timeline)),
        };
        fs::write(path, text).with_context(|| cannot_write(path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the timeline {}", path.display())
}

/// A run that is being recorded.
pub(crate) struct Recording {
    output: Output,
    program: String,
    background: Handle,
    recorder: Arc<Recorder>,
    /// The CPU time used before it began.
    cpu_before: Option<Duration>,
    /// Why each flag of the plan was not saved.
    fates: Vec<(CountryCode, Option<String>)>,
}

impl Recording {
    /// Begins to record a run of `program`. `background` is the runtime that the background thread
    /// runs.
    pub fn start(output: Output, program: String, plan: &Plan, background: Handle) -> Result<Self> {
        let cpu_before = os::cpu_time(&background);
        let recorder = Arc::new(Recorder::new(plan));
        tracing::dispatcher::set_global_default(Dispatch::new(Arc::clone(&recorder)))?;
        let lost = |flag: &Flag| (flag.cc, Some("lost".to_owned())); // until something is heard of it
        let fates = plan.flags.iter().map(lost).collect();
        Ok(Self { output, program, background, recorder, cpu_before, fates })
    }

    /// When the run began.
    pub fn started(&self) -> Instant {
        self.recorder.started
    }

    /// Writes down what became of a flag: the cause, if it was not saved.
    pub fn fate(&mut self, cc: CountryCode, failure: Option<String>) {
        if let Some(entry) = self.fates.iter_mut().find(|(flag, _)| *flag == cc) {
            entry.1 = failure;
        }
    }

    /// Draws the run, which took `elapsed` and, if that is known, `connections`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(self, elapsed: Duration, connections: Option<usize>) -> Result<()> {
        let cpu = os::cpu_time(&self.background);
        let cpu = cpu.zip(self.cpu_before).map(|(now, before)| now.saturating_sub(before));
        let Recorded { events, threads, os_threads } = self.recorder.take();
        let requests = model::requests(self.fates, &events, elapsed);
        let program = self.program;
        self.output.draw(&Timeline {
            program,
            elapsed,
            cpu,
            os_threads,
            connections,
            threads,
            requests,
        })
    }
}
