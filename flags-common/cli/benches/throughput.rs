//! How fast are the downloaders when the site does not keep them waiting? Downloads all 194 flags
//! from a demo site without latency, and compares the times with curl's.
//!
//! ```console
//! $ cargo bench -p flags-cli --bench throughput               # -- --quick for fewer rounds
//! ```
//!
//! All are about as fast as curl, or faster. With one request at a time, flags-async is the slowest
//! of the three: reqwest reads the system's certificates first, which takes 3 ms.
//!
//! It compares whole processes, each with curl in the same round: the machine has other work, too.

mod support;

use std::iter::zip;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Parser;
use flags_common::{ALL_CC, flag_url};
use flags_testing::{Strategy, Variant, all_variants, sites::SiteProcess};
use support::{Options, has_every_flag, interleaved, median, new_folder};

fn main() {
    let rounds = if Options::parse().quick() { 5 } else { 31 };
    let site = SiteProcess::start(&["--latency", "0"]);
    println!("| requests at once | downloader       | elapsed ms | ratio to curl's |");
    println!("|-----------------:|:-----------------|-----------:|----------------:|");
    for max_req in ["1", "30", "194"] {
        let fits = |it: &&Variant| it.strategy != Strategy::Sequence || max_req == "1";
        let downloaders = all_variants().iter().filter(fits).map(Some).chain([None]); // curl
        let downloaders: Vec<_> = downloaders.collect();
        let measure = |it: &Option<_>| elapsed(*it, max_req, &site.base_url);
        let times = interleaved(&downloaders, |_| rounds, measure);
        for (downloader, own) in downloaders.iter().zip(&times) {
            let name = downloader.map_or("curl -Z", |it| &it.name);
            let ratio = median(zip(own, &times[times.len() - 1]).map(|(own, curl)| own / curl));
            let elapsed = median(own.clone());
            println!("| {max_req:>16} | {name:16} | {elapsed:10.1} | {ratio:15.2} |");
        }
    }
}

/// Milliseconds from the start of the downloader's process to its end.
fn elapsed(downloader: Option<&Variant>, max_req: &str, base_url: &str) -> f64 {
    let dir = new_folder();
    let mut command = downloader.map_or(Command::new("curl"), |it| it.command(dir.path()));
    if downloader.is_some() {
        command.args(["--all", "--base-url", base_url, "--max-req", max_req]);
    } else {
        command.args(["-qsf", "--noproxy", "*", "--create-dirs", "-Z", "--parallel-max", max_req]);
        let transfer = |cc| [format!("-odownloaded/{cc}.gif"), flag_url(base_url, cc)];
        command.args(ALL_CC.into_iter().flat_map(transfer)).current_dir(&dir);
    }
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let elapsed = started.elapsed();
    assert!(status.expect("it starts").success() && has_every_flag(&dir), "{command:?}");
    elapsed.as_secs_f64() * 1000.0
}
