//! The calls of `get_flag` and `save_flag`, from their spans: when each began and ended, and which
//! thread it occupied. Whether it returned, panicked or was dropped, a span does not say.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use anyhow::Result;
use flags_common::{CountryCode, Flag};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Metadata, Subscriber};

use super::os;

/// A function with a span: `#[tracing::instrument]` on `get_flag`, and the span in `save_flag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    GetFlag,
    SaveFlag,
}

/// A call of a function, or a future made by one. Times are since the start of the run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub function: Function,
    /// The URL of `get_flag`, the path of `save_flag` in its debug form.
    pub target: String,
    pub start: Duration,
    /// `None` if it has not ended.
    pub end: Option<Duration>,
    /// When it occupied a thread, in chronological order.
    pub busy: Vec<Busy>,
}

/// An interval during which a call occupied a thread, running or blocked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Busy {
    /// Index in [`Recorded::threads`].
    pub thread: usize,
    pub from: Duration,
    /// `None` if it has not released the thread.
    pub to: Option<Duration>,
}

impl Call {
    /// Whether it was a future, which releases its thread while it waits. A blocking call occupies
    /// one thread until it returns.
    pub fn is_future(&self, now: Duration) -> bool {
        const MOMENT: Duration = Duration::from_millis(1);
        let [only] = self.busy[..] else { return true };
        let end = self.end.unwrap_or(now);
        end.saturating_sub(only.to.unwrap_or(end)) > MOMENT
    }
}

/// What was recorded so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorded {
    /// The calls, in the order in which they began.
    pub calls: Vec<Call>,
    /// The threads that a span has seen, in order of first use: name and ID.
    pub threads: Vec<(String, u32)>,
}

/// The flags of a plan, by the path of their URL and by the path of their file.
pub(crate) struct Targets {
    urls: HashMap<String, CountryCode>,
    files: HashMap<String, CountryCode>,
}

impl Targets {
    pub fn of(plan: &[Flag]) -> Self {
        let urls = plan.iter().map(|flag| (url_path(&flag.url).to_owned(), flag.cc)).collect();
        let files = plan.iter().map(|flag| (format!("{:?}", flag.path), flag.cc)).collect();
        Self { urls, files }
    }

    /// The flag that a call is for, if it is one of the plan.
    pub fn flag(&self, call: &Call) -> Option<CountryCode> {
        match call.function {
            Function::GetFlag => self.urls.get(url_path(&call.target)).copied(),
            Function::SaveFlag => self.files.get(&call.target).copied(),
        }
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

/// A subscriber for the two spans. A span is created when the function is called or its future first
/// polled, entered while a thread runs it, and dropped at its end. Spans are never cloned, so there is
/// no reference count to keep.
pub(crate) struct Calls {
    pub started: Instant,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    thread_ids: HashMap<ThreadId, usize>,
    /// What the spans say of a thread, by its ID in the operating system.
    spans: HashMap<u32, Spans>,
    recorded: Recorded,
}

/// What the spans say of a thread at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Spans {
    /// How many spans have begun or ended on it so far.
    pub changes: usize,
    /// How many calls of `get_flag` it is in.
    pub in_get_flag: isize,
}

impl Calls {
    /// Starts to record; the run starts now.
    ///
    /// # Errors
    /// If the process has a subscriber already.
    pub fn install() -> Result<Arc<Self>> {
        let calls = Arc::new(Self { started: Instant::now(), log: Mutex::default() });
        tracing::dispatcher::set_global_default(Dispatch::new(Arc::clone(&calls)))?;
        Ok(calls)
    }

    /// A copy of what was recorded so far.
    pub fn recorded(&self) -> Recorded {
        self.log().recorded.clone()
    }

    /// What the spans say of the thread with this ID now.
    pub(super) fn spans(&self, thread: u32) -> Spans {
        self.log().spans.get(&thread).copied().unwrap_or_default()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Number of the current thread.
    fn thread(&mut self) -> usize {
        let current = thread::current();
        let next = self.thread_ids.len();
        let number = *self.thread_ids.entry(current.id()).or_insert(next);
        if number == next {
            let name = current.name().unwrap_or("thread").to_owned();
            self.recorded.threads.push((name, os::thread_id()));
        }
        number
    }

    /// The call of a span.
    fn call(&mut self, id: &Id) -> Option<&mut Call> {
        let index = id.into_u64() as usize - 1; // ids are non-zero: the index, plus 1
        self.recorded.calls.get_mut(index)
    }

    /// A span of a function has begun on a thread, +1, or ended, -1.
    fn changed(&mut self, thread: usize, function: Function, by: isize) {
        let spans = self.spans.entry(self.recorded.threads[thread].1).or_default();
        spans.changes += 1;
        spans.in_get_flag += if function == Function::GetFlag { by } else { 0 };
    }
}

/// The function of a span, if it is one of the two; the HTTP clients have spans too.
fn function(metadata: &Metadata<'_>) -> Option<Function> {
    let has = |field| metadata.fields().field(field).is_some();
    match metadata.name() {
        "get_flag" if metadata.is_span() && has("url") => Some(Function::GetFlag),
        "save_flag" if metadata.is_span() && has("path") => Some(Function::SaveFlag),
        _ => None,
    }
}

impl Subscriber for Calls {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        function(metadata).is_some()
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut target = Target(String::new());
        attributes.record(&mut target);
        let function = function(attributes.metadata()).expect("only enabled spans are created");
        let mut log = self.log();
        let start = self.started.elapsed();
        let call = Call { function, target: target.0, start, end: None, busy: Vec::new() };
        log.recorded.calls.push(call);
        Id::from_u64(log.recorded.calls.len() as u64)
    }

    // Times are read with the lock held, so that they are in order.
    fn enter(&self, span: &Id) {
        let mut log = self.log();
        let thread = log.thread();
        let Some(call) = log.call(span) else { return };
        call.busy.push(Busy { thread, from: self.started.elapsed(), to: None });
        let function = call.function;
        log.changed(thread, function, 1);
    }

    fn exit(&self, span: &Id) {
        let mut log = self.log();
        let Some(call) = log.call(span) else { return };
        let (function, Some(busy)) = (call.function, call.busy.last_mut()) else { return };
        busy.to = Some(self.started.elapsed());
        let thread = busy.thread;
        log.changed(thread, function, -1);
    }

    fn try_close(&self, span: Id) -> bool {
        if let Some(call) = self.log().call(&span) {
            call.end = Some(self.started.elapsed());
        }
        true
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}

/// Reads the field `url` or `path` of a span, by its debug form: a path need not be UTF-8, and a URL not
/// a `&str`.
struct Target(String);

impl Visit for Target {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "path" => self.0 = format!("{value:?}"),
            "url" => self.0 = format!("{value:?}").trim_matches('"').to_owned(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
