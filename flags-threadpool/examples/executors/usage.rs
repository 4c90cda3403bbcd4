//! Memory, and what worker processes used.

use std::fs;
use std::time::Duration;

#[derive(Default)]
pub struct Usage {
    pub cpu: Duration,
    /// Sum of the peaks, in bytes. On Linux, a peak is at least what the
    /// parent had in memory when it started the process.
    pub memory: u64,
}

/// Peak resident memory of this process in bytes, on Linux.
pub fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Forgets the peak so far, on Linux.
pub fn reset_peak_memory() {
    _ = fs::write("/proc/self/clear_refs", "5");
}
