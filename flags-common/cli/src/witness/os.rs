//! The operating system: CPU time and threads.

use std::time::Duration;

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Handle;

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
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn cpu_time(background: &Handle) -> Option<Duration> {
    let read = |clock| Duration::try_from(clock_gettime(clock)).ok();
    let (sender, receiver) = std::sync::mpsc::channel();
    background.spawn(async move { sender.send(thread_cpu_time()) });
    // Only the thread itself can read its clock.
    let background = receiver.recv_timeout(Duration::from_millis(200)).ok()??;
    read(ClockId::ProcessCPUTime)?.checked_sub(background)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn cpu_time(_: &Handle) -> Option<Duration> {
    None
}
