//! What a run shows, and what can be asked of it.

use std::time::Duration;

use flags_cli::timeline::{Doing, Interval, Request, Timeline};

/// What a run shows.
pub struct Seen {
    /// The exit status.
    pub status: i32,
    /// What it wrote, stdout first.
    pub output: String,
    /// Number of saved flags.
    pub saved: usize,
    /// The run's own data.
    pub timeline: Timeline,
}

impl Seen {
    /// Whether it wrote this.
    pub fn says(&self, text: &str) -> bool {
        self.output.contains(text)
    }

    /// Whether it ended well, with a flag for each request.
    pub fn all_saved(&self) -> bool {
        self.status == 0 && self.saved > 0 && self.saved == self.timeline.requests.len()
    }

    /// Number of threads in which it called the functions of the lesson.
    pub fn threads(&self) -> usize {
        self.timeline.calling_threads()
    }

    /// Maximum number of requests in flight.
    pub fn at_once(&self) -> usize {
        self.timeline.max_in_flight()
    }

    /// Whether the sum of what each request took is a multiple of what the run took.
    pub fn is_concurrent(&self) -> bool {
        self.timeline.total_time() > 5 * self.timeline.elapsed
    }

    /// Number of requests of which something is true.
    pub fn count(&self, is_so: impl Fn(&Request) -> bool) -> usize {
        self.timeline.requests.iter().filter(|request| is_so(request)).count()
    }

    /// Number of flags that failed.
    pub fn failed(&self) -> usize {
        self.count(|request| request.failure.is_some())
    }

    /// Whether it printed the codes in the order of the plan.
    pub fn prints_in_order(&self) -> bool {
        self.output.lines().next().unwrap_or_default().split(' ').is_sorted()
    }

    /// Whether the saves began in the order of the plan.
    pub fn saves_in_order(&self) -> bool {
        let lanes = self.timeline.threads.iter().flat_map(|thread| &thread.lane);
        let mut saves: Vec<_> = lanes.filter(|it| it.doing == Doing::SaveFlag).collect();
        saves.sort_by_key(|save| &save.label);
        saves.iter().is_sorted_by_key(|save| save.time.from)
    }

    /// The longest time from the end of a request to the start of the next one, while there was one.
    pub fn longest_gap(&self) -> Duration {
        let starts = || self.timeline.requests.iter().map(|request| request.start);
        let gap = |request: &Request| {
            let next = starts().filter(|start| *start >= request.end).min()?;
            Some(next - request.end)
        };
        self.timeline.requests.iter().filter_map(gap).max().unwrap_or_default()
    }
}

pub fn longest_poll(request: &Request) -> Duration {
    request.polls.iter().map(Interval::length).max().unwrap_or_default()
}

pub fn timed_out_after_answer(request: &Request) -> bool {
    let timed_out = request.failure.is_some();
    timed_out && request.answered.is_some_and(|answered| answered - request.start < ms(500))
}

pub const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
