//! The background thread: serves the demo site and handles signals.

use std::future::pending;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Handle};

use crate::witness::os;

/// Starts the thread, which runs tasks until the process exits.
pub(crate) fn start() -> Result<Handle> {
    _ = rlimit::increase_nofile_limit(u64::MAX); // often 1,024, and a connection takes two
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        os::start_thread("background", move || runtime.block_on(pending::<()>()))?;
        Ok::<_, std::io::Error>(handle)
    };
    start().context("cannot start the background thread")
}
