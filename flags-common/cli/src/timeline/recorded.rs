//! What the recorder has recorded.

use std::time::Duration;

/// What was recorded so far. Times are since the start of the run.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorded {
    /// The spans, in the order in which they were created.
    pub spans: Vec<Span>,
    /// What happened to the spans, in chronological order.
    pub events: Vec<Event>,
    /// When the site answered a request for a flag: its index in the plan, and the time.
    pub answers: Vec<(usize, Duration)>,
    /// Names of the threads that entered a span, in order of first use.
    pub threads: Vec<String>,
    /// Number of threads when the first request ended: by then, every thread has started that a
    /// pool or a client will have. To ask at each end would cost some of the time measured.
    pub os_threads: Option<usize>,
}

/// One call of an instrumented function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub kind: SpanKind,
    /// Index of the flag in the plan; `None` for a URL or a path that is not in the plan.
    pub flag: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanKind {
    GetFlag,
    SaveFlag,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    /// Index of the span.
    pub span: usize,
    pub at: Duration,
    pub kind: EventKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum EventKind {
    Start,
    /// The span occupies a thread, one of [`Recorded::threads`].
    Enter {
        thread: usize,
    },
    Exit,
    End,
}
