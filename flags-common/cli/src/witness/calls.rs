//! The calls of `get_flag` and `save_flag`, from their spans: when each began and ended, and which
//! thread it occupied. Whether it returned, panicked or was dropped, a span does not say.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use tracing::field::Field;
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Metadata, Subscriber};

use super::os;
use crate::lock::lock;

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
    /// ID of the thread.
    pub thread: u32,
    pub from: Duration,
    /// `None` if it has not released the thread.
    pub to: Option<Duration>,
}

impl Call {
    /// Whether it was a future, which releases its thread while it waits, and occupies it once more when
    /// it is dropped. A blocking call occupies one thread until it returns.
    pub fn is_future(&self) -> bool {
        let [only] = self.busy[..] else { return true };
        self.end.is_none() && only.to.is_some()
    }
}

/// What was recorded so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorded {
    /// The calls, in the order in which they began.
    pub calls: Vec<Call>,
    /// The threads that a span has seen, by ID.
    pub threads: BTreeMap<u32, Caller>,
}

/// A thread that a span has seen.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub name: String,
    /// How many times a span has begun or ended to occupy it.
    edges: usize,
}

/// A subscriber for the two spans. A span is created when the function is called or its future first
/// polled, entered while a thread runs it, and dropped at its end. Spans are never cloned, so there is
/// no reference count to keep.
pub(crate) struct Calls {
    pub started: Instant,
    log: Mutex<Recorded>,
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
        lock(&self.log).clone()
    }

    /// How many times a span has begun or ended to occupy the thread with this ID.
    pub(super) fn edges(&self, thread: u32) -> usize {
        lock(&self.log).threads.get(&thread).map_or(0, |caller| caller.edges)
    }
}

impl Recorded {
    /// The call of a span.
    fn call(&mut self, id: &Id) -> Option<&mut Call> {
        let index = id.into_u64() as usize - 1; // ids are non-zero: the index, plus 1
        self.calls.get_mut(index)
    }

    /// A span begins or ends to occupy the current thread.
    fn edge(&mut self) {
        let name = || thread::current().name().unwrap_or("thread").to_owned();
        let caller = self.threads.entry(os::thread_id());
        caller.or_insert_with(|| Caller { name: name(), edges: 0 }).edges += 1;
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
        let mut target = String::new();
        // By its debug form: a path need not be UTF-8, and a URL not a `&str`.
        attributes.record(&mut |field: &Field, value: &dyn Debug| match field.name() {
            "path" => target = format!("{value:?}"),
            "url" => target = format!("{value:?}").trim_matches('"').to_owned(),
            _ => {}
        });
        let function = function(attributes.metadata()).expect("only enabled spans are created");
        let mut log = lock(&self.log);
        let start = self.started.elapsed();
        log.calls.push(Call { function, target, start, end: None, busy: Vec::new() });
        Id::from_u64(log.calls.len() as u64)
    }

    // Times are read with the lock held, so that they are in order.
    fn enter(&self, span: &Id) {
        let mut log = lock(&self.log);
        if let Some(call) = log.call(span) {
            let (thread, from) = (os::thread_id(), self.started.elapsed());
            call.busy.push(Busy { thread, from, to: None });
        }
        log.edge();
    }

    fn exit(&self, span: &Id) {
        let mut log = lock(&self.log);
        if let Some(busy) = log.call(span).and_then(|call| call.busy.last_mut()) {
            busy.to = Some(self.started.elapsed());
        }
        log.edge();
    }

    fn try_close(&self, span: Id) -> bool {
        if let Some(call) = lock(&self.log).call(&span) {
            call.end = Some(self.started.elapsed());
        }
        true
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}
