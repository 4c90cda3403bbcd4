//! What an executor used.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Result;
use cpu_time::ProcessTime;

/// Time and memory of this process and of its worker processes.
#[derive(Default)]
pub struct Usage {
    pub elapsed: Duration,
    pub cpu: Duration,
    /// Sum of the peaks, in bytes. On Linux, the peak of a worker is at least what its parent had in
    /// memory when it started it; on other systems, the parent's own is not counted.
    pub memory: u64,
}

/// Calls `executor`, which adds what its worker processes used. Returns its result, and what it used.
pub fn measure<R>(executor: impl FnOnce(&mut Usage) -> Result<R>) -> Result<(R, Usage)> {
    _ = fs::write("/proc/self/clear_refs", "5"); // forgets the peak of the executor before
    let mut used = Usage::default();
    let (started, cpu) = (Instant::now(), ProcessTime::now());
    let result = executor(&mut used)?;
    used.elapsed = started.elapsed();
    used.cpu += cpu.elapsed();
    used.memory += peak_memory().unwrap_or(0);
    Ok((result, used))
}

/// Peak memory of this process, on Linux.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
