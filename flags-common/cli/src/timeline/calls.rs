//! From what was recorded to the calls that the picture shows.

use std::collections::HashMap;
use std::time::Duration;

use flags_common::CountryCode;

use super::recorded::{Event, EventKind, Recorded, SpanKind};
use super::{BusySpan, Request, Save};

/// What became of a flag.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// No result has been recorded.
    Unknown,
    Saved,
    Failed(String),
}

/// A call of an instrumented function.
struct Call {
    /// Index of the flag in the plan.
    flag: usize,
    start: Duration,
    end: Duration,
    busy: Vec<BusySpan>,
}

/// The calls of one kind, in the order of the plan, then of time. A call that has not ended is cut
/// off at `elapsed`.
fn calls(recorded: &Recorded, kind: SpanKind, elapsed: Duration) -> Vec<Call> {
    let mut calls: HashMap<usize, Call> = HashMap::new();
    for &Event { span: id, at, kind: event } in &recorded.events {
        let span = recorded.spans[id];
        let Some(flag) = span.flag.filter(|_| span.kind == kind) else { continue };
        let new = || Call { flag, start: at, end: elapsed, busy: Vec::new() };
        let call = calls.entry(id).or_insert_with(new);
        match event {
            EventKind::Start => {}
            EventKind::Enter { thread } => {
                call.busy.push(BusySpan { thread, from: at, to: elapsed });
            }
            EventKind::Exit => call.busy.last_mut().expect("it was entered before").to = at,
            EventKind::End => call.end = at,
        }
    }
    let mut calls: Vec<_> = calls.into_values().collect();
    calls.sort_by_key(|call| (call.flag, call.start));
    calls
}

/// The requests of a run that took `elapsed`. `outcomes` has each flag of the plan, in its order.
pub(super) fn requests(
    outcomes: &[(CountryCode, Outcome)],
    recorded: &Recorded,
    elapsed: Duration,
) -> Vec<Request> {
    let mut calls = calls(recorded, SpanKind::GetFlag, elapsed).into_iter().peekable();
    let mut requests = Vec::new();
    while let Some(Call { flag, start, end, busy }) = calls.next() {
        let (cc, outcome) = &outcomes[flag];
        let last = calls.peek().is_none_or(|next| next.flag != flag);
        let failure = match outcome {
            Outcome::Failed(cause) if last => Some(cause.clone()),
            _ => None,
        };
        let answers = recorded.answers.iter().filter(|(answer, _)| *answer == flag);
        let answered = answers.map(|(_, at)| *at).rfind(|at| (start..=end).contains(at));
        requests.push(Request { cc: *cc, start, end, answered, busy, failure });
    }
    requests
}

/// The saves of a run that took `elapsed`.
pub(super) fn saves(
    outcomes: &[(CountryCode, Outcome)],
    recorded: &Recorded,
    elapsed: Duration,
) -> Vec<Save> {
    let calls = calls(recorded, SpanKind::SaveFlag, elapsed).into_iter();
    calls.filter_map(|it| Some(Save { cc: outcomes[it.flag].0, busy: *it.busy.first()? })).collect()
}

/// Adds a number to each name that occurs more than once: `thread 1`, `thread 2`.
pub(super) fn numbered(names: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in &names {
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
