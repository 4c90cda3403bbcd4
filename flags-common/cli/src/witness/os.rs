//! The operating system: CPU time, and the threads of our own.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Handle;

/// IDs of the threads that are the program's own, not the strategy's. A name would not do: the
/// learner's threads may have the same.
static OWN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Starts a thread of our own, which no lane and no sentence is about.
///
/// # Errors
/// If the system gives no thread.
pub(crate) fn start_thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let run = move || {
        OWN.lock().unwrap_or_else(PoisonError::into_inner).insert(thread_id());
        run();
    };
    thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(())
}

/// Whether the thread with this ID is one of our own.
pub(super) fn is_own(thread: u32) -> bool {
    OWN.lock().unwrap_or_else(PoisonError::into_inner).contains(&thread)
}

/// CPU time of this process since a moment, without that of the background thread.
pub(crate) struct CpuClock {
    background: Handle,
    before: Option<Duration>,
}

impl CpuClock {
    pub fn start(background: &Handle) -> Self {
        Self { background: background.clone(), before: cpu_time(background) }
    }

    /// `None` on systems where it is not measured, and if the background thread does not answer.
    pub fn elapsed(&self) -> Option<Duration> {
        Some(cpu_time(&self.background)?.saturating_sub(self.before?))
    }
}

/// CPU time of the current thread.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn thread_cpu_time() -> Option<Duration> {
    clock_gettime(ClockId::ThreadCPUTime).try_into().ok()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn thread_cpu_time() -> Option<Duration> {
    None
}

/// ID of the current thread; 0 where it is not of use.
pub(super) fn thread_id() -> u32 {
    #[cfg(target_os = "linux")]
    return rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs();
    #[cfg(not(target_os = "linux"))]
    0
}

/// CPU time that this process has used so far, without that of the thread that runs `background`.
/// That thread reads both clocks at the same moment, since no other can read its own.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn cpu_time(background: &Handle) -> Option<Duration> {
    let read = || {
        let process = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()?;
        process.checked_sub(thread_cpu_time()?)
    };
    let (sender, receiver) = mpsc::channel();
    background.spawn(async move { sender.send(read()) });
    receiver.recv_timeout(Duration::from_millis(200)).ok()?
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn cpu_time(_: &Handle) -> Option<Duration> {
    None
}
