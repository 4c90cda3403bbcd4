//! The operating system's view of each thread: what it waits in, from `/proc/self/task/TID/syscall`,
//! which needs no rights. Where that cannot be read, nothing is known, and nothing is said.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::doing::{Doing, doing};
use super::os;

/// Time from one look to the next; with more than 50 threads, four times as long.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// What was seen so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    /// How many times the threads were looked at.
    pub looks: u32,
    /// The threads, by ID.
    pub threads: BTreeMap<u32, Sampled>,
}

/// A thread, and what it was seen to do, in chronological order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sampled {
    pub name: String,
    pub states: Vec<State>,
}

/// What a thread was seen to do in each look from the first to the last. No span began or ended on it
/// in between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct State {
    pub doing: Doing,
    pub first: Duration,
    pub last: Duration,
    /// How many spans had begun or ended on the thread.
    changes: usize,
}

impl State {
    /// What happens in a longer pause between two looks is not known.
    pub const PAUSE: Duration = Duration::from_millis(100);

    pub fn new(doing: Doing, at: Duration, changes: usize) -> Self {
        Self { doing, first: at, last: at, changes }
    }
}

/// Looks at the threads of this process again and again, on its own thread, because on the background
/// thread it would delay the demo site.
pub(crate) struct Sampler {
    calls: Arc<Calls>,
    samples: Mutex<Samples>,
    /// CPU time that the sampler itself has used. Locked during a look, which may take a while.
    cpu: Mutex<Duration>,
}

impl Sampler {
    /// Starts sampling, which goes on until the process exits. If no thread can be started, there
    /// are no samples.
    pub fn start(calls: Arc<Calls>) -> Arc<Self> {
        let sampler = Self { calls, samples: Mutex::default(), cpu: Mutex::default() };
        let sampler = Arc::new(sampler);
        let this = Arc::clone(&sampler);
        _ = os::start_thread("sampler", move || this.run());
        sampler
    }

    fn run(&self) {
        loop {
            let began = Instant::now();
            let mut cpu = self.cpu();
            let tick = if self.look() > 50 { 4 * TICK } else { TICK };
            *cpu = os::thread_cpu_time().unwrap_or_default();
            drop(cpu);
            thread::sleep(tick.saturating_sub(began.elapsed()).max(tick / 2));
        }
    }

    /// Looks at all threads now, and returns how many there are.
    pub fn look(&self) -> usize {
        let seen = look(Some(&self.calls));
        let count = seen.len();
        let mut samples = self.samples();
        samples.looks += 1;
        for Seen { thread, name, doing, at, changes, .. } in seen {
            let at = at.saturating_duration_since(self.calls.started);
            let sampled = samples.threads.entry(thread).or_default();
            sampled.name = name; // a thread gets its name a moment after it has started
            let goes_on = |last: &&mut State| {
                let recent = at.saturating_sub(last.last) < State::PAUSE;
                recent && (last.doing, last.changes) == (doing, changes)
            };
            match sampled.states.last_mut().filter(goes_on) {
                Some(state) => state.last = state.last.max(at),
                None => sampled.states.push(State::new(doing, at, changes)),
            }
        }
        count
    }

    /// What was seen so far.
    pub fn sampled(&self) -> Samples {
        let mut samples = self.samples().clone();
        samples.threads.retain(|thread, _| !os::is_own(*thread)); // one may be seen before it says so
        samples
    }

    fn samples(&self) -> MutexGuard<'_, Samples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
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
    at: Instant,
    /// How many spans had begun or ended on it.
    changes: usize,
}

/// Looks at each thread of the strategy, if its state is known.
pub(crate) fn look(calls: Option<&Calls>) -> Vec<Seen> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let threads = tasks.filter_map(|task| task.file_name().to_str()?.parse::<u32>().ok());
    let see = |thread| {
        let spans = || calls.map(|calls| calls.spans(thread)).unwrap_or_default();
        let before = spans();
        let syscall = match thread == os::thread_id() {
            true => "running".to_owned(), // it would see that it looks
            false => fs::read_to_string(format!("/proc/self/task/{thread}/syscall")).ok()?,
        };
        let at = Instant::now();
        let doing = doing(&syscall, || before.in_get_flag > 0)?;
        // Else it is not known on which side of a span's end the thread did this.
        let changes = Some(spans()).filter(|after| *after == before)?.changes;
        // The fourth argument of a futex is its time limit.
        let for_ever = doing == Doing::IsBlocked && syscall.split(' ').nth(4) == Some("0x0");
        Some(Seen { thread, name: name(thread), doing, for_ever, at, changes })
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
            look(None).iter().any(|seen| seen.name == name && seen.doing == state)
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
