//! Listens to the spans of `get_flag` and `save_flag` and records when each started, occupied a
//! thread, released it, and ended; and when the demo site answered.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Instant;

use flags_common::Plan;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};

use super::os;
use super::recorded::{Event, EventKind, Recorded, Span, SpanKind};

/// A subscriber for two spans: `#[tracing::instrument]` on `get_flag`, and the one in `save_flag`.
/// A span is created when the function is called or its future first polled, entered while a thread
/// runs it, and dropped at its end. Nobody else has a handle to it, so no registry is needed.
pub(super) struct Recorder {
    pub started: Instant,
    /// Index in the plan of the flag with a URL or a path.
    flags: HashMap<String, usize>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    thread_ids: HashMap<ThreadId, usize>,
    recorded: Recorded,
}

impl Recorder {
    /// Records the requests and saves for the flags of `plan`. The run starts now.
    pub fn new(plan: &Plan) -> Self {
        let names = |(index, flag): (usize, &flags_common::Flag)| {
            let path = format!("{:?}", flag.path);
            [(flag.url.clone(), index), (path, index)]
        };
        let flags = plan.flags.iter().enumerate().flat_map(names).collect();
        Self { started: Instant::now(), flags, log: Mutex::default() }
    }

    /// Records that the site answered a request for `url` at an instant.
    pub fn answered(&self, url: &str, at: Instant) {
        if let Some(&flag) = self.flags.get(url) {
            let at = at.saturating_duration_since(self.started);
            self.log().recorded.answers.push((flag, at));
        }
    }

    /// A copy of what was recorded so far.
    pub fn recorded(&self) -> Recorded {
        self.log().recorded.clone()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, id: &Id, kind: impl FnOnce(&mut Log) -> EventKind) {
        let mut log = self.log();
        let at = self.started.elapsed(); // with the lock held, so that events are in order
        let kind = kind(&mut log);
        log.recorded.events.push(Event { span: span_index(id), at, kind });
    }
}

/// Ids are non-zero: the index of the span, plus 1.
fn span_index(id: &Id) -> usize {
    id.into_u64() as usize - 1
}

impl Log {
    /// Number of the current thread.
    fn thread(&mut self) -> usize {
        let current = thread::current();
        let next = self.thread_ids.len();
        let number = *self.thread_ids.entry(current.id()).or_insert(next);
        if number == next {
            self.recorded.threads.push(current.name().unwrap_or("thread").to_owned());
        }
        number
    }
}

/// The kind of a span, if it is one of the two; the HTTP clients have spans too.
fn kind_of(metadata: &Metadata<'_>) -> Option<SpanKind> {
    let has = |field| metadata.fields().field(field).is_some();
    match metadata.name() {
        "get_flag" if metadata.is_span() && has("url") => Some(SpanKind::GetFlag),
        "save_flag" if metadata.is_span() && has("path") => Some(SpanKind::SaveFlag),
        _ => None,
    }
}

impl Subscriber for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        kind_of(metadata).is_some()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut visitor = FlagVisitor { flags: &self.flags, flag: None };
        attributes.record(&mut visitor);
        let kind = kind_of(attributes.metadata()).expect("only enabled spans are created");
        let mut log = self.log();
        log.recorded.spans.push(Span { kind, flag: visitor.flag });
        let id = Id::from_u64(log.recorded.spans.len() as u64);
        drop(log);
        self.push(&id, |_| EventKind::Start);
        id
    }

    fn enter(&self, span: &Id) {
        self.push(span, |log| EventKind::Enter { thread: log.thread() });
    }

    fn exit(&self, span: &Id) {
        self.push(span, |_| EventKind::Exit);
    }

    fn try_close(&self, span: Id) -> bool {
        self.push(&span, |log| {
            if log.recorded.os_threads.is_none() {
                log.recorded.os_threads = os::threads();
            }
            EventKind::End
        });
        true
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}

/// Finds the flag by the field `url` or `path` of a span.
struct FlagVisitor<'a> {
    flags: &'a HashMap<String, usize>,
    flag: Option<usize>,
}

impl Visit for FlagVisitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "url" {
            self.flag = self.flags.get(value).copied();
        }
    }

    /// A path need not be UTF-8, so a span has its debug form.
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "path" {
            self.flag = self.flags.get(&format!("{value:?}")).copied();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::EventKind::*;
    use super::*;

    fn recorder() -> Arc<Recorder> {
        let codes = ["AD", "AE"].map(|cc| cc.parse().unwrap());
        Arc::new(Recorder::new(&Plan::new(codes, "http://h", "".as_ref(), 2, Duration::MAX)))
    }

    fn events(recorded: &Recorded) -> Vec<(usize, EventKind)> {
        recorded.events.iter().map(|event| (event.span, event.kind)).collect()
    }

    #[tracing::instrument(skip(_client))]
    fn get_flag(_client: (), url: &str) -> usize {
        url.len()
    }

    #[test]
    fn only_the_two_spans_are_recorded() {
        let recorder = recorder();
        tracing::subscriber::with_default(Arc::clone(&recorder), || {
            tracing::info!(url = "http://h/ad/ad.gif", "an event");
            tracing::info_span!("another", url = "http://h/ad/ad.gif").in_scope(|| {});
            get_flag((), "http://h/ae/ae.gif");
            flags_common::save_flag(b"", "AE.gif".as_ref()).unwrap_err();
            get_flag((), "http://h/zz/zz.gif");
        });
        let recorded = recorder.recorded();
        let span = |kind, flag| Span { kind, flag };
        let expected = [
            span(SpanKind::GetFlag, Some(1)),
            span(SpanKind::SaveFlag, Some(1)),
            span(SpanKind::GetFlag, None),
        ];
        assert_eq!(recorded.spans, expected);
        let call = |span| [(span, Start), (span, Enter { thread: 0 }), (span, Exit), (span, End)];
        assert_eq!(events(&recorded), [call(0), call(1), call(2)].concat());
        assert!(recorded.events.is_sorted_by_key(|event| event.at));
        assert_eq!(recorded.threads, [thread::current().name().unwrap()]);
    }

    #[test]
    fn each_thread_has_a_number_and_a_name() {
        let recorder = recorder();
        let get = |url| {
            tracing::subscriber::with_default(Arc::clone(&recorder), || get_flag((), url));
        };
        thread::scope(|scope| scope.spawn(|| get("http://h/ad/ad.gif")).join().unwrap());
        get("http://h/ae/ae.gif");
        let recorded = recorder.recorded();
        assert_eq!(recorded.threads, ["thread", thread::current().name().unwrap()]);
        let mut entered = events(&recorded);
        entered.retain(|(_, kind)| matches!(kind, Enter { .. }));
        assert_eq!(entered, [(0, Enter { thread: 0 }), (1, Enter { thread: 1 })]);
    }

    #[test]
    fn answers_belong_to_the_flag_with_their_url() {
        let recorder = recorder();
        let at = recorder.started + Duration::from_millis(5);
        recorder.answered("http://h/ae/ae.gif", at);
        recorder.answered("http://h/zz/zz.gif", at);
        assert_eq!(recorder.recorded().answers, [(1, Duration::from_millis(5))]);
    }
}
