//! What the demo site sees: events as they happen, and their counts.

use std::fmt;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Something that the site saw of a request for a flag.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub at: Instant,
    /// Number of the connection, from 0, in the order in which they were accepted.
    pub connection: usize,
    /// Path of the requested URL.
    pub path: String,
    /// The client's `User-Agent`; empty if it sent none.
    pub client: String,
}

/// The kinds of [`Event`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The head of the request has arrived.
    Started,
    /// The site has its answer ready and begins to send it. When the client receives it, the site
    /// cannot know.
    Answered,
    /// The client hung up before the answer was ready.
    Abandoned,
}

/// What the site has seen so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections accepted.
    pub connections: usize,
    /// Requests for a flag, whether it exists or not.
    pub requests: usize,
    /// Requests for a flag that wait for their answer.
    pub in_flight: usize,
    /// Maximum of `in_flight` so far.
    pub max_in_flight: usize,
    /// Requests whose client hung up before the answer.
    pub abandoned: usize,
    /// The shortest time that an answer took; `None` before the first answer.
    pub shortest_answer: Option<Duration>,
}

impl fmt::Display for Counters {
    /// Writes a line for each of the three main counters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "connections: {}", self.connections)?;
        writeln!(f, "requests: {}", self.requests)?;
        writeln!(f, "most at once: {}", self.max_in_flight)
    }
}

pub(super) type Observer = Box<dyn Fn(&Event) + Send + Sync>;

#[derive(Default)]
pub(super) struct Activity {
    counters: Mutex<Counters>,
    pub observer: OnceLock<Observer>,
}

impl Activity {
    pub fn counters(&self) -> Counters {
        *self.lock()
    }

    /// Counts a connection and returns its number.
    pub fn connect(&self) -> usize {
        let mut counters = self.lock();
        counters.connections += 1;
        counters.connections - 1
    }

    /// Counts a request, which is in flight until the result is dropped. It is dropped early when
    /// the client hangs up, since hyper then drops the future that answers.
    pub fn begin_request<'a>(
        &'a self,
        connection: usize,
        path: &'a str,
        client: &'a str,
    ) -> InFlight<'a> {
        let started = Instant::now();
        let request =
            InFlight { activity: self, connection, path, client, started, answered: false };
        {
            let mut counters = self.lock();
            counters.requests += 1;
            counters.in_flight += 1;
            counters.max_in_flight = counters.max_in_flight.max(counters.in_flight);
        }
        request.emit(EventKind::Started, request.started);
        request
    }

    fn lock(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for its answer.
pub(super) struct InFlight<'a> {
    activity: &'a Activity,
    connection: usize,
    path: &'a str,
    client: &'a str,
    started: Instant,
    answered: bool,
}

impl InFlight<'_> {
    /// Ends it: the answer is ready.
    pub fn answered(mut self) {
        self.answered = true;
    }

    fn emit(&self, kind: EventKind, at: Instant) {
        if let Some(observer) = self.activity.observer.get() {
            let (path, client) = (self.path.to_owned(), self.client.to_owned());
            observer(&Event { kind, at, connection: self.connection, path, client });
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        {
            let mut counters = self.activity.lock();
            counters.in_flight -= 1;
            if self.answered {
                let took = now - self.started;
                let shortest = counters.shortest_answer.get_or_insert(took);
                *shortest = took.min(*shortest);
            } else {
                counters.abandoned += 1;
            }
        }
        let kind = if self.answered { EventKind::Answered } else { EventKind::Abandoned };
        self.emit(kind, now);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn requests_are_in_flight_until_they_are_answered_or_abandoned() {
        let events = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&events);
        let observer =
            move |event: &Event| log.lock().unwrap().push((event.kind, event.connection));
        let activity = Activity {
            observer: OnceLock::from(Box::new(observer) as Observer),
            ..Activity::default()
        };
        let (first, second) = (activity.connect(), activity.connect());
        let one = activity.begin_request(first, "/flags/cn/cn.gif", "curl");
        let two = activity.begin_request(second, "/flags/us/us.gif", "curl");
        two.answered();
        drop(one);
        drop(activity.begin_request(first, "/flags/vn/vn.gif", "curl"));

        let counters = activity.counters();
        assert_eq!((counters.connections, counters.requests), (2, 3));
        assert_eq!((counters.in_flight, counters.max_in_flight, counters.abandoned), (0, 2, 2));
        assert!(counters.shortest_answer.is_some());
        use EventKind::*;
        let expected = [
            (Started, 0),
            (Started, 1),
            (Answered, 1),
            (Abandoned, 0),
            (Started, 0),
            (Abandoned, 0),
        ];
        assert_eq!(*events.lock().unwrap(), expected);
    }
}
