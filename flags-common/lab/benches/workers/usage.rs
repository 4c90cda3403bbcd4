//! What a process used from its start to its end.

use std::io;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::support::tests::process_status;

pub struct Usage {
    pub elapsed: Duration,
    /// Of all its threads, in user and in kernel mode.
    pub cpu: Duration,
    /// The most memory that was resident at once, in bytes; `None` where that cannot be known.
    pub peak_memory: Option<u64>,
    /// The most OS threads at once; `None` where that cannot be known.
    pub threads: Option<u64>,
}

/// Runs `command` to its end.
pub fn run(command: &mut Command) -> io::Result<(ExitStatus, Usage)> {
    let started = Instant::now();
    let mut child = command.spawn()?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let (waited, elapsed, (threads, peak_memory)) = thread::scope(|scope| {
        let looks = scope.spawn(|| look_at(pid, &ended));
        let waited = child.wait4();
        let elapsed = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (waited, elapsed, looks.join().expect("looking does not panic"))
    });
    let waited = waited?;
    let cpu = waited.rusage.utime + waited.rusage.stime;
    // Linux has a figure of its own here, which is not the process's alone: it starts at what was
    // resident when it was forked, before it became another program.
    let peak_memory = if cfg!(target_os = "linux") {
        peak_memory
    } else {
        Some(waited.rusage.maxrss).filter(|&bytes| bytes > 0)
    };
    Ok((waited.status, Usage { elapsed, cpu, peak_memory, threads }))
}

/// The most threads, and the most memory, that a process has until it `ended`. Linux tells how
/// many threads there are, so this looks every 2 ms: a pool's threads are there from its start to
/// its end. What it tells of the memory is the most so far.
fn look_at(pid: u32, ended: &AtomicBool) -> (Option<u64>, Option<u64>) {
    let (mut threads, mut peak_memory) = (None, None);
    while !ended.load(Ordering::Relaxed) {
        threads = threads.max(process_status(pid, "Threads"));
        peak_memory = peak_memory.max(process_status(pid, "VmHWM").map(|kib| kib * 1024));
        thread::sleep(Duration::from_millis(2));
    }
    (threads, peak_memory)
}
