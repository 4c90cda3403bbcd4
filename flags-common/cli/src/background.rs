//! The background thread: serves the demo site, handles signals and watches the run.

use std::future::pending;
use std::thread;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Handle, Runtime};

/// The runtime of the background thread. Tasks can be spawned on it before the thread starts.
pub(crate) fn runtime() -> Result<Runtime> {
    _ = rlimit::increase_nofile_limit(u64::MAX); // often 1,024, and a connection takes two
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the background thread")
}

/// Starts the thread, which runs until the process exits.
pub(crate) fn start(runtime: Runtime) -> Result<Handle> {
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new().name("background".to_owned());
    let started = thread.spawn(move || runtime.block_on(pending::<()>()));
    started.context("cannot start the background thread")?;
    Ok(handle)
}
