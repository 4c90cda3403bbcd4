//! How fast the downloaders are when the site does not keep them waiting, next to curl: all 194
//! flags from a demo site that answers at once.
//!
//! ```console
//! $ cargo bench -p flags-common --bench throughput            # -- --quick for fewer rounds
//! ```
//!
//! All are about as fast as curl, or faster. Where one is slower than the others:
//! - `flags-async` with one request at a time: 3 ms go by before its first request, since reqwest
//!   reads the system's certificates at the start and ureq when it first needs them; and each answer
//!   takes a turn of the event loop.
//! - `flags-threadpool` with 194: ureq fills two buffers of 128 KiB with zeros for each connection,
//!   10 of the 30 ms.
//!
//! What is compared are whole processes, as the ratio of one to another in the same round.
//! Criterion and divan measure functions, one after the other, each for a while; on a machine that
//! does other things too, the ratio of two such figures says little.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use flags_common::{ALL_CC, flag_url};
use support::tests::VARIANTS;
use support::tests::site_process::SiteProcess;
use support::{Options, interleaved, median, millis, new_folder, saved};

const CURL: &str = "curl -Z";

/// The three downloaders and curl, at latency 0.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

/// A downloader, and how many requests it may make at once.
type Run = (&'static str, usize);

fn main() {
    let rounds = if Cli::parse().options.quick() { 5 } else { 31 };
    let mut names = VARIANTS.iter().map(|variant| variant.name).collect::<Vec<_>>();
    match Command::new("curl").arg("--version").stdout(Stdio::null()).status() {
        Ok(_) => names.push(CURL),
        Err(error) => println!("Without curl ({error})."),
    }
    let runs: Vec<Run> = [1, 30, 194]
        .into_iter()
        .flat_map(|max_req| names.iter().map(move |&name| (name, max_req)))
        .filter(|&(name, max_req)| name != "flags-seq" || max_req == 1)
        .collect();
    let site = SiteProcess::start(&["--latency", "0"]);
    let times = interleaved(&runs, |_| rounds, |&run| elapsed(run, &site.base_url));

    println!("{} flags, medians of {rounds} rounds.\n", ALL_CC.len());
    println!("| requests at once | downloader | elapsed | ratio to curl's |");
    println!("|-----------------:|:-----------|--------:|----------------:|");
    for ((name, max_req), times_of_run) in runs.iter().zip(&times) {
        let elapsed = millis(median(times_of_run.iter().copied()));
        let curl = runs.iter().position(|run| *run == (CURL, *max_req));
        let ratio = curl.map_or("".to_owned(), |curl| {
            let pairs = times_of_run.iter().zip(&times[curl]); // each of the same round
            format!("{:.2}", median(pairs.map(|(time, curl)| time.div_duration_f64(*curl))))
        });
        println!("| {max_req:16} | {name:16} | {elapsed:.1} ms | {ratio} |");
    }
}

/// From the start of the downloader to its end.
fn elapsed((name, max_req): Run, base_url: &str) -> Duration {
    let dir = new_folder();
    let mut command = match VARIANTS.iter().find(|variant| variant.name == name) {
        Some(variant) => variant.command(dir.path()),
        None => curl(base_url, dir.path()),
    };
    let max_req = max_req.to_string();
    match name {
        CURL => command.args(["--parallel-max", &max_req]),
        _ => command.args(["--all", "--base-url", base_url, "--max-req", &max_req]),
    };
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().expect("the downloader starts");
    let elapsed = started.elapsed();
    assert!(status.success(), "{name} ended with {status}");
    assert_eq!(saved(dir.path()), ALL_CC.len(), "files that {name} saved");
    elapsed
}

/// The command to download every flag with curl, into the folder in which the others save.
fn curl(base_url: &str, dir: &Path) -> Command {
    let transfer = |cc| format!("url = {}\noutput = downloaded/{cc}.gif\n", flag_url(base_url, cc));
    let config = dir.join("curlrc");
    fs::write(&config, ALL_CC.map(transfer).concat()).unwrap();
    let mut command = Command::new("curl");
    command.current_dir(dir).args(["-q", "--noproxy", "*", "--silent", "--fail", "--create-dirs"]);
    command.arg("--parallel").arg("--config").arg(config);
    command
}
