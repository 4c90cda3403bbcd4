//! Where the output goes, and the program's name in it. A test goes here if it needs another stdout,
//! a file or another program; other output is a row in `contract.txt`.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io;
use std::process::Stdio;

use flags_cli::timeline::Timeline;
use flags_common::POP20_CC;
use libtest_mimic::Trial;

use crate::sites::TestSite;
use crate::suites::filters::filtered;
use crate::suites::{copy_program, entries};
use crate::{Variant, saved_files};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "output",
        [
            stdout_has_only_results,
            closed_stdout_does_not_stop_the_run,
            copy_has_its_own_name,
            slashes_after_the_base_url_are_ignored,
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
        assert_eq!(entries(run.dir.path()), 0, "{run}");
    }
}

/// As with `| head -1`, when `head` has ended. Nothing else changes.
fn closed_stdout_does_not_stop_the_run(variant: &Variant) {
    for command in ["flags --latency 200", "flags -v --latency 200"] {
        let args: Vec<_> = command.split(' ').skip(1).collect();
        let with_stdout = variant.run(&args);

        let dir = tempfile::tempdir().unwrap();
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut downloader = variant.command(dir.path());
        downloader.args(args).stdout(writer).stderr(Stdio::piped());
        let output = downloader.spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        let filtered = |text: &str| filtered(text, command, variant.strategy.name());
        assert_eq!(filtered(&stderr), filtered(&with_stdout.stderr));
        assert_eq!(saved_files(dir.path()).len(), POP20_CC.len());
    }
}

fn copy_has_its_own_name(variant: &Variant) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("my-flags{EXE_SUFFIX}"));
    copy_program(&variant.path, &path);
    let copy = Variant::new(variant.strategy, path, &variant.folder);

    let run = copy.run(&["CN", "--timeline=run.json"]);
    run.assert(0, 1);
    let timeline = fs::read_to_string(run.dir.path().join("run.json")).unwrap();
    assert_eq!(timeline.parse::<Timeline>().unwrap().program, "my-flags");

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

fn slashes_after_the_base_url_are_ignored(variant: &Variant) {
    let site = TestSite::with_latency(0);
    for slashes in ["", "/", "//"] {
        let base_url = format!("{}{slashes}", site.base_url);
        let run = variant.run(&["CN", "US", "--base-url", &base_url]);
        run.assert(0, 2);
        run.assert_says(&format!("{}\n", site.base_url));
    }
    assert_eq!(site.counters().requests, 6);
}

fn file_is_checked_before_the_downloads(variant: &Variant) {
    let site = TestSite::with_latency(0);
    let file = "--timeline=no-such-folder/run.svg";
    let run = variant.run(&["CN", "--base-url", &site.base_url, file]);
    run.assert(1, 0);
    assert!(run.stderr.starts_with("error: ") && run.stdout.is_empty(), "{run}");
    assert_eq!(site.counters().requests, 0);
}
