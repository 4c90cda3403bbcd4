//! From what the witnesses saw to a timeline.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::{Activity, Doing, Interval, Request, Thread, Timeline, Viewpoint};
use crate::report::{Claim, Claims};
use crate::session::Session;
use crate::site::{Ending, Exchange, Run};
use crate::witness::Evidence;
use crate::witness::calls::{self, Busy, Call, Function, Recorded};
use crate::witness::threads::Sampled;

/// The timeline of a run, up to the time of the evidence.
pub(crate) fn of(session: &Session, evidence: &Evidence) -> Timeline {
    let recorded = evidence.calls.clone().unwrap_or_default();
    let names = session.flags.iter().flat_map(|flag| {
        let (cc, path) = (flag.cc.to_string(), calls::save_target(&flag.path));
        [(flag.url.clone(), cc.clone()), (path, cc)]
    });
    let composer = Composer {
        end: evidence.elapsed,
        start: session.started,
        order: session.flags.iter().enumerate().map(|(n, flag)| (flag.cc.to_string(), n)).collect(),
        names: names.collect(),
        calls: &recorded.calls,
    };
    let mut requests = match &evidence.run {
        Some(run) => composer.requests_seen(run),
        None => composer.requests_called(),
    };
    add_claims(&mut requests, &session.claims());
    requests
        .sort_by_key(|it| (composer.order.get(&it.label).copied().unwrap_or(usize::MAX), it.start));
    let (viewpoint, more_requests, connections) = match &evidence.run {
        Some(run) => (Viewpoint::SiteAndCalls, run.more_requests, Some(run.counters.connections)),
        None => (Viewpoint::Calls, 0, None),
    };
    Timeline {
        viewpoint,
        program: session.program.clone(),
        elapsed: evidence.elapsed,
        cpu: session.cpu_time(),
        connections,
        requests,
        more_requests,
        threads: composer.threads(&recorded, &evidence.samples),
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
    /// Place in the plan, by label.
    order: HashMap<String, usize>,
    /// Label of each URL and path of the plan.
    names: HashMap<String, String>,
    calls: &'a [Call],
}

impl Composer<'_> {
    fn label(&self, target: &str) -> String {
        self.names.get(target).cloned().unwrap_or_else(|| target.to_owned())
    }

    fn gets(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.function == Function::GetFlag)
    }

    /// A request for each that the site saw, and for each call of which the site saw none.
    fn requests_seen(&self, run: &Run) -> Vec<Request> {
        let mut requests: Vec<_> = run.exchanges.iter().map(|it| self.exchange(it)).collect();
        let arrived = |label: &str, call: &Call| {
            let covers = |at: Duration| call.start <= at && call.end.is_none_or(|end| at <= end);
            requests.iter().any(|it| it.label == label && it.arrived.is_some_and(covers))
        };
        let unseen = self.gets().filter(|call| !arrived(&self.label(&call.target), call));
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

    /// A request for each call of `get_flag`.
    fn requests_called(&self) -> Vec<Request> {
        self.gets().map(|call| self.call(call)).collect()
    }

    fn call(&self, call: &Call) -> Request {
        let future = call.is_future(self.end);
        let busy = call.busy.iter().filter(|_| future);
        Request {
            label: self.label(&call.target),
            start: call.start.min(self.end),
            end: call.end.unwrap_or(self.end).min(self.end),
            polls: busy.map(|busy| self.interval(busy)).collect(),
            ..Request::default()
        }
    }

    fn interval(&self, busy: &Busy) -> Interval {
        let to = busy.to.unwrap_or(self.end).min(self.end);
        Interval { from: busy.from.min(to), to }
    }

    /// A lane for each thread that a call or a sample has seen, the main thread first.
    fn threads(&self, recorded: &Recorded, samples: &BTreeMap<u32, Sampled>) -> Vec<Thread> {
        let mut seen: Vec<(String, u32)> = recorded.threads.clone();
        for (tid, sampled) in samples {
            if !seen.iter().any(|(_, known)| known == tid) {
                seen.push((sampled.name.clone(), *tid));
            }
        }
        let names = numbered(&seen.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
        let mut threads: Vec<_> =
            names.into_iter().map(|name| Thread { name, ..Thread::default() }).collect();
        for call in self.calls {
            let doing = match call.function {
                Function::SaveFlag => Doing::SaveFlag,
                Function::GetFlag if call.is_future(self.end) => Doing::Poll,
                Function::GetFlag => Doing::GetFlag,
            };
            for busy in &call.busy {
                let (label, time) = (self.label(&call.target), self.interval(busy));
                threads[busy.thread].lane.push(Activity { doing, label, time });
            }
        }
        for ((_, tid), thread) in seen.iter().zip(&mut threads) {
            thread.ended = samples.get(tid).and_then(|sampled| sampled.ended);
            let states = samples.get(tid).into_iter().flat_map(|sampled| &sampled.states);
            thread.lane.extend(states.map(|&(state, from, to)| Activity {
                doing: Doing::Sampled(state),
                label: String::new(),
                time: Interval { from: from.min(self.end), to: to.min(self.end) },
            }));
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

/// Adds a number to each name that occurs more than once: `thread 1`, `thread 2`.
fn numbered(names: &[String]) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut used: HashMap<&str, usize> = HashMap::new();
    let numbered = names.iter().map(|name| {
        if counts[name.as_str()] == 1 && name != "thread" {
            return name.clone();
        }
        let number = used.entry(name).or_default();
        *number += 1;
        format!("{name} {number}")
    });
    numbered.collect()
}

#[cfg(test)]
mod tests;
