//! The recording of a run, from its start to its picture.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use flags_common::{CountryCode, Plan};
use tokio::runtime::Handle;
use tracing::Dispatch;

use super::calls::{self, Outcome};
use super::output::Canvas;
use super::recorder::Recorder;
use super::{Timeline, Viewpoint, os};

/// A run that is being recorded. Shared: the run ends by itself, or by a signal.
pub(crate) struct Recording {
    canvas: Canvas,
    program: String,
    background: Handle,
    recorder: Arc<Recorder>,
    /// CPU time used before the run; `None` if unknown.
    cpu_before: Option<Duration>,
    /// What became of each flag, in the order of the plan.
    outcomes: Mutex<Vec<(CountryCode, Outcome)>>,
}

impl Recording {
    /// Starts to record a run of `program`. `background` is the background thread's runtime.
    pub fn start(canvas: Canvas, program: String, plan: &Plan, background: Handle) -> Result<Self> {
        let cpu_before = os::cpu_time(&background);
        let outcomes = plan.flags.iter().map(|flag| (flag.cc, Outcome::Unknown)).collect();
        let outcomes = Mutex::new(outcomes);
        let recorder = Arc::new(Recorder::new(plan));
        tracing::dispatcher::set_global_default(Dispatch::new(Arc::clone(&recorder)))?;
        Ok(Self { canvas, program, background, recorder, cpu_before, outcomes })
    }

    /// When the run started.
    pub fn started(&self) -> Instant {
        self.recorder.started
    }

    /// Records that the site answered a request for `url` at an instant.
    pub fn answered(&self, url: &str, at: Instant) {
        self.recorder.answered(url, at);
    }

    /// Records what became of a flag: the cause, if it was not saved.
    pub fn outcome(&self, cc: CountryCode, failure: Option<&str>) {
        let mut outcomes = self.outcomes();
        if let Some((_, outcome)) = outcomes.iter_mut().find(|(flag, _)| *flag == cc) {
            *outcome = failure.map_or(Outcome::Saved, |cause| Outcome::Failed(cause.to_owned()));
        }
    }

    /// Draws the run after its end. `connections` is what the demo site saw, if it is in this process.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(&self, elapsed: Duration, connections: Option<usize>) -> Result<()> {
        for (_, outcome) in self.outcomes().iter_mut() {
            if matches!(outcome, Outcome::Unknown) {
                *outcome = Outcome::Failed("lost".to_owned());
            }
        }
        self.draw(elapsed, connections)
    }

    /// Draws the run so far. A flag without a result has not failed.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn draw(&self, elapsed: Duration, connections: Option<usize>) -> Result<()> {
        let cpu = os::cpu_time(&self.background);
        let cpu = cpu.zip(self.cpu_before).map(|(now, before)| now.saturating_sub(before));
        let recorded = self.recorder.recorded();
        let requests = calls::requests(&self.outcomes(), &recorded, elapsed);
        self.canvas.draw(&Timeline {
            viewpoint: Viewpoint::Downloader,
            program: self.program.clone(),
            elapsed,
            cpu,
            os_threads: recorded.os_threads.or_else(os::threads),
            connections,
            saves: calls::saves(&self.outcomes(), &recorded, elapsed),
            threads: calls::numbered(recorded.threads),
            requests,
        })
    }

    fn outcomes(&self) -> MutexGuard<'_, Vec<(CountryCode, Outcome)>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
