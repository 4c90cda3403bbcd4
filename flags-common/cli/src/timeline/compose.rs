//! From what the witnesses saw to a timeline.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::{Activity, Doing, Interval, Request, Thread, Timeline, Viewpoint};
use crate::report::{Claim, Claims};
use crate::session::Session;
use crate::site::{Ending, Exchange};
use crate::witness::Evidence;
use crate::witness::calls::{self, Call, Function};
use crate::witness::threads::Sampled;

/// The timeline of a run, up to the time of the evidence.
pub(crate) fn of(session: &Session, evidence: &Evidence) -> Timeline {
    let recorded = evidence.calls.clone().unwrap_or_default();
    let names = session.flags.iter().flat_map(|flag| {
        let (cc, path) = (flag.cc.to_string(), calls::save_target(&flag.path));
        [(flag.url.clone(), cc.clone()), (path, cc)]
    });
    let composer = Composer {
        start: session.started,
        end: evidence.elapsed,
        names: names.collect(),
        calls: &recorded.calls,
    };
    let run = evidence.run.as_ref();
    let mut requests = composer.requests(run.map_or(&[], |run| &run.exchanges));
    add_claims(&mut requests, &session.claims());
    let place = |label: &str| session.flags.iter().position(|flag| flag.cc.as_str() == label);
    requests.sort_by_cached_key(|it| (place(&it.label).unwrap_or(usize::MAX), it.start));
    Timeline {
        viewpoint: if run.is_some() { Viewpoint::SiteAndCalls } else { Viewpoint::Calls },
        program: session.program.clone(),
        elapsed: evidence.elapsed,
        cpu: session.cpu_time(),
        connections: run.map(|run| run.counters.connections),
        requests,
        more_requests: run.map_or(0, |run| run.more_requests),
        threads: composer.threads(&recorded.threads, &evidence.samples),
    }
}

impl Request {
    /// A request as the site saw it, in a run that began at `start` and is cut off at `end`.
    pub fn seen(exchange: &Exchange, start: Instant, end: Duration) -> Self {
        let at = |instant: Instant| instant.saturating_duration_since(start).min(end);
        let arrived = at(exchange.arrived);
        let ended = exchange.end.map_or(end, |(instant, _)| at(instant));
        let answered = matches!(exchange.end, Some((_, Ending::Answered(_))));
        Self {
            label: exchange.label(),
            start: arrived,
            arrived: Some(arrived),
            answered: answered.then_some(ended),
            end: ended,
            polls: Vec::new(),
            failure: exchange.failure(),
        }
    }
}

struct Composer<'a> {
    start: Instant,
    /// Time of the last look: what goes on after it is cut.
    end: Duration,
    /// Label of each URL and path of the plan.
    names: HashMap<String, String>,
    calls: &'a [Call],
}

