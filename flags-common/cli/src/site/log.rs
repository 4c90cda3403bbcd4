//! What the demo site sees: every request, and counts.

use std::fmt;
use std::time::{Duration, Instant};

use flags_common::{CountryCode, StatusCode, flag_url};

use super::{DemoSite, FLAGS_PATH};
use crate::lock::lock;

/// A request that the site saw, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Number of the connection, from 0, in the order of acceptance.
    pub connection: usize,
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// Path and query of the URL.
    pub target: String,
    /// The client's `User-Agent`; empty if it sent none.
    pub client: String,
    /// When the head of the request had arrived.
    pub arrived: Instant,
    /// When and how it ended; `None` while the client waits.
    pub end: Option<(Instant, Ending)>,
}

/// How an [`Exchange`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The site had its answer ready and began to send it. The site cannot know when the client
    /// receives it.
    Answered(StatusCode),
    /// The client hung up before the answer was ready.
    HungUp,
}

impl Exchange {
    /// The country in its path, `/flags/cc/cc.gif`, with any method and query.
    pub fn cc(&self) -> Option<CountryCode> {
        code(self.target.split('?').next().unwrap_or_default())
    }

    /// The code of its flag; if it is for none, method and target.
    pub fn label(&self) -> String {
        let request = || format!("{} {}", self.method, self.target);
        self.cc().map_or_else(request, |cc| cc.to_string())
    }

    /// Why it failed, if it did: a status other than 2xx, or a client that hung up.
    pub fn failure(&self) -> Option<String> {
        match self.end?.1 {
            Ending::HungUp => Some("the client left".to_owned()),
            Ending::Answered(status) if status.is_success() => None,
            Ending::Answered(status) => Some(format!("HTTP status {status}")),
        }
    }
}

/// The code in the path `/flags/cc/cc.gif`.
pub(super) fn code(path: &str) -> Option<CountryCode> {
    let cc = path.strip_prefix(FLAGS_PATH)?.get(1..3)?.parse().ok()?;
    Some(cc).filter(|&cc| flag_url(FLAGS_PATH, cc) == path)
}

/// What the site has seen so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections accepted.
    pub connections: usize,
    /// Requests, of any kind.
    pub requests: usize,
    /// Requests that wait for their answer.
    pub in_flight: usize,
    /// Maximum of `in_flight` so far.
    pub max_in_flight: usize,
    /// Requests whose client hung up before the answer.
    pub abandoned: usize,
    /// When a request last arrived or ended.
    pub last_event: Option<Instant>,
}

impl fmt::Display for Counters {
    /// Writes a line for each of the three main counters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "connections: {}", self.connections)?;
        writeln!(f, "requests: {}", self.requests)?;
        writeln!(f, "most at once: {}", self.max_in_flight)
    }
}

/// The requests of a run, and the counts so far, which go on from run to run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The requests, in the order of arrival.
    pub exchanges: Vec<Exchange>,
    /// What the site has seen so far.
    pub counters: Counters,
}

impl DemoSite {
    /// What the site has seen so far.
    pub fn counters(&self) -> Counters {
        lock(&self.run).counters
    }

    /// The requests that the site has seen so far.
    pub fn run(&self) -> Run {
        lock(&self.run).clone()
    }

    /// The requests of a run that is over: none is in flight, and none has been for `quiet`. The next
    /// run starts; the counters go on.
    pub fn take_run(&self, quiet: Duration) -> Option<Run> {
        let mut run = lock(&self.run);
        let seen = run.counters;
        let over = seen.in_flight == 0 && seen.last_event.is_some_and(|at| at.elapsed() >= quiet);
        let counters = Counters { last_event: None, ..seen };
        over.then(|| std::mem::replace(&mut *run, Run { counters, ..Run::default() }))
    }

    /// Counts a connection and returns its number.
    pub(super) fn connect(&self) -> usize {
        let mut run = lock(&self.run);
        run.counters.connections += 1;
        run.counters.connections - 1
    }

    /// Records a request, which is in flight until the result is dropped. It is dropped early when the
    /// client hangs up, since hyper then drops the future that answers.
    pub(super) fn begin(&self, exchange: Exchange) -> InFlight<'_> {
        let mut run = lock(&self.run);
        run.counters.last_event = Some(exchange.arrived);
        run.counters.requests += 1;
        run.counters.in_flight += 1;
        run.counters.max_in_flight = run.counters.max_in_flight.max(run.counters.in_flight);
        run.exchanges.push(exchange);
        InFlight { site: self, index: run.exchanges.len() - 1, ending: Ending::HungUp }
    }
}

/// A request that waits for its answer.
pub(super) struct InFlight<'a> {
    site: &'a DemoSite,
    index: usize,
    ending: Ending,
}

impl InFlight<'_> {
    /// Ends it: the answer is ready.
    pub fn answered(mut self, status: StatusCode) {
        self.ending = Ending::Answered(status);
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut run = lock(&self.site.run);
        run.counters.last_event = Some(now);
        run.counters.in_flight -= 1;
        run.counters.abandoned += usize::from(self.ending == Ending::HungUp);
        if let Some(exchange) = run.exchanges.get_mut(self.index) {
            exchange.end = Some((now, self.ending));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Behaviour;

    #[test]
    fn requests_are_in_flight_until_they_are_answered_or_abandoned() {
        let site = DemoSite::new(Behaviour::Local);
        let begin = || {
            let (method, target, client) = ("GET".into(), "/".into(), String::new());
            let arrived = Instant::now();
            site.begin(Exchange { connection: 0, method, target, client, arrived, end: None })
        };
        let (one, two) = (begin(), begin());
        two.answered(StatusCode::OK);
        assert!(site.take_run(Duration::ZERO).is_none(), "one is in flight");
        drop(one);
        drop(begin());

        let Run { exchanges, counters } = site.take_run(Duration::ZERO).expect("all have ended");
        assert_eq!((counters.requests, counters.max_in_flight, counters.abandoned), (3, 2, 2));
        let endings: Vec<_> = exchanges.iter().map(|it| it.end.expect("an end").1).collect();
        let answered = Ending::Answered(StatusCode::OK);
        assert_eq!(endings, [Ending::HungUp, answered, Ending::HungUp]);
        assert_eq!(site.counters().requests, 3, "the counts go on");
        assert!(site.run().exchanges.is_empty(), "the next run");
    }
}
