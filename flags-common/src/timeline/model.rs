//! A run as the picture shows it: the requests, and which of them held which thread when. All times
//! are since the run began.

use std::time::Duration;

use super::recorder::{Event, What};
use crate::CountryCode;

/// A run that has ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// The downloader that ran.
    pub program: String,
    /// How long it ran.
    pub elapsed: Duration,
    /// The CPU time that its threads used in the meantime, all but the background thread, which runs
    /// the demo site; `None` where it was not measured.
    pub cpu: Option<Duration>,
    /// How many threads it had when the first request ended, without the background thread; `None`
    /// where the operating system did not tell.
    pub os_threads: Option<usize>,
    /// How many connections the site saw; `None` where nobody asked it.
    pub connections: Option<usize>,
    /// The names of the threads that requests held, in the order in which they first did.
    pub threads: Vec<String>,
    /// The requests, in the order of the plan.
    pub requests: Vec<Request>,
}

/// A request, and what became of its flag.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Whose flag was requested.
    pub cc: CountryCode,
    /// When the request was begun.
    pub start: Duration,
    /// When the flag was there, or the request had failed.
    pub end: Duration,
    /// When it held a thread, in order. More than one hold: between them it gave its thread back,
    /// so it was a future, and the holds are the moments at which it was polled. Only one: the
    /// request was blocked, and the thread with it.
    pub holds: Vec<Hold>,
    /// Why the flag was not saved, if it was not.
    pub failure: Option<String>,
}

/// A request has a thread to itself, to compute or to be blocked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hold {
    /// Which of [`Timeline::threads`].
    pub thread: usize,
    /// When it took the thread.
    pub from: Duration,
    /// When it gave it back.
    pub to: Duration,
}

impl Timeline {
    /// The sum of all requests' times.
    pub fn in_all(&self) -> Duration {
        self.requests.iter().map(|request| request.end - request.start).sum()
    }

    /// How many requests were under way on average: the sum of their times by the elapsed time.
    pub fn mean_at_once(&self) -> f64 {
        self.in_all().div_duration_f64(self.elapsed)
    }

    /// The most requests under way at the same time, which must be when one of them starts.
    pub fn most_at_once(&self) -> usize {
        let under_way = |at| self.requests.iter().filter(move |it| it.start <= at && at < it.end);
        let at_starts = self.requests.iter().map(|it| under_way(it.start).count());
        at_starts.max().unwrap_or(0)
    }

    /// Whether requests were futures.
    pub(super) fn polled(&self) -> bool {
        self.requests.iter().any(|request| !request.polls().is_empty())
    }

    /// The requests that held `thread`, with the hold, in the order of time.
    pub(super) fn lane(&self, thread: usize) -> Vec<(&Request, Hold)> {
        let holds = |request| Request::holds_of(request, thread).map(move |hold| (request, hold));
        let mut lane: Vec<_> = self.requests.iter().flat_map(holds).collect();
        lane.sort_by_key(|(_, hold)| hold.from);
        lane
    }
}

impl Request {
    /// Whether it held its thread while it waited.
    pub fn blocked(&self) -> bool {
        self.holds.len() == 1
    }

    /// When its future was polled; never, if it is no future but a call that blocks.
    pub fn polls(&self) -> &[Hold] {
        if self.blocked() { &[] } else { &self.holds }
    }

    fn holds_of(&self, thread: usize) -> impl Iterator<Item = Hold> {
        self.holds.iter().copied().filter(move |hold| hold.thread == thread)
    }
}

