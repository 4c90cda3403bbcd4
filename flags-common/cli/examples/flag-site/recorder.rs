//! Records the requests that the site sees, and draws them when the client is done.

use std::collections::BTreeSet;
use std::mem;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_cli::site::{Event, EventKind, FLAGS_PATH};
use flags_cli::timeline::{BusySpan, Request, Timeline, Viewpoint, picture, svg};
use flags_common::CountryCode;

/// Without a request in flight for this long, a run has ended.
const QUIET: Duration = Duration::from_secs(1);

/// Records the events of one run after the other.
pub struct Recorder {
    run: Mutex<Vec<Event>>,
    /// Whether to draw a lane for each connection.
    connections: bool,
    /// Where to keep the picture of the last run.
    file: Option<PathBuf>,
}

impl Recorder {
    /// A recorder that draws a lane for each connection if `connections`, and keeps the last picture
    /// in `file`.
    pub fn new(connections: bool, file: Option<PathBuf>) -> Self {
        Self { run: Mutex::default(), connections, file }
    }

    /// Records what the site saw.
    pub fn record(&self, event: &Event) {
        self.run.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }

    /// Draws the run and forgets it, if it has ended: nothing is in flight, and nothing has been for a
    /// second.
    pub fn draw_if_ended(&self) -> Result<()> {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        let in_flight = run.iter().fold(0, |n, event| match event.kind {
            EventKind::Started => n + 1,
            EventKind::Answered | EventKind::Abandoned => n - 1,
        });
        let ended = |last: &Event| in_flight == 0 && last.at.elapsed() >= QUIET;
        if !run.last().is_some_and(ended) {
            return Ok(());
        }
        let events = mem::take(&mut *run);
        drop(run);
        let timeline = timeline(&events, self.connections);
        eprintln!("\n{}\n{}", timeline.program, picture(&timeline));
        if let Some(path) = &self.file {
            std::fs::write(path, svg(&[&timeline], "Made with flag-site --timeline=FILE.svg"))
                .with_context(|| format!("cannot write the timeline {}", path.display()))?;
            eprintln!("Timeline written to {}", path.display());
        }
        Ok(())
    }
}

/// The run as the site saw it. Its program is the clients' `User-Agent`.
fn timeline(events: &[Event], lanes: bool) -> Timeline {
    let start = events[0].at;
    let since = |at: Instant| at.duration_since(start);
    let connections: BTreeSet<_> = events.iter().map(|event| event.connection).collect();
    let thread = |event: &Event| connections.range(..event.connection).count();
    let clients: BTreeSet<_> = events.iter().map(|event| event.client.as_str()).collect();
    let named = |client: &str| if client.is_empty() { "no User-Agent" } else { client }.to_owned();

    let mut requests = Vec::new();
    for (n, event) in events.iter().enumerate() {
        let Some(cc) = code(&event.path).filter(|_| event.kind == EventKind::Started) else {
            continue;
        };
        let same =
            |other: &&Event| (other.connection, &other.path) == (event.connection, &event.path);
        let Some(end) = events[n + 1..].iter().find(same) else { continue };
        let (from, to) = (since(event.at), since(end.at));
        let busy = vec![BusySpan { thread: thread(event), from, to }];
        let hung_up = end.kind == EventKind::Abandoned;
        let failure = hung_up.then(|| "the client hung up".to_owned());
        requests.push(Request { cc, start: from, end: to, answered: None, busy, failure });
    }
    let names = (1..=connections.len()).map(|n| format!("connection {n}"));
    Timeline {
        viewpoint: Viewpoint::Site,
        program: clients.into_iter().map(named).collect::<Vec<_>>().join(", "),
        elapsed: since(events[events.len() - 1].at),
        connections: Some(connections.len()),
        threads: if lanes { names.collect() } else { Vec::new() },
        requests,
        ..Timeline::default()
    }
}

/// The country code in `/flags/cc/cc.gif`.
fn code(path: &str) -> Option<CountryCode> {
    path.strip_prefix(FLAGS_PATH)?.get(1..3)?.parse().ok()
}
