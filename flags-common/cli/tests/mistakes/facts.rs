//! What can be true of a run.

use std::time::Duration;

use flags_cli::timeline::{Doing, Interval, Request};

use crate::experiment::Seen;

/// Something that is true of a run or not.
#[derive(Clone, Copy)]
pub struct Fact {
    pub name: &'static str,
    pub holds: fn(&Seen) -> bool,
}

pub const fn fact(name: &'static str, holds: fn(&Seen) -> bool) -> Fact {
    Fact { name, holds }
}

pub const HANGS: &str = "Every flag has its result and its file; download_many has not returned.";
pub const STILL: &str = "For 2 s, there has been no request in flight, no result and no new file.";

// What the site saw.
pub const ONE_AT_A_TIME: Fact =
    fact("one request at a time", |it| it.timeline.max_in_flight() == 1);
pub const WAITED: Fact = fact("the remark that each request waited for the one before", |it| {
    it.says("at most 1 at once: each request waited for the one before.")
});
pub const ONE_CONNECTION: Fact = fact("one connection", |it| it.timeline.connections == Some(1));
pub const NEW_CONNECTIONS: Fact = fact("a connection for each request", |it| {
    it.timeline.connections >= Some(it.timeline.requests.len())
});
pub const NEW_CLIENTS: Fact = fact("the note about new clients", |it| {
    it.says("each request came on a new connection") && it.says("client-per-request")
});
pub const NO_WORD_OF_CLIENTS: Fact =
    fact("no note about new clients", |it| !it.says("client-per-request"));
pub const OVER_100: Fact =
    fact("over 100 requests at once", |it| it.timeline.max_in_flight() > 100);
pub const NOT_ALLOWED: Fact =
    fact("the note about -m", |it| it.says("Note: -m allows 20 at once."));
pub const FIVE_AT_MOST: Fact = fact("at most 5 at once", |it| it.timeline.max_in_flight() <= 5);
pub const TWENTY_AT_MOST: Fact = fact("at most 20 at once", |it| it.timeline.max_in_flight() <= 20);
pub const ALL_AT_ONCE: Fact = fact("all 20 at once", |it| it.timeline.max_in_flight() == 20);

// Threads.
pub const ONE_THREAD: Fact = fact("one thread", |it| it.timeline.calling_threads() == 1);
pub const MANY_THREADS: Fact = fact("over 10 threads", |it| it.timeline.calling_threads() > 10);

// Results.
pub const ALL_SAVED: Fact = fact("all flags saved, and exit status 0", |it| {
    it.status == 0 && it.saved > 0 && it.saved == it.timeline.requests.len()
});
pub const FAILURE: Fact = fact("exit status 1", |it| it.status == 1);
/// The sum of what each request took is a multiple of what the run took.
pub const CONCURRENT: Fact =
    fact("concurrent", |it| it.timeline.total_time() > 5 * it.timeline.elapsed);

pub const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub fn longest_poll(request: &Request) -> Duration {
    request.polls.iter().map(Interval::length).max().unwrap_or_default()
}

pub fn busy_time(it: &Seen) -> Duration {
    it.timeline.requests.iter().flat_map(|it| &it.polls).map(Interval::length).sum()
}

/// When the saves began, in the order of the plan.
pub fn save_starts(it: &Seen) -> Vec<Duration> {
    let lanes = it.timeline.threads.iter().flat_map(|thread| &thread.lane);
    let mut saves: Vec<_> = lanes.filter(|it| it.doing == Doing::SaveFlag).collect();
    saves.sort_by_key(|save| &save.label);
    saves.iter().map(|save| save.time.from).collect()
}

pub fn timed_out_after_answer(request: &Request) -> bool {
    let timed_out = request.failure.is_some();
    timed_out && request.answered.is_some_and(|answered| answered - request.start < ms(500))
}

/// The codes in the order in which they were printed.
pub fn codes(it: &Seen) -> Vec<&str> {
    it.output.lines().next().unwrap_or_default().split(' ').collect()
}

/// The longest time from the end of a request to the start of the next one, while there was one.
pub fn longest_gap(it: &Seen) -> Duration {
    let starts = || it.timeline.requests.iter().map(|request| request.start);
    let gap = |request: &Request| {
        let next = starts().filter(|start| *start >= request.end).min()?;
        Some(next - request.end)
    };
    it.timeline.requests.iter().filter_map(gap).max().unwrap_or_default()
}
