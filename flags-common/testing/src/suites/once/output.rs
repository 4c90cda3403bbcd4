//! Where the output goes, and the program's name in it. A test goes here if it needs another stdout,
//! a file or another program; other output is a row in `contract.txt`.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::Command;

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::suites::filters::filtered;
use crate::{Run, Running, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "output",
        [
            stdout_has_only_results,
            closed_stdout_does_not_stop_the_run,
            copy_has_its_own_name,
            file_is_checked_before_the_downloads,
        ]
    )
}

/// Of a run, help, and a wrong command line, which makes no folder either.
fn stdout_has_only_results(variant: &Variant) {
    let run = variant.run(&["-e", "-l", "4"]);
    run.assert(1, 1);
    assert!(run.stdout.starts_with("AD\n1 download in "), "{run}");
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
        let (_, closed) = io::pipe().unwrap();
        let (stderr, writer) = io::pipe().unwrap();
        let mut downloader = variant.command(dir.path());
        downloader.args(args).stdout(closed).stderr(writer);
        let run = Running::spawn(downloader, io::empty(), stderr, dir).finish();
        run.assert(0, POP20_CC.len());
        let filtered = |run: &Run| filtered(&run.stderr, command, variant.strategy.name());
        assert_eq!(filtered(&run), filtered(&with_stdout));
    }
}

/// Copies a program, and waits until the copy can be started.
fn copy_program(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    // Another test may have forked while the file was open for writing, and not yet called exec.
    while let Err(error) = Command::new(to).arg("--version").output() {
        assert_eq!(error.kind(), ErrorKind::ExecutableFileBusy, "{error}");
    }
}

fn copy_has_its_own_name(variant: &Variant) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("my-flags{EXE_SUFFIX}"));
    copy_program(&variant.path, &path);
    let copy = Variant::new(variant.strategy, path, &variant.folder);

    let run = copy.run(&["CN", "--timeline=run.json"]);
    run.assert(0, 1);
    assert_eq!(run.timeline().program, "my-flags");

    let version = copy.run(&["--version"]);
    assert!(version.stdout.starts_with("my-flags "), "{version}");
    let help = copy.run(&["--help"]);
    assert!(help.stdout.contains("\nUsage: my-flags [OPTIONS] "), "{help}");
    let wrong = copy.run(&["--nonsense"]);
    assert!(wrong.stderr.contains("\nUsage: my-flags "), "{wrong}");
    for run in [run, version, help, wrong] {
        assert!(
            !(run.stdout.contains(&variant.name) || run.stderr.contains(&variant.name)),
            "{run}"
        );
    }
}

fn file_is_checked_before_the_downloads(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let file = "--timeline=no-such-folder/run.svg";
    let run = variant.run(&["CN", "--base-url", &site.base_url, file]);
    run.assert(1, 0);
    assert!(run.stderr.starts_with("error: ") && run.stdout.is_empty(), "{run}");
    assert_eq!(site.counters().requests, 0);
}
