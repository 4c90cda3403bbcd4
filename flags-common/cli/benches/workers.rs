//! How many workers? Runs the three downloaders with 1 to 194 requests in flight, against demo
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
//!   limit plus about what the same run takes at latency 0. For 194 flags that is 20 to 40 ms,
//!   which begins to show where the limit is below 200 ms.
//! - Async needs one thread, and for 194 requests about half of the CPU time and of the memory of
//!   194 threads. Most of their memory is not the threads': ureq has buffers of 72 KiB per
//!   connection.
//!
//! The sites are separate processes, so that their resource usage is not counted. A figure is the
//! median of several runs, in a different order in each round.

mod chart;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use chart::{Panel, Point};
use clap::Parser;
use flags_common::ALL_CC;
use flags_testing::sites::SiteProcess;
use flags_testing::{Strategy, Variant, all_variants, saved_files};
use wait4::Wait4;

/// How many workers? Runs the three downloaders with 1 to 194 requests in flight
#[derive(Parser)]
struct Options {
    /// Run fewer rounds, to see that the benchmark works
    #[arg(long)]
    quick: bool,
    /// File to draw the chart in
    #[arg(long, value_name = "SVG", default_value = CHART)]
    chart: PathBuf,
    /// Added by `cargo bench`. `cargo test` does without, and builds in debug mode: the figures are
    /// worth no more than a quick look.
    #[arg(long, hide = true)]
    bench: bool,
}

/// By default, the chart goes to the target folder.
const CHART: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/workers.svg");

/// What to measure.
struct Run {
    variant: &'static Variant,
    max_req: usize,
    /// Minimum time in milliseconds: ⌈n / c⌉ times the latency, for n flags with c in flight.
    limit: usize,
}

/// What a downloader used from its start to its end.
struct Usage {
    /// In milliseconds.
    elapsed: f64,
    /// CPU time in milliseconds, of all its threads, in user and in kernel mode.
    cpu: f64,
    /// Peak resident memory in MB. On Linux, it is at least what this process had in memory at the
    /// start, which is less than what any downloader uses.
    memory: f64,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    let quick = options.quick || !options.bench;
    let panels = [0, 20, 100].map(|latency| {
        let site = SiteProcess::start(&["--latency", &latency.to_string()]);
        let mut runs = runs(latency);
        runs.retain(|run| !quick || run.limit <= 1000);
        // Other load of some milliseconds hardly changes a run of seconds.
        let rounds = |run: &Run| match run.limit {
            _ if quick => 2,
            ..300 => 9,
            300..2000 => 3,
            2000.. => 1,
        };
        let usages = interleaved(&runs, rounds, |run| measure(run, &site.base_url));
        let usages: Vec<_> = usages.iter().map(|rounds| medians(rounds)).collect();
        let title = format!("The site answers after {latency} ms");
        print_table(&title, &runs, &usages);
        panel(title, &runs, &usages)
    });
    fs::write(&options.chart, chart::svg(&panels))?;
    println!("Chart: {}", options.chart.display());
    Ok(())
}

fn runs(latency: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    for max_req in [1, 2, 5, 10, 20, 50, 100, 194] {
        for variant in all_variants() {
            if max_req == 1 || variant.strategy != Strategy::Sequence {
                let limit = ALL_CC.len().div_ceil(max_req) * latency;
                runs.push(Run { variant, max_req, limit });
            }
        }
    }
    runs
}

/// Measures each of `runs` once per round, in a different order each time, so that other load on
/// the machine, and what one run leaves behind for the next, affects all of them alike. Each run
/// takes part in the first `rounds` rounds. Returns the measurements in the order of `runs`.
fn interleaved(
    runs: &[Run],
    rounds: impl Fn(&Run) -> usize,
    measure: impl Fn(&Run) -> Usage,
) -> Vec<Vec<Usage>> {
    let mut measured: Vec<_> = runs.iter().map(|_| Vec::new()).collect();
    let mut order: Vec<_> = (0..runs.len()).collect();
    for round in 0..runs.iter().map(&rounds).max().unwrap_or(0) {
        fastrand::Rng::with_seed(round as u64).shuffle(&mut order);
        for &index in order.iter().filter(|&&index| round < rounds(&runs[index])) {
            measured[index].push(measure(&runs[index]));
        }
    }
    measured
}

fn measure(run: &Run, base_url: &str) -> Usage {
    // On Linux, in memory: on a disk, the file system would take more than half of the time, and the part
    // that varies most.
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let dir = dir.expect("a temporary folder");
    let mut command = Command::new(&run.variant.path);
    command.args(["--all", "--max-req", &run.max_req.to_string(), "--base-url", base_url]);
    command.current_dir(dir.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let ended = command.spawn().and_then(|mut child| child.wait4()).expect("the downloader runs");
    let elapsed = started.elapsed();
    assert!(ended.status.success(), "{command:?}");
    assert_eq!(saved_files(dir.path()).len(), ALL_CC.len(), "{command:?}");
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    Usage {
        elapsed: millis(elapsed),
        cpu: millis(ended.rusage.utime + ended.rusage.stime),
        memory: ended.rusage.maxrss as f64 / 1e6,
    }
}

fn medians(rounds: &[Usage]) -> Usage {
    let of = |figure: fn(&Usage) -> f64| median(rounds.iter().map(figure));
    Usage { elapsed: of(|it| it.elapsed), cpu: of(|it| it.cpu), memory: of(|it| it.memory) }
}

/// The median, or the lower one of the two in the middle. Unlike the mean, it hardly changes if a
/// single run was disturbed.
fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}

fn print_table(title: &str, runs: &[Run], usages: &[Usage]) {
    println!("{title}:\n");
    println!("| at once | downloader       | elapsed ms | at least | CPU ms | peak MB |");
    println!("|--------:|:-----------------|-----------:|---------:|-------:|--------:|");
    for (Run { variant, max_req, limit }, Usage { elapsed, cpu, memory }) in runs.iter().zip(usages)
    {
        let name = variant.name();
        println!(
            "| {max_req:7} | {name:16} | {elapsed:10.0} | {limit:8} | {cpu:6.0} | {memory:7.1} |"
        );
    }
    println!();
}

fn panel(title: String, runs: &[Run], usages: &[Usage]) -> Panel {
    let line = |strategy, millis: fn(&Run, &Usage) -> f64| -> Vec<Point> {
        let rows = runs.iter().zip(usages).filter(|row| row.0.variant.strategy == strategy);
        rows.map(|(run, usage)| (run.max_req as f64, millis(run, usage))).collect()
    };
    let [seq, threadpool, asynchronous] =
        Strategy::ALL.map(|strategy| line(strategy, |_, usage| usage.elapsed));
    let mut limit = line(Strategy::Async, |run, _| run.limit as f64);
    limit.retain(|point| point.1 > 0.0); // no limit at latency 0
    let lines = [
        ("flags-seq", seq),
        ("flags-threadpool", threadpool),
        ("flags-async", asynchronous),
        ("the limit", limit),
    ];
    Panel { title, lines }
}
