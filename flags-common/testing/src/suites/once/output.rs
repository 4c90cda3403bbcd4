//! Where the output goes, and the program's name in it. A test goes here if it needs another stdout,
//! a file or another program; other output is a row in `contract.txt`.

use std::fs;
use std::io;

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::suites::filters::filtered;
use crate::{Run, Running, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "output",
        [
            stdout_has_only_results,
            closed_stdout_does_not_stop_the_run,
            file_is_checked_before_the_downloads,
        ]
    );
    #[cfg(unix)]
    trials.extend(trials!(variant, "output", [name_is_that_of_the_file]));
    trials
}

/// Of a run, help, and a wrong command line, which makes no folder either.
fn stdout_has_only_results(variant: &Variant) {
    let run = variant.run(&["-e", "-l", "4"]);
    run.assert(1, 1);
    assert!(run.stdout.starts_with("AD \n1 download in "), "{run}");
    assert_eq!(run.stdout.lines().count(), 2, "{run}");

    let help = variant.run(&["--help"]);
    assert!(help.stdout.contains("\nUsage: ") && help.stderr.is_empty(), "{help}");

    let wrong = variant.run(&["CHN"]);
    assert_eq!((wrong.status, wrong.stdout.as_str()), (2, ""), "{wrong}");
    assert!(wrong.stderr.starts_with("error: "), "{wrong}");
    for run in [help, wrong] {
        assert_eq!(fs::read_dir(run.dir.path()).unwrap().count(), 0, "{run}");
    }
}

/// As with `| head -1`, when `head` has ended. Nothing else changes.
fn closed_stdout_does_not_stop_the_run(variant: &Variant) {
    for command in ["flags --latency 200", "flags -v --latency 200"] {
        let args: Vec<_> = command.split(' ').skip(1).collect();
        let with_stdout = variant.run(&args);

        let dir = tempfile::tempdir().unwrap();
        let (reader, closed) = io::pipe().unwrap();
        drop(reader);
        let (stderr, writer) = io::pipe().unwrap();
        let mut downloader = variant.command(dir.path());
        downloader.args(args).stdout(closed).stderr(writer);
        let run = Running::spawn(downloader, io::empty(), stderr, dir).finish();
        run.assert(0, POP20_CC.len());
        let filtered = |run: &Run| filtered(&run.stderr, command, variant.strategy.name());
        assert_eq!(filtered(&run), filtered(&with_stdout), "{run}");
    }
}

#[cfg(unix)]
fn name_is_that_of_the_file(variant: &Variant) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-flags");
    std::os::unix::fs::symlink(&variant.path, &path).unwrap();
    let renamed = Variant::new(variant.strategy, path, &variant.folder);

    let run = renamed.run(&["CN", "--timeline=run.json"]);
    run.assert(0, 1);
    assert_eq!(run.timeline().program, "my-flags", "{run}");
    for (option, said) in [
        ("--version", "my-flags "),
        ("--help", "\nUsage: my-flags [OPTIONS] "),
        ("--nonsense", "\nUsage: my-flags "),
    ] {
        let run = renamed.run(&[option]);
        let printed = [run.stdout.as_str(), &run.stderr].concat();
        assert!(printed.contains(said) && !printed.contains(&variant.name), "{run}");
    }
}

fn file_is_checked_before_the_downloads(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let file = "--timeline=no-such-folder/run.svg";
    let run = variant.run(&["CN", "--base-url", &site.base_url, file]);
    run.assert(1, 0);
    assert!(run.stderr.starts_with("error: ") && run.stdout.is_empty(), "{run}");
    assert_eq!(site.counters().requests, 0, "{run}");
}
