//! From what the witnesses saw to a timeline.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use super::lasting::lasting;
use super::{Activity, Doing, Interval, Request, Thread, Timeline, Viewpoint};
use crate::session::{Evidence, Session};
use crate::site::{Ending, Exchange};
use crate::witness::calls::{Call, Function, Recorded};
use crate::witness::disk::OnDisk;
use crate::witness::requests::{Targets, callers};
use crate::witness::threads::{Samples, TICK};

/// The timeline of a run, up to the time of the evidence. `remarks` are those of the summary.
pub(crate) fn of(session: &Session, evidence: &Evidence, remarks: &[String]) -> Timeline {
    let recorded = evidence.calls.clone().unwrap_or_default();
    let targets = Targets::of(&session.flags);
    let composer =
        Composer { start: session.started, end: evidence.elapsed, targets, calls: &recorded.calls };
    let run = evidence.run.as_ref();
    let mut requests = composer.requests(run.map_or(&[], |run| &run.exchanges));
    let flags = session.flags.iter().enumerate();
    let places: HashMap<_, _> = flags.map(|(n, flag)| (flag.cc.as_str(), n)).collect();
    let place = |label: &str| places.get(label).copied().unwrap_or(usize::MAX);
    requests.sort_by_key(|it| (place(&it.label), it.start));
    add_claims(&mut requests, evidence);
    let Samples { looks, threads } = &evidence.samples;
    let looked_every = (evidence.elapsed / looks.saturating_sub(1).max(1)).max(TICK);
    Timeline {
        viewpoint: if run.is_some() { Viewpoint::SiteAndCalls } else { Viewpoint::Calls },
        program: session.program.clone(),
        elapsed: evidence.elapsed,
        cpu: evidence.cpu,
        connections: run.map(|run| run.counters.connections),
        looked_every: (!threads.is_empty()).then_some(looked_every),
        remarks: remarks.iter().filter_map(|it| it.lines().next()).map(str::to_owned).collect(),
        requests,
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

    /// A request for each that the site saw, and for each call that the site saw no request of.
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
        let busy = if call.is_future() { &call.busy[..] } else { &[] };
        Request {
            label: self.label(call),
            start: from,
            end: to,
            polls: busy.iter().map(|busy| self.interval(busy.from, busy.to)).collect(),
            ..Request::default()
        }
    }

    /// A lane for each thread that a call or a sample has seen, the main thread first.
    fn threads(&self, recorded: &Recorded, samples: &Samples) -> Vec<Thread> {
        let mut calls: HashMap<u32, Vec<Activity>> = HashMap::new();
        let mut edges: HashMap<u32, Vec<Duration>> = HashMap::new();
        for call in self.calls {
            let doing = match call.function {
                Function::SaveFlag => Doing::SaveFlag,
                Function::GetFlag if call.is_future() => Doing::RunsFuture,
                Function::GetFlag => Doing::GetFlag,
            };
            for busy in &call.busy {
                let time = self.interval(busy.from, busy.to);
                let activity = Activity { doing, label: self.label(call), time };
                calls.entry(busy.thread).or_default().push(activity);
                let times = [Some(busy.from), busy.to].into_iter().flatten();
                edges.entry(busy.thread).or_default().extend(times);
            }
        }
        let sampled = samples.threads.iter().map(|(id, it)| (*id, it.name.as_str()));
        let calling = recorded.threads.iter().map(|(id, it)| (*id, it.name.as_str()));
        let names: BTreeMap<u32, &str> = sampled.chain(calling).collect(); // a call knows all of it
        let (ids, names): (Vec<_>, Vec<_>) = names.into_iter().unzip();
        let mut threads = Vec::new();
        for (id, name) in ids.into_iter().zip(numbered(&names)) {
            let mut edges = edges.remove(&id).unwrap_or_default();
            edges.sort_unstable();
            let states = samples.threads.get(&id).map_or(&[][..], |it| &it.states);
            let states = lasting(states, &edges).map(|(doing, from, to)| {
                let time = self.interval(from, Some(to));
                Activity { doing, label: String::new(), time }
            });
            let mut lane: Vec<_> = states.chain(calls.remove(&id).unwrap_or_default()).collect();
            lane.sort_by_key(|activity| activity.time.from);
            threads.push(Thread { name, lane });
        }
        threads.sort_by_key(|thread| thread.name != "main");
        threads
    }
}

/// Gives the last request for each flag that is recorded as failed the recorded cause, unless its file
/// is saved or the site answered with an error: then it is the site's word.
fn add_claims(requests: &mut [Request], evidence: &Evidence) {
    let mut last: HashMap<String, &mut Request> = HashMap::new();
    last.extend(requests.iter_mut().map(|request| (request.label.clone(), request)));
    for (cc, claim) in &evidence.claims.by_flag {
        if let Some(cause) = claim.cause()
            && evidence.disk.get(cc) != Some(&OnDisk::Saved)
            && let Some(request) = last.get_mut(cc.as_str())
            && (request.answered.is_none() || request.failure.is_none())
        {
            request.failure = Some(cause.to_owned());
        }
    }
}

/// The names, with a number where one occurs more than once: `thread 1`, `thread 2`.
fn numbered(names: &[&str]) -> Vec<String> {
    let mut all: HashMap<&str, usize> = HashMap::new();
    names.iter().for_each(|name| *all.entry(name).or_default() += 1);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let numbered = names.iter().map(|name| {
        let number = seen.entry(name).or_default();
        *number += 1;
        let is_alone = all[name] == 1 && *name != "thread";
        if is_alone { (*name).to_owned() } else { format!("{name} {number}") }
    });
    numbered.collect()
}

#[cfg(test)]
mod tests;
