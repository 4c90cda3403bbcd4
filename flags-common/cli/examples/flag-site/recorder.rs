//! Draws what the site saw of a run, when the clients are done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_cli::site::{Ending, Exchange, Run};
use flags_cli::timeline::{
    Activity, Doing, Interval, Request, Thread, Timeline, Viewpoint, picture, svg,
};

/// Draws runs as they end.
pub struct Recorder {
    /// Whether to draw a lane for each connection.
    pub connections: bool,
    /// Where to keep the picture of the last run.
    pub file: Option<PathBuf>,
}

impl Recorder {
    /// Draws a run.
    ///
    /// # Errors
    /// If the picture cannot be written to its file.
    pub fn draw(&self, run: &Run) -> Result<()> {
        let Some(timeline) = timeline(run, self.connections) else { return Ok(()) };
        anstream::eprintln!("\n{}\n{}", timeline.program, picture(&timeline));
        if let Some(path) = &self.file {
            std::fs::write(path, svg(&[&timeline], "Made with flag-site --timeline=FILE.svg"))
                .with_context(|| format!("cannot write the timeline {}", path.display()))?;
            anstream::eprintln!("Timeline written to {}", path.display());
        }
        Ok(())
    }
}

/// The run as the site saw it; `None` if nobody asked for a flag. Its program is the clients'
/// `User-Agent`.
fn timeline(run: &Run, lanes: bool) -> Option<Timeline> {
    let exchanges = &run.exchanges;
    let start = exchanges.iter().find(|it| it.cc().is_some()).and(exchanges.first())?.arrived;
    let at = |instant: Instant| instant.saturating_duration_since(start);
    let end = exchanges.iter().filter_map(|it| it.end).map(|(end, _)| at(end)).max()?;
    let clients: BTreeSet<_> = exchanges.iter().map(|it| it.client.as_str()).collect();
    let named = |client: &str| if client.is_empty() { "no User-Agent" } else { client }.to_owned();
    let numbers: BTreeSet<_> = exchanges.iter().map(|it| it.connection).collect();
    let mut requests: Vec<_> = exchanges.iter().map(|it| request(it, &at, end)).collect();
    let mut threads: Vec<_> = (1..=numbers.len())
        .map(|n| Thread { name: format!("connection {n}"), ..Thread::default() })
        .collect();
    for (exchange, request) in exchanges.iter().zip(&requests) {
        let time = Interval { from: request.start, to: request.end };
        let activity = Activity { doing: Doing::Request, label: request.label.clone(), time };
        threads[numbers.range(..exchange.connection).count()].lane.push(activity);
    }
    requests.sort_by(|one, other| one.label.cmp(&other.label)); // stable: then by time
    Some(Timeline {
        viewpoint: Viewpoint::Site,
        program: clients.into_iter().map(named).collect::<Vec<_>>().join(", "),
        elapsed: end,
        connections: Some(numbers.len()),
        more_requests: run.more_requests,
        requests,
        threads: if lanes { threads } else { Vec::new() },
        ..Timeline::default()
    })
}

fn request(exchange: &Exchange, at: &impl Fn(Instant) -> Duration, end: Duration) -> Request {
    let label = match exchange.cc() {
        Some(cc) => cc.to_string(),
        None => format!("{} {}", exchange.method, exchange.target),
    };
    let arrived = at(exchange.arrived);
    let (ended, failure) = match exchange.end {
        Some((ended, Ending::HungUp)) => (at(ended), Some("the client hung up".to_owned())),
        Some((ended, Ending::Answered(status))) => {
            (at(ended), (!status.is_success()).then(|| format!("HTTP status {status}")))
        }
        None => (end, None),
    };
    Request {
        label,
        start: arrived,
        arrived: Some(arrived),
        answered: Some(ended),
        end: ended,
        polls: Vec::new(),
        failure,
    }
}
