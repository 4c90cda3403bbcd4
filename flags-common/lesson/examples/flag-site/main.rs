//! The demo site alone, on a fixed port: for a browser, for curl, or for the same exercise in
//! another language. After a second with no request in flight, it draws what it saw.
//!
//! ```console
//! $ cargo run -p flags-lesson --example flag-site
//! Demo site: http://127.0.0.1:8000/flags
//! ```

mod drawing;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use flags_cli::site::{Behaviour, DemoSite, FLAGS_PATH, base_url, listen, serve};
use tokio::runtime::Builder;
use tokio::signal::ctrl_c;

/// Serves all 194 flags on this machine until Ctrl-C.
#[derive(Parser)]
#[command(name = "flag-site", max_term_width = 100)]
struct Options {
    /// Port of 127.0.0.1 to serve on; 0 for any free port
    #[arg(short, long, default_value_t = 8000)]
    port: u16,

    /// How to answer: LOCAL, after 95 to 105 ms; DELAY, after 0.5 to 5 s; ERROR, after 0.5 s, a
    /// quarter of the requests with status 418
    #[arg(
        short,
        long,
        value_name = "LABEL",
        value_enum,
        ignore_case = true,
        hide_possible_values = true,
        default_value_t = Behaviour::Local
    )]
    server: Behaviour,

    /// How long to wait before each answer [default: LOCAL, 95 to 105, varying by flag]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=3_600_000))]
    latency: Option<u64>,

    /// Answer only N requests at a time; the others queue
    #[arg(long, value_name = "N")]
    at_once: Option<NonZeroUsize>,

    /// Do not draw what the site saw
    #[arg(short, long)]
    quiet: bool,

    /// Keep the timeline of the last run as FILE.svg
    #[arg(long, value_name = "FILE")]
    timeline: Option<PathBuf>,
}

/// A run has ended when no request was in flight for this long.
const QUIET: Duration = Duration::from_secs(1);

fn main() -> Result<()> {
    let options = Options::parse();
    _ = rlimit::increase_nofile_limit(u64::MAX); // a connection is an open file
    let latency = options.latency.map(Duration::from_millis);
    let mut site = DemoSite::new(options.server).with_latency(latency);
    if let Some(requests) = options.at_once {
        site = site.answering_at_once(requests.get());
    }
    let site = Arc::new(site);
    let port = options.port;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen(port).with_context(|| {
            format!("cannot serve on port {port} (--port 0 takes any free port)")
        })?;
        let flags = base_url(&listener)?;
        let home = flags.strip_suffix(FLAGS_PATH).expect("the end of a base URL");
        println!(
            "Demo site: {flags}\n\
             {home}/ shows all flags, {home}/counters what the site saw. Ctrl-C stops it."
        );
        tokio::spawn(serve(listener, Arc::clone(&site)));
        if !options.quiet {
            let site = Arc::clone(&site);
            let file = options.timeline;
            // Drawing must not delay an answer.
            thread::spawn(move || draw_runs(&site, file.as_deref()));
        }
        ctrl_c().await?;
        print!("\n{}", site.counters());
        Ok(())
    })
}

/// Draws each run when it has ended.
fn draw_runs(site: &DemoSite, file: Option<&Path>) {
    loop {
        thread::sleep(Duration::from_millis(100));
        if let Some(run) = site.take_run(QUIET)
            && let Err(error) = drawing::draw(&run, file)
        {
            anstream::eprintln!("error: {error:#}");
        }
    }
}
