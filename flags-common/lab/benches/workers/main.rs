//! How many workers? The three downloaders with 1 to 676 requests at once, against a demo site that
//! answers after 0, 20 and 100 ms. Prints a table for each latency and draws a chart.
//!
//! ```console
//! $ cargo bench -p flags-common --bench workers               # 4 minutes; -- --quick for 30 s
//! $ cargo bench -p flags-common --bench workers -- --chart workers.svg
//! ```
//!
//! What it shows:
//! - The limit for n flags with c requests at once is ⌈n / c⌉ × the latency. With few workers
//!   threads and async are both within a tenth of it, and part of that is the site's: its timer is
//!   1.3 ms late.
//! - Then the work itself takes over, which no waiting hides: the elapsed time is the limit and, on
//!   top of it, about what the same takes at latency 0. For 194 flags that is 20 to 30 ms, which
//!   begins to show where the limit is below 200 ms. More workers then change only what they cost.
//! - Async does with one thread and a fifth of the memory. But the memory is hardly the threads':
//!   ureq has two buffers of 128 KiB for each connection. With small ones, 194 threads take 17 MB.
//!
//! The site is a process of its own, so what it uses is not counted. A figure is the median of
//! several runs, in another order in each round: criterion and divan, which measure functions of
//! this process one after the other, know neither.

mod chart;
#[path = "../support/mod.rs"]
mod support;
mod usage;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use chart::{Line, Panel};
use clap::Parser;
use flags_common::ALL_CC;
use support::tests::site_process::SiteProcess;
use support::tests::{VARIANTS, Variant};
use support::{Options, interleaved, median, millis, new_folder, saved};
use usage::Usage;

/// How many workers? The three downloaders with 1 to 676 requests at once
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
    /// The file to draw the chart in
    #[arg(long, value_name = "SVG", default_value = CHART)]
    chart: PathBuf,
}

/// Where the chart is drawn if no other place is named: in the target folder.
const CHART: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/workers.svg");

/// In milliseconds.
const LATENCIES: [u64; 3] = [0, 20, 100];

/// For how many codes (194 have a flag), and how many requests for them at once.
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

/// What came of it: medians, but the most of threads and of connections that any round saw.
struct Row<'a> {
    run: &'a Run<'a>,
    /// These three in milliseconds.
    limit: f64,
    elapsed: f64,
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
    // A run of many seconds is not changed much by what else goes on for some milliseconds.
    let rounds = |run: &Run| match run.limit() {
        _ if options.quick() => 2,
        ..300.0 => 9,
        ..2000.0 => 3,
        _ => 1,
    };
    let measured = interleaved(&runs, rounds, measure);
    let rows: Vec<_> = runs.iter().zip(&measured).map(|(run, usages)| row(run, usages)).collect();

    for latency in LATENCIES {
        print_table(latency, rows.iter().filter(|row| row.run.latency == latency));
    }
    print_comparison(&rows);
    fs::write(&chart, chart::svg(&LATENCIES.map(|latency| panel(latency, &rows)))?)?;
    println!("Chart: {}", chart.display());
    Ok(())
}

fn runs(sites: &[(u64, SiteProcess)]) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for (latency, site) in sites {
        for (codes, max_reqs) in WORKERS {
            for &max_req in max_reqs {
                for variant in VARIANTS.iter().filter(|v| max_req == 1 || v.name != "flags-seq") {
                    runs.push(Run { site, latency: *latency, codes, max_req, variant });
                }
            }
        }
    }
    runs
}

impl Run<'_> {
    /// The least that it can take, in milliseconds: as many rounds as it takes to have each code
    /// requested, each as long as the site takes to answer.
    fn limit(&self) -> f64 {
        (self.codes.div_ceil(self.max_req) as u64 * self.latency) as f64
    }
}

/// Runs the downloader, and counts its connections.
fn measure(run: &Run) -> (Usage, usize) {
    let dir = new_folder();
    let (which, status) = if run.codes == ALL_CC.len() { ("--all", 0) } else { ("--every", 1) };
    let mut command = run.variant.command(dir.path());
    command.args([which, "--max-req", &run.max_req.to_string(), "--base-url", &run.site.base_url]);
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let before = run.site.connections();
    let (ended, usage) = usage::run(&mut command).expect("the downloader runs");
    let connections = run.site.connections() - before - 1; // the one that asked
    let name = run.variant.name;
    assert_eq!((ended.code(), saved(dir.path())), (Some(status), ALL_CC.len()), "{name}");
    (usage, connections)
}

