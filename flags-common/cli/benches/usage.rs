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
    /// In milliseconds, from its start to its end.
    pub elapsed: f64,
    /// CPU time in milliseconds, of all its threads, in user and in kernel mode.
    pub cpu: f64,
    /// Peak resident memory in MB; 0 if the system does not tell.
    pub memory: f64,
}

/// Runs `command` to its end.
pub fn run(command: &mut Command) -> io::Result<(ExitStatus, Usage)> {
    let started = Instant::now();
    let mut child = command.spawn()?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let (waited, elapsed, sampled) = thread::scope(|scope| {
        let sampler = scope.spawn(|| peak_memory(pid, &ended));
        let waited = child.wait4();
        let elapsed = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (waited, elapsed, sampler.join().expect("sampling does not panic"))
    });
    let waited = waited?;
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    // Linux's `maxrss` also counts what was resident at the fork, before the process became another
    // program.
    let memory = if cfg!(target_os = "linux") { sampled } else { waited.rusage.maxrss };
    let usage = Usage {
        elapsed: millis(elapsed),
        cpu: millis(waited.rusage.utime + waited.rusage.stime),
        memory: memory as f64 / 1e6,
    };
    Ok((waited.status, usage))
}

/// Peak memory of a process until it `ended`, in bytes. Samples every 2 ms, which is enough: Linux
/// tells the peak so far.
fn peak_memory(pid: u32, ended: &AtomicBool) -> u64 {
    let mut peak = 0;
    while !ended.load(Ordering::Relaxed) {
        peak = process_status(pid, "VmHWM").map_or(peak, |kib| kib * 1024);
        thread::sleep(Duration::from_millis(2));
    }
    peak
}
