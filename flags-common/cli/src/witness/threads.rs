//! The operating system's view of each thread: what it waits in, from `/proc/self/task/TID/syscall`,
//! which needs no rights. Where that cannot be read, nothing is known, and nothing is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::os;
use super::syscalls::{State, state};

/// A thread, and what it was seen to do: each state from the first sample to the last.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    pub name: String,
    pub states: Vec<(State, Duration, Duration)>,
    /// When it was seen no more.
    pub ended: Option<Duration>,
}

/// Looks at the threads of this process again and again, on a thread of its own: on the background
/// thread, it would keep the demo site from answering.
pub(crate) struct Sampler {
    started: Instant,
    threads: Mutex<BTreeMap<u32, Sampled>>,
    /// CPU time that the sampler itself has used, in nanoseconds.
    cpu: AtomicU64,
}

impl Sampler {
    /// Starts sampling, which goes on until the process exits. If no thread can be started, there
    /// are no samples.
    pub fn start(started: Instant) -> Arc<Self> {
        let sampler = Arc::new(Self { started, threads: Mutex::default(), cpu: AtomicU64::new(0) });
        let this = Arc::clone(&sampler);
        _ = thread::Builder::new().name("sampler".to_owned()).spawn(move || this.run());
        sampler
    }

    fn run(&self) {
        let mut names = BTreeMap::new();
        loop {
            let seen = look(&mut names);
            let tick = Duration::from_millis(if seen.len() > 50 { 20 } else { 5 });
            self.add(seen);
            let cpu = os::thread_cpu_time().unwrap_or_default().as_nanos();
            self.cpu.store(u64::try_from(cpu).unwrap_or(u64::MAX), Relaxed);
            thread::sleep(tick);
        }
    }

    fn add(&self, seen: Vec<(u32, String, State)>) {
        let now = self.started.elapsed();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for (tid, sampled) in threads.iter_mut().filter(|(_, sampled)| sampled.ended.is_none()) {
            let gone = || !Path::new(&format!("/proc/self/task/{tid}")).exists();
            if !seen.iter().any(|(known, ..)| known == tid) && gone() {
                sampled.ended = Some(now);
            }
        }
        for (tid, name, state) in seen {
            let new = || Sampled { name, states: Vec::new(), ended: None };
            let states = &mut threads.entry(tid).or_insert_with(new).states;
            // After a longer pause, what happened meanwhile is not known.
            let recent = |to: Duration| now - to < Duration::from_millis(50);
            if let Some((last, _, to)) = states.last_mut().filter(|(.., to)| recent(*to)) {
                *to = now;
                if *last == state {
                    continue;
                }
            }
            states.push((state, now, now));
        }
    }

    /// What was seen so far, by thread ID.
    pub fn sampled(&self) -> BTreeMap<u32, Sampled> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn cpu_time(&self) -> Duration {
        Duration::from_nanos(self.cpu.load(Relaxed))
    }
}

/// One look at all threads, in words: `At this moment, main is sleeping; another thread is running.`
pub(crate) fn snapshot() -> Option<String> {
    let mut groups: BTreeMap<(bool, State), usize> = BTreeMap::new();
    for (_, name, state) in look(&mut BTreeMap::new()) {
        *groups.entry((name != "main", state)).or_default() += 1;
    }
    let describe = |(&(other, state), n): (&(bool, State), &usize)| {
        let doing = match state {
            State::WaitsForEvents => "waiting for events",
            State::Sleeps => "sleeping",
            State::WaitsForThread => "waiting for another thread (a lock or a channel)",
            State::WaitsForNetwork => "waiting for the network",
            State::UsesFile => "reading or writing a file",
            State::Runs => "running",
        };
        match (other, n) {
            (false, _) => format!("main is {doing}"),
            (true, 1) => format!("another thread is {doing}"),
            (true, n) => format!("{n} other threads are {doing}"),
        }
    };
    let groups: Vec<_> = groups.iter().map(describe).collect();
    (!groups.is_empty()).then(|| format!("At this moment, {}.", groups.join("; ")))
}

/// Looks at each thread but the program's own helpers: its ID, name and state, if that is known.
fn look(names: &mut BTreeMap<u32, String>) -> Vec<(u32, String, State)> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let tids = tasks.filter_map(|task| task.file_name().to_str()?.parse::<u32>().ok());
    let see = |tid| {
        let name = names.entry(tid).or_insert_with(|| name(tid)).clone();
        let helper = matches!(name.as_str(), "background" | "sampler" | "stop");
        let syscall = fs::read_to_string(format!("/proc/self/task/{tid}/syscall")).ok()?;
        Some((tid, name, state(&syscall)?)).filter(|_| !helper)
    };
    tids.filter_map(see).collect()
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
    fn is_seen(name: &str, state: State) -> bool {
        (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(1));
            look(&mut BTreeMap::new()).iter().any(|(_, seen, now)| seen == name && *now == state)
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
            ("t-runs", State::Runs),
            ("t-sleeps", State::Sleeps),
            ("t-receives", State::WaitsForThread),
            ("t-reads", State::WaitsForNetwork),
            ("t-loops", State::WaitsForEvents),
        ] {
            assert!(is_seen(name, state), "{name} {state:?}");
        }
        drop((sender, listener));
    }
}
