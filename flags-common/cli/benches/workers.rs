//! How many workers? Runs the three downloaders with 1 to 676 requests in flight, against demo
//! sites with latencies of 0, 20 and 100 ms. Prints a table for each latency and draws a chart.
//!
//! ```console
//! $ cargo bench -p flags-cli --bench workers                  # 3 minutes; -- --quick for 30 s
//! $ cargo bench -p flags-cli --bench workers -- --chart workers.svg
//! ```
//!
//! What it shows:
//! - The limit for n flags with c in flight is ⌈n / c⌉ × latency. With few workers, threads and
//!   async both take hardly longer, and part of that is due to the site, whose timer is 1.3 ms
//!   late.
//! - With many workers, the work itself counts, which no waiting hides: the elapsed time is the
//!   limit plus about what the same run takes at latency 0. For 194 flags that is 20 to 35 ms,
//!   which begins to show where the limit is below 200 ms. More workers than that only cost more.
//! - Async needs one thread, and for 194 requests about half of the CPU time and of the memory of
//!   194 threads. Most of their memory is not the threads': ureq has buffers of 72 KiB per
//!   connection.
//!
//! The sites are separate processes, so that their resource usage is not counted. A figure is the
//! median of several runs, in a different order in each round: criterion and divan, which measure
//! functions of this process one after the other, offer neither.

mod chart;
mod support;
mod table;
mod usage;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use chart::{Line, Panel};
use clap::Parser;
use flags_common::ALL_CC;
use flags_testing::sites::SiteProcess;
use flags_testing::{Strategy, Variant, all_variants};
use support::{Options, interleaved, median, millis, new_folder, saved};
use usage::Usage;

/// How many workers? Runs the three downloaders with 1 to 676 requests in flight
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
    /// File to draw the chart in
    #[arg(long, value_name = "SVG", default_value = CHART)]
    chart: PathBuf,
}

/// By default, the chart goes to the target folder.
const CHART: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/workers.svg");

/// In milliseconds.
const LATENCIES: [u64; 3] = [0, 20, 100];

/// Number of codes (194 have a flag), and the maximum numbers of requests in flight to try.
const WORKERS: [(usize, &[usize]); 2] =
    [(194, &[1, 2, 5, 10, 20, 50, 100, 194]), (676, &[500, 676])];

/// What to measure.
struct Run<'a> {
    site: &'a SiteProcess,
    latency: u64,
    codes: usize,
    max_req: usize,
    variant: &'static Variant,
}

/// The result of the rounds of a run: medians, but maximums of threads and connections.
struct Row<'a> {
    run: &'a Run<'a>,
    /// In milliseconds.
    elapsed: f64,
    /// In milliseconds.
    cpu: f64,
    /// In MB.
    peak_memory: Option<f64>,
    threads: Option<u64>,
    connections: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Cli { options, chart } = Cli::parse();
    let sites = LATENCIES.map(|ms| (ms, SiteProcess::start(&["--latency", &ms.to_string()])));
    let mut runs = runs(&sites);
    if options.quick() {
        runs.retain(|run| run.limit() <= 1000.0);
    }
    // Other load of some milliseconds hardly changes a run of seconds.
    let rounds = |run: &Run| match run.limit() {
        _ if options.quick() => 2,
        ..300.0 => 9,
        ..2000.0 => 3,
        _ => 1,
    };
    let measured = interleaved(&runs, rounds, measure);
    let rows: Vec<_> = runs.iter().zip(&measured).map(|(run, usages)| row(run, usages)).collect();

    for latency in LATENCIES {
        table::print(latency, rows.iter().filter(|row| row.run.latency == latency));
    }
    table::print_comparison(&rows);
    fs::write(&chart, chart::svg(&LATENCIES.map(|latency| panel(latency, &rows)))?)?;
    println!("Chart: {}", chart.display());
    Ok(())
}

fn runs(sites: &[(u64, SiteProcess)]) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for (latency, site) in sites {
        for (codes, max_reqs) in WORKERS {
            for &max_req in max_reqs {
                for variant in all_variants() {
                    if max_req == 1 || variant.strategy != Strategy::Sequence {
                        runs.push(Run { site, latency: *latency, codes, max_req, variant });
                    }
                }
            }
        }
    }
    runs
}

impl Run<'_> {
    /// Minimum time in milliseconds: ⌈n / c⌉ times the latency, for n codes with c in flight.
    fn limit(&self) -> f64 {
        (self.codes.div_ceil(self.max_req) as u64 * self.latency) as f64
    }
}

/// Runs the downloader and counts its connections.
fn measure(run: &Run) -> (Usage, usize) {
    let dir = new_folder();
    let (which, status) = if run.codes == ALL_CC.len() { ("--all", 0) } else { ("--every", 1) };
    let mut command = run.variant.command(dir.path());
    command.args([which, "--max-req", &run.max_req.to_string(), "--base-url", &run.site.base_url]);
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let before = run.site.connections();
    let (ended, usage) = usage::run(&mut command).expect("the downloader runs");
    let connections = run.site.connections() - before - 1; // the connection that asked
    let name = &run.variant.name;
    assert_eq!((ended.code(), saved(dir.path())), (Some(status), ALL_CC.len()), "{name}");
    (usage, connections)
}

fn row<'a>(run: &'a Run, usages: &[(Usage, usize)]) -> Row<'a> {
    let usage = || usages.iter().map(|(usage, _)| usage);
    Row {
        run,
        elapsed: median(usage().map(|usage| millis(usage.elapsed))),
        cpu: median(usage().map(|usage| millis(usage.cpu))),
        peak_memory: median(usage().map(|usage| usage.peak_memory)).map(|bytes| bytes as f64 / 1e6),
        threads: usage().filter_map(|usage| usage.threads).max(),
        connections: usages.iter().map(|(_, connections)| *connections).max().unwrap_or(0),
    }
}

/// The panel of the chart for `latency`, of the runs with 194 codes.
fn panel(latency: u64, rows: &[Row]) -> Panel {
    let rows = || rows.iter().filter(move |row| (row.run.latency, row.run.codes) == (latency, 194));
    let line = |variant: &'static Variant| {
        let points = rows().filter(|row| std::ptr::eq(row.run.variant, variant));
        let points = points.map(|row| (row.run.max_req as f64, row.elapsed)).collect();
        Line { name: &variant.name, points }
    };
    let limit = rows().filter(|row| row.run.limit() > 0.0);
    let limit = limit.filter(|row| row.run.variant.strategy == Strategy::Async);
    Panel {
        title: format!("The site answers after {latency} ms"),
        lines: all_variants().iter().map(line).collect(),
        limit: limit.map(|row| (row.run.max_req as f64, row.run.limit())).collect(),
    }
}
