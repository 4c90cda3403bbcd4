//! The one thread that is not the downloader's own: it serves the demo site and waits for Ctrl-C.

use std::io;
use std::process;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Runtime};
use tokio::time::timeout;

use crate::save::stop_saving;
use crate::screen::{Screen, note};

/// What the thread will run. Until then, tasks can be put into it.
pub(crate) fn new_runtime() -> io::Result<Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

/// Starts the thread.
pub(crate) fn start(runtime: Runtime) -> io::Result<()> {
    let run = move || runtime.block_on(std::future::pending::<()>());
    thread::Builder::new().name("background".to_owned()).spawn(run)?;
    Ok(())
}

/// Stops the program in good order on Ctrl-C (exit status 130) and, on Unix, on SIGTERM (143): these
/// are 128 + the signal's number, as a shell would put it.
pub(crate) fn stop_on_signals(runtime: &Runtime, screen: &Screen, flags: usize) -> io::Result<()> {
    let _context = runtime.enter();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for (kind, status) in [(SignalKind::interrupt(), 130), (SignalKind::terminate(), 143)] {
            let (mut signal, screen) = (signal(kind)?, screen.clone());
            runtime.spawn(async move {
                signal.recv().await;
                stop(screen, flags, status).await;
            });
        }
    }
    #[cfg(not(unix))]
    {
        let screen = screen.clone();
        runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop(screen, flags, 130).await;
            }
        });
    }
    Ok(())
}

async fn stop(screen: Screen, flags: usize, status: i32) {
    let in_good_order = tokio::task::spawn_blocking(move || {
        let saved = stop_saving(); // no temporary file exists from here on
        let _held = screen.interrupt(); // and nothing more is printed
        note(format_args!("Interrupted: {} of {flags} saved.", saved.load(Ordering::Relaxed)));
        process::exit(status)
    });
    // Unless the disk or the terminal hangs: who presses Ctrl-C will not wait for them.
    _ = timeout(Duration::from_secs(1), in_good_order).await;
    process::exit(status)
}
