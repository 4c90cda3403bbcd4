//! What the operating system knows of this process: CPU time and threads.

use std::time::Duration;

use tokio::runtime::Handle;

/// CPU time that this process has used so far, without that of the thread that runs `background`.
/// `None` on systems where it is not measured, and if that thread does not answer within 0.2 s.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn cpu_time(background: &Handle) -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};

    let read = |clock| Duration::try_from(clock_gettime(clock)).ok();
    let (sender, receiver) = std::sync::mpsc::channel();
    background.spawn(async move { sender.send(read(ClockId::ThreadCPUTime)) });
    // Only the thread itself can read its clock.
    let background = receiver.recv_timeout(Duration::from_millis(200)).ok()??;
    read(ClockId::ProcessCPUTime)?.checked_sub(background)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn cpu_time(_: &Handle) -> Option<Duration> {
    None
}

/// Number of threads of this process, without the background thread. `None` on systems without
/// `/proc`.
pub(super) fn threads() -> Option<usize> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?.count();
    threads.checked_sub(1)
}
