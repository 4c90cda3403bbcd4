//! Signals: the run stops, with whole files, no temporary ones, and a picture if one was wanted.

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use flags_common::stop_saving;
use tokio::runtime::Handle;
#[cfg(unix)]
use tokio::signal::unix::signal;
use tokio::time::sleep;

use super::screen::Screen;
#[cfg(unix)]
use super::signals;
use super::summary::report_error;
use crate::site::DemoSite;
use crate::text::note;
use crate::timeline::Recording;

/// What is needed to stop a run.
#[derive(Clone)]
pub(crate) struct Interrupt {
    pub screen: Screen,
    /// Number of flags in the plan.
    pub flags: usize,
    pub started: Instant,
    pub recording: Option<Arc<Recording>>,
    pub site: Option<Arc<DemoSite>>,
}

/// Makes `background` stop the program on Ctrl-C and, on Unix, on the other signals that ask it to
/// end. The exit status is 128 + the number of the signal, as in a shell.
#[cfg(unix)]
pub(crate) fn stop_on_signals(background: &Handle, interrupt: &Interrupt) -> io::Result<()> {
    let _context = background.enter();
    for kind in signals::to_stop_on() {
        let (mut signal, interrupt) = (signal(kind)?, interrupt.clone());
        background.spawn(async move {
            signal.recv().await;
            interrupt.stop(128 + kind.as_raw_value()).await;
        });
    }
    signals::survive_file_size_limit()
}

/// Makes `background` stop the program on Ctrl-C, with exit status 130.
#[cfg(not(unix))]
pub(crate) fn stop_on_signals(background: &Handle, interrupt: &Interrupt) -> io::Result<()> {
    let interrupt = interrupt.clone();
    background.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.stop(130).await;
        }
    });
    Ok(())
}

impl Interrupt {
    /// Exits with `status`, after a second at the latest: a hung disk or terminal must not block
    /// Ctrl-C. The work is done on another thread, since this one has to watch the time, and to
    /// answer when the recording asks for its CPU time.
    async fn stop(self, status: i32) {
        let work = move || {
            let _locks = self.end_in_order();
            process::exit(status)
        };
        match thread::Builder::new().name("stop".to_owned()).spawn(work) {
            Ok(_) => sleep(Duration::from_secs(1)).await,
            Err(_) => note("Interrupted."), // no thread can be had, and no lock may be waited for
        }
        process::exit(status)
    }

    /// Ends the run, and returns what keeps it so until the process exits: no flag is saved and nothing
    /// else is printed while the result is alive.
    fn end_in_order(&self) -> impl Sized {
        let stopped = stop_saving(); // no temporary file exists from here on
        let elapsed = self.started.elapsed();
        let screen = self.screen.interrupt();
        note(format_args!("Interrupted: {} of {} saved.", stopped.saved(), self.flags));
        if let Some(recording) = &self.recording {
            let connections = self.site.as_ref().map(|site| site.counters().connections);
            if let Err(error) = recording.draw(elapsed, connections) {
                report_error(&error);
            }
        }
        (stopped, screen)
    }
}
