//! The background thread: serves the demo site, handles signals and refreshes the progress bar.

use std::io;
use std::ops::Deref;
use std::thread;

use tokio::runtime::{self, Handle, Runtime};

/// The background thread before it starts. Tasks can already be spawned on it.
pub(crate) struct Background(Runtime);

impl Background {
    pub fn new() -> io::Result<Self> {
        runtime::Builder::new_current_thread().enable_all().build().map(Self)
    }

    /// Starts the thread, which runs until the process exits.
    pub fn start(self) -> io::Result<Handle> {
        let handle = self.0.handle().clone();
        let run = move || self.0.block_on(std::future::pending::<()>());
        thread::Builder::new().name("background".to_owned()).spawn(run)?;
        Ok(handle)
    }
}

impl Deref for Background {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        self.0.handle()
    }
}
