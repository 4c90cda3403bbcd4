//! Draws what the site saw of a run, when the clients are done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use flags_cli::site::{Exchange, Run};
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

/// The run as the site saw it; `None` if no one asked for a flag. Its program is the clients'
/// `User-Agent`.
fn timeline(run: &Run, with_lanes: bool) -> Option<Timeline> {
    let exchanges = &run.exchanges;
    let start = exchanges.iter().find(|it| it.cc().is_some()).and(exchanges.first())?.arrived;
    let mut requests: Vec<_> = exchanges.iter().map(|it| request(it, start)).collect();
    let connections: BTreeSet<_> = exchanges.iter().map(|it| it.connection).collect();
    let lane = |connection| {
        let own = exchanges.iter().zip(&requests).filter(move |it| it.0.connection == connection);
        own.map(|(_, request)| Activity {
            doing: Doing::Request,
            label: request.label.clone(),
            time: Interval { from: request.start, to: request.end },
        })
    };
    let lanes = connections.iter().filter(|_| with_lanes).zip(1..).map(|(&connection, n)| Thread {
        name: format!("connection {n}"),
        lane: lane(connection).collect(),
        ended: None,
    });
    let threads = lanes.collect();
    requests.sort_by(|one, other| one.label.cmp(&other.label)); // stable: then by time
    let client = |it: &Exchange| match it.client.as_str() {
        "" => "no User-Agent".to_owned(),
        name => name.to_owned(),
    };
    let clients: BTreeSet<_> = exchanges.iter().map(client).collect();
    Some(Timeline {
        viewpoint: Viewpoint::Site,
        program: Vec::from_iter(clients).join(", "),
        elapsed: requests.iter().map(|it| it.end).max()?,
        // Those of the other requests are not known.
        connections: (run.more_requests == 0).then_some(connections.len()),
        more_requests: run.more_requests,
        requests,
        threads,
        ..Timeline::default()
    })
}

fn request(exchange: &Exchange, start: Instant) -> Request {
    let (end, _) = exchange.end.expect("a run has ended when no request is in flight");
    let arrived = exchange.arrived.saturating_duration_since(start);
    let end = end.saturating_duration_since(start);
    Request {
        label: exchange.label(),
        start: arrived,
        arrived: Some(arrived),
        answered: Some(end),
        end,
        failure: exchange.failure(),
        ..Request::default()
    }
}
