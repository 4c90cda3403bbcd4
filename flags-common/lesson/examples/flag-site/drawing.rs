//! Draws what the site saw of a run, when the clients are done.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use flags_cli::site::{Exchange, Run};
use flags_cli::timeline::{Request, Timeline, Viewpoint, picture, svg};

/// Draws a run on stderr, and into `file`, which then has the picture of the last run.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(run: &Run, file: Option<&Path>) -> Result<()> {
    let Some(timeline) = timeline(run) else { return Ok(()) };
    anstream::eprintln!("\n{}\n{}", timeline.program, picture(&timeline));
    if let Some(path) = file {
        std::fs::write(path, svg(&[&timeline], "Made with flag-site --timeline=FILE.svg"))
            .with_context(|| format!("cannot write the timeline {}", path.display()))?;
        anstream::eprintln!("Timeline written to {}", path.display());
    }
    Ok(())
}

/// The run as the site saw it; `None` if no one asked for a flag. Its program is the clients'
/// `User-Agent`.
fn timeline(run: &Run) -> Option<Timeline> {
    let exchanges = &run.exchanges;
    let start = exchanges.iter().find(|it| it.cc().is_some()).and(exchanges.first())?.arrived;
    let ends = exchanges.iter().filter_map(|it| it.end);
    let elapsed = ends.map(|(at, _)| at).max()?.saturating_duration_since(start);
    let requests = exchanges.iter().map(|it| Request::seen(it, start, elapsed));
    let mut requests: Vec<_> = requests.collect();
    requests.sort_by(|one, other| one.label.cmp(&other.label)); // stable: then by time
    let connections: BTreeSet<_> = exchanges.iter().map(|it| it.connection).collect();
    let client = |it: &Exchange| match it.client.as_str() {
        "" => "no User-Agent".to_owned(),
        name => name.to_owned(),
    };
    let clients: BTreeSet<_> = exchanges.iter().map(client).collect();
    Some(Timeline {
        viewpoint: Viewpoint::Site,
        program: Vec::from_iter(clients).join(", "),
        elapsed,
        connections: Some(connections.len()),
        requests,
        ..Timeline::default()
    })
}