fn row<'a>(run: &'a Run, usages: &[(Usage, usize)]) -> Row<'a> {
    let usage = || usages.iter().map(|(usage, _)| usage);
    Row {
        run,
        limit: run.limit(),
        elapsed: median(usage().map(|usage| millis(usage.elapsed))),
        cpu: median(usage().map(|usage| millis(usage.cpu))),
        peak_memory: median(usage().map(|usage| usage.peak_memory)).map(|bytes| bytes as f64 / 1e6),
        threads: usage().filter_map(|usage| usage.threads).max(),
        connections: usages.iter().map(|(_, connections)| *connections).max().unwrap_or(0),
    }
}

fn print_table<'a>(latency: u64, rows: impl Iterator<Item = &'a Row<'a>>) {
    println!("The site answers after {latency} ms:\n");
    println!(
        "| codes | at once | downloader       | elapsed ms | limit ms | ratio | CPU ms | peak MB \
         | threads | connections |"
    );
    println!("|--:|--:|:--|--:|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        let Run { codes, max_req, variant, .. } = row.run;
        let ratio = match row.limit {
            0.0 => "none".to_owned(),
            limit => format!("{:.2}", row.elapsed / limit),
        };
        let peak = row.peak_memory.map_or("not known here".to_owned(), |mb| format!("{mb:.1}"));
        let threads = row.threads.map_or("not known here".to_owned(), |n| n.to_string());
        println!(
            "| {codes:5} | {max_req:7} | {:16} | {:10.0} | {:8} | {ratio:>5} | {:6.0} | {peak:>7} \
             | {threads:>7} | {:11} |",
            variant.name, row.elapsed, row.limit, row.cpu, row.connections
        );
    }
    println!();
}

/// What the tables are to show.
fn print_comparison(rows: &[Row]) {
    let ratio = |row: &&Row| row.elapsed / row.limit;
    let up_to_50 = rows.iter().filter(|row| row.limit > 0.0 && row.run.max_req <= 50);
    if let Some(row) = up_to_50.max_by(|a, b| ratio(a).total_cmp(&ratio(b))) {
        let Run { latency, max_req, variant, .. } = row.run;
        println!(
            "With at most 50 requests at once, {} with {max_req} at {latency} ms is the furthest from \
             its limit: {:.2} times as long.",
            variant.name,
            ratio(&row)
        );
    }
    // A request for which reqwest has begun to connect takes another's connection if that becomes
    // free first; its own is then made all the same, and kept for the next request.
    for row in rows.iter().filter(|row| row.connections > row.run.max_req) {
        let Run { latency, max_req, variant, .. } = row.run;
        let name = variant.name;
        println!(
            "With {max_req} at once at {latency} ms, {name} opens up to {} connections.",
            row.connections
        );
    }
    for latency in LATENCIES {
        let find = |name| {
            rows.iter().find(|row| {
                (row.run.latency, row.run.codes, row.run.max_req) == (latency, 194, 194)
                    && row.run.variant.name == name
            })
        };
        if let (Some(pool), Some(one)) = (find("flags-threadpool"), find("flags-async")) {
            let memory = one.peak_memory.zip(pool.peak_memory);
            println!(
                "With 194 at once at {latency} ms, flags-async uses {:.2} of the CPU time of 194 \
                 threads{}.",
                one.cpu / pool.cpu,
                memory.map_or(String::new(), |(one, pool)| format!(
                    " and {:.2} of their memory",
                    one / pool
                ))
            );
        }
    }
}

fn panel(latency: u64, rows: &[Row]) -> Panel {
    let here = || rows.iter().filter(move |row| (row.run.latency, row.run.codes) == (latency, 194));
    let line = |name| {
        let points = here().filter(|row| row.run.variant.name == name);
        Line { name, points: points.map(|row| (row.run.max_req as f64, row.elapsed)).collect() }
    };
    let limit = here().filter(|row| row.limit > 0.0 && row.run.variant.name == "flags-async");
    Panel {
        title: format!("The site answers after {latency} ms"),
        lines: VARIANTS.iter().map(|variant| line(variant.name)).collect(),
        limit: limit.map(|row| (row.run.max_req as f64, row.limit)).collect(),
    }
}