impl Composer<'_> {
    fn label(&self, target: &str) -> String {
        self.names.get(target).cloned().unwrap_or_else(|| target.to_owned())
    }

    /// What lies before the end of the run.
    fn interval(&self, from: Duration, to: Option<Duration>) -> Interval {
        let to = to.unwrap_or(self.end).min(self.end);
        Interval { from: from.min(to), to }
    }

    fn gets(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.function == Function::GetFlag)
    }

    /// A request for each that the site saw, and for each call of which the site saw none.
    fn requests(&self, exchanges: &[Exchange]) -> Vec<Request> {
        let mut requests: Vec<_> = exchanges.iter().map(|it| self.exchange(it)).collect();
        let arrived = |call: &Call| {
            let label = self.label(&call.target);
            let covers = |at: Duration| call.start <= at && call.end.is_none_or(|end| at <= end);
            requests.iter().any(|it| it.label == label && it.arrived.is_some_and(covers))
        };
        let unseen = self.gets().filter(|call| !arrived(call));
        let unseen: Vec<_> = unseen.map(|call| self.call(call)).collect();
        requests.extend(unseen);
        requests
    }

    fn exchange(&self, exchange: &Exchange) -> Request {
        let request = Request::seen(exchange, self.start, self.end);
        let covers = |call: &&Call| {
            let time = call.start..=call.end.unwrap_or(self.end);
            // A call that gave up ends before the site notices.
            let late = request.answered.is_some_and(|answered| answered > *time.end());
            self.label(&call.target) == request.label && time.contains(&request.start) && !late
        };
        match self.gets().filter(covers).collect::<Vec<_>>()[..] {
            [call] => {
                let Request { start, end, polls, .. } = self.call(call);
                Request { start, end, polls, ..request }
            }
            _ => request, // of which call it is, if any, is not known
        }
    }

    fn call(&self, call: &Call) -> Request {
        let Interval { from, to } = self.interval(call.start, call.end);
        let busy = if call.is_future(self.end) { &call.busy[..] } else { &[] };
        Request {
            label: self.label(&call.target),
            start: from,
            end: to,
            polls: busy.iter().map(|busy| self.interval(busy.from, busy.to)).collect(),
            ..Request::default()
        }
    }

    /// A lane for each thread that a call or a sample has seen, the main thread first. `called` are
    /// the names and IDs of the former.
    fn threads(&self, called: &[(String, u32)], samples: &BTreeMap<u32, Sampled>) -> Vec<Thread> {
        let only_sampled = samples.iter().filter(|(tid, _)| called.iter().all(|it| it.1 != **tid));
        let only_sampled = only_sampled.map(|(tid, sampled)| (sampled.name.as_str(), tid));
        let seen = called.iter().map(|(name, tid)| (name.as_str(), tid)).chain(only_sampled);
        let (names, tids): (Vec<_>, Vec<_>) = seen.unzip();
        let thread = |(name, tid)| {
            let sampled = samples.get(tid);
            let states = sampled.into_iter().flat_map(|it| &it.states);
            let lane = states.map(|&(state, from, to)| Activity {
                doing: Doing::Sampled(state),
                label: String::new(),
                time: self.interval(from, Some(to)),
            });
            let ended = sampled.and_then(|it| it.ended).map(|ended| ended.min(self.end));
            Thread { name, lane: lane.collect(), ended }
        };
        let mut threads: Vec<_> = numbered(&names).into_iter().zip(tids).map(thread).collect();
        for call in self.calls {
            let doing = match call.function {
                Function::SaveFlag => Doing::SaveFlag,
                Function::GetFlag if call.is_future(self.end) => Doing::Poll,
                Function::GetFlag => Doing::GetFlag,
            };
            let label = self.label(&call.target);
            for busy in &call.busy {
                let time = self.interval(busy.from, busy.to);
                threads[busy.thread].lane.push(Activity { doing, label: label.clone(), time });
            }
        }
        for thread in &mut threads {
            thread.lane.sort_by_key(|activity| activity.time.from);
        }
        threads.sort_by_key(|thread| thread.name != "main");
        threads
    }
}

/// The last request for a flag of which a failure was recorded has its cause, unless the site knows
/// better.
fn add_claims(requests: &mut [Request], claims: &Claims) {
    for (cc, claim) in &claims.by_flag {
        let cause = match claim {
            Claim::Saved => continue,
            Claim::NotFound => "not found".to_owned(),
            Claim::Failed(cause) => cause.text.clone(),
        };
        let label = cc.to_string();
        let last = requests.iter_mut().filter(|it| it.label == label).max_by_key(|it| it.start);
        if let Some(last) = last {
            last.failure.get_or_insert(cause);
        }
    }
}

/// The names, with a number where one occurs more than once: `thread 1`, `thread 2`.
fn numbered(names: &[&str]) -> Vec<String> {
    let number = |(n, name): (usize, &&str)| {
        let occurs = |names: &[&str]| names.iter().filter(|it| *it == name).count();
        match occurs(names) {
            1 if *name != "thread" => (*name).to_owned(),
            _ => format!("{name} {}", occurs(&names[..=n])),
        }
    };
    names.iter().enumerate().map(number).collect()
}

#[cfg(test)]
mod tests;
