//! What the operating system knows of this process: CPU time and threads.

use std::time::Duration;

use tokio::runtime::Handle;

/// The CPU time that this process has used so far, without what the thread used that `background`
/// runs on. `None` on a system where it is not measured.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn cpu_time(background: &Handle) -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};

    let read = |clock| Duration::try_from(clock_gettime(clock)).ok();
    let (sender, receiver) = std::sync::mpsc::channel();
    background.spawn(async move { sender.send(read(ClockId::ThreadCPUTime)) });
    let background = receiver.recv().ok()??; // a thread can read its own clock only
    read(ClockId::ProcessCPUTime)?.checked_sub(background)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn cpu_time(_: &Handle) -> Option<Duration> {
    None
}

/// How many threads this process has, without the background thread. `None` on a system that has
/// no such folder.
pub(super) fn threads() -> Option<usize> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?.count();
    threads.checked_sub(1)
}
