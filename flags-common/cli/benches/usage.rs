//! What a process used from its start to its end.

use std::io;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flags_testing::process_status;
use wait4::Wait4;

/// The resources that a process used.
pub struct Usage {
    /// From its start to its end.
    pub elapsed: Duration,
    /// CPU time of all its threads, in user and in kernel mode.
    pub cpu: Duration,
    /// Peak resident memory in bytes; `None` if the system does not tell.
    pub peak_memory: Option<u64>,
    /// Maximum number of OS threads; `None` if the system does not tell.
    pub threads: Option<u64>,
}

/// Runs `command` to its end.
pub fn run(command: &mut Command) -> io::Result<(ExitStatus, Usage)> {
    let started = Instant::now();
    let mut child = command.spawn()?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let (waited, elapsed, (threads, peak_memory)) = thread::scope(|scope| {
        let sampler = scope.spawn(|| sample(pid, &ended));
        let waited = child.wait4();
        let elapsed = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (waited, elapsed, sampler.join().expect("sampling does not panic"))
    });
    let waited = waited?;
    let cpu = waited.rusage.utime + waited.rusage.stime;
    // Linux's `maxrss` also counts what was resident at the fork, before the process became another
    // program.
    let peak_memory = if cfg!(target_os = "linux") {
        peak_memory
    } else {
        Some(waited.rusage.maxrss).filter(|&bytes| bytes > 0)
    };
    Ok((waited.status, Usage { elapsed, cpu, peak_memory, threads }))
}

/// Maximum number of threads, and peak memory, of a process until it `ended`. Samples every 2 ms,
/// which is enough: a pool keeps its threads to the end, and Linux tells the peak memory so far.
fn sample(pid: u32, ended: &AtomicBool) -> (Option<u64>, Option<u64>) {
    let (mut threads, mut peak_memory) = (None, None);
    while !ended.load(Ordering::Relaxed) {
        threads = threads.max(process_status(pid, "Threads"));
        peak_memory = peak_memory.max(process_status(pid, "VmHWM").map(|kib| kib * 1024));
        thread::sleep(Duration::from_millis(2));
    }
    (threads, peak_memory)
}
