//! What the site sees of the three downloaders: connections and requests, and what the operating
//! system sees: threads.

mod support;

use std::time::Duration;

use flags_common::site::Behaviour;
use support::{TestSite, VARIANTS, Variant};

/// How many requests at once a downloader makes that may make `max_req`.
fn at_once(variant: &Variant, max_req: usize) -> usize {
    if variant.name == "flags-seq" { 1 } else { max_req }
}

#[test]
fn max_req_requests_are_under_way_over_as_many_connections() {
    for variant in VARIANTS.iter() {
        // AA to AO: 7 flags, 8 that are not found. Each takes long enough for the others to come.
        let site = TestSite::with_latency(300);
        let run = variant.run(&["-e", "-l", "15", "-m", "5", "--base-url", &site.base_url]);
        assert_eq!(run.files().len(), 7, "{}", run.stderr);
        let counters = &site.counters;
        assert_eq!(counters.requests(), 15, "{}", variant.name);
        assert_eq!(counters.most_at_once(), at_once(variant, 5), "{}", variant.name);
        assert!(counters.connections() <= at_once(variant, 5), "{}: {counters:?}", variant.name);
    }
}

#[test]
fn a_connection_is_used_again_after_an_error() {
    for variant in VARIANTS.iter() {
        let site = TestSite::start(Behaviour::Error);
        // 418, a flag, 404, 418, a flag
        let run = variant.run(&["FR", "IR", "YY", "IN", "US", "--base-url", &site.base_url, "-m1"]);
        assert_eq!(run.files(), ["IR.gif", "US.gif"], "{}", run.stderr);
        assert_eq!((site.counters.requests(), site.counters.connections()), (5, 1));
    }
}

#[test]
fn many_flags_at_full_speed_take_no_more_connections_than_workers() {
    for variant in VARIANTS.iter() {
        let site = TestSite::start(Behaviour::Local(Duration::ZERO));
        let run = variant.run(&["--all", "-m", "30", "--base-url", &site.base_url]);
        assert_eq!(run.files().len(), 194, "{}", run.stderr);
        let connections = site.counters.connections();
        assert!(connections <= at_once(variant, 30), "{}: {connections}", variant.name);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn threads_are_as_many_as_promised() {
    use std::process::{Child, Stdio};
    use std::thread::yield_now;

    /// The names of a process's threads, but for the first, in order.
    fn threads(child: &Child) -> Vec<String> {
        let tasks = format!("/proc/{0}/task", child.id());
        let mut names = Vec::new();
        for task in std::fs::read_dir(tasks).unwrap() {
            let task = task.unwrap();
            if task.file_name().to_str() != Some(&child.id().to_string()) {
                let name = std::fs::read_to_string(task.path().join("comm")).unwrap();
                names.push(name.trim_end().to_owned());
            }
        }
        names.sort();
        names
    }

    for variant in VARIANTS.iter() {
        let site = TestSite::with_latency(60_000);
        let dir = tempfile::tempdir().unwrap();
        let mut command = variant.command(dir.path());
        command.args(["--all", "-m", "7", "--base-url", &site.base_url]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while site.counters.requests() < at_once(variant, 7) {
            assert_eq!(child.try_wait().unwrap(), None, "it waits for the site");
            yield_now();
        }
        // A thread has its name a moment after it has begun.
        let background = "background".to_owned();
        while !threads(&child).contains(&background) {
            yield_now();
        }
        let names = threads(&child);
        child.kill().unwrap();
        child.wait().unwrap();

        // One serves the demo site, where there is one, and waits for Ctrl-C.
        let pool = if variant.name == "flags-threadpool" { 7 } else { 0 };
        assert_eq!(names.len(), 1 + pool, "{}: {names:?}", variant.name);
    }
}
