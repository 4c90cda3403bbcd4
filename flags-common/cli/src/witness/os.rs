//! The operating system: the threads of our own, and the CPU time of all others.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;
use std::{io, thread};

use crate::lock::lock;

/// IDs of the threads that are the program's own, not the strategy's. A name would not do: the
/// learner's threads may have the same.
static OWN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Starts a thread of our own, which no lane and no sentence is about.
///
/// # Errors
/// If the system gives no thread.
pub(crate) fn start_thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let run = move || {
        lock(&OWN).insert(thread_id());
        run();
        lock(&OWN).remove(&thread_id()); // the system may give the number to another thread
    };
    thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(())
}

/// Whether the thread with this ID is one of our own.
pub(super) fn is_own(thread: u32) -> bool {
    lock(&OWN).contains(&thread)
}

/// ID of the current thread: Linux's or, elsewhere, one of our own.
pub(super) fn thread_id() -> u32 {
    #[cfg(target_os = "linux")]
    return rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs();
    #[cfg(not(target_os = "linux"))]
    {
        use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
        static NEXT: AtomicU32 = AtomicU32::new(1);
        thread_local!(static ID: u32 = NEXT.fetch_add(1, Relaxed));
        ID.with(|id| *id)
    }
}

/// CPU time that this process has used so far, without that of our own threads; `None` where Linux's
/// `/proc` does not tell it.
pub(crate) fn cpu_time() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        use rustix::time::{ClockId, clock_gettime};
        // The first number is nanoseconds on a core.
        let of_thread = |thread: &u32| -> Option<u64> {
            let text = std::fs::read_to_string(format!("/proc/self/task/{thread}/schedstat"));
            text.ok()?.split(' ').next()?.parse().ok()
        };
        let own = lock(&OWN).iter().map(of_thread).sum::<Option<u64>>()?;
        let process = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()?;
        process.checked_sub(Duration::from_nanos(own))
    }
    #[cfg(not(target_os = "linux"))]
    None
}
