//! A run as the picture shows it. All times are since the start of the run; in JSON, they are in
//! microseconds, and what is not known is `null`.

use std::str::FromStr;
use std::time::Duration;

use flags_common::CountryCode;
use serde::{Deserialize, Serialize};

/// A run that has ended or was interrupted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeline {
    /// Where the run was observed.
    pub viewpoint: Viewpoint,
    /// The downloader that ran.
    pub program: String,
    /// Duration of the run.
    #[serde(with = "micros")]
    pub elapsed: Duration,
    /// CPU time of all threads but the background thread, which runs the demo site; `None` if it
    /// was not measured.
    #[serde(with = "micros::option", default)]
    pub cpu: Option<Duration>,
    /// Number of threads when the first request ended, without the background thread; `None` if the
    /// operating system did not tell.
    pub os_threads: Option<usize>,
    /// Connections that the site saw; `None` if the site is not in the process.
    pub connections: Option<usize>,
    /// Names of the threads that ran a request or a save, in order of first use.
    pub threads: Vec<String>,
    /// The calls of `get_flag`, in the order of the plan.
    pub requests: Vec<Request>,
    /// The calls of `save_flag`, in the order of the plan.
    pub saves: Vec<Save>,
}

/// Where a run was observed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Viewpoint {
    /// In the downloader.
    #[default]
    Downloader,
    /// At the site. A request starts when it arrives and ends when the answer is ready; a "thread"
    /// is a connection, and what the downloader does with its time is unknown.
    Site,
}

/// A call of `get_flag`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The country whose flag was requested.
    #[serde(with = "code")]
    pub cc: CountryCode,
    /// When the call started.
    #[serde(with = "micros")]
    pub start: Duration,
    /// When the call returned, or was cancelled.
    #[serde(with = "micros")]
    pub end: Duration,
    /// When the site answered; `None` if it did not, or is not in the process.
    #[serde(with = "micros::option", default)]
    pub answered: Option<Duration>,
    /// When the call occupied a thread, in chronological order. Several spans mean that it was a
    /// future, which released its thread in between; each span is a poll. One span that
    /// lasts as long as the call means that it blocked its thread.
    #[serde(default)]
    pub busy: Vec<BusySpan>,
    /// Why the flag was not saved, if it was not. Only the last of several calls for a flag has it.
    #[serde(default)]
    pub failure: Option<String>,
}

/// A call of `save_flag`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Save {
    /// The country whose flag was saved.
    #[serde(with = "code")]
    pub cc: CountryCode,
    /// When it occupied which thread.
    pub busy: BusySpan,
}

/// An interval during which a call occupied a thread, running or blocked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BusySpan {
    /// Index in [`Timeline::threads`].
    pub thread: usize,
    /// Start of the interval.
    #[serde(with = "micros")]
    pub from: Duration,
    /// End of the interval.
    #[serde(with = "micros")]
    pub to: Duration,
}

/// What occupies a thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Activity {
    /// A request that blocks the thread from its start to its end.
    Blocked(CountryCode),
    /// A poll of a request's future.
    Poll(CountryCode),
    Save(CountryCode),
}

/// Parses what `--timeline=FILE.json` writes.
impl FromStr for Timeline {
    type Err = anyhow::Error;

    fn from_str(json: &str) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(json)?)
    }
}

impl Timeline {
    /// Sum of the requests' durations.
    pub fn total_time(&self) -> Duration {
        self.requests.iter().map(Request::duration).sum()
    }

    /// Maximum number of requests in flight. It is reached when one of them starts.
    pub fn max_in_flight(&self) -> usize {
        let in_flight = |at| self.requests.iter().filter(move |it| it.start <= at && at < it.end);
        let at_starts = self.requests.iter().map(|it| in_flight(it.start).count());
        at_starts.max().unwrap_or(0)
    }

    /// Whether the demo site is in the process, so that it is known when it answered.
    pub fn knows_answers(&self) -> bool {
        self.viewpoint == Viewpoint::Downloader && self.connections.is_some()
    }

    /// Number of threads that requests ran on.
    pub fn request_threads(&self) -> usize {
        let busy = self.requests.iter().flat_map(|request| &request.busy);
        let mut threads: Vec<_> = busy.map(|span| span.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        threads.len()
    }

    /// Whether a request was a future.
    pub(super) fn polled(&self) -> bool {
        self.requests.iter().any(|request| !request.polls().is_empty())
    }

    /// What occupied `thread`, in chronological order.
    pub(super) fn lane(&self, thread: usize) -> Vec<(Activity, BusySpan)> {
        let requests = self.requests.iter().flat_map(|request| {
            let activity = if request.blocked() { Activity::Blocked } else { Activity::Poll };
            request.busy.iter().map(move |&span| (activity(request.cc), span))
        });
        let saves = self.saves.iter().map(|save| (Activity::Save(save.cc), save.busy));
        let mut lane: Vec<_> =
            requests.chain(saves).filter(|(_, span)| span.thread == thread).collect();
        lane.sort_by_key(|(_, span)| span.from);
        lane
    }
}

impl Request {
    /// Time from start to end.
    pub fn duration(&self) -> Duration {
        self.end - self.start
    }

    /// How long the site's answer waited until the call returned; `None` if the site did not answer
    /// or is not in the process.
    pub fn unread(&self) -> Option<Duration> {
        self.answered.map(|answered| self.end.saturating_sub(answered))
    }

    /// Whether the call occupied its thread while it waited: in one span, which lasts about as long as
    /// the call. A future that has been polled only once released its thread early.
    pub fn blocked(&self) -> bool {
        matches!(self.busy[..], [span] if 2 * (span.to - span.from) >= self.duration())
    }

    /// When the future was polled; empty if the call blocked.
    pub fn polls(&self) -> &[BusySpan] {
        if self.blocked() { &[] } else { &self.busy }
    }
}

/// Durations in JSON.
mod micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    fn number(time: Duration) -> u64 {
        u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
    }

    pub fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        number(*time).serialize(to)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_micros)
    }

    pub mod option {
        use super::*;

        pub fn serialize<S: Serializer>(time: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
            time.map(number).serialize(to)
        }

        pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<Duration>, D::Error> {
            Ok(Option::<u64>::deserialize(from)?.map(Duration::from_micros))
        }
    }
}

/// Country codes in JSON.
mod code {
    use flags_common::CountryCode;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(code: &CountryCode, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(code.as_str())
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<CountryCode, D::Error> {
        String::deserialize(from)?.parse().map_err(Error::custom)
    }
}
