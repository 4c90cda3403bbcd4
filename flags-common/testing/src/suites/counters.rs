//! What the site sees of the three downloaders: connections and requests, and what the operating
//! system sees: threads.

mod support;

use std::process::{Child, Stdio};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use flags_common::site::Behaviour;
use support::gate::Gate;
use support::{TestSite, VARIANTS, Variant};

/// How many requests at once a downloader makes that may make `max_req`.
fn at_once(variant: &Variant, max_req: usize) -> usize {
    if variant.name == "flags-seq" { 1 } else { max_req }
}

/// Looks again and again until `condition` holds, for as long as `child` runs.
fn wait_until(child: &mut Child, condition: impl Fn(&Child) -> bool) {
    let started = Instant::now();
    while !condition(child) {
        assert_eq!(child.try_wait().unwrap(), None, "it has ended");
        assert!(started.elapsed() < Duration::from_secs(60), "in vain");
        sleep(Duration::from_millis(1));
    }
}

/// The site holds its first answers back, so here is what waits at the same time, and on what.
#[test]
fn max_req_requests_wait_at_once_each_on_its_connection() {
    for variant in VARIANTS.iter() {
        let site = TestSite::with_latency(3_600_000);
        let dir = tempfile::tempdir().unwrap();
        let mut command = variant.command(dir.path());
        command.args(["--all", "-m", "7", "--timeout", "60", "--base-url", &site.base_url]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let expected = at_once(variant, 7);
        wait_until(&mut child, |_| site.counters.requests() >= expected);
        let counters = &site.counters;
        let seen = (counters.requests(), counters.most_at_once(), counters.connections());
        #[cfg(target_os = "linux")]
        let threads = {
            // A thread has its name a moment after it has begun.
            wait_until(&mut child, |child| threads(child).contains(&BACKGROUND.to_owned()));
            threads(&child)
        };
        child.kill().unwrap();
        child.wait().unwrap();

        assert_eq!(seen, (expected, expected, expected), "{}", variant.name);
        #[cfg(target_os = "linux")]
        assert_eq!(threads, expected_threads(variant, 7), "{}", variant.name);
    }
}

/// Serves the demo site, where there is one, and waits for Ctrl-C.
#[cfg(target_os = "linux")]
const BACKGROUND: &str = "background";

/// The names of a process's threads, but for the main thread, in order.
#[cfg(target_os = "linux")]
fn threads(child: &Child) -> Vec<String> {
    let mut names = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap() {
        let task = task.unwrap();
        if task.file_name().to_str() != Some(&child.id().to_string()) {
            let name = std::fs::read_to_string(task.path().join("comm")).unwrap();
            names.push(name.trim_end().to_owned());
        }
    }
    names.sort();
    names
}

/// A thread of the pool has no name of its own, and so the program's: as much of it as Linux keeps.
#[cfg(target_os = "linux")]
fn expected_threads(variant: &Variant, max_req: usize) -> Vec<&str> {
    let pool = if variant.name == "flags-threadpool" { max_req } else { 0 };
    [vec![BACKGROUND], vec!["flags-threadpoo"; pool]].concat()
}

#[test]
fn max_req_requests_are_under_way_while_there_is_work() {
    for variant in VARIANTS.iter() {
        // AA to BF: 16 flags, 16 that are not found.
        let expected = at_once(variant, 5);
        let (base_url, gate) = Gate::start(expected, 32);
        let args = ["-e", "-l", "32", "-m", "5", "--timeout", "20", "--base-url", &base_url];
        let run = variant.run(&args);
        let seen = gate.seen();
        assert_eq!(run.files().len(), 16, "{}: {}\n{seen:?}", variant.name, run.stderr);
        assert_eq!((seen.requests, seen.most_at_once), (32, expected), "{}", variant.name);
        assert_eq!(seen.connections, expected, "{}", variant.name);
    }
}

#[test]
fn a_connection_is_used_again_after_an_error() {
    let check = |variant: &Variant| {
        let site = TestSite::start(Behaviour::Error);
        // 404, 418, 418, a flag, a flag
        let run = variant.run(&["AA", "FR", "IN", "IR", "US", "--base-url", &site.base_url, "-m1"]);
        assert_eq!(run.files(), ["IR.gif", "US.gif"], "{}: {}", variant.name, run.stderr);
        let seen = (site.counters.requests(), site.counters.connections());
        assert_eq!(seen, (5, 1), "{}", variant.name);
    };
    // Each takes 2.5 s.
    scope(|scope| {
        for variant in VARIANTS.iter() {
            scope.spawn(move || check(variant));
        }
    });
}

#[test]
fn many_flags_at_full_speed_take_no_more_connections_than_workers() {
    _ = rlimit::increase_nofile_limit(u64::MAX); // a connection is an open file
    for (variant, max_req) in VARIANTS.iter().flat_map(|variant| [(variant, 30), (variant, 500)]) {
        let site = TestSite::start(Behaviour::Local(Duration::ZERO));
        let run =
            variant.run(&["--every", "-m", &max_req.to_string(), "--base-url", &site.base_url]);
        assert_eq!(run.files().len(), 194, "{}", run.stderr);
        let (counters, allowed) = (&site.counters, at_once(variant, max_req));
        assert_eq!(counters.requests(), 676, "{}", variant.name);
        assert!(counters.connections() <= allowed, "{}: {counters:?}", variant.name);
        assert!(counters.most_at_once() <= allowed, "{}: {counters:?}", variant.name);
    }
}
