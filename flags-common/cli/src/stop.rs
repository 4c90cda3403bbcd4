//! Signals: a signal stops the run, leaves only complete files, and draws the picture if one was
//! requested.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use flags_common::stop_saving;
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::report::{interrupted, what_threads_do};
use crate::session::Session;
use crate::witness::os;

/// Makes `background` stop the program on Ctrl-C and on SIGTERM. The exit status is 128 + the number
/// of the signal, as in a shell. Other signals keep their default, so that `nohup` works.
#[cfg(unix)]
pub(crate) fn on_signals(background: &Handle, session: &Arc<Session>) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let _context = background.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind).context("cannot listen for signals")?;
        let session = Arc::clone(session);
        background.spawn(async move {
            signal.recv().await;
            stop(session, 128 + kind.as_raw_value()).await;
        });
    }
    Ok(())
}

/// Makes `background` stop the program on Ctrl-C, with exit status 130.
#[cfg(not(unix))]
pub(crate) fn on_signals(background: &Handle, session: &Arc<Session>) -> Result<()> {
    let session = Arc::clone(session);
    background.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop(session, 130).await;
        }
    });
    Ok(())
}

/// Exits with `status`, after two seconds at the latest: a hung disk or terminal must not block
/// Ctrl-C. Another thread does the work, because this one enforces the two seconds, serves the site and
/// reports its CPU time.
async fn stop(session: Arc<Session>, status: i32) {
    let work = move || {
        let threads = what_threads_do();
        session.end(); // does not return if the run is already reporting its own end
        let _stopped = stop_saving(); // no temporary file exists from here on
        _ = catch_unwind(AssertUnwindSafe(|| interrupted(&session, threads)));
        process::exit(status)
    };
    if os::start_thread("stop", work).is_ok() {
        sleep(Duration::from_secs(2)).await;
    }
    process::exit(status)
}
