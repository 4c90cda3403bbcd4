//! CPU time and memory.

use std::fs;
use std::time::Duration;

/// What a process used, or several of them together. `None` is what this platform does not tell.
#[derive(Clone, Copy)]
pub struct Usage {
    /// Of all threads, in user and in kernel mode.
    pub cpu: Option<Duration>,
    /// The most memory that was resident at once, in bytes.
    pub peak_memory: Option<u64>,
}

impl Usage {
    pub const NOTHING: Self = Self { cpu: Some(Duration::ZERO), peak_memory: Some(0) };

    /// Since it was started; of the memory, since [`restart_peak`].
    pub fn of_this_process() -> Self {
        Self { cpu: cpu_time(), peak_memory: peak_memory() }
    }

    /// The sum.
    pub fn and(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.zip(other.cpu).map(|(this, other)| this + other),
            peak_memory: self.peak_memory.zip(other.peak_memory).map(|(this, other)| this + other),
        }
    }

    /// The CPU time that was used after `before`, and the memory.
    pub fn since(self, before: Self) -> Self {
        Self { cpu: self.cpu.zip(before.cpu).map(|(now, before)| now - before), ..self }
    }

    /// For [`Self::from_line`]: nanoseconds, bytes.
    pub fn to_line(self) -> String {
        let number = |n: Option<u64>| n.map_or("unknown".to_owned(), |n| n.to_string());
        let nanos = self.cpu.and_then(|cpu| u64::try_from(cpu.as_nanos()).ok());
        format!("{} {}", number(nanos), number(self.peak_memory))
    }

    pub fn from_line(line: &str) -> Self {
        let mut numbers = line.split_whitespace().map(|word| word.parse().ok());
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

/// Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"))?;
    Some(kib.trim().parse::<u64>().ok()? * 1024)
}

/// Makes the peak of this process's memory what it has now. Where that cannot be done, a process
/// tells the peak of its whole life.
pub fn restart_peak() {
    _ = fs::write("/proc/self/clear_refs", "5");
}
