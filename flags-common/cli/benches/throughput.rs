//! How fast are the downloaders when the site does not keep them waiting? Downloads all 194 flags
//! from a demo site without latency, and compares the times with curl's.
//!
//! ```console
//! $ cargo bench -p flags-cli --bench throughput               # -- --quick for fewer rounds
//! ```
//!
//! All are about as fast as curl, or faster. With one request at a time, flags-async is the slowest
//! of the three: reqwest reads the system's certificates before the first request, which takes 3
//! ms, and ureq only when it needs them; and each answer takes a turn of the event loop.
//!
//! It compares whole processes, by the ratio of two that ran in the same round. Criterion and divan
//! measure one function after the other, each for a while; on a machine that also does other
//! things, the ratio of two such figures says little.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use flags_common::{ALL_CC, flag_url};
use flags_testing::sites::SiteProcess;
use flags_testing::{Strategy, Variant, all_variants};
use support::{Options, interleaved, median, millis, new_folder, saved};

/// Compares the three downloaders and curl at latency 0
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

/// What downloads the flags.
#[derive(Clone, Copy)]
enum Downloader {
    Variant(&'static Variant),
    Curl,
}

/// A downloader, and the maximum number of requests in flight.
type Run = (Downloader, usize);

fn main() {
    let rounds = if Cli::parse().options.quick() { 5 } else { 31 };
    let mut downloaders: Vec<_> = all_variants().iter().map(Downloader::Variant).collect();
    match Command::new("curl").arg("--version").stdout(Stdio::null()).status() {
        Ok(_) => downloaders.push(Downloader::Curl),
        Err(error) => println!("Without curl ({error})."),
    }
    let runs: Vec<Run> = [1, 30, 194]
        .into_iter()
        .flat_map(|max_req| downloaders.iter().map(move |&downloader| (downloader, max_req)))
        .filter(|&(downloader, max_req)| max_req == 1 || downloader.is_concurrent())
        .collect();
    let site = SiteProcess::start(&["--latency", "0"]);
    let times = interleaved(&runs, |_| rounds, |&run| elapsed(run, &site.base_url));

    println!("{} flags, medians of {rounds} rounds.\n", ALL_CC.len());
    println!("| requests at once | downloader       | elapsed | ratio to curl's |");
    println!("|-----------------:|:-----------------|--------:|----------------:|");
    for (&(downloader, max_req), times_of_run) in runs.iter().zip(&times) {
        let curl =
            runs.iter().position(|&run| matches!(run, (Downloader::Curl, n) if n == max_req));
        let ratio = curl.map_or(String::new(), |curl| {
            let same_round = times_of_run.iter().zip(&times[curl]);
            format!("{:.2}", median(same_round.map(|(time, curl)| time.div_duration_f64(*curl))))
        });
        let elapsed = format!("{:.1} ms", millis(median(times_of_run.iter().copied())));
        println!("| {max_req:16} | {:16} | {elapsed:>7} | {ratio:>15} |", downloader.name());
    }
}

impl Downloader {
    fn name(self) -> &'static str {
        match self {
            Self::Variant(variant) => &variant.name,
            Self::Curl => "curl -Z",
        }
    }

    fn is_concurrent(self) -> bool {
        !matches!(self, Self::Variant(Variant { strategy: Strategy::Sequence, .. }))
    }

    /// The command that downloads every flag from `base_url` into the folder `downloaded` of `dir`.
    fn command(self, base_url: &str, max_req: usize, dir: &Path) -> Command {
        let max_req = max_req.to_string();
        match self {
            Self::Variant(variant) => {
                let mut command = variant.command(dir);
                command.args(["--all", "--base-url", base_url, "--max-req", &max_req]);
                command
            }
            Self::Curl => {
                let transfer = |cc| {
                    format!("url = {}\noutput = downloaded/{cc}.gif\n", flag_url(base_url, cc))
                };
                let config = dir.join("curlrc");
                fs::write(&config, ALL_CC.map(transfer).concat()).unwrap();
                let mut command = Command::new("curl");
                command.current_dir(dir).args(["-q", "--noproxy", "*", "--silent", "--fail"]);
                command.args(["--create-dirs", "--parallel", "--parallel-max", &max_req]);
                command.arg("--config").arg(config);
                command
            }
        }
    }
}

/// Time from the start of the downloader's process to its end.
fn elapsed((downloader, max_req): Run, base_url: &str) -> Duration {
    let dir = new_folder();
    let mut command = downloader.command(base_url, max_req, dir.path());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().expect("the downloader starts");
    let elapsed = started.elapsed();
    let name = downloader.name();
    assert!(status.success(), "{name} ended with {status}");
    assert_eq!(saved(dir.path()), ALL_CC.len(), "flags saved by {name}");
    elapsed
}
