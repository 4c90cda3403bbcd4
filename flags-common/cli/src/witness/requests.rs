//! Which flag a request or a call is for, which call made a request, and how many requests were made at
//! once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use flags_common::{CountryCode, Flag};

use super::calls::{Call, Function};
use crate::overlap::most_at_once;
use crate::site::{Ending, Exchange};

/// The flags of a plan, by the path of their URL and by the path of their file.
pub(crate) struct Targets(HashMap<(Function, String), CountryCode>);

impl Targets {
    pub fn of(plan: &[Flag]) -> Self {
        let targets = |flag: &Flag| {
            let (url, file) = (url_path(&flag.url).to_owned(), format!("{:?}", flag.path));
            [((Function::GetFlag, url), flag.cc), ((Function::SaveFlag, file), flag.cc)]
        };
        Self(plan.iter().flat_map(targets).collect())
    }

    /// The flag that a call is for, if it is one of the plan.
    pub fn flag(&self, call: &Call) -> Option<CountryCode> {
        let target = match call.function {
            Function::GetFlag => url_path(&call.target),
            Function::SaveFlag => &call.target,
        };
        self.0.get(&(call.function, target.to_owned())).copied()
    }
}

/// The path of a URL, or of the debug form of a `Url`.
pub(crate) fn url_path(url: &str) -> &str {
    if let Some((_, path)) = url.split_once(" path: \"") {
        return path.split('"').next().unwrap_or_default();
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |start| &rest[start..]);
    path.split(['?', '#']).next().unwrap_or_default()
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
        let end = request.end.map(|(at, ending)| match (ending, call.map(|end| started + end)) {
            (Ending::Answered(_), _) => at,
            (Ending::HungUp, Some(end)) if end < at => end,
            (Ending::HungUp, _) => at.checked_sub(LATE).unwrap_or(at),
        });
        (request.arrived, end.map(|end| end.max(request.arrived)))
    });
    most_at_once(times)
}
