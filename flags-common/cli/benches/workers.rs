//! How many workers? Runs flags-threadpool and flags-async with 10 to 194 requests in flight, against
//! demo sites with latencies of 0, 20 and 100 ms, and prints a table for each latency.
//!
//! ```console
//! $ cargo bench -p flags-cli --bench workers                  # 100 s; -- --quick for 20 s
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
//! median of several rounds. Each round measures all, so other load on the machine affects all alike.

use std::env;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flags_common::ALL_CC;
use flags_testing::sites::SiteProcess;
use flags_testing::{Variant, all_variants, saved_files};
use wait4::Wait4;

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

fn main() {
    // `cargo bench` adds `--bench`. `cargo test` does not, and builds in debug mode: the figures are
    // worth no more than a quick look.
    let is_set = |option| env::args().any(|argument| argument == option);
    let rounds = if is_set("--quick") || !is_set("--bench") { 2 } else { 9 };
    let [_, threadpool, asynchronous] = all_variants();
    for latency in [0, 20, 100] {
        let site = SiteProcess::start(&["--latency", &latency.to_string()]);
        let mut runs: Vec<(_, _, Vec<Usage>)> = vec![];
        for max_req in [10, 20, 50, 100, 194] {
            runs.extend([threadpool, asynchronous].map(|variant| (max_req, variant, vec![])));
        }
        for _ in 0..rounds {
            for (max_req, variant, usages) in &mut runs {
                usages.push(measure(variant, *max_req, &site.base_url));
            }
        }
        println!("The site answers after {latency} ms:\n");
        println!("| at once | downloader       | elapsed ms | at least | CPU ms | peak MB |");
        println!("|--------:|:-----------------|-----------:|---------:|-------:|--------:|");
        for (max_req, variant, usages) in &runs {
            let name = variant.name();
            let limit = ALL_CC.len().div_ceil(*max_req) * latency;
            let elapsed = median(usages, |it| it.elapsed);
            let (cpu, memory) = (median(usages, |it| it.cpu), median(usages, |it| it.memory));
            print!("| {max_req:7} | {name:16} | {elapsed:10.0} | {limit:8} ");
            println!("| {cpu:6.0} | {memory:7.1} |");
        }
        println!();
    }
}

fn measure(variant: &Variant, max_req: usize, base_url: &str) -> Usage {
    // On Linux, in memory: on a disk, the file system would take more than half of the time, and the part
    // that varies most.
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let dir = dir.expect("a temporary folder");
    let mut command = Command::new(&variant.path);
    command.args(["--all", "--max-req", &max_req.to_string(), "--base-url", base_url]);
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

/// The median, or the lower one of the two in the middle. Unlike the mean, it hardly changes if a
/// single run was disturbed.
fn median(usages: &[Usage], figure: fn(&Usage) -> f64) -> f64 {
    let mut values: Vec<_> = usages.iter().map(figure).collect();
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}
