//! The operating system's view of each thread: what it waits in, from `/proc/self/task/TID/syscall`,
//! which needs no rights. Where that cannot be read, nothing is known, and nothing is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::doing::{Doing, doing};
use super::os;

/// A thread, and what it was seen to do: each state from the first sample to the last.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    pub name: String,
    pub states: Vec<(Doing, Duration, Duration)>,
    /// When it was first missing.
    pub ended: Option<Duration>,
}

/// Whether the thread with this ID is in a call of `get_flag`.
type InGetFlag = Box<dyn Fn(u32) -> bool + Send + Sync>;

/// Looks at the threads of this process again and again, on its own thread, because on the background
/// thread it would delay the demo site.
pub(crate) struct Sampler {
    started: Instant,
    in_get_flag: InGetFlag,
    threads: Mutex<BTreeMap<u32, Sampled>>,
    /// CPU time that the sampler itself has used. Locked during a look, which may take a while.
    cpu: Mutex<Duration>,
}

impl Sampler {
    /// Starts sampling, which goes on until the process exits. If no thread can be started, there
    /// are no samples.
    pub fn start(started: Instant, in_get_flag: InGetFlag) -> Arc<Self> {
        let sampler =
            Self { started, in_get_flag, threads: Mutex::default(), cpu: Mutex::default() };
        let sampler = Arc::new(sampler);
        let this = Arc::clone(&sampler);
        _ = os::start_thread("sampler", move || this.run());
        sampler
    }

    fn run(&self) {
        loop {
            let mut cpu = self.cpu();
            let tick = Duration::from_millis(if self.look() > 50 { 20 } else { 5 });
            *cpu = os::thread_cpu_time().unwrap_or_default();
            drop(cpu);
            thread::sleep(tick);
        }
    }

    /// Looks at all threads now, and returns how many there are.
    pub fn look(&self) -> usize {
        let seen = look(&self.in_get_flag);
        let count = seen.len();
        self.add(seen);
        count
    }

    fn add(&self, seen: Vec<Seen>) {
        let now = self.started.elapsed();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for (tid, sampled) in threads.iter_mut().filter(|(_, sampled)| sampled.ended.is_none()) {
            let gone = || !Path::new(&format!("/proc/self/task/{tid}")).exists();
            if !seen.iter().any(|known| known.thread == *tid) && gone() {
                sampled.ended = Some(now);
            }
        }
        for Seen { thread, name, doing, .. } in seen {
            let new = || Sampled { name: String::new(), states: Vec::new(), ended: None };
            let sampled = threads.entry(thread).or_insert_with(new);
            sampled.name = name; // a thread gets its name a moment after it has started
            // After a longer pause, what happened meanwhile is not known.
            let recent = |to: Duration| now - to < Duration::from_millis(50);
            if let Some((last, _, to)) = sampled.states.last_mut().filter(|(.., to)| recent(*to)) {
                *to = now;
                if *last == doing {
                    continue;
                }
            }
            sampled.states.push((doing, now, now));
        }
    }

    /// What was seen so far, by thread ID.
    pub fn sampled(&self) -> BTreeMap<u32, Sampled> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).clone();
        threads.retain(|thread, _| !os::is_own(*thread)); // one may have been seen before it said so
        threads
    }

    pub fn cpu_time(&self) -> Duration {
        *self.cpu()
    }

    fn cpu(&self) -> MutexGuard<'_, Duration> {
        self.cpu.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread in one look.
pub(crate) struct Seen {
    pub thread: u32,
    pub name: String,
    pub doing: Doing,
    /// It waits for something without a time limit.
    pub for_ever: bool,
}

/// Looks at each thread of the strategy, if its state is known.
pub(crate) fn look(in_get_flag: &dyn Fn(u32) -> bool) -> Vec<Seen> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let threads = tasks.filter_map(|task| task.file_name().to_str()?.parse::<u32>().ok());
    let see = |thread| {
        let syscall = fs::read_to_string(format!("/proc/self/task/{thread}/syscall")).ok()?;
        let doing = doing(&syscall, || in_get_flag(thread))?;
        // The fourth argument of a futex is its time limit.
        let for_ever = doing == Doing::IsBlocked && syscall.split(' ').nth(4) == Some("0x0");
        Some(Seen { thread, name: name(thread), doing, for_ever })
    };
    threads.filter(|thread| !os::is_own(*thread)).filter_map(see).collect()
}

fn name(tid: u32) -> String {
    let comm = |tid| fs::read_to_string(format!("/proc/self/task/{tid}/comm")).unwrap_or_default();
    match (comm(tid), std::process::id()) {
        (_, main) if tid == main => "main".to_owned(),
        // A thread without a name has that of the program.
        (name, main) if name == comm(main) => "thread".to_owned(),
        (name, _) => name.trim_end().to_owned(),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Read;
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;

    use super::*;

    /// Whether a thread with this name is seen in a state, in one of many looks.
    fn is_seen(name: &str, state: Doing) -> bool {
        (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(1));
            look(&|_| false).iter().any(|seen| seen.name == name && seen.doing == state)
        })
    }

    fn start(name: &str, run: impl FnOnce() + Send + 'static) {
        thread::Builder::new().name(name.to_owned()).spawn(run).unwrap();
    }

    #[test]
    fn states_are_told_apart() {
        if fs::read_to_string("/proc/thread-self/syscall").is_err() {
            println!("SKIPPED: /proc does not tell the system calls of a thread");
            return;
        }
        let (sender, receiver) = mpsc::channel::<()>();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        start("t-sleeps", || thread::sleep(Duration::from_secs(60)));
        start("t-receives", move || _ = receiver.recv());
        start("t-reads", move || _ = stream.read(&mut [0]));
        start("t-loops", || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(std::future::pending())
        });
        start("t-runs", || {
            let started = Instant::now();
            while started.elapsed() < Duration::from_secs(5) {}
        });
        for (name, state) in [
            ("t-runs", Doing::Runs),
            ("t-sleeps", Doing::Sleeps),
            ("t-receives", Doing::IsBlocked),
            ("t-reads", Doing::WaitsForNetwork),
            ("t-loops", Doing::WaitsForEvents),
        ] {
            assert!(is_seen(name, state), "{name} {state:?}");
        }
        drop((sender, listener));
    }
}
