//! The demo site's log, read against the plan and the calls.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use flags_common::{CountryCode, Flag};

use super::calls::{Call, Function, url_path};
use crate::overlap::most_at_once;
use crate::site::{Ending, Exchange, Run};

/// How the last request for each flag ended; `None` if it has not.
pub(crate) fn last_requests(run: &Run) -> BTreeMap<CountryCode, Option<Ending>> {
    let ending = |it: &Exchange| Some((it.cc()?, it.end.map(|(_, ending)| ending)));
    run.exchanges.iter().filter_map(ending).collect()
}

/// The requests for flags of the plan, and the others.
pub(crate) fn divided<'a>(run: &'a Run, plan: &[Flag]) -> (Vec<&'a Exchange>, Vec<&'a Exchange>) {
    let planned = |it: &&Exchange| it.cc().is_some_and(|cc| plan.iter().any(|flag| flag.cc == cc));
    run.exchanges.iter().partition(planned)
}

/// For each request, the indices of the calls that may have made it: equal path and overlapping time.
/// `started` is the start of the run.
pub(crate) fn callers<'a>(
    exchanges: impl IntoIterator<Item = &'a Exchange>,
    calls: &[Call],
    started: Instant,
) -> Vec<Vec<usize>> {
    let mut later: HashMap<&str, Vec<usize>> = HashMap::new();
    let gets = calls.iter().enumerate().filter(|(_, call)| call.function == Function::GetFlag);
    for (index, call) in gets.rev() {
        later.entry(url_path(&call.target)).or_default().push(index);
    }
    let mut current: HashMap<&str, Vec<usize>> = HashMap::new();
    let caller = |exchange: &'a Exchange| {
        let at = exchange.arrived.saturating_duration_since(started);
        let path = url_path(&exchange.target);
        let current = current.entry(path).or_default();
        let later = later.entry(path).or_default();
        while let Some(index) = later.pop_if(|index| calls[*index].start <= at) {
            current.push(index);
        }
        current.retain(|index| calls[*index].end.is_none_or(|end| at <= end));
        current.clone()
    };
    exchanges.into_iter().map(caller).collect()
}

/// The most of these requests that were made at the same time. The site notices late that a client has
/// gone: a request that was given up ends with its call or, if that is not known, 5 ms before.
pub(crate) fn at_once(requests: &[&Exchange], calls: &[Call], started: Instant) -> usize {
    const LATE: Duration = Duration::from_millis(5);
    let callers = callers(requests.iter().copied(), calls, started);
    let times = requests.iter().zip(callers).map(|(request, caller)| {
        let call = if let [only] = caller[..] { calls[only].end } else { None };
        let called = call.map(|end| started + end);
        let end = request.end.map(|(at, ending)| match ending {
            Ending::Answered(_) => at,
            Ending::HungUp => {
                called.filter(|end| *end < at).unwrap_or_else(|| at.checked_sub(LATE).unwrap_or(at))
            }
        });
        (request.arrived, end.map(|end| end.max(request.arrived)))
    });
    most_at_once(times)
}
