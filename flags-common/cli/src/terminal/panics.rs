//! Panics: a learner's code may panic on any thread, and that is reported in one line.

use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, thread};

use crate::text::{clean, note};

/// Counts the panics of all threads.
#[derive(Clone, Default)]
pub(crate) struct Panics(Arc<AtomicUsize>);

impl Panics {
    /// Replaces Rust's message by one line, unless `RUST_BACKTRACE` asks for more.
    pub fn install() -> Self {
        let (panics, default) = (Self::default(), panic::take_hook());
        let count = Arc::clone(&panics.0);
        let backtrace = env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
        panic::set_hook(Box::new(move |info| {
            count.fetch_add(1, Relaxed);
            if backtrace {
                default(info);
            } else {
                note(one_line(info));
            }
        }));
        panics
    }

    /// Number of panics so far.
    pub fn count(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// `error: thread 'main' panicked at src/main.rs:30:9: message`, or that no thread could be started.
fn one_line(info: &PanicHookInfo) -> String {
    let thread = thread::current();
    let thread = thread.name().unwrap_or("<unnamed>");
    let location = info.location().map(|at| format!(" at {at}")).unwrap_or_default();
    let payload = info.payload();
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = message.unwrap_or("no message");
    if message.contains("Resource temporarily unavailable") {
        let pool = location.contains("threadpool");
        let advice = if pool { ": try a smaller -m" } else { "" };
        return format!("error: the system allows no more threads{advice}");
    }
    format!("error: thread '{thread}' panicked{location}: {}", clean(message))
}