/// The requests in `events`, a run's that took `elapsed`. `fates` has each flag of the plan, in its
/// order: why it was not saved, if it was not.
pub(super) fn requests(
    fates: Vec<(CountryCode, Option<String>)>,
    events: &[Event],
    elapsed: Duration,
) -> Vec<Request> {
    let request = |(flag, (cc, failure))| {
        let mut events = events.iter().filter(|event| event.flag == flag).peekable();
        let start = events.peek()?.at; // or it was never begun
        // What never ends is cut off where the run ended.
        let mut request = Request { cc, start, end: elapsed, holds: Vec::new(), failure };
        for &Event { at, what, .. } in events {
            match what {
                What::Start => request.end = elapsed, // once more, if it had an end
                What::Enter { thread } => {
                    request.holds.push(Hold { thread, from: at, to: elapsed });
                }
                What::Exit => request.holds.last_mut().expect("who leaves has entered").to = at,
                What::End => request.end = at,
            }
        }
        Some(request)
    };
    fates.into_iter().enumerate().filter_map(request).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Flags in the order AD, AE, AF, and what a run of 100 ms left of them.
    fn timeline(threads: &[&str], events: &[(usize, u64, What)]) -> Timeline {
        let codes = ["AD", "AE", "AF"].map(|cc| (cc.parse().unwrap(), None));
        let event = |&(flag, at, what)| Event { flag, at: ms(at), what };
        let events: Vec<_> = events.iter().map(event).collect();
        Timeline {
            elapsed: ms(100),
            threads: threads.iter().map(|&name| name.to_owned()).collect(),
            requests: requests(codes.into(), &events, ms(100)),
            ..Timeline::default()
        }
    }

    fn request(cc: &str, start: u64, end: u64, holds: &[(usize, u64, u64)]) -> Request {
        let hold = |&(thread, from, to)| Hold { thread, from: ms(from), to: ms(to) };
        Request {
            cc: cc.parse().unwrap(),
            start: ms(start),
            end: ms(end),
            holds: holds.iter().map(hold).collect(),
            failure: None,
        }
    }

    fn lane(run: &Timeline, thread: usize) -> Vec<(&str, u128, u128)> {
        let lane = run.lane(thread).into_iter();
        lane.map(|(request, Hold { from, to, .. })| {
            (request.cc.as_str(), from.as_millis(), to.as_millis())
        })
        .collect()
    }

    #[test]
    fn blocking_calls_hold_their_threads_from_start_to_end() {
        use What::*;
        // Two threads: AE, the second in the plan, is begun first, and AF where AE has ended.
        let run = timeline(
            &["one", "two"],
            &[
                (1, 1, Start),
                (1, 1, Enter { thread: 0 }),
                (0, 5, Start),
                (0, 5, Enter { thread: 1 }),
                (1, 41, Exit),
                (1, 41, End),
                (2, 41, Start),
                (2, 41, Enter { thread: 0 }),
                (0, 65, Exit),
                (0, 65, End),
                (2, 91, Exit),
                (2, 91, End),
            ],
        );
        let expected = [
            request("AD", 5, 65, &[(1, 5, 65)]),
            request("AE", 1, 41, &[(0, 1, 41)]),
            request("AF", 41, 91, &[(0, 41, 91)]),
        ];
        assert_eq!(run.requests, expected);
        assert!(run.requests.iter().all(|it| it.blocked() && it.polls().is_empty()));
        assert_eq!(lane(&run, 0), [("AE", 1, 41), ("AF", 41, 91)]);
        assert_eq!(lane(&run, 1), [("AD", 5, 65)]);
        assert_eq!(run.in_all(), ms(60 + 40 + 50));
        assert_eq!(run.mean_at_once(), 1.5);
        assert_eq!(run.most_at_once(), 2, "AF begins at the moment when AE ends");
    }

    #[test]
    fn futures_hold_their_thread_when_they_are_polled() {
        use What::*;
        let run = timeline(
            &["main"],
            &[
                (0, 10, Start),
                (0, 10, Enter { thread: 0 }),
                (0, 11, Exit),
                (1, 12, Start),
                (1, 12, Enter { thread: 0 }),
                (1, 14, Exit),
                (1, 70, Enter { thread: 0 }),
                (1, 71, Exit),
                (1, 71, End),
                (0, 80, Enter { thread: 0 }),
                (0, 90, Exit),
                (0, 90, End),
            ],
        );
        let expected = [
            request("AD", 10, 90, &[(0, 10, 11), (0, 80, 90)]),
            request("AE", 12, 71, &[(0, 12, 14), (0, 70, 71)]),
        ];
        assert_eq!(run.requests, expected, "AF was never begun");
        assert!(run.requests.iter().all(|it| !it.blocked() && it.polls() == it.holds));
        assert_eq!(lane(&run, 0), [("AD", 10, 11), ("AE", 12, 14), ("AE", 70, 71), ("AD", 80, 90)]);
        assert_eq!(run.in_all(), ms(80 + 59));
        assert_eq!(run.most_at_once(), 2);
    }

    #[test]
    fn what_never_ended_is_cut_off_and_what_was_tried_again_ends_the_last_time() {
        use What::*;
        let run = timeline(
            &["main"],
            &[
                (0, 10, Start),
                (0, 10, Enter { thread: 0 }),
                (0, 20, Exit),
                (0, 20, End),
                (0, 30, Start),
                (0, 30, Enter { thread: 0 }),
            ],
        );
        assert_eq!(run.requests, [request("AD", 10, 100, &[(0, 10, 20), (0, 30, 100)])]);
    }
}
