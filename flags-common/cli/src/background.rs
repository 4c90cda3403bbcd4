//! The background thread: serves the demo site, handles signals and watches the run.

use std::future::pending;
use std::ops::Deref;
use std::thread;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Handle, Runtime};

/// The background thread before it starts. Tasks can already be spawned on it.
pub(crate) struct Background(Runtime);

impl Background {
    pub fn new() -> Result<Self> {
        _ = rlimit::increase_nofile_limit(u64::MAX); // often 1,024, and a connection takes two
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.map(Self).context("cannot start the background thread")
    }

    /// Starts the thread, which runs until the process exits.
    pub fn start(self) -> Result<Handle> {
        let handle = self.0.handle().clone();
        let thread = thread::Builder::new().name("background".to_owned());
        let started = thread.spawn(move || self.0.block_on(pending::<()>()));
        started.context("cannot start the background thread")?;
        Ok(handle)
    }
}

impl Deref for Background {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        self.0.handle()
    }
}
