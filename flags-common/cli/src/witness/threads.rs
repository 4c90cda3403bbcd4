//! The operating system's view of each thread: what it waits in, from `/proc/self/task/TID/syscall`,
//! which needs no rights. Where that cannot be read, nothing is known, and nothing is said.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::doing::{Doing, doing};
use super::os;
use crate::lock::lock;

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
    edges: usize,
}

impl State {
    /// What happens in a longer pause between two looks is not known.
    pub const PAUSE: Duration = Duration::from_millis(100);

    pub fn new(doing: Doing, at: Duration, edges: usize) -> Self {
        Self { doing, first: at, last: at, edges }
    }

    fn goes_on_in(&self, next: &Self) -> bool {
        let recent = next.first.saturating_sub(self.last) < Self::PAUSE;
        recent && (self.doing, self.edges) == (next.doing, next.edges)
    }
}

/// Looks at the threads of this process again and again, on its own thread, because on the background
/// thread it would delay the demo site.
pub(crate) struct Sampler {
    calls: Arc<Calls>,
    samples: Mutex<Samples>,
}

impl Sampler {
    /// Starts sampling, which goes on until the process exits. If no thread can be started, there
    /// are no samples.
    pub fn start(calls: Arc<Calls>) -> Arc<Self> {
        let sampler = Arc::new(Self { calls, samples: Mutex::default() });
        let this = Arc::clone(&sampler);
        let run = move || loop {
            let began = Instant::now();
            let tick = if this.look() > 50 { 4 * TICK } else { TICK };
            thread::sleep(tick.saturating_sub(began.elapsed()).max(tick / 2));
        };
        _ = os::start_thread("sampler", run);
        sampler
    }

    /// Looks at all threads now, and returns how many there are.
    pub fn look(&self) -> usize {
        let seen = look(self.calls.started, |thread| self.calls.edges(thread));
        let count = seen.len();
        let mut samples = lock(&self.samples);
        samples.looks += 1;
        for Seen { thread, name, state } in seen {
            let sampled = samples.threads.entry(thread).or_default();
            sampled.name = name; // a thread gets its name a moment after it has started
            match sampled.states.last_mut() {
                Some(last) if last.goes_on_in(&state) => last.last = last.last.max(state.last),
                _ => sampled.states.push(state),
            }
        }
        count
    }

    /// What was seen so far.
    pub fn sampled(&self) -> Samples {
        let mut samples = lock(&self.samples).clone();
        samples.threads.retain(|thread, _| !os::is_own(*thread)); // one may be seen before it says so
        samples
    }
}

/// A thread in one look.
pub(crate) struct Seen {
    thread: u32,
    pub name: String,
    pub state: State,
}

/// Looks at each thread of the strategy, if its state is known, in a run that began at `started`. `edges`
/// tells how many spans have begun or ended on a thread.
pub(crate) fn look(started: Instant, edges: impl Fn(u32) -> usize) -> Vec<Seen> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let threads = tasks.filter_map(|task| task.file_name().to_str()?.parse::<u32>().ok());
    let see = |thread| {
        let before = edges(thread);
        let doing = match thread == os::thread_id() {
            true => Doing::Runs, // it would see that it looks
            false => doing(&fs::read_to_string(format!("/proc/self/task/{thread}/syscall")).ok()?)?,
        };
        let (name, state) = (name(thread)?, State::new(doing, started.elapsed(), before));
        // Else it is not known on which side of a span's end the thread did this.
        (edges(thread) == before).then_some(Seen { thread, name, state })
    };
    threads.filter(|thread| !os::is_own(*thread)).filter_map(see).collect()
}

fn name(tid: u32) -> Option<String> {
    let comm = |tid| fs::read_to_string(format!("/proc/self/task/{tid}/comm")).ok();
    Some(match (comm(tid)?, std::process::id()) {
        (_, main) if tid == main => "main".to_owned(),
        // A thread without a name has that of the program.
        (name, main) if Some(&name) == comm(main).as_ref() => "thread".to_owned(),
        (name, _) => name.trim_end().to_owned(),
    })
}
