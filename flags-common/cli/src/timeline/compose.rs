//! From what the witnesses saw to a timeline.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::{Activity, Doing, Interval, Request, Thread, Timeline, Viewpoint};
use crate::claims::{Claim, Claims};
use crate::session::Session;
use crate::site::{Ending, Exchange};
use crate::witness::Evidence;
use crate::witness::calls::{Call, Function, Targets};
use crate::witness::disk::OnDisk;
use crate::witness::requests::callers;
use crate::witness::threads::Sampled;

/// The timeline of a run, up to the time of the evidence.
pub(crate) fn of(session: &Session, claims: &Claims, evidence: &Evidence) -> Timeline {
    let recorded = evidence.calls.clone().unwrap_or_default();
    let targets = Targets::of(&session.flags);
    let composer =
        Composer { start: session.started, end: evidence.elapsed, targets, calls: &recorded.calls };
    let run = evidence.run.as_ref();
    let mut requests = composer.requests(run.map_or(&[], |run| &run.exchanges));
    add_claims(&mut requests, claims, evidence);
    let place = |label: &str| session.flags.iter().position(|flag| flag.cc.as_str() == label);
    requests.sort_by_cached_key(|it| (place(&it.label).unwrap_or(usize::MAX), it.start));
    Timeline {
        viewpoint: if run.is_some() { Viewpoint::SiteAndCalls } else { Viewpoint::Calls },
        program: session.program.clone(),
        elapsed: evidence.elapsed,
        cpu: evidence.cpu,
        connections: run.map(|run| run.counters.connections),
        requests,
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
    targets: Targets,
    calls: &'a [Call],
}

impl Composer<'_> {
    /// The code of the call's flag; if it is for none, its target.
    fn label(&self, call: &Call) -> String {
        self.targets.flag(call).map_or_else(|| call.target.clone(), |cc| cc.to_string())
    }

    /// What lies before the end of the run.
    fn interval(&self, from: Duration, to: Option<Duration>) -> Interval {
        let to = to.unwrap_or(self.end).min(self.end);
        Interval { from: from.min(to), to }
    }

    /// A request for each that the site saw, and for each call of which the site saw none.
    fn requests(&self, exchanges: &[Exchange]) -> Vec<Request> {
        let callers = callers(exchanges, self.calls, self.start);
        let of_call: BTreeSet<_> = callers.iter().flatten().copied().collect();
        let unseen =
            self.calls.iter().enumerate().filter(|(index, call)| {
                call.function == Function::GetFlag && !of_call.contains(index)
            });
        let seen = exchanges.iter().zip(&callers).map(|(exchange, caller)| {
            let request = Request::seen(exchange, self.start, self.end);
            let [caller] = caller[..] else { return request }; // none, or it is not known which
            let Request { start, end, polls, .. } = self.call(&self.calls[caller]);
            Request { start, end, polls, ..request }
        });
        seen.chain(unseen.map(|(_, call)| self.call(call))).collect()
    }

    fn call(&self, call: &Call) -> Request {
        let Interval { from, to } = self.interval(call.start, call.end);
        let busy = if call.is_future(self.end) { &call.busy[..] } else { &[] };
        Request {
            label: self.label(call),
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
                doing: state,
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
                Function::GetFlag if call.is_future(self.end) => Doing::RunsFuture,
                Function::GetFlag => Doing::GetFlag,
            };
            let label = self.label(call);
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

/// Gives the last request for each flag that is recorded as failed the recorded cause, unless its file
/// is saved or the site answered with an error: then it is the site's word.
fn add_claims(requests: &mut [Request], claims: &Claims, evidence: &Evidence) {
    let labels = requests.iter().enumerate().map(|(index, it)| (it.label.clone(), index));
    let last: BTreeMap<_, _> = labels.collect();
    for (cc, claim) in &claims.by_flag {
        let cause = match claim {
            Claim::Saved => continue,
            Claim::NotFound => "not found".to_owned(),
            Claim::Failed(cause) => cause.text.clone(),
        };
        let saved = evidence.disk.get(cc) == Some(&OnDisk::Saved);
        if let Some(&index) = last.get(cc.as_str()).filter(|_| !saved) {
            requests[index].failure.get_or_insert(cause);
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
