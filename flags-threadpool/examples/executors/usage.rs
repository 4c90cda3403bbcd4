//! CPU time and memory that processes use.

use std::fs;
use std::time::Duration;

/// What one or several processes used. `None` if the system does not tell.
#[derive(Clone, Copy)]
pub struct Usage {
    /// CPU time of all threads, in user and in kernel mode.
    pub cpu: Option<Duration>,
    /// Peak resident memory in bytes.
    pub peak_memory: Option<u64>,
}

impl Usage {
    pub const NOTHING: Self =
        Self { cpu: Some(Duration::ZERO), peak_memory: Some(0) };

    /// CPU time since this process started, and peak memory since [`reset_peak_memory`].
    pub fn of_this_process() -> Self {
        Self { cpu: cpu_time(), peak_memory: peak_memory() }
    }

    /// The sum of both.
    pub fn and(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.zip(other.cpu).map(|(this, other)| this + other),
            peak_memory: self
                .peak_memory
                .zip(other.peak_memory)
                .map(|(this, other)| this + other),
        }
    }

    /// The CPU time used since `before`; the peak memory is unchanged.
    pub fn since(self, before: Self) -> Self {
        Self {
            cpu: self.cpu.zip(before.cpu).map(|(now, before)| now - before),
            ..self
        }
    }

    /// Formats it for [`Self::from_line`]: nanoseconds and bytes.
    pub fn to_line(self) -> String {
        let number = |n: Option<u64>| {
            n.map_or("unknown".to_owned(), |n| n.to_string())
        };
        let nanos =
            self.cpu.and_then(|cpu| u64::try_from(cpu.as_nanos()).ok());
        format!("{} {}", number(nanos), number(self.peak_memory))
    }

    /// Parses what [`Self::to_line`] wrote.
    pub fn from_line(line: &str) -> Self {
        let mut numbers =
            line.split_whitespace().map(|word| word.parse().ok());
        Self {
            cpu: numbers.next().flatten().map(Duration::from_nanos),
            peak_memory: numbers.next().flatten(),
        }
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn cpu_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::ProcessCPUTime).try_into().ok()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn cpu_time() -> Option<Duration> {
    None
}

/// Peak memory of this process in bytes, on Linux.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"))?;
    Some(kib.trim().parse::<u64>().ok()? * 1024)
}

/// Sets this process's peak memory to its current memory, on Linux. Where it fails, the peak is
/// that since the start of the process.
pub fn reset_peak_memory() {
    _ = fs::write("/proc/self/clear_refs", "5");
}
