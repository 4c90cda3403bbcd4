//! A person stops the program, or the system kills it: every flag with its final name is complete. A
//! test that sends a signal to a downloader at work goes here.

use std::path::Path;
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::{Variant, is_flag, saved_files, trial};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "signals",
        [
            interrupted_run_leaves_complete_flags_and_counts_them,
            interrupted_run_is_drawn,
            killed_run_leaves_complete_flags_and_does_not_hinder_the_next,
        ]
    );
    trials.extend((0..4).map(|first| {
        let name = format!("ctrl_c_at_any_moment_draws_the_run_{first}");
        let test = move || ctrl_c_at_any_moment_draws_the_run(variant, first);
        trial("signals", &name, test).with_ignored_flag(true)
    }));
    trials
}

/// Interrupted at every fourth of 67 moments, so at 201 over the three downloaders: it never panics, it
/// always draws, and its exit status is the signal's or, if it was over, its own.
fn ctrl_c_at_any_moment_draws_the_run(variant: &Variant, first: u64) {
    for moment in (first..67).step_by(4) {
        let downloader = variant.start(&["-a", "-m", "50", "--timeline"]);
        thread::sleep(Duration::from_millis(8 * moment)); // any moment will do
        let run = downloader.interrupt();
        assert!(!run.stderr.contains("panicked"), "{run}");
        let drawn = run.stderr.contains("\nElapsed ");
        match run.status {
            130 if run.stderr.contains("Interrupted") => assert!(drawn, "{run}"),
            130 => assert!(run.stderr.is_empty(), "before the first line: {run}"),
            0 => assert!(drawn && run.files().len() == 194, "{run}"),
            _ => panic!("{run}"),
        }
    }
}

/// Checks that each `*.gif` is complete, and returns how many there are.
fn complete_flags(dir: &Path) -> usize {
    let names = saved_files(dir).into_iter().filter(|name| name.ends_with(".gif"));
    let flags: Vec<_> = names.map(|name| dir.join("downloaded").join(name)).collect();
    assert!(flags.iter().all(|flag| is_flag(flag)));
    flags.len()
}

fn interrupted_run_leaves_complete_flags_and_counts_them(variant: &Variant) {
    let site = TestSite::with_latency(50);
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let mut downloader = variant.start(&["--every", "-m", "8", "--base-url", &site.base_url]);
        downloader.wait_until(|it| saved_files(it.dir.path()).len() >= 3);
        downloader.signal(signal);
        let run = downloader.finish();
        let saved = complete_flags(run.dir.path());
        run.assert(status, saved); // and no other file
        run.assert_says(&format!("\nInterrupted: {saved} of 676 saved."));
    }
}

/// Drawn without waiting for the site, which would take ten minutes to answer.
fn interrupted_run_is_drawn(variant: &Variant) {
    let site = TestSite::with_latency(600_000);
    let options = ["-m", "3", "--timeout", "86400", "--timeline=run.json"];
    let mut downloader = variant.start(&[&options[..], &["--base-url", &site.base_url]].concat());
    let in_flight = variant.strategy.in_flight(3);
    downloader.wait_until(|_| site.counters().requests >= in_flight);
    let run = downloader.interrupt();
    run.assert(130, 0);
    let timeline = run.timeline();
    let drawn = (timeline.requests.len(), timeline.max_in_flight());
    assert_eq!(drawn, (in_flight, in_flight), "{run}");
    for request in timeline.requests {
        assert_eq!((request.end, request.failure), (timeline.elapsed, None), "{}", request.label);
    }
}

/// Killed after each of several numbers of saved flags: at full speed, the next save is then likely in
/// progress.
fn killed_run_leaves_complete_flags_and_does_not_hinder_the_next(variant: &Variant) {
    let killed_after = |flags| {
        let mut downloader = variant.start(&["--all", "-m", "8", "--latency", "0"]);
        downloader.wait_until(|it| saved_files(it.dir.path()).len() >= flags);
        let dir = downloader.kill();
        complete_flags(dir.path());
        dir
    };
    let dirs: Vec<_> = (1..=20).map(killed_after).collect();
    for dir in dirs.into_iter().take(2) {
        let run = variant.run_in(dir, &["--all", "--latency", "0"]);
        assert_eq!((run.status, complete_flags(run.dir.path())), (0, 194), "{run}");
    }
}
