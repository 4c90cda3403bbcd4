//! Listens to the spans of `get_flag` and writes down when each began, held a thread, let it go, and
//! ended.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};

use super::os;
use crate::Plan;

/// A span that `#[tracing::instrument(skip(client))]` on `get_flag` makes is created when
/// the function is called or its future first polled, entered while the thread is in it, and dropped
/// at the end. Nobody but that attribute has a handle to it, so that this needs no registry of spans.
pub(super) struct Recorder {
    pub started: Instant,
    /// The place of each flag in the plan, by its URL.
    flags: HashMap<String, usize>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    thread_ids: HashMap<ThreadId, usize>,
    recorded: Recorded,
}

/// What was written down, in the order of time.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub events: Vec<Event>,
    /// The names of the threads that were entered.
    pub threads: Vec<String>,
    /// How many threads there were when the first request ended: by then, all have been started
    /// that a pool or a client will have. To ask at each end would cost some of the time that is
    /// measured.
    pub os_threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    /// The flag's place in the plan.
    pub flag: usize,
    /// Since the run began.
    pub at: Duration,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    Start,
    /// The request has the thread, one of [`Recorded::threads`].
    Enter {
        thread: usize,
    },
    Exit,
    End,
}

impl Recorder {
    /// A recorder of requests for the flags of `plan`, whose time begins now.
    pub fn new(plan: &Plan) -> Self {
        let flags = plan.flags.iter().enumerate().map(|(n, flag)| (flag.url.clone(), n)).collect();
        Self { started: Instant::now(), flags, log: Mutex::default() }
    }

    /// What was recorded so far. Nothing of it is left here.
    pub fn take(&self) -> Recorded {
        std::mem::take(&mut self.log().recorded)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, span: &Id, what: impl FnOnce(&mut Log) -> What) {
        let mut log = self.log();
        let at = self.started.elapsed(); // with the lock held, so that events are in order
        let what = what(&mut log);
        let flag = span.into_u64() as usize - 1;
        log.recorded.events.push(Event { flag, at, what });
    }
}

impl Log {
    /// The number of this thread.
    fn thread(&mut self) -> usize {
        let current = thread::current();
        let next = self.thread_ids.len();
        let number = *self.thread_ids.entry(current.id()).or_insert(next);
        if number == next {
            let name = current.name().map_or_else(|| format!("thread {}", next + 1), str::to_owned);
            self.recorded.threads.push(name);
        }
        number
    }
}

impl Subscriber for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    /// The HTTP clients and their libraries have spans and events of their own: no use for them.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span()
            && metadata.name() == "get_flag"
            && metadata.fields().field("url").is_some()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    /// The span's number is its flag's place in the plan, plus one: 0 is no number of a span.
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut place = PlaceOf { flags: &self.flags, place: None };
        span.record(&mut place);
        // A URL that is in no plan gets a place behind the last one.
        let id = Id::from_u64(place.place.unwrap_or(self.flags.len()) as u64 + 1);
        self.write(&id, |_| What::Start);
        id
    }

    fn enter(&self, span: &Id) {
        self.write(span, |log| What::Enter { thread: log.thread() });
    }

    fn exit(&self, span: &Id) {
        self.write(span, |_| What::Exit);
    }

    fn try_close(&self, span: Id) -> bool {
        self.write(&span, |log| {
            log.recorded.os_threads = log.recorded.os_threads.or_else(os::threads);
            What::End
        });
        true
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}

/// Looks the field `url` of a span up.
struct PlaceOf<'a> {
    flags: &'a HashMap<String, usize>,
    place: Option<usize>,
}

impl Visit for PlaceOf<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "url" {
            self.place = self.flags.get(value).copied();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::What::*;
    use super::*;
    use std::sync::Arc;

    fn recorder() -> Arc<Recorder> {
        let codes = ["AD", "AE"].map(|cc| cc.parse().unwrap());
        Arc::new(Recorder::new(&Plan::new(codes, "http://h", "".as_ref(), 2, Duration::MAX)))
    }

    fn whats(recorded: &Recorded) -> Vec<(usize, What)> {
        recorded.events.iter().map(|event| (event.flag, event.what)).collect()
    }

    #[tracing::instrument(skip(_client))]
    fn get_flag(_client: (), url: &str) -> usize {
        url.len()
    }

    #[test]
    fn a_span_is_written_down_and_nothing_else() {
        let recorder = recorder();
        tracing::subscriber::with_default(Arc::clone(&recorder), || {
            tracing::info!(url = "http://h/ad/ad.gif", "an event");
            tracing::info_span!("another", url = "http://h/ad/ad.gif").in_scope(|| {});
            get_flag((), "http://h/ae/ae.gif");
        });
        let recorded = recorder.take();
        let expected = [(1, Start), (1, Enter { thread: 0 }), (1, Exit), (1, End)];
        assert_eq!(whats(&recorded), expected);
        assert!(recorded.events.is_sorted_by_key(|event| event.at));
        assert_eq!(recorded.threads, [thread::current().name().unwrap()]);
        assert!(recorder.take().events.is_empty(), "it was taken");
    }

    #[test]
    fn each_thread_has_a_number_and_a_name() {
        let recorder = recorder();
        let get = |url| {
            tracing::subscriber::with_default(Arc::clone(&recorder), || get_flag((), url));
        };
        thread::scope(|scope| scope.spawn(|| get("http://h/ad/ad.gif")).join().unwrap());
        get("http://h/ae/ae.gif");
        let recorded = recorder.take();
        assert_eq!(recorded.threads, ["thread 1", thread::current().name().unwrap()]);
        let entered = whats(&recorded).into_iter().filter(|(_, what)| matches!(what, Enter { .. }));
        let expected = [(0, Enter { thread: 0 }), (1, Enter { thread: 1 })];
        assert_eq!(entered.collect::<Vec<_>>(), expected);
    }
}
