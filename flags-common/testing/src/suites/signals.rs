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
    let test = move || ctrl_c_at_any_moment_draws_the_run(variant);
    let test = trial("signals", "ctrl_c_at_any_moment_draws_the_run", test);
    trials.push(test.with_ignored_flag(true));
    trials
}

/// Interrupted at each of 67 moments: it never panics, it always draws, only flags are left behind, and
/// its exit status is the signal's or, if it was over, its own.
fn ctrl_c_at_any_moment_draws_the_run(variant: &Variant) {
    let at = |moment: u64| {
        let downloader = variant.start("flags -a -m 50 --timeline");
        thread::sleep(Duration::from_millis(8 * moment)); // any moment will do
        let run = downloader.interrupt();
        assert!(!run.stdout.contains("panicked"), "{run}");
        assert_eq!(complete_flags(run.dir.path()), run.files().len(), "and no other file\n{run}");
        let drawn = run.stdout.contains("\nElapsed ");
        match run.status {
            130 if run.stdout.contains("Interrupted") => assert!(drawn, "{run}"),
            130 => assert!(run.stdout.is_empty(), "before the first line: {run}"),
            0 => assert!(drawn && run.files().len() == 194, "{run}"),
            _ => panic!("{run}"),
        }
    };
    thread::scope(|scope| {
        for first in 0..4 {
            scope.spawn(move || (first..67).step_by(4).for_each(at));
        }
    });
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
        let mut downloader =
            variant.start(&format!("flags --every -m 8 --base-url {}", site.base_url));
        downloader.wait_until(|it| saved_files(it.dir.path()).len() >= 3);
        downloader.signal(signal);
        let run = downloader.finish();
        let saved = complete_flags(run.dir.path());
        run.assert(status, saved); // and no other file
        run.assert_says(&format!("Interrupted: {saved} of 676 saved."));
    }
}

/// Drawn without waiting for the site, which would take ten minutes to answer.
fn interrupted_run_is_drawn(variant: &Variant) {
    let site = TestSite::with_latency(600_000);
    let options = "-m 3 --timeout 86400 --timeline=run.json --base-url";
    let mut downloader = variant.start(&format!("flags {options} {}", site.base_url));
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
    for flags in 1..=20 {
        let mut downloader = variant.start("flags --all -m 8 --latency 0");
        downloader.wait_until(|it| saved_files(it.dir.path()).len() >= flags);
        downloader.signal("KILL");
        let killed = downloader.finish();
        complete_flags(killed.dir.path());
        if flags == 1 {
            let folder = killed.dir.path().join("downloaded");
            let next = format!("flags --all --latency 0 --dest-dir {}", folder.display());
            let next = variant.run(&next);
            assert_eq!((next.status, complete_flags(killed.dir.path())), (0, 194), "{next}");
        }
    }
}
