//! A run as the picture shows it. All times are since the start of the run; in JSON, they are in
//! microseconds, and what is not known is left out.

#![allow(clippy::question_mark)] // in what nanoserde derives

use std::str::FromStr;
use std::time::Duration;

use nanoserde::{DeJson, SerJson};

use crate::overlap::most_at_once;
use crate::witness::doing::Doing;

/// A run that has ended or was interrupted.
#[derive(Debug, Clone, Default, PartialEq, DeJson, SerJson)]
#[nserde(default)]
pub struct Timeline {
    /// Who saw the run.
    pub viewpoint: Viewpoint,
    /// The downloader that ran.
    pub program: String,
    /// Duration of the run.
    #[nserde(proxy = "Micros")]
    pub elapsed: Duration,
    /// CPU time of all threads but the background thread, which runs the demo site; `None` if it
    /// was not measured.
    #[nserde(proxy = "Micros")]
    pub cpu: Option<Duration>,
    /// Connections that the site saw; `None` if the site is not in the process.
    pub connections: Option<usize>,
    /// How often the threads were looked at; `None` where the system does not tell what they do.
    #[nserde(proxy = "Micros")]
    pub looked_every: Option<Duration>,
    /// The remarks of the summary, a line each: where claims and witnesses disagree, how many panics
    /// there were, and how many results were ignored.
    pub remarks: Vec<String>,
    /// The requests: those for flags in the order of the plan, then all others.
    pub requests: Vec<Request>,
    /// The threads that a call or a sample has seen, the main thread first.
    pub threads: Vec<Thread>,
}

/// Who saw a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, DeJson, SerJson)]
pub enum Viewpoint {
    /// The demo site and the calls of `get_flag` and `save_flag`: a request is one that the site saw.
    #[default]
    SiteAndCalls,
    /// The calls only, since the site is not in the process: a request is a call of `get_flag`.
    Calls,
    /// The site only: nothing is known of calls and threads.
    Site,
}

/// A request.
#[derive(Debug, Clone, Default, PartialEq, DeJson, SerJson)]
#[nserde(default)]
pub struct Request {
    /// The code of its flag; if it is for none, method and target.
    pub label: String,
    /// When `get_flag` was called; if that is not known, when the request arrived.
    #[nserde(proxy = "Micros")]
    pub start: Duration,
    /// When it arrived at the site.
    #[nserde(proxy = "Micros")]
    pub arrived: Option<Duration>,
    /// When the site answered.
    #[nserde(proxy = "Micros")]
    pub answered: Option<Duration>,
    /// When `get_flag` ended; if that is not known, when the site answered or the client hung up.
    #[nserde(proxy = "Micros")]
    pub end: Duration,
    /// When its future was polled; empty if the call blocked its thread.
    pub polls: Vec<Interval>,
    /// Why it failed: the site's status, the client that hung up, or the recorded cause.
    pub failure: Option<String>,
}

/// A time interval.
#[derive(Debug, Clone, Copy, PartialEq, DeJson, SerJson)]
pub struct Interval {
    /// Its start.
    #[nserde(proxy = "Micros")]
    pub from: Duration,
    /// Its end.
    #[nserde(proxy = "Micros")]
    pub to: Duration,
}

/// A thread that a call or a sample has seen.
#[derive(Debug, Clone, Default, PartialEq, DeJson, SerJson)]
pub struct Thread {
    /// Its name.
    pub name: String,
    /// What it did, in chronological order.
    pub lane: Vec<Activity>,
}

/// What a thread did for a while.
#[derive(Debug, Clone, PartialEq, DeJson, SerJson)]
pub struct Activity {
    /// What it did.
    pub doing: Doing,
    /// For which request: its label.
    pub label: String,
    /// When.
    pub time: Interval,
}

impl Interval {
    /// Its length.
    pub fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

impl Request {
    /// How long `get_flag` went on after the site's answer; `None` if the site did not answer or
    /// is not in the process, or if it is not known which call this was.
    pub fn after_answer(&self) -> Option<Duration> {
        let answered = self.answered.filter(|_| Some(self.start) < self.arrived)?;
        Some(self.end.saturating_sub(answered))
    }
}

impl Timeline {
    /// When each request was in flight: at the site or, where that is not known, in `get_flag`.
    pub fn in_flight(&self) -> impl Iterator<Item = Interval> {
        self.requests.iter().filter_map(|it| match self.viewpoint {
            Viewpoint::Calls => Some(Interval { from: it.start, to: it.end }),
            _ => Some(Interval { from: it.arrived?, to: it.answered.unwrap_or(it.end) }),
        })
    }

    /// How far to draw, and when something last changed, if nothing did for most of the run.
    pub fn cut(&self) -> Option<(Duration, Duration)> {
        const CTRL_C: Duration = Duration::from_millis(100); // it wakes a thread for a moment
        let requests = self.requests.iter();
        let times = requests.flat_map(|it| [Some(it.start), it.arrived, it.answered, Some(it.end)]);
        let of_requests = times.flatten().filter(|time| *time < self.elapsed);
        let lanes = self.threads.iter().map(|it| &it.lane);
        let alike = |one: &Activity, next: &Activity| {
            one.doing == next.doing && next.label.is_empty() // a call is a change
        };
        let states = lanes.flat_map(|lane| lane.chunk_by(alike));
        let of_threads = states.map(|state| state[0].time.from);
        let of_threads = of_threads.filter(|time| *time + CTRL_C < self.elapsed);
        let last = of_requests.chain(of_threads).max()?;
        let still = self.elapsed.saturating_sub(last) > Duration::from_secs(1);
        (still && last * 4 < self.elapsed).then_some((last * 3 / 2, last))
    }

    /// Number of threads that calls of `get_flag` or `save_flag` ran on.
    pub fn calling_threads(&self) -> usize {
        let calls = |thread: &&Thread| thread.lane.iter().any(|it| !it.label.is_empty());
        self.threads.iter().filter(calls).count()
    }

    /// Maximum number of requests in flight.
    pub fn max_in_flight(&self) -> usize {
        most_at_once(self.in_flight().map(|it| (it.from, Some(it.to))))
    }

    /// The data as JSON, on one line, as `--timeline=FILE.json` writes it.
    pub fn to_json(&self) -> String {
        self.serialize_json()
    }
}

/// Parses what [`Timeline::to_json`] writes.
impl FromStr for Timeline {
    type Err = anyhow::Error;

    fn from_str(json: &str) -> anyhow::Result<Self> {
        Ok(Self::deserialize_json(json)?)
    }
}

/// A duration in JSON: its microseconds.
#[derive(DeJson, SerJson)]
#[nserde(transparent)]
struct Micros(u64);

impl From<&Duration> for Micros {
    fn from(time: &Duration) -> Self {
        Self(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
    }
}

impl From<&Micros> for Duration {
    fn from(micros: &Micros) -> Self {
        Self::from_micros(micros.0)
    }
}
